import type { BatchOutcome } from './batch.ts';
import type { Outcome } from './outcome.ts';
import { batchSentence, recordVerdict } from './sentences/batch.ts';
import { outcomeSentence } from './sentences/outcome.ts';
import { textTable } from './text-table.ts';

/** The result of each record, as a Markdown document that reads as plain text as well. */
export function batchReport(title: string, batch: Extract<BatchOutcome, { kind: 'sent' }>): string {
  const rows = batch.results.map((result) => [
    String(result.record),
    'envelope' in result.outcome ? result.outcome.envelope.recipients.join(', ') : '',
    recordVerdict(result),
    answerOf(result.outcome),
  ]);
  return [
    `# ${title}, record by record`,
    '',
    batchSentence(batch),
    '',
    ...textTable(['Record', 'To', 'Result', 'Answer'], rows),
    '',
  ].join('\n');
}

function answerOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'delivered':
      return outcome.file ?? outcome.reply?.join(' / ') ?? '';
    case 'partial': {
      const refused = outcome.recipients.filter(({ status }) => status !== 'accepted');
      return refused.map(({ address, reply }) => `${address}: ${reply?.full.join(' / ') ?? '—'}`).join('; ');
    }
    case 'failed':
      return outcome.failure.lines?.join(' / ') ?? outcome.failure.reason;
    case 'cancelled':
      return '';
    case 'refused':
    case 'declined':
      return outcomeSentence(outcome);
  }
}
