import * as vscode from 'vscode';
import type { FolderEntry } from '../../language/suggestion.ts';
import { findFiles } from './find-files.ts';

/** A workspace with more has its rest left out of the lists. */
const most = 50_000;

/**
 * The files of the workspace's folders, gathered in the background and kept up to date, so that a list of paths is there
 * at once. Folders outside are read when they are first asked for.
 */
export class WorkspaceFiles implements vscode.Disposable {
  /** By the folder's URI, what it holds: names, and whether each is a folder. */
  readonly #folders = new Map<string, Map<string, boolean>>();
  readonly #outside = new Map<string, readonly FolderEntry[]>();
  readonly #subscriptions: vscode.Disposable[];

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher('**/*', false, true, false);
    this.#subscriptions = [
      watcher,
      watcher.onDidCreate((uri) => this.#add(uri)),
      watcher.onDidDelete((uri) => this.#remove(uri)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => void this.#load()),
    ];
    void this.#load();
  }

  /** What a folder holds, as far as it is known by now. */
  entries(folder: vscode.Uri): readonly FolderEntry[] {
    const key = keyOf(folder);
    if (!vscode.workspace.getWorkspaceFolder(folder)) {
      if (!this.#outside.has(key)) void this.#readOutside(folder, key);
      return this.#outside.get(key) ?? [];
    }
    return [...(this.#folders.get(key) ?? [])].map(([name, isFolder]) => ({ name, folder: isFolder }));
  }

  /** The files of a name, wherever they are in the workspace, as far as they are known by now. */
  named(name: string): readonly vscode.Uri[] {
    const found: vscode.Uri[] = [];
    for (const [folder, entries] of this.#folders)
      if (entries.get(name) === false) found.push(vscode.Uri.joinPath(vscode.Uri.parse(folder), name));
    return found;
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  async #load(): Promise<void> {
    // First: what the watcher tells of meanwhile stays.
    this.#folders.clear();
    for (const uri of await findFiles('**/*', most)) this.#add(uri);
  }

  #add(uri: vscode.Uri): void {
    const root = vscode.workspace.getWorkspaceFolder(uri)?.uri;
    if (!root || /\/(?:node_modules|\.git)\//.test(uri.path)) return;
    let folder = false;
    for (let at = uri; at.path.length > root.path.length; at = vscode.Uri.joinPath(at, '..')) {
      const parent = keyOf(vscode.Uri.joinPath(at, '..'));
      const name = at.path.slice(at.path.lastIndexOf('/') + 1);
      const entries = this.#folders.get(parent) ?? new Map<string, boolean>();
      this.#folders.set(parent, entries);
      if (entries.has(name)) return;
      entries.set(name, folder || this.#folders.has(keyOf(at)));
      folder = true;
    }
  }

  #remove(uri: vscode.Uri): void {
    const key = keyOf(uri);
    this.#folders.get(keyOf(vscode.Uri.joinPath(uri, '..')))?.delete(uri.path.slice(uri.path.lastIndexOf('/') + 1));
    for (const folder of this.#folders.keys()) {
      if (folder === key || folder.startsWith(`${key}/`)) this.#folders.delete(folder);
    }
  }

  async #readOutside(folder: vscode.Uri, key: string): Promise<void> {
    this.#outside.set(key, []);
    try {
      const found = await vscode.workspace.fs.readDirectory(folder);
      const entries = found.map(([name, type]) => ({ name, folder: (type & vscode.FileType.Directory) !== 0 }));
      this.#outside.set(key, entries);
    } catch {
      // A folder that can't be read has nothing to offer.
    }
    // Nothing watches it: it is read again before long.
    setTimeout(() => this.#outside.delete(key), 10_000).unref();
  }
}

function keyOf(uri: vscode.Uri): string {
  return uri.toString().replace(/\/$/, '');
}
