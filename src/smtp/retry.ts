import type { Envelope } from '../base/envelope.ts';
import { type Delivery, outcomeOf } from './delivery.ts';

/** How often, and after how long, what was refused for now is tried again. */
export interface RetryPolicy {
  /** Tries in all. */
  readonly attempts: number;
  /** Milliseconds before the given further try (1 is the first of them). */
  readonly delay: (further: number) => number;
}

/** Twice as long each time. */
export function backoff(attempts: number, first: number, most = 15 * 60_000): RetryPolicy {
  return { attempts, delay: (further) => Math.min(most, first * 2 ** (further - 1)) };
}

/**
 * Sends, and sends again to those recipients who were refused for now (4yz), as often as the policy has it. Results
 * are of all tries together. Never again for one whose fate is unknown: that might deliver twice.
 */
export async function sendWithRetry(
  envelope: Envelope,
  send: (envelope: Envelope) => Promise<Delivery>,
  policy: RetryPolicy,
  wait: (ms: number) => Promise<void>,
): Promise<Delivery> {
  let whole = await send(envelope);
  for (let further = 1; further < policy.attempts; further++) {
    const again = whole.recipients.filter((one) => one.status === 'refused' && one.transient);
    if (again.length === 0 || whole.stopped) break;
    await wait(policy.delay(further));
    whole = merged(whole, await send({ ...envelope, recipients: again.map((one) => one.address) }));
  }
  return whole;
}

function merged(before: Delivery, after: Delivery): Delivery {
  const newer = new Map(after.recipients.map((one) => [one.address, one]));
  const recipients = before.recipients.map((one) => newer.get(one.address) ?? one);
  const outcome = outcomeOf(recipients);
  const reply = after.reply ?? before.reply;
  const failure = outcome === 'accepted' || outcome === 'partial' ? undefined : (after.failure ?? before.failure);
  return {
    outcome,
    recipients,
    ...(reply === undefined ? {} : { reply }),
    ...(failure === undefined ? {} : { failure }),
    sent: Math.max(before.sent, after.sent),
    duration: before.duration + after.duration,
    roundTrips: before.roundTrips + after.roundTrips,
  };
}
