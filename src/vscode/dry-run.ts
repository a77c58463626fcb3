import * as vscode from 'vscode';
import { systemClock } from '../base/system-clock.ts';
import { deliveryReport } from '../send/delivery-report.ts';
import { outcomeSentence } from '../send/sentences/outcome.ts';
import type { DeliveryParts } from './delivery-commands.ts';
import { nameOf } from './mail-documents.ts';
import { openReport } from './preview/report-documents.ts';
import { withProgress } from './progress.ts';
import { documentOf } from './send-commands.ts';
import { report } from './send-report.ts';

const SHOW_TRANSCRIPT = 'Show Transcript';

/** *Check Delivery Without Sending*: as far as the recipients, and a report of what the server said and offers. */
export async function checkDelivery(target: unknown, parts: DeliveryParts): Promise<void> {
  const document = await documentOf(target);
  if (!document) {
    void vscode.window.showInformationMessage('Open a mail (.eml) to check its delivery.');
    return;
  }
  const { activity, transcript } = parts;
  if (activity.isSending(document.uri)) return;
  const mailer = await parts.mailer();
  const result = await activity.run(document.uri, (controller) =>
    withProgress('Checking delivery', controller, (running) =>
      mailer.send(document, undefined, running, { dryRun: true }),
    ),
  );
  // Where it never came to a session, there is a sentence to be read and no report.
  if (result.kind !== 'attempted' || !('transcript' in result.outcome) || result.outcome.kind === 'cancelled') {
    void report(result, parts, document);
    return;
  }
  const { outcome } = result;
  const name = nameOf(document.uri);
  await openReport(name, deliveryReport(name, outcome, systemClock.now()), `Delivery check of ${name}`);
  const show =
    outcome.kind === 'delivered'
      ? vscode.window.showInformationMessage
      : outcome.kind === 'partial'
        ? vscode.window.showWarningMessage
        : vscode.window.showErrorMessage;
  // Not waited for: its button may be pressed much later, or never.
  void show(outcomeSentence(outcome), SHOW_TRANSCRIPT).then((chosen) => {
    if (chosen === SHOW_TRANSCRIPT) transcript.show();
  });
}
