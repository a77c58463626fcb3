import type { Envelope } from '../base/envelope.ts';
import type { DeliveryFailure, Step } from '../base/errors.ts';
import { isDeliveryFailure } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import { classOf, replyCode } from './codes.ts';
import { data } from './command.ts';
import { isSmall, type Sent, type SentChunks } from './content.ts';
import { type Delivery, withDelivery } from './delivery.ts';
import { type AwaitReply, reply, type Session, send } from './effect.ts';
import { broken, inDoubt, refusal, unexpected } from './failure.ts';
import type { SendOptions } from './options.ts';
import { envelopeGroup, type Plan, planOf } from './plan.ts';
import { type Ready, readied } from './ready.ts';
import type { Reply } from './reply.ts';
import { reset } from './reset.ts';
import { Results } from './results.ts';
import { fallsOver, moreAllowed, pipelines, type SessionState } from './state.ts';
import { pauseAt } from './stop.ts';

/** One message to be sent, and who waits for what becomes of it. */
export interface Job {
  readonly envelope: Envelope;
  readonly message: ByteSource;
  readonly options: SendOptions;
  /** Set once nobody waits any more: cancelled, or taken back to be sent another way. */
  readonly withdrawn: boolean;
  /** Whether its envelope may be sent together with the message before it. */
  readonly mayGoAhead: boolean;
  /** The message is the one now under way. */
  begin(): void;
  resolve(delivery: Delivery): void;
  reject(failure: unknown): void;
}

/** A job whose plan stands, and whose envelope may be on the wire. */
interface Flight {
  readonly job: Job;
  readonly plan: Plan;
  readonly results: Results;
  /** Whether MAIL, every RCPT and DATA went out together (RFC 2920), so that their replies are due. */
  readonly grouped: boolean;
  readonly began: number;
  readonly trips: number;
  sent: number;
  /** The next one, where its envelope went out with the end of this message. */
  ahead: Flight | undefined;
  /** What will be written once the 354 is there, made while this side has nothing else to do. */
  prepared: Prepared | undefined;
}

interface Prepared {
  readonly ready: Ready;
  /** The message whose envelope follows in `ready`. */
  readonly following: { readonly job: Job; readonly plan: Plan } | undefined;
}

/** The messages that wait behind the one under way. */
export interface Upcoming {
  /** The next of them, if its envelope may go ahead. */
  peek(): Job | undefined;
  /** Takes the same one out. */
  take(): Job | undefined;
}

/**
 * Sends a message, and those waiting behind it as long as `upcoming` has any: the end of one message and the
 * envelope of the next share a write (RFC 2920 section 3.1 lets a group begin with message content), so that each
 * costs one round trip. Every job is settled; after a failure of the session those not begun are rejected untouched.
 */
export function* deliverAll(state: SessionState, first: Job, upcoming: Upcoming): Session<void> {
  let flight = yield* launch(state, first);
  while (flight !== undefined) {
    flight.job.begin();
    flight = yield* complete(state, flight, upcoming);
    // RFC 2920: a 354 that is due can't be taken back. The message before it has its reply; now the session ends.
    if (flight?.job.withdrawn) {
      state.spent = true;
      return;
    }
  }
}

/** Checks a job against the server, and sends its envelope where that may go in one group. */
function* launch(state: SessionState, job: Job): Session<Flight | undefined> {
  const { envelope, message, options } = job;
  let plan: Plan;
  try {
    plan = planOf(state, envelope, message, options);
  } catch (error) {
    job.reject(error);
    return undefined;
  }
  const flight = begun(state, job, plan);
  if (flight.grouped) yield { do: 'group', text: envelopeGroup(plan), step: 'mail' };
  return flight;
}

function begun(state: SessionState, job: Job, plan: Plan): Flight {
  const { options } = job;
  state.transactions++;
  return {
    job,
    plan,
    results: new Results(job.envelope.recipients),
    grouped: pipelines(state) && options.stop === undefined && !options.dryRun && plan.chunk === undefined,
    began: state.meter.ticks(),
    trips: state.meter.roundTrips,
    sent: 0,
    ahead: undefined,
    prepared: undefined,
  };
}

