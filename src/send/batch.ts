import { isDeliveryFailure } from '../base/errors.ts';
import { Transcript } from '../net/transcript.ts';
import { connect } from '../smtp/client.ts';
import { type Delivery, deliveryOf } from '../smtp/delivery.ts';
import { createPool } from '../smtp/pool.ts';
import { together } from './batch-questions.ts';
import { type Composed, hasErrors } from './composed.ts';
import { type DeliverPorts, deliver } from './deliver.ts';
import { guard } from './guard.ts';
import { openingOf } from './opening.ts';
import type { Attempt, Outcome } from './outcome.ts';
import { type PoolSettings, poolLimits } from './pool-settings.ts';
import type { Question, Refusal } from './question.ts';
import { sendPatiently } from './retry-settings.ts';
import { failureSentence } from './sentences/failure.ts';
import type { InboxServer, Server, SmtpServer } from './server.ts';
import { SessionTranscripts } from './session-transcripts.ts';
import { deliverySummary, settle } from './settle.ts';

export interface BatchPorts extends Omit<DeliverPorts, 'record'> {
  /** The document made with a record, counted from 1. */
  readonly compose: (record: number) => Promise<Composed>;
  /** How far it has come: records composed, then records with a result. */
  readonly progress?: (step: 'composing' | 'sending', done: number, total: number) => void;
  /** Over SMTP and LMTP: in place of what the server's settings say. */
  readonly pool?: PoolSettings;
}

export interface RecordResult {
  /** Counted from 1. */
  readonly record: number;
  readonly outcome: Outcome;
}

/**
 * How a batch ended. `sent`: every record has a result, in order; it says nothing of success. All others: nothing was
 * sent at all.
 */
export type BatchOutcome =
  | {
      readonly kind: 'sent';
      readonly server: Server;
      readonly results: readonly RecordResult[];
      readonly transcript: readonly string[];
      readonly duration: number;
    }
  /** The document has no data, or data without a record. */
  | { readonly kind: 'no-records'; readonly server: Server; readonly composed: Composed }
  /** Some records make a document with errors. */
  | {
      readonly kind: 'record-errors';
      readonly server: Server;
      readonly total: number;
      readonly records: readonly { readonly record: number; readonly composed: Composed }[];
    }
  | { readonly kind: 'refused'; readonly server: Server; readonly refusal: Refusal; readonly record?: number }
  | { readonly kind: 'declined'; readonly server: Server }
  | { readonly kind: 'cancelled'; readonly server: Server };

/** One record, past the guard. */
interface Ready {
  readonly record: number;
  readonly composed: Composed;
  readonly envelope: Attempt['envelope'];
}

/**
 * Sends a document once for each record of its data. Everything is composed and held against the guard before the
 * first message goes out, so that a record with an error stops all of them; what has to be asked is asked once. Rejects
 * only for a fault in this program, or where composing does.
 */
export async function sendBatch(server: Server, ports: BatchPorts): Promise<BatchOutcome> {
  const { signal } = ports;
  const began = ports.clock.ticks();
  const first = await ports.compose(1);
  const total = first.record?.count ?? 0;
  if (total === 0) return { kind: 'no-records', server, composed: first };

  const ready: Ready[] = [];
  const wrong: { record: number; composed: Composed }[] = [];
  const questions: Question[] = [];
  for (let record = 1; record <= total; record++) {
    if (signal?.aborted) return { kind: 'cancelled', server };
    const composed = record === 1 ? first : await ports.compose(record);
    ports.progress?.('composing', record, total);
    if (hasErrors(composed)) {
      wrong.push({ record, composed });
      continue;
    }
    const verdict = guard(composed, server, ports.guard ?? {}, ports.confirmations);
    if (verdict.kind === 'refused') return { kind: 'refused', server, refusal: verdict.refusal, record };
    ready.push({ record, composed, envelope: verdict.envelope });
    questions.push(...verdict.questions);
  }
  if (wrong.length > 0) return { kind: 'record-errors', server, total, records: wrong };
  if (questions.length > 0 && !ports.sendOptions?.dryRun) {
    const agreed = await ports.ask(together(questions), signal);
    if (signal?.aborted) return { kind: 'cancelled', server };
    if (!agreed) return { kind: 'declined', server };
    for (const { composed, envelope } of ready) ports.confirmations.add(composed.key, server, envelope.recipients);
  }

  const lines: string[] = [];
  const write = (line: string) => {
    lines.push(line);
    ports.transcript?.(line);
  };
  const done: BatchOutcome | readonly RecordResult[] =
    server.transport === 'mx' || server.transport === 'folder'
      ? await oneByOne(ready, server, { ...ports, transcript: write })
      : await overPool(ready, server, ports, write);
  if (!Array.isArray(done)) return done as BatchOutcome;
  return { kind: 'sent', server, results: done, transcript: lines, duration: ports.clock.ticks() - began };
}

