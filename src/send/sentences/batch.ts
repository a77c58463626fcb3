import type { BatchOutcome, RecordResult } from '../batch.ts';
import { outcomeSentence, serverTitle } from './outcome.ts';
import { problemSentence } from './problem.ts';
import { refusalSentence } from './refusal.ts';
import { count, list, sentences, unreachable } from './words.ts';

/** How a batch ended, for the person: how many got through, and the first thing to look at. */
export function batchSentence(outcome: BatchOutcome): string {
  switch (outcome.kind) {
    case 'sent':
      return sentSentence(outcome.results, serverTitle(outcome.server));
    case 'no-records':
      return 'There is no data with records to send to: name a JSON, YAML or CSV file with @data. Nothing was sent.';
    case 'record-errors': {
      const [first] = outcome.records;
      const problem = first?.composed.problems.find(({ severity }) => severity === 'error');
      const numbers = list(
        outcome.records.map(({ record }) => String(record)),
        8,
      );
      return sentences(
        `${count(outcome.records.length, 'record')} of ${outcome.total.toLocaleString('en-US')} ${outcome.records.length === 1 ? 'makes' : 'make'} a document with errors (${numbers}), so nothing was sent.`,
        problem && first ? `Record ${first.record}: ${problemSentence(problem)}` : '',
      );
    }
    case 'refused':
      return sentences(
        outcome.record === undefined ? '' : `Record ${outcome.record}:`,
        refusalSentence(outcome.refusal, outcome.server),
      );
    case 'declined':
      return 'Not sent.';
    case 'cancelled':
      return 'Cancelled: nothing was sent, and the document is as it was.';
    default:
      return unreachable(outcome, 'Not sent.');
  }
}

/** The outcome of one record in a word or two. */
export function recordVerdict({ outcome }: RecordResult): string {
  switch (outcome.kind) {
    case 'delivered':
      return outcome.dryRun ? 'would be taken' : 'sent';
    case 'partial':
      return 'sent in part';
    case 'cancelled':
      return outcome.recipients.some(({ status }) => status === 'unknown') ? 'unknown' : 'cancelled';
    case 'failed':
      return outcome.recipients.some(({ status }) => status === 'unknown') ? 'unknown' : 'failed';
    case 'refused':
    case 'declined':
      return 'not sent';
  }
}

function sentSentence(results: readonly RecordResult[], name: string): string {
  const sent = results.filter(({ outcome }) => outcome.kind === 'delivered').length;
  const cancelled = results.filter(({ outcome }) => outcome.kind === 'cancelled').length;
  const partial = results.filter(({ outcome }) => outcome.kind === 'partial').length;
  const failed = results.find(({ outcome }) => outcome.kind !== 'delivered' && outcome.kind !== 'cancelled');
  const total = results.length.toLocaleString('en-US');
  const dry = results.some(({ outcome }) => 'dryRun' in outcome && outcome.dryRun);
  const took = dry ? 'would take' : 'took';
  const all = sent === results.length ? `all ${total}` : `${sent.toLocaleString('en-US')} of ${total}`;
  return sentences(
    results.length === 1 && sent === 1
      ? `${name} ${took} the message of the one record.`
      : `${name} ${took} the messages of ${all} records.`,
    dry ? 'Nothing was sent.' : '',
    partial > 0 ? `${count(partial, 'message')} ${dry ? 'would go' : 'went'} to some of the recipients only.` : '',
    cancelled > 0 ? `${count(cancelled, 'record')} ${cancelled === 1 ? 'was' : 'were'} cancelled.` : '',
    failed ? `Record ${failed.record}: ${outcomeSentence(failed.outcome)}` : '',
  );
}
