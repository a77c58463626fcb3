import * as vscode from 'vscode';
import { parseDocument } from '../document/parse.ts';
import { problemSentence } from '../send/sentences/problem.ts';
import type { BuiltMail, MailbenchApi } from './api.ts';
import type { Drafts } from './drafts.ts';
import type { Mailer } from './mailer.ts';
import type { SendActivity } from './send-activity.ts';

export function parse(text: string): ReturnType<MailbenchApi['parse']> {
  return Promise.resolve(parseDocument(text));
}

export async function build(uri: vscode.Uri, drafts: Drafts): Promise<BuiltMail> {
  const document = await vscode.workspace.openTextDocument(uri);
  const { envelope, message, problems } = await drafts.compose(document);
  const chunks: Uint8Array[] = [];
  if (message) for await (const chunk of message.read()) chunks.push(chunk.slice());
  return {
    problems: problems.map((problem) => ({ problem, sentence: problemSentence(problem) })),
    ...(message ? { message: Buffer.concat(chunks) } : {}),
    ...(envelope ? { envelope } : {}),
  };
}

export async function send(
  uri: vscode.Uri,
  mailer: Mailer,
  activity: SendActivity,
  options: NonNullable<Parameters<MailbenchApi['send']>[1]> = {},
): ReturnType<MailbenchApi['send']> {
  const document = await vscode.workspace.openTextDocument(uri);
  return activity.run(document.uri, (controller) => {
    const abort = () => controller.abort();
    options.signal?.addEventListener('abort', abort);
    if (options.signal?.aborted) abort();
    const sending = mailer.send(document, options.server, { signal: controller.signal, asking: (ask) => ask() });
    return sending.finally(() => options.signal?.removeEventListener('abort', abort));
  });
}
