import type { Envelope } from '../base/envelope.ts';
import { isDeliveryFailure } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import { Transcript, type TranscriptSink } from '../net/transcript.ts';
import { connect, type SmtpClient } from '../smtp/client.ts';
import { type Delivery, deliveryOf } from '../smtp/delivery.ts';
import { type DomainDelivery, deliverByMx, type MxOptions } from '../smtp/mx.ts';
import type { ConnectOptions, SendOptions } from '../smtp/options.ts';
import { type SessionFacts, sessionFactsOf } from '../smtp/session-facts.ts';
import type { Composed } from './composed.ts';
import { type Confirmations, guard } from './guard.ts';
import { type OpeningPorts, openingOf } from './opening.ts';
import type { Attempt, Outcome } from './outcome.ts';
import type { Question } from './question.ts';
import { sendPatiently, type Wait } from './retry-settings.ts';
import { sendToFolder } from './send-to-folder.ts';
import { failureSentence, tellFailure } from './sentences/failure.ts';
import type { GuardRules, Server } from './server.ts';
import { mxOptions, readProxy, readTlsFiles } from './session-options.ts';
import { deliverySummary, settle } from './settle.ts';

export interface DeliverPorts extends Omit<OpeningPorts, 'workspaceRoot'> {
  /** Puts all of a send's questions to the person at once; false: not now. */
  readonly ask: (questions: readonly Question[], signal?: AbortSignal) => Promise<boolean>;
  /** What the person has said yes to already. */
  readonly confirmations: Confirmations;
  /** `mailbench.guard`. */
  readonly guard?: GuardRules;
  /** Gets each line of the transcript as it comes. */
  readonly transcript?: TranscriptSink;
  /** `mailbench.transcript.data`: whether the message shows in full. */
  readonly transcriptData?: 'summary' | 'full';
  readonly transcriptTimes?: 'events' | 'all';
  /** Waits before what was refused for now is tried again; a test hands in its own. */
  readonly wait?: Wait;
  /** Which record of a batch it is, from 1. */
  readonly record?: number;
  /** What the engine is to do beyond the ordinary: a dry run, DSN, a stop point. */
  readonly sendOptions?: SendOptions;
}

/**
 * Delivers a composed document to a server: the guard's questions first, then the password, then the session. Answers
 * how it ended, and rejects only for a fault in this program.
 */
