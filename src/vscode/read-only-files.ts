import * as vscode from 'vscode';

/** What every scheme of read-only files has in common: no folders to look into, and nothing that could be changed. */
export abstract class ReadOnlyFiles implements vscode.FileSystemProvider, vscode.Disposable {
  protected readonly changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  protected readonly subscriptions: vscode.Disposable[] = [this.changed];

  readonly onDidChangeFile = this.changed.event;

  constructor(scheme: string) {
    const options = { isReadonly: true, isCaseSensitive: true };
    this.subscriptions.push(vscode.workspace.registerFileSystemProvider(scheme, this, options));
  }

  abstract stat(uri: vscode.Uri): Promise<vscode.FileStat>;
  abstract readFile(uri: vscode.Uri): Promise<Uint8Array>;

  watch(): vscode.Disposable {
    // Everybody who has a file open is told of its changes.
    return new vscode.Disposable(() => {});
  }

  readDirectory(): [string, vscode.FileType][] {
    return [];
  }

  createDirectory(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  writeFile(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  delete(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  rename(uri: vscode.Uri): never {
    throw vscode.FileSystemError.NoPermissions(uri);
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
  }
}
