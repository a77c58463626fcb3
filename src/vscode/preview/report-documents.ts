import * as vscode from 'vscode';

const scheme = 'mailbench-report';
const contents = new Map<string, string>();
const changed = new vscode.EventEmitter<vscode.Uri>();
let registered = false;

/** VS Code keeps a document for a while after its tab was closed, and asks for its new text in its own time. Milliseconds. */
const patience = 2000;

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
    vscode.workspace.onDidCloseTextDocument((document) => {
      // Another of the same name may have been asked for meanwhile.
      if (plain(document.getText()) === plain(contents.get(document.uri.toString()) ?? '')) {
        contents.delete(document.uri.toString());
      }
    });
  }
  const document = await vscode.workspace.openTextDocument(uri);
  if (plain(document.getText()) !== plain(content)) await renewed(document, content);
  await vscode.window.showTextDocument(document, { preview: true });
}

/** Settles once a document that was open already holds the new text, so that nobody is shown the old one. */
async function renewed(document: vscode.TextDocument, content: string): Promise<void> {
  let subscription: vscode.Disposable | undefined;
  let timer: NodeJS.Timeout | undefined;
  await new Promise<void>((resolve) => {
    subscription = vscode.workspace.onDidChangeTextDocument((event) => {
      if (event.document === document && plain(document.getText()) === plain(content)) resolve();
    });
    timer = setTimeout(resolve, patience);
    changed.fire(document.uri);
  });
  subscription?.dispose();
  clearTimeout(timer);
}

/** An editor may have its own idea of line ends. */
function plain(text: string): string {
  return text.replaceAll('\r\n', '\n');
}