/** Makes ready what a message whose envelope is on its way will need, the next envelope included. */
function prepare(state: SessionState, flight: Flight, upcoming: Upcoming): void {
  const { message } = flight.job;
  if (!flight.grouped || !isSmall(message)) return;
  const next = mayGoOn(state, flight) ? upcoming.peek() : undefined;
  let following: Prepared['following'];
  let commands = '';
  if (next !== undefined) {
    try {
      const plan = planOf(state, next.envelope, next.message, next.options);
      commands = envelopeGroup(plan);
      following = { job: next, plan };
    } catch {
      // Said again, and to whom it concerns, once it is that message's turn.
    }
  }
  const ready = readied(message, commands);
  if (ready !== undefined) flight.prepared = { ready, following };
}

/** Carries one message to its end. Gives the next, where that has begun. */
function* complete(state: SessionState, flight: Flight, upcoming: Upcoming): Session<Flight | undefined> {
  const { job } = flight;
  let lost = false;
  try {
    const failure = yield* transact(state, flight, upcoming);
    const settle = () => job.resolve(deliveryOf(state, flight, failure));
    if (flight.ahead === undefined || state.shortcut === undefined) settle();
    else state.shortcut.later(settle);
  } catch (error) {
    lost = true;
    const stopped = isDeliveryFailure(error) && error.reason === 'stopped';
    flight.results.cutShort();
    const partial = deliveryOf(state, flight, undefined);
    if (stopped) job.resolve({ ...partial, stopped: true });
    else job.reject(isDeliveryFailure(error) ? withDelivery(error, partial) : error);
    if (!isDeliveryFailure(error) || !error.sessionSurvives) state.spent = true;
  }
  const { ahead } = flight;
  // Not left in a chain: one dead message in the old generation would keep all that came after it from being collected.
  flight.ahead = undefined;
  if (ahead === undefined || !(lost || state.spent)) return ahead;
  ahead.job.reject(notConnected(state));
  return undefined;
}

/** Whether the envelope of another message may share the write with the end of this one. */
function mayGoOn(state: SessionState, flight: Flight): boolean {
  return flight.grouped && !state.spent && !fallsOver(state) && isSmall(flight.job.message) && moreAllowed(state);
}

export function notConnected(state: SessionState): DeliveryFailure {
  return broken('closed', 'mail', 'not-connected', true, state.details);
}

function deliveryOf(state: SessionState, flight: Flight, failure: DeliveryFailure | undefined): Delivery {
  const { results, began, trips, sent } = flight;
  const { outcome, recipients, reply } = results.summary();
  const duration = state.meter.ticks() - began;
  const roundTrips = state.meter.roundTrips - trips;
  // One shape for the usual case: objects put together by spreading cost more than all else here.
  if (failure === undefined && reply !== undefined) return { outcome, recipients, reply, sent, duration, roundTrips };
  return {
    outcome,
    recipients,
    ...(reply === undefined ? {} : { reply }),
    ...(failure === undefined ? {} : { failure }),
    sent,
    duration,
    roundTrips,
  };
}

/** What every message waits for, made once. */
const mailReply: AwaitReply = { do: 'reply', step: 'mail', phase: 'command', hoped: '2' };
const rcptReply: AwaitReply = { do: 'reply', step: 'rcpt', phase: 'command', hoped: '2' };
const dataReply: AwaitReply = { do: 'reply', step: 'data', phase: 'dataStart', hoped: '3' };
const unwantedDataReply: AwaitReply = { ...dataReply, hoped: '2345' };
const finalReply: AwaitReply = { do: 'reply', step: 'data', phase: 'final', hoped: '2' };

