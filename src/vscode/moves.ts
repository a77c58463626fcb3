import * as vscode from 'vscode';
import { isDraft } from './mail-documents.ts';

/** A file, or a folder with all that is in it, that has another name now. */
export interface Move {
  readonly from: vscode.Uri;
  readonly to: vscode.Uri;
}

/**
 * Tells of documents that go on under another name: their file, or a folder around it, was renamed, or they were never
 * saved before and now have a file. To VS Code each of these is one document that closes and another that opens.
 */
export class Moves implements vscode.Disposable {
  readonly #moved = new vscode.EventEmitter<Move>();
  /** Where untitled documents may be being saved, by their own URI. */
  readonly #saving = new Map<string, vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidMove = this.#moved.event;

  constructor() {
    const { workspace } = vscode;
    this.#subscriptions = [
      this.#moved,
      workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) this.#moved.fire({ from: oldUri, to: newUri });
      }),
      // The file is written with what the untitled document holds, before anything else is done to it on saving.
      workspace.onWillSaveTextDocument(({ document }) => {
        if (document.isUntitled || !isDraft(document)) return;
        const text = document.getText();
        // Several may hold the same: the one that closes upon it is the one that was saved.
        for (const each of workspace.textDocuments)
          if (each.isUntitled && isDraft(each) && each.getText() === text)
            this.#saving.set(each.uri.toString(), document.uri);
      }),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // It is written on: then it was not the one that was saved, or its saving failed. One that was saved is emptied.
        if (this.#saving.size === 0 || contentChanges.length === 0 || document.getText() === '') return;
        this.#saving.delete(document.uri.toString());
      }),
      workspace.onDidCloseTextDocument(({ uri }) => {
        const to = this.#saving.get(uri.toString());
        if (!to) return;
        for (const [key, target] of this.#saving) if (target === to) this.#saving.delete(key);
        this.#moved.fire({ from: uri, to });
      }),
    ];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }
}

/** What a URI is after a move; undefined where it stands elsewhere. */
export function movedUri(uri: vscode.Uri, { from, to }: Move): vscode.Uri | undefined {
  if (uri.toString() === from.toString()) return to;
  const inside = uri.scheme === from.scheme && uri.authority === from.authority && uri.path.startsWith(`${from.path}/`);
  return inside ? vscode.Uri.joinPath(to, uri.path.slice(from.path.length)) : undefined;
}