async function oneByOne(ready: readonly Ready[], server: Server, ports: BatchPorts): Promise<RecordResult[]> {
  const results: RecordResult[] = [];
  for (const { record, composed } of ready) {
    // What the guard has to ask was asked for all of them.
    const outcome = await deliver(composed, server, { ...ports, record, ask: async () => true });
    results.push({ record, outcome });
    ports.progress?.('sending', results.length, ready.length);
  }
  return results;
}

async function overPool(
  ready: readonly Ready[],
  server: SmtpServer | InboxServer,
  ports: BatchPorts,
  write: (line: string) => void,
): Promise<readonly RecordResult[] | BatchOutcome> {
  const { clock, signal, transcriptData, transcriptTimes } = ports;
  const written = {
    clock,
    sink: write,
    ...(transcriptData === undefined ? {} : { data: transcriptData }),
    ...(transcriptTimes === undefined ? {} : { times: transcriptTimes }),
  };
  const transcript = new Transcript(written);
  const workspaceRoot = ready[0]?.composed.workspaceRoot;
  const opening = await openingOf(
    server,
    workspaceRoot === undefined ? ports : { ...ports, workspaceRoot },
    transcript,
  );
  if (opening.kind === 'refused') return { kind: 'refused', server, refusal: opening.refusal };
  if (opening.kind !== 'ready') return { kind: opening.kind, server };

  // One session unless asked for more: its transcript is easier to read, and PIPELINING leaves little to gain.
  const limits = poolLimits({ ...(server.transport === 'inbox' ? {} : server.pool), ...ports.pool });
  const several = (limits.connections ?? 1) > 1;
  if (several) transcript.event(`Up to ${limits.connections} sessions at a time`);
  const sessions = new SessionTranscripts({ ...written, secrets: transcript.secrets });
  const pool = createPool({
    connect: opening.options,
    clock,
    ...limits,
    open: async (options) => {
      const client = await connect(several ? { ...options, transcript: sessions.next() } : options);
      await opening.accepted();
      return client;
    },
  });
  const told = new Set<unknown>();
  let count = 0;
  const send = async ({ record, composed, envelope }: Ready): Promise<RecordResult> => {
    const { message } = composed;
    if (!message) throw new Error('a record without errors has no message');
    const began = clock.ticks();
    const attempt = (): Attempt => ({
      server,
      envelope,
      transcript: [],
      duration: clock.ticks() - began,
      size: message.size,
      record,
      ...(ports.sendOptions?.dryRun ? { dryRun: true } : {}),
    });
    const options = { ...ports.sendOptions, ...(signal === undefined ? {} : { signal }) };
    const prefix = `Record ${record}: `;
    const retry = server.transport === 'inbox' ? undefined : server.retry;
    const patience = { retry, wait: ports.wait, transcript, prefix };
    const sending = sendPatiently(envelope, options, patience, (to) => pool.send(to, message, options));
    const outcome = await sending.then(
      (delivery: Delivery) => {
        const settled = settle(delivery, server, transcript, attempt());
        transcript.event(`${prefix}${deliverySummary(delivery, ports.sendOptions?.dryRun)}`);
        return settled;
      },
      (error: unknown): Outcome => {
        if (!isDeliveryFailure(error)) throw error;
        const recipients = deliveryOf(error)?.recipients ?? [];
        if (error.failure === 'aborted') return { ...attempt(), kind: 'cancelled', recipients };
        // One lost connection is one failure, however many records had waited for it.
        if (!told.has(error)) transcript.trouble(failureSentence(error, server));
        told.add(error);
        return { ...attempt(), kind: 'failed', failure: error, recipients };
      },
    );
    ports.progress?.('sending', ++count, ready.length);
    return { record, outcome };
  };
  try {
    return await Promise.all(ready.map(send));
  } finally {
    await pool.close();
    if (signal?.aborted) transcript.event('Cancelled');
  }
}
