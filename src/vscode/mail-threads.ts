import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { MailReader } from '../inspect/mail-reader.ts';
import type { JobError } from '../inspect/mail-threads.ts';
import { logChannel } from './names.ts';

/** The reader of mails whose threads run the script that this extension brings (see esbuild.js); what fails in it is logged. */
export class LoggedReader extends MailReader implements vscode.Disposable {
  readonly #log: Log;

  constructor(extension: vscode.Uri) {
    const script = pathToFileURL(vscode.Uri.joinPath(extension, 'dist/send/mail-worker.js').fsPath);
    const log = new Log();
    super(() => new Worker(script), { onFailure: (job, error) => log.failure(job, error) });
    this.#log = log;
  }

  override dispose(): void {
    super.dispose();
    this.#log.dispose();
  }
}

/** An output channel, made when there is something to say. VS Code keeps it in a file too, for a bug report. */
class Log implements vscode.Disposable {
  #channel: vscode.LogOutputChannel | undefined;

  /** @param job undefined where a thread ended that had none */
  failure(job: string | undefined, error: JobError): void {
    this.#channel ??= vscode.window.createOutputChannel(logChannel, { log: true });
    const what = job === undefined ? 'A thread for mails' : `Work on a mail (${job})`;
    this.#channel.error(
      `${what} ${error.kind === 'too-slow' ? 'took too long' : 'failed'}: ${error.stack ?? error.message}`,
    );
  }

  dispose(): void {
    this.#channel?.dispose();
  }
}
