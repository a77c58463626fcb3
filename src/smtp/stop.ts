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
  if (stop === undefined || stop.at !== at || stop.before !== before) return;
  yield { do: 'event', text: `Stopping at ${at}, before the ${before === 'next' ? 'next command' : before}, as asked` };
  if (stop.how === 'quit') {
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

export function stopped(state: SessionState, at: StopPhase): DeliveryFailure {
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