export async function deliver(composed: Composed, server: Server, ports: DeliverPorts): Promise<Outcome> {
  const { signal } = ports;
  const verdict = guard(composed, server, ports.guard ?? {}, ports.confirmations);
  if (verdict.kind === 'refused') return { kind: 'refused', server, refusal: verdict.refusal };
  const { envelope, questions } = verdict;
  const { message } = composed;
  if (!message) return { kind: 'refused', server, refusal: { code: 'document-has-errors', errors: 0 } };

  const began = ports.clock.ticks();
  const lines: string[] = [];
  let facts: SessionFacts | undefined;
  let domains: readonly DomainDelivery[] | undefined;
  const attempt = (): Attempt => ({
    server,
    envelope,
    transcript: lines,
    duration: ports.clock.ticks() - began,
    size: message.size,
    ...(ports.record === undefined ? {} : { record: ports.record }),
    ...(facts === undefined ? {} : { session: facts }),
    ...(domains === undefined ? {} : { domains }),
    ...(ports.sendOptions?.dryRun ? { dryRun: true } : {}),
  });
  // Before anything is asked: nobody wants to be asked about what they have just cancelled.
  if (signal?.aborted) return { ...attempt(), kind: 'cancelled', recipients: [] };
  // Nothing is sent by a dry run, so that there is nothing to agree to; what the guard forbids, it forbids all the same.
  if (questions.length > 0 && !ports.sendOptions?.dryRun) {
    const agreed = await ports.ask(questions, signal);
    if (signal?.aborted) return { ...attempt(), kind: 'cancelled', recipients: [] };
    if (!agreed) return { kind: 'declined', server };
    ports.confirmations.add(composed.key, server, envelope.recipients);
  }

  const transcript = new Transcript({
    clock: ports.clock,
    sink: (line) => {
      lines.push(line);
      ports.transcript?.(line);
    },
    ...(ports.transcriptData === undefined ? {} : { data: ports.transcriptData }),
    ...(ports.transcriptTimes === undefined ? {} : { times: ports.transcriptTimes }),
  });
  const dropped = composed.envelope?.recipients.filter((each) => !envelope.recipients.includes(each)) ?? [];
  if (dropped.length > 0) transcript.event(`Guard: ${dropped.join(', ')} redirected`);

  if (server.transport === 'folder') return sendToFolder(composed, server, { ...ports, transcript, attempt });

  const session: OpeningPorts =
    composed.workspaceRoot === undefined ? ports : { ...ports, workspaceRoot: composed.workspaceRoot };
  const sendOptions: SendOptions = { ...ports.sendOptions, ...(signal === undefined ? {} : { signal }) };
  let delivery: Delivery;
  let roundTrips = 0;
  const record = ports.record === undefined ? '' : `Record ${ports.record}: `;
  const patience = { wait: ports.wait, transcript, prefix: record };
  try {
    if (server.transport === 'mx') {
      const files = await readTlsFiles(server.tls, session);
      if ('refusal' in files) return { kind: 'refused', server, refusal: files.refusal };
      const through = readProxy(server, session, transcript);
      if ('refusal' in through) return { kind: 'refused', server, refusal: through.refusal };
      const { stop } = sendOptions;
      const options: MxOptions = {
        ...mxOptions(server, { ...files, ...through }, session, transcript),
        ...(stop === undefined ? {} : { stop }),
        onNextHost: ({ failure }, next) => transcript.event(`${tellFailure(failure, server).what} Trying ${next}`),
      };
      const once = async (to: Envelope) => {
        const done = await deliverByMx(to, message, options, sendOptions);
        // Of a further try there are only those that it was for.
        const earlier = (domains ?? []).filter((one) => !done.domains.some(({ domain }) => domain === one.domain));
        domains = [...earlier, ...done.domains];
        return done.delivery;
      };
      delivery = await sendPatiently(envelope, sendOptions, { ...patience, retry: server.retry }, once);
      for (const domain of domains ?? []) {
        const failure = domain.failure ?? domain.delivery?.failure;
        // Refused recipients are told one by one.
        const byOne = failure?.failure === 'refused' && failure.step === 'rcpt';
        if (failure?.reason === 'stopped') transcript.event(failureSentence(failure, server));
        else if (failure && !byOne) transcript.trouble(failureSentence(failure, server));
      }
      roundTrips = delivery.roundTrips;
    } else {
      const opening = await openingOf(server, session, transcript);
      if (opening.kind === 'refused') return { kind: 'refused', server, refusal: opening.refusal };
      if (opening.kind === 'declined') return { kind: 'declined', server };
      if (opening.kind === 'cancelled') return { ...attempt(), kind: 'cancelled', recipients: [] };
      const once = async (to: Envelope) => {
        const sent = await sendOver(opening.options, to, message, sendOptions, async (client) => {
          facts = sessionFactsOf(client);
          await opening.accepted();
        });
        roundTrips += sent.roundTrips;
        return sent.delivery;
      };
      const retry = server.transport === 'inbox' ? undefined : server.retry;
      delivery = await sendPatiently(envelope, sendOptions, { ...patience, retry }, once);
    }
  } catch (error) {
    if (!isDeliveryFailure(error)) throw error;
    const recipients = deliveryOf(error)?.recipients ?? [];
    if (error.failure === 'aborted') {
      transcript.event('Cancelled');
      return { ...attempt(), kind: 'cancelled', recipients };
    }
    if (error.reason === 'stopped') transcript.event(failureSentence(error, server));
    else transcript.trouble(failureSentence(error, server));
    return { ...attempt(), kind: 'failed', failure: error, recipients };
  }
  const outcome = settle(delivery, server, transcript, attempt(), sendOptions.stop);
  transcript.total(record + deliverySummary(delivery, ports.sendOptions?.dryRun), roundTrips);
  return outcome;
}

/** One message over one session. */
async function sendOver(
  options: ConnectOptions,
  envelope: Envelope,
  message: ByteSource,
  sendOptions: SendOptions,
  onReady: (client: SmtpClient) => Promise<void>,
): Promise<{ readonly delivery: Delivery; readonly roundTrips: number }> {
  const { stop } = sendOptions;
  const client = await connect(stop === undefined ? options : { ...options, stop });
  try {
    await onReady(client);
    const delivery = await client.send(envelope, message, sendOptions);
    return { delivery, roundTrips: client.roundTrips };
  } finally {
    // QUIT never undoes what was accepted (RFC 5321 section 4.1.1.10), and a spent session is only let go of.
    if (client.usable) await client.quit();
    else client.destroy();
  }
}