/** One transaction (RFC 5321 section 3.3). Gives the refusal that ended it, if one did. */
function* transact(state: SessionState, flight: Flight, upcoming: Upcoming): Session<DeliveryFailure | undefined> {
  const { plan, results, job } = flight;
  const { options } = job;
  const { stop } = options;
  const { details } = state;

  if (!flight.grouped) {
    if (stop !== undefined) yield* pauseAt(state, stop, 'mail', 'command');
    yield* send(plan.mail);
    // RFC 2920 section 3.1: MAIL and RCPT may share a group also where DATA does not follow.
    if (pipelines(state) && stop === undefined) for (const command of plan.rcpts) yield* send(command);
    if (stop !== undefined) yield* pauseAt(state, stop, 'mail', 'reply');
  } else if (flight.prepared === undefined && isSmall(job.message)) {
    yield { do: 'flush' };
    prepare(state, flight, upcoming);
  }
  const mailed = state.shortcut?.reply(mailReply) ?? ((yield mailReply) as Reply);
  const mailRefused = refused('mail', mailed, state);
  if (mailRefused !== undefined) results.refuseRest('mail', mailed);
  if (closing(state, mailed)) return mailRefused;
  if (stop !== undefined) yield* pauseAt(state, stop, 'mail', 'next');

  const oneByOne = !flight.grouped && !(pipelines(state) && stop === undefined);
  if (mailRefused !== undefined && oneByOne) return mailRefused;
  let lastRefused: Reply | undefined;
  for (let index = 0; index < plan.rcpts.length; index++) {
    if (oneByOne) {
      if (index === 0 && stop !== undefined) yield* pauseAt(state, stop, 'rcpt', 'command');
      yield* send(plan.rcpts[index]!);
      if (index === 0 && stop !== undefined) yield* pauseAt(state, stop, 'rcpt', 'reply');
    }
    const said = state.shortcut?.reply(rcptReply) ?? ((yield rcptReply) as Reply);
    if (refused('rcpt', said, state) !== undefined) lastRefused = said;
    if (closing(state, said)) {
      // Those accepted before have no message either.
      results.refuseAll('rcpt', said);
      return refusal('rcpt', said, details);
    }
    if (mailRefused === undefined) results.answer(index, said);
  }
  if (stop !== undefined) yield* pauseAt(state, stop, 'rcpt', 'next');
  const failure = mailRefused ?? (results.accepted === 0 ? refusal('rcpt', lastRefused!, details) : undefined);
  if (options.dryRun) {
    if (mailRefused === undefined) yield* reset(state);
    return failure;
  }
  if (plan.chunk !== undefined) {
    if (failure === undefined) return yield* sendChunks(state, flight);
    if (mailRefused === undefined) yield* reset(state);
    return failure;
  }
  if (!flight.grouped) {
    if (failure !== undefined) {
      if (mailRefused === undefined) yield* reset(state);
      return failure;
    }
    if (stop !== undefined) yield* pauseAt(state, stop, 'data', 'command');
    yield* send(data);
    if (stop !== undefined) yield* pauseAt(state, stop, 'data', 'reply');
  }
  const start = failure === undefined ? dataReply : unwantedDataReply;
  const started = state.shortcut?.reply(start) ?? ((yield start) as Reply);
  if (started.code !== replyCode.startMail) {
    const said = refused('data', started, state);
    if (said === undefined) throw unexpected('data', started, details);
    if (failure === undefined) results.refuseAccepted('data', started);
    if (!closing(state, started) && mailRefused === undefined) yield* reset(state);
    return failure ?? said;
  }
  if (failure !== undefined) {
    yield* emptyMessage(state);
    return failure;
  }
  if (stop !== undefined) yield* pauseAt(state, stop, 'data', 'next');
  const { prepared } = flight;
  flight.prepared = undefined;
  if (prepared !== undefined && holds(state, prepared, upcoming)) {
    if (prepared.following !== undefined && state.shortcut !== undefined) state.shortcut.write(prepared.ready);
    else yield { do: 'ready', ready: prepared.ready };
    flight.sent = prepared.ready.taken;
    if (prepared.following !== undefined) {
      upcoming.take();
      flight.ahead = begun(state, prepared.following.job, prepared.following.plan);
    }
  } else {
    const unterminated = stop?.at === 'message' && stop.before === 'command';
    const sent = (yield { do: 'message', source: job.message, unterminated, signal: options.signal }) as Sent;
    flight.sent = sent.octets;
    if (unterminated) yield* pauseAt(state, { ...stop, how: 'drop' }, 'message', 'command');
  }
  results.inDoubt();
  if (stop !== undefined) yield* pauseAt(state, stop, 'message', 'reply');
  if (flight.ahead === undefined && mayGoOn(state, flight)) {
    const following = upcoming.take();
    if (following !== undefined) flight.ahead = yield* launch(state, following);
  }
  if (flight.ahead !== undefined) {
    if (state.shortcut === undefined || prepared?.following === undefined) yield { do: 'flush' };
    prepare(state, flight.ahead, upcoming);
  }
  return yield* finalReplies(state, flight);
}

