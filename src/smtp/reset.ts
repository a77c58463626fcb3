import { isDeliveryFailure } from '../base/errors.ts';
import { replyCode } from './codes.ts';
import { rset } from './command.ts';
import { ask, type Session } from './effect.ts';
import type { SessionState } from './state.ts';

/**
 * RSET, only ever after a transaction that failed while it was open. What the server refused is known by then: trouble
 * here costs the session, and does not stand in for the refusal.
 */
export function* reset(state: SessionState): Session<void> {
  try {
    const said = yield* ask(rset);
    if (said.code !== replyCode.ok) state.spent = true;
  } catch (error) {
    if (!isDeliveryFailure(error) || error.failure === 'aborted') throw error;
    state.spent = true;
  }
}
