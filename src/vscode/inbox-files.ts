import * as vscode from 'vscode';
import type { MessageRecord } from '../capture/message.ts';
import type { LocalInbox } from './local-inbox.ts';
import { schemes } from './names.ts';
import { ReadOnlyFiles } from './read-only-files.ts';
import { exactTime } from './relative-time.ts';

/**
 * Captured messages as read-only files, `mailbench-inbox:/Local Inbox, TIME/Subject.eml?ID`, so that an editor opens
 * them under a name that says something, and *Save As* writes the very bytes.
 */
export class InboxFiles extends ReadOnlyFiles {
  readonly #inbox: LocalInbox;

  constructor(inbox: LocalInbox) {
    super(schemes.inbox);
    this.#inbox = inbox;
    // A message never changes; but it may go.
    this.subscriptions.push(inbox.onDidChangeMessages(({ removed }) => this.#tellRemoved(removed)));
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

  #tellRemoved(removed: readonly string[]): void {
    const gone = vscode.workspace.textDocuments.filter(
      ({ uri }) => uri.scheme === schemes.inbox && removed.includes(idOf(uri)),
    );
    if (gone.length > 0) {
      this.changed.fire(gone.map(({ uri }) => ({ type: vscode.FileChangeType.Deleted, uri })));
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
