import * as vscode from 'vscode';
import { Analysis } from '../../language/analysis.ts';
import { addressesOf, gatheredAddresses } from '../../language/complete-address.ts';
import type { KnownAddress } from '../../language/suggestion.ts';
import { findFiles } from './find-files.ts';

const pattern = '**/*.{eml,mail}';
const mostFiles = 2000;
/** Addresses stand at the head of a file: octets of it that are read for them. */
const headLength = 64 * 1024;
const largestFile = 8 * 1024 * 1024;

/** Whom the workspace's documents write to and from: gathered in the background, kept up to date. */
export class KnownAddresses implements vscode.Disposable {
  readonly #byFile = new Map<string, readonly { readonly text: string; readonly address: string }[]>();
  readonly #subscriptions: vscode.Disposable[];
  #all: readonly KnownAddress[] | undefined;
  #disposed = false;

  constructor() {
    const watcher = vscode.workspace.createFileSystemWatcher(pattern);
    const read = (uri: vscode.Uri) => void this.#read(uri);
    this.#subscriptions = [
      watcher,
      watcher.onDidCreate(read),
      watcher.onDidChange(read),
      watcher.onDidDelete((uri) => {
        if (this.#byFile.delete(uri.toString())) this.#all = undefined;
      }),
    ];
    void this.#load();
  }

  /** Those known by now, the ones that most documents have first. */
  get all(): readonly KnownAddress[] {
    this.#all ??= gatheredAddresses(this.#byFile.values()).slice(0, 5000);
    return this.#all;
  }

  dispose(): void {
    this.#disposed = true;
    for (const each of this.#subscriptions) each.dispose();
  }

  async #load(): Promise<void> {
    for (const uri of await findFiles(pattern, mostFiles)) {
      if (this.#disposed) return;
      await this.#read(uri);
    }
  }

  async #read(uri: vscode.Uri): Promise<void> {
    try {
      const { size } = await vscode.workspace.fs.stat(uri);
      const octets = size > largestFile ? new Uint8Array() : await vscode.workspace.fs.readFile(uri);
      const head = Buffer.from(octets.buffer, octets.byteOffset, Math.min(octets.length, headLength)).toString('utf8');
      const header = head.split(/\r?\n[ \t]*\r?\n/, 1)[0]!;
      this.#byFile.set(uri.toString(), addressesOf(new Analysis(header)));
    } catch {
      // It went away, or can't be read: nobody is known from it.
      this.#byFile.delete(uri.toString());
    }
    this.#all = undefined;
  }
}
