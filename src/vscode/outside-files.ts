import * as vscode from 'vscode';
import { isDraft } from './mail-documents.ts';

/**
 * Watches the folders of open mails that are in no folder of the workspace, where nobody else does: an empty window has
 * none at all. The folders below are left alone, since they may be those of a whole home.
 */
export class OutsideFiles implements vscode.Disposable {
  readonly #changed: (uri: vscode.Uri) => void;
  /** By the folder's URI. */
  readonly #watchers = new Map<string, vscode.Disposable>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(changed: (uri: vscode.Uri) => void) {
    this.#changed = changed;
    const { workspace, window } = vscode;
    const watch = () => this.#watch();
    this.#subscriptions = [
      workspace.onDidOpenTextDocument(watch),
      workspace.onDidCloseTextDocument(watch),
      workspace.onDidChangeWorkspaceFolders(watch),
      // What changed below the folders was changed elsewhere.
      window.onDidChangeWindowState(({ focused }) => {
        const [outside] = focused ? outsideFolders().values() : [];
        if (outside) changed(outside);
      }),
    ];
    watch();
  }

  dispose(): void {
    for (const each of [...this.#subscriptions, ...this.#watchers.values()]) each.dispose();
  }

  #watch(): void {
    const folders = outsideFolders();
    for (const [key, watcher] of this.#watchers) {
      if (folders.has(key)) continue;
      watcher.dispose();
      this.#watchers.delete(key);
    }
    for (const [key, folder] of folders) {
      if (this.#watchers.has(key)) continue;
      const watcher = vscode.workspace.createFileSystemWatcher(new vscode.RelativePattern(folder, '*'));
      const { onDidCreate, onDidChange, onDidDelete } = watcher;
      const told = [onDidCreate, onDidChange, onDidDelete].map((event) => event(this.#changed));
      this.#watchers.set(key, vscode.Disposable.from(watcher, ...told));
    }
  }
}

/** Those of mails outside of the workspace, by their URI. */
function outsideFolders(): ReadonlyMap<string, vscode.Uri> {
  const found = new Map<string, vscode.Uri>();
  for (const document of vscode.workspace.textDocuments) {
    if (!isDraft(document) || document.isUntitled || vscode.workspace.getWorkspaceFolder(document.uri)) continue;
    const folder = vscode.Uri.joinPath(document.uri, '..');
    found.set(folder.toString(), folder);
  }
  return found;
}
