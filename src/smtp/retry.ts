import type { Envelope } from '../base/envelope.ts';
import { type DeliveryFailure, isDeliveryFailure } from '../base/errors.ts';
import { type Delivery, deliveryOf, outcomeOf } from './delivery.ts';

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
 * Sends, and sends again to those recipients who were refused for now (4yz), or whose domain's hosts could not be reached, as
 * often as the policy has it. Results
 * are of all tries together: what is known of one is not lost by a later try that breaks. Never again for one whose
 * fate is unknown: that might deliver twice. `wait` gives false where it is not to be tried again after all.
 */
export async function sendWithRetry(
  envelope: Envelope,
  send: (envelope: Envelope) => Promise<Delivery>,
  policy: RetryPolicy,
  wait: (milliseconds: number, recipients: number) => Promise<boolean>,
): Promise<Delivery> {
  let whole: Delivery | undefined;
  let left = envelope.recipients;
  for (let tries = 1; ; tries++) {
    let broken: { readonly error: unknown } | undefined;
    try {
      const done = await send({ ...envelope, recipients: left });
      whole = whole === undefined ? done : merged(whole, done);
    } catch (error) {
      const known = deliveryOf(error);
      if (whole !== undefined && known !== undefined) whole = merged(whole, known);
      broken = { error };
    }
    if (whole !== undefined) left = refusedForNow(whole);
    const over = broken !== undefined && !turnedAway(broken.error);
    const again = !over && left.length > 0 && !whole?.stopped && tries < policy.attempts;
    if (again && (await wait(policy.delay(tries), left.length))) continue;
    if (whole === undefined) throw broken!.error;
    return whole;
  }
}

function refusedForNow({ recipients }: Delivery): readonly string[] {
  const forNow = recipients.filter(({ status, transient, failure }) =>
    status === 'refused' ? transient : status === 'unsent' && (turnedAway(failure) || unreached(failure)),
  );
  return forNow.map((one) => one.address);
}

/**
 * Whether the hosts of a domain could not be talked to, which may pass: RFC 5321 section 4.5.4.1 has such mail queued just as
 * mail that was put off. Only recipients of `mx` carry a failure of their own. For one server that was named in the settings
 * this is not so: where that can't be reached, a person is there to be told.
 */
function unreached(error: unknown): boolean {
  if (!isDeliveryFailure(error) || !error.retryable || error.failure === 'refused') return false;
  return nobodyHasIt(error);
}

/** Whether a 4yz ended the session before anybody could have the message: a greeting of 421, say. */
function turnedAway(error: unknown): boolean {
  if (!isDeliveryFailure(error) || error.code === undefined || error.code < 400 || error.code >= 500) return false;
  return nobodyHasIt(error);
}

function nobodyHasIt(error: DeliveryFailure): boolean {
  return (deliveryOf(error)?.recipients ?? []).every((one) => one.status === 'unsent' || one.status === 'refused');
}

function merged(before: Delivery, after: Delivery): Delivery {
  const newer = new Map(after.recipients.map((one) => [one.address, one]));
  const recipients = before.recipients.map((one) => {
    const found = newer.get(one.address);
    // That a later try never came to it is no news.
    return found === undefined || found.status === 'unsent' ? one : found;
  });
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
