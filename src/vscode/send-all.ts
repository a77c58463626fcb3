import * as vscode from 'vscode';
import { parseDocument } from '../document/parse.ts';
import { batchReport } from '../send/batch-report.ts';
import { settingOf } from '../send/compose.ts';
import { batchSentence } from '../send/sentences/batch.ts';
import type { DeliveryParts } from './delivery-commands.ts';
import { nameOf } from './mail-documents.ts';
import type { BatchResult } from './mailer.ts';
import { openReport } from './preview/report-documents.ts';
import { documentOf } from './send-commands.ts';
import { report } from './send-report.ts';

const SHOW_REPORT = 'Show Results';
const SHOW_TRANSCRIPT = 'Show Transcript';

/** *Send to All Records*: one message for each record of the data, with progress, cancel and a result for each. */
export async function sendAll(target: unknown, parts: DeliveryParts): Promise<void> {
  const document = await documentOf(target);
  if (!document) {
    void vscode.window.showInformationMessage('Open a mail (.eml) with @data to send it to all records.');
    return;
  }
  if (!settingOf(parseDocument(document.getText()).document, 'data')?.value.text) {
    const message = 'This mail names no data: add "@data: ./people.csv" (or .json, .yaml) above its first field.';
    void vscode.window.showInformationMessage(message);
    return;
  }
  const { activity } = parts;
  if (activity.isSending(document.uri)) return;
  const mailer = await parts.mailer();
  const result = await activity.run(document.uri, (controller) =>
    withCount(controller, (progress) =>
      mailer.sendAll(document, { signal: controller.signal, asking: (ask) => ask() }, progress),
    ),
  );
  if (result.kind === 'no-server') {
    void report(result, parts, document);
    return;
  }
  // Not waited for: its buttons may be pressed much later, or never.
  void tell(result, document, parts);
}

type Progress = (step: 'composing' | 'sending', done: number, total: number) => void;

/** A notification with its *Cancel* button, counting. */
async function withCount<T>(controller: AbortController, work: (progress: Progress) => Promise<T>): Promise<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: 'Sending to all records',
    cancellable: true,
  };
  return vscode.window.withProgress(options, async (progress, token) => {
    const cancelling = token.onCancellationRequested(() => controller.abort());
    let percent = 0;
    try {
      return await work((step, done, total) => {
        const now = Math.floor((done / total) * 100);
        // A message each would be thousands of them.
        if (now === percent && done !== total) return;
        const message = `${step === 'composing' ? 'making' : 'sent'} ${done} of ${total}`;
        progress.report(step === 'sending' ? { message, increment: now - percent } : { message });
        percent = step === 'composing' && done === total ? 0 : now;
      });
    } finally {
      cancelling.dispose();
    }
  });
}

async function tell(
  result: Exclude<BatchResult, { kind: 'no-server' }>,
  document: vscode.TextDocument,
  { transcript }: DeliveryParts,
): Promise<void> {
  const sentence = batchSentence(result);
  if (result.kind === 'declined') {
    vscode.window.setStatusBarMessage('$(circle-slash) Not sent', 5000);
    return;
  }
  if (result.kind !== 'sent') {
    const show = result.kind === 'cancelled' ? vscode.window.showInformationMessage : vscode.window.showErrorMessage;
    await show(sentence);
    return;
  }
  const all = result.results.every(({ outcome }) => outcome.kind === 'delivered');
  const show = all ? vscode.window.showInformationMessage : vscode.window.showWarningMessage;
  const chosen = await show(sentence, SHOW_REPORT, SHOW_TRANSCRIPT);
  if (chosen === SHOW_TRANSCRIPT) transcript.show();
  if (chosen !== SHOW_REPORT) return;
  const name = nameOf(document.uri);
  await openReport(name, batchReport(name, result), `${name}, record by record`);
}
