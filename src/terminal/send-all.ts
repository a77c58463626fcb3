import { findingLine } from '../inspect/formats.ts';
import { sendBatch } from '../send/batch.ts';
import type { DeliverPorts } from '../send/deliver.ts';
import type { PoolSettings } from '../send/pool-settings.ts';
import { batchSentence, recordVerdict } from '../send/sentences/batch.ts';
import { outcomeSentence } from '../send/sentences/outcome.ts';
import type { Server } from '../send/server.ts';
import { EXIT_CANCELLED, EXIT_FAILED, EXIT_OK } from './command.ts';
import { composeFile, type DocumentChoices, type DocumentFile } from './document-file.ts';
import { reportOf } from './report.ts';
import { line, type Terminal } from './streams.ts';

/** What is sent, how, and to whom. */
export interface AllRecords {
  readonly file: DocumentFile;
  readonly choices: DocumentChoices;
  readonly server: Server;
  readonly pool: PoolSettings;
  readonly ports: DeliverPorts;
  /** Settles once the transcript so far stands on standard error. */
  readonly printed: () => Promise<unknown>;
}

/** `mailbench send --all-records`: a line for each record on standard output, the last word behind them. */
export async function sendAllRecords(records: AllRecords, terminal: Terminal): Promise<number> {
  const { file, choices, server, pool, ports, printed } = records;
  const dataSets = new Map();
  const outcome = await sendBatch(server, {
    ...ports,
    pool,
    compose: (record) =>
      composeFile(file, { ...choices, record: String(record), seed: `${choices.seed}.${record}`, dataSets }, terminal),
  });
  await printed();
  switch (outcome.kind) {
    case 'sent': {
      for (const result of outcome.results) {
        const to = 'envelope' in result.outcome ? result.outcome.envelope.recipients.join(', ') : '';
        const why = result.outcome.kind === 'delivered' ? '' : `: ${outcomeSentence(result.outcome)}`;
        await line(terminal.stdout, `record ${result.record} (${to}) ${recordVerdict(result)}${why}`);
      }
      const sent = outcome.results.every((result) => result.outcome.kind === 'delivered');
      await line(sent ? terminal.stdout : terminal.stderr, batchSentence(outcome));
      if (sent) return EXIT_OK;
      return terminal.signal.aborted ? EXIT_CANCELLED : EXIT_FAILED;
    }
    case 'no-records':
      await tellProblems(file, outcome.composed.problems, terminal);
      break;
    case 'record-errors':
      for (const { record, composed } of outcome.records) {
        await tellProblems(file, composed.problems, terminal, ` (record ${record})`);
      }
      break;
    case 'cancelled':
    case 'declined':
    case 'refused':
  }
  await line(terminal.stderr, batchSentence(outcome));
  return outcome.kind === 'cancelled' ? EXIT_CANCELLED : EXIT_FAILED;
}

async function tellProblems(
  { name, text }: DocumentFile,
  problems: Parameters<typeof reportOf>[2],
  { stderr }: Terminal,
  suffix = '',
): Promise<void> {
  for (const problem of reportOf(name, text, problems)) {
    if (problem.severity === 'error') await line(stderr, `${findingLine(problem)}${suffix}`);
  }
}
