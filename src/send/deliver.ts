import type { Envelope } from '../base/envelope.ts';
import { DeliveryFailure, isDeliveryFailure } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import { Transcript, type TranscriptSink } from '../net/transcript.ts';
import { connect } from '../smtp/client.ts';
import { type Delivery, deliveryOf } from '../smtp/delivery.ts';
import { deliverByMx } from '../smtp/mx.ts';
import type { ConnectOptions, SendOptions } from '../smtp/options.ts';
import type { Composed } from './composed.ts';
import { lookUpPassword, type PasswordLookup, type PasswordPorts, rememberPassword } from './credentials.ts';
import { type Confirmations, guard } from './guard.ts';
import type { Attempt, Outcome } from './outcome.ts';
import type { Question, Refusal } from './question.ts';
import { sendToFolder } from './send-to-folder.ts';
import { failureSentence } from './sentences/failure.ts';
import { tellRecipient } from './sentences/outcome.ts';
import type { GuardRules, InboxServer, Server, SmtpServer } from './server.ts';
import {
  type InboxAddress,
  inboxOptions,
  mxOptions,
  readTlsFiles,
  type SessionPorts,
  sessionOptions,
} from './session-options.ts';

export interface DeliverPorts extends PasswordPorts, Omit<SessionPorts, 'workspaceRoot'> {
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
  /** Where the Local Inbox listens: starts it where it does not. Left out where there is none. */
  readonly inbox?: (signal?: AbortSignal) => Promise<InboxAddress>;
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
  const attempt = (): Attempt => ({
    server,
    envelope,
    transcript: lines,
    duration: ports.clock.ticks() - began,
    ...(ports.sendOptions?.dryRun ? { dryRun: true } : {}),
  });
  if (questions.length > 0) {
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

  const session: SessionPorts =
    composed.workspaceRoot === undefined ? ports : { ...ports, workspaceRoot: composed.workspaceRoot };
  const password = await lookUpPassword(server, ports, signal);
  if (password.kind === 'refused') return { kind: 'refused', server, refusal: password.refusal };
  if (password.kind === 'declined') return { kind: 'declined', server };
  if (signal?.aborted) return { ...attempt(), kind: 'cancelled', recipients: [] };

  let delivery: Delivery;
  const sendOptions: SendOptions = { ...ports.sendOptions, ...(signal === undefined ? {} : { signal }) };
  try {
    if (server.transport === 'mx') {
      const files = await readTlsFiles(server.tls, session);
      if ('refusal' in files) return { kind: 'refused', server, refusal: files.refusal };
      const options = mxOptions(server, files.tls, session, transcript);
      const done = await deliverByMx(envelope, message, options, sendOptions);
      for (const domain of done.domains) {
        const failure = domain.failure ?? domain.delivery?.failure;
        // Refused recipients are told one by one.
        const byOne = failure?.failure === 'refused' && failure.step === 'rcpt';
        if (failure && !byOne) transcript.trouble(failureSentence(failure, server));
      }
      delivery = done.delivery;
    } else {
      const options = await optionsFor(server, password, ports, session, transcript);
      if ('code' in options) {
        return signal?.aborted
          ? { ...attempt(), kind: 'cancelled', recipients: [] }
          : { kind: 'refused', server, refusal: options };
      }
      delivery = await sendOver(options, envelope, message, sendOptions, () =>
        keep(server, password, ports, transcript),
      );
    }
  } catch (error) {
    if (!isDeliveryFailure(error)) throw error;
    const recipients = deliveryOf(error)?.recipients ?? [];
    if (error.failure === 'aborted') {
      transcript.event('Cancelled');
      return { ...attempt(), kind: 'cancelled', recipients };
    }
    transcript.trouble(failureSentence(error, server));
    return { ...attempt(), kind: 'failed', failure: error, recipients };
  }
  return settle(delivery, server, transcript, attempt());
}

/** One message over one session. */
async function sendOver(
  options: ConnectOptions,
  envelope: Envelope,
  message: ByteSource,
  sendOptions: SendOptions,
  onReady: () => Promise<void>,
): Promise<Delivery> {
  const client = await connect(options);
  try {
    await onReady();
    return await client.send(envelope, message, sendOptions);
  } finally {
    // QUIT never undoes what was accepted (RFC 5321 section 4.1.1.10), and a spent session is only let go of.
    if (client.usable) await client.quit();
    else client.destroy();
  }
}

/** A store that fails is no reason not to send. */
async function keep(
  server: Server,
  password: PasswordLookup,
  ports: PasswordPorts,
  transcript: Transcript,
): Promise<void> {
  await rememberPassword(server, password, ports).catch((error: unknown) => {
    transcript.trouble(`The password could not be kept: ${error instanceof Error ? error.message : 'unknown'}`);
  });
}

async function optionsFor(
  server: SmtpServer | InboxServer,
  password: PasswordLookup,
  ports: DeliverPorts,
  session: SessionPorts,
  transcript: Transcript,
): Promise<ConnectOptions | Refusal> {
  if (server.transport === 'inbox') {
    if (!ports.inbox) return { code: 'inbox-unavailable', error: 'there is none here' };
    try {
      return inboxOptions(server, await ports.inbox(ports.signal), session, transcript);
    } catch (error) {
      return { code: 'inbox-unavailable', error: error instanceof Error ? error.message : String(error) };
    }
  }
  const files = await readTlsFiles(server.tls, session);
  if ('refusal' in files) return files.refusal;
  return sessionOptions(server, password, files.tls, session, transcript);
}

/** What the replies come to, and the last lines of the transcript. */
function settle(delivery: Delivery, server: Server, transcript: Transcript, attempt: Attempt): Outcome {
  const { recipients, outcome } = delivery;
  // One reply to MAIL or to the message speaks for all; those to RCPT, and of LMTP, for one each.
  const each = (outcome === 'partial' && server.transport !== 'mx') || server.transport === 'lmtp';
  const refused = recipients.filter(({ status, step }) => status === 'refused' && (step === 'rcpt' || each));
  for (const recipient of refused) transcript.trouble(tellRecipient(recipient, server));
  const taken = outcome === 'accepted' || outcome === 'partial';
  const failure = taken ? undefined : (delivery.failure ?? unexplained());
  // Of MX each domain's failure is told where it happens.
  if (failure && refused.length === 0 && server.transport !== 'mx')
    transcript.trouble(failureSentence(failure, server));
  transcript.event(summary(delivery, attempt.dryRun ?? false));
  if (failure) return { ...attempt, kind: 'failed', recipients, failure };
  const reply = delivery.reply === undefined ? {} : { reply: delivery.reply.full };
  return { ...attempt, kind: outcome === 'accepted' ? 'delivered' : 'partial', recipients, ...reply };
}

function summary({ recipients, duration, roundTrips }: Delivery, dryRun: boolean): string {
  const accepted = recipients.filter((recipient) => recipient.status === 'accepted').length;
  const trips = `${roundTrips} round trip${roundTrips === 1 ? '' : 's'}`;
  const whole = `${accepted} of ${recipients.length} recipient${recipients.length === 1 ? '' : 's'} accepted`;
  return `${whole}${dryRun ? ', no message sent' : ''}; ${Math.round(duration)} ms, ${trips}`;
}

/** The engine says why nobody gets a message; this stands in where it did not. */
function unexplained(): DeliveryFailure {
  return new DeliveryFailure({
    failure: 'protocol',
    step: 'data',
    reason: 'unexpected-reply',
    sessionSurvives: false,
    retryable: false,
  });
}
