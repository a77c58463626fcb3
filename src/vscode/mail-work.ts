import type * as vscode from 'vscode';
import type { MailReader } from '../inspect/mail-reader.ts';

/** The one reader of mails of this window, for the previews and for the checks: loaded when it is first needed. */
export class MailWork implements vscode.Disposable {
  readonly #extension: vscode.Uri;
  #reader: Promise<MailReader> | undefined;

  /** @param extension where the extension is installed */
  constructor(extension: vscode.Uri) {
    this.#extension = extension;
  }

  reader(): Promise<MailReader> {
    this.#reader ??= import('./mail-threads.ts').then(({ LoggedReader }) => new LoggedReader(this.#extension));
    return this.#reader;
  }

  dispose(): void {
    void this.#reader?.then((reader) => reader.dispose());
  }
}
