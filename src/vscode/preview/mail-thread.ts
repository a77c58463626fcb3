import { Worker } from 'node:worker_threads';
import * as vscode from 'vscode';
import { MailReader } from './mail-reader.ts';

/** The reader whose thread is the one that this extension brings; see esbuild.js. */
export function mailReader(extensionUri: vscode.Uri): MailReader {
  const file = vscode.Uri.joinPath(extensionUri, 'dist/vscode/preview/mail-worker.js').fsPath;
  return new MailReader(() => new Worker(file));
}
