import * as vscode from 'vscode';
import { nameOf } from '../mail-documents.ts';

/**
 * Watches the file of a mail that no editor may have open, and that VS Code therefore tells nothing of. `changed` is called
 * where it comes, goes or changes while there is no document of it: a document tells of itself.
 */
export function watchSource(source: vscode.Uri, changed: () => void): vscode.Disposable {
  if (source.scheme === 'untitled') return new vscode.Disposable(() => {});
  const pattern = new vscode.RelativePattern(vscode.Uri.joinPath(source, '..'), literal(nameOf(source)));
  const watcher = vscode.workspace.createFileSystemWatcher(pattern);
  const key = source.toString();
  const told = () => {
    if (!vscode.workspace.textDocuments.some(({ uri }) => uri.toString() === key)) changed();
  };
  return vscode.Disposable.from(
    watcher,
    watcher.onDidCreate(told),
    watcher.onDidChange(told),
    watcher.onDidDelete(told),
  );
}

/** A name as a glob that fits nothing else. */
function literal(name: string): string {
  return name.replace(/[*?{}[\]]/g, '[$&]');
}
