import * as vscode from 'vscode';

const scheme = 'mailbench-report';
const contents = new Map<string, string>();
const changed = new vscode.EventEmitter<vscode.Uri>();
let registered = false;

/** Opens a report as a read-only Markdown document: closing it asks nothing, *Save As* keeps it. A newer one takes its place. */
export async function openReport(name: string, content: string, title = `Check of ${name}`): Promise<void> {
  const uri = vscode.Uri.from({ scheme, path: `/${title}.md` });
  contents.set(uri.toString(), content);
  if (!registered) {
    registered = true;
    vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: changed.event,
      provideTextDocumentContent: (asked) => contents.get(asked.toString()) ?? '',
    });
    vscode.workspace.onDidCloseTextDocument((document) => contents.delete(document.uri.toString()));
  }
  changed.fire(uri);
  await vscode.window.showTextDocument(uri, { preview: true });
}
