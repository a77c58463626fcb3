import * as vscode from 'vscode';
import type { MessageRecord } from '../capture/message.ts';
import type { LocalInbox } from './local-inbox.ts';
import { schemes } from './names.ts';
import { exactTime } from './relative-time.ts';

/**
 * Captured messages as read-only files, `mailbench-inbox:/Local Inbox, TIME/Subject.eml?ID`, so that an editor opens
 * them under a name that says something, and *Save As* writes the very bytes.
 */
export class InboxFiles implements vscode.FileSystemProvider, vscode.Disposable {
  readonly #inbox: LocalInbox;
  readonly #changed = new vscode.EventEmitter<vscode.FileChangeEvent[]>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChangeFile = this.#changed.event;

  constructor(inbox: LocalInbox) {
    this.#inbox = inbox;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerFileSystemProvider(schemes.inbox, this, { isReadonly: true, isCaseSensitive: true }),
      inbox.onDidChangeMessages(({ removed }) => this.#tellRemoved(removed)),
    ];
  }

  watch(): vscode.Disposable {
    // A message never changes; that it went is told to everybody who has it open.
    return new vscode.Disposable(() => {});
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const store = await this.#inbox.store();
    const record = await store.record(idOf(uri));
    if (!record) throw vscode.FileSystemError.FileNotFound(uri);
    return { type: vscode.FileType.File, ctime: record.received, mtime: record.received, size: record.size };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const store = await this.#inbox.store();
    const octets = await store.read(idOf(uri));
    if (!octets) throw vscode.FileSystemError.FileNotFound(uri);
    return octets;
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
    for (const each of this.#subscriptions) each.dispose();
  }

  #tellRemoved(removed: readonly string[]): void {
    const gone = vscode.workspace.textDocuments.filter(
      ({ uri }) => uri.scheme === schemes.inbox && removed.includes(idOf(uri)),
    );
    if (gone.length > 0) {
      this.#changed.fire(gone.map(({ uri }) => ({ type: vscode.FileChangeType.Deleted, uri })));
    }
  }
}

/** Where an editor finds a message. */
export function messageUri({ id, received, summary }: MessageRecord): vscode.Uri {
  // The time tells messages of one subject apart, in tabs and breadcrumbs.
  const folder = `Local Inbox, ${exactTime(received)}`;
  return vscode.Uri.from({ scheme: schemes.inbox, path: `/${folder}/${fileNameOf(summary.subject)}`, query: id });
}

/** The message that an editor shows. */
export function idOf(uri: vscode.Uri): string {
  return uri.query;
}

/** A tab has room for some words; slashes and control characters are no part of a file's name. */
function fileNameOf(subject: string | undefined): string {
  const words = (subject ?? '').replace(/[\p{C}\p{Z}/\\]+/gu, ' ').trim();
  const cut = [...words].length > 60 ? `${[...words].slice(0, 59).join('').trimEnd()}…` : words;
  return `${cut || 'No subject'}.eml`;
}
