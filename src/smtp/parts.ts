import type { Envelope } from '../base/envelope.ts';
import { type DeliveryFailure, isDeliveryFailure } from '../base/errors.ts';
import type { Capabilities } from './capabilities.ts';
import { type Delivery, deliveryOf, outcomeOf, type RecipientResult, withDelivery } from './delivery.ts';
import { ending } from './failure.ts';
import { domainOf } from './syntax.ts';

/**
 * The recipients as a server takes them in one transaction each (LIMITS RCPTMAX and RCPTDOMAINMAX, RFC 9422 section 4), in
 * their order; one part where it takes them all.
 */
export function partsOf(recipients: readonly string[], { limits }: Capabilities): readonly (readonly string[])[] {
  const most = limits.get('RCPTMAX') ?? Number.POSITIVE_INFINITY;
  const mostDomains = limits.get('RCPTDOMAINMAX') ?? Number.POSITIVE_INFINITY;
  if (recipients.length <= most && mostDomains === Number.POSITIVE_INFINITY) return [recipients];
  const parts: string[][] = [];
  let part: string[] = [];
  let domains = new Set<string>();
  for (const address of recipients) {
    const domain = domainOf(address);
    if (part.length > 0 && (part.length >= most || (!domains.has(domain) && domains.size >= mostDomains))) {
      parts.push(part);
      part = [];
      domains = new Set();
    }
    part.push(address);
    domains.add(domain);
  }
  parts.push(part);
  return parts;
}

/**
 * Sends a message once for each part, and sums up what became of all. Where a part failed, rejects with why, as `send()` does,
 * the others' results told by `deliveryOf`; such a failure is never `not-connected` if anybody has the message, since that
 * would let it be sent again as a whole.
 */
export async function sendInParts(
  envelope: Envelope,
  parts: readonly (readonly string[])[],
  send: (envelope: Envelope) => Promise<Delivery>,
): Promise<Delivery> {
  const settled = await Promise.allSettled(parts.map((recipients) => send({ ...envelope, recipients })));
  const recipients: RecipientResult[] = [];
  const deliveries: Delivery[] = [];
  let failure: DeliveryFailure | undefined;
  for (const [index, result] of settled.entries()) {
    if (result.status === 'fulfilled') {
      deliveries.push(result.value);
      recipients.push(...result.value.recipients);
      continue;
    }
    const error: unknown = result.reason;
    if (!isDeliveryFailure(error)) throw error;
    failure ??= error;
    const known = deliveryOf(error)?.recipients;
    const unsent = (address: string): RecipientResult => ({ address, status: 'unsent', step: 'mail', failure: error });
    recipients.push(...(known ?? parts[index]!.map(unsent)));
  }
  const whole = sum(recipients, deliveries);
  if (failure === undefined) return whole;
  const touched = recipients.some(({ status }) => status === 'accepted' || status === 'unknown');
  if (touched && failure.reason === 'not-connected') failure = ending(failure, { reason: 'closed', retryable: false });
  throw withDelivery(failure, whole);
}

function sum(recipients: readonly RecipientResult[], deliveries: readonly Delivery[]): Delivery {
  const outcome = outcomeOf(recipients);
  const last = deliveries.findLast((one) => one.reply !== undefined)?.reply;
  const refusal = deliveries.findLast((one) => one.failure !== undefined)?.failure;
  const told = outcome === 'accepted' || outcome === 'partial' ? undefined : refusal;
  return {
    outcome,
    recipients,
    ...(last === undefined ? {} : { reply: last }),
    ...(told === undefined ? {} : { failure: told }),
    sent: Math.max(0, ...deliveries.map((one) => one.sent)),
    duration: Math.max(0, ...deliveries.map((one) => one.duration)),
    roundTrips: deliveries.reduce((total, one) => total + one.roundTrips, 0),
  };
}