/** Whether the envelope made ready to follow is still the one that is next. */
function holds(state: SessionState, { following }: Prepared, upcoming: Upcoming): boolean {
  return following === undefined || (upcoming.peek() === following.job && moreAllowed(state));
}

/** The replies to the message: one, or of LMTP one for each accepted recipient, in their order (RFC 2033 section 4.2). */
function* finalReplies(state: SessionState, flight: Flight): Session<DeliveryFailure | undefined> {
  const { results, job } = flight;
  let failure: DeliveryFailure | undefined;
  try {
    for (let left = state.protocol === 'lmtp' ? results.accepted : 1; left > 0; left--) {
      const said = state.shortcut?.reply(finalReply) ?? ((yield finalReply) as Reply);
      failure = refused('data', said, state) ?? failure;
      if (state.protocol === 'lmtp') results.answerNext(said);
      else results.answerAccepted(said);
      if (closing(state, said)) {
        results.refuseInDoubt('data', said);
        break;
      }
    }
  } catch (error) {
    throw isDeliveryFailure(error) ? inDoubt(error) : error;
  }
  const { stop } = job.options;
  if (stop !== undefined) yield* pauseAt(state, stop, 'message', 'next');
  return results.accepted === 0 ? failure : undefined;
}

function* sendChunks(state: SessionState, flight: Flight): Session<DeliveryFailure | undefined> {
  const { job, plan, results } = flight;
  const size = plan.chunk!;
  const sent = (yield {
    do: 'chunks',
    source: job.message,
    size,
    pipelined: pipelines(state),
    signal: job.options.signal,
  }) as SentChunks;
  flight.sent = sent.octets;
  const { refused: no } = sent;
  if (no !== undefined) {
    results.refuseAccepted('data', no);
    if (!closing(state, no)) {
      // RFC 3030 section 2: what was sent of it is thrown away; the transaction stays until RSET.
      if (sent.lastSent) yield* reply('data', 'final', '2345');
      yield* reset(state);
    }
    return refusal('data', no, state.details);
  }
  results.inDoubt();
  return yield* finalReplies(state, flight);
}

/** A 354 nobody wanted: every recipient was refused. */
function* emptyMessage(state: SessionState): Session<void> {
  if (state.protocol === 'lmtp') {
    // RFC 2033 section 4.2 has no reply to a message for nobody: what follows could not be told apart.
    state.spent = true;
    return;
  }
  // RFC 2920 section 3.1: the lone dot; the reply should be 554.
  yield { do: 'line', line: '.', step: 'data' };
  const said = yield* reply('data', 'final', '2345');
  closing(state, said);
}

/** The refusal that a reply is, if it is one; a reply of an impossible class breaks the session. */
function refused(step: Step, said: Reply, state: SessionState): DeliveryFailure | undefined {
  const kind = classOf(said.code);
  if (kind === 'completed') return undefined;
  if (kind === 'intermediate') throw unexpected(step, said, state.details);
  return refusal(step, said, state.details);
}

/** RFC 5321 section 3.8: after 421 the server closes, whatever the command was. */
function closing(state: SessionState, said: Reply): boolean {
  if (said.code === replyCode.unavailable) state.spent = true;
  return said.code === replyCode.unavailable;
}
