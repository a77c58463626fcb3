import { DeliveryFailure } from '../base/errors.ts';
import { quit } from './command.ts';
import { reply, type Session } from './effect.ts';
import type { StopPhase, StopPoint } from './options.ts';
import type { SessionState } from './state.ts';

export type StopPlan = StopPoint;

/**
 * Ends the session where the stop point says so: what was sent is written; then QUIT, or nothing, and a failure
 * `stopped` that ends the connection. Whoever asked for it knows that it is none.
 */
export function* pauseAt(
  state: SessionState,
  stop: StopPlan | undefined,
  at: StopPhase,
  before: StopPoint['before'],
): Session<void> {
  if (stop === undefined) return;
  // Who asked to stop wants no message delivered: a point that never came up, as that of AUTH in a session without, is here.
  if (at === 'mail' && before === 'command' && isBeforeMail(stop.at)) {
    yield { do: 'event', text: `There was no stopping at ${stop.at}: stopping before MAIL` };
    return yield* leave(state, stop, before);
  }
  if (stop.at !== at || stop.before !== before) return;
  yield { do: 'event', text: `Stopping at ${at}, before the ${before === 'next' ? 'next command' : before}, as asked` };
  yield* leave(state, stop, before);
}

const beforeMail = new Set<StopPhase>(['connect', 'greeting', 'ehlo', 'starttls', 'tls', 'auth']);

/** Whether a phase belongs to the opening of a session: where a message gets past it, it never came up. */
export function isBeforeMail(at: StopPhase): boolean {
  return beforeMail.has(at);
}

/** Once DATA or STARTTLS is out, the server takes a QUIT for text, or for a handshake: the connection is dropped then. */
function deaf(at: StopPhase, before: StopPoint['before']): boolean {
  return (at === 'data' || at === 'starttls') && before !== 'command';
}

function* leave(state: SessionState, { at, how }: StopPlan, before: StopPoint['before']): Session<void> {
  if (how === 'quit' && !deaf(at, before)) {
    yield { do: 'send', command: quit };
    try {
      yield* reply('quit', 'quit', '2345');
      // Before the reply of a command that is still to be answered, QUIT's is the next one but one.
      if (before === 'reply') yield* reply('quit', 'quit', '2345');
    } catch {
      // Leaving off is what was wanted.
    }
  } else yield { do: 'flush' };
  throw stopped(state, at);
}

function stopped(state: SessionState, at: StopPhase): DeliveryFailure {
  return new DeliveryFailure({
    failure: 'local',
    step: stepOf(at),
    reason: 'stopped',
    sessionSurvives: false,
    retryable: false,
    details: { ...state.details, at },
  });
}

function stepOf(at: StopPhase): DeliveryFailure['step'] {
  return at === 'message' ? 'data' : at;
}
