import type { DeliveryFailure } from '../base/errors.ts';
import type { Reply } from './reply.ts';

/**
 * What became of one forward-path. `unknown`: the connection ended after the final dot, before the reply that would
 * have told. `unsent`: the session ended, by failure or on purpose, before the final dot.
 */
export interface RecipientResult {
  readonly address: string;
  readonly status: 'accepted' | 'refused' | 'unknown' | 'unsent';
  /** The step whose reply settled it: MAIL, RCPT, or DATA. */
  readonly step: 'mail' | 'rcpt' | 'data';
  /** The reply that settled it. */
  readonly reply?: Reply;
  /** For a refusal: whether it was 4yz, so that trying later can help. */
  readonly transient?: boolean;
  /** For one that no server was asked about: why. */
  readonly failure?: DeliveryFailure;
}

/**
 * How a transaction ended, whenever the server answered it in well-formed replies, a refusal of everything included:
 * `send()` resolves with it. It rejects only where the session broke, or where nothing was sent at all.
 */
export interface Delivery {
  /** `partial` is never to be shown as success. */
  readonly outcome: 'accepted' | 'partial' | 'refused' | 'unknown' | 'unsent';
  /** One for each recipient of the envelope, in its order. */
  readonly recipients: readonly RecipientResult[];
  /** The reply to the message; of LMTP, the last of them. */
  readonly reply?: Reply;
  /**
   * Where nobody gets the message: why, as facts; where each recipient was refused by itself, the last of these refusals.
   * Its `sessionSurvives` says whether the session goes on. Undefined for a partial refusal.
   */
  readonly failure?: DeliveryFailure;
  /** Octets of the message that were sent, without stuffing; 0 where it never came to that. */
  readonly sent: number;
  /** Milliseconds from the first command to the last reply, and how often this side had to wait for the other. */
  readonly duration: number;
  readonly roundTrips: number;
  /** Where a stop point ended the session on purpose. */
  readonly stopped?: boolean;
}

/** What is known of the recipients when `send()` rejects in mid-session. */
export function deliveryOf(error: unknown): Delivery | undefined {
  return partial.get(error as object);
}

const partial = new WeakMap<object, Delivery>();

export function withDelivery(failure: DeliveryFailure, delivery: Delivery): DeliveryFailure {
  partial.set(failure, delivery);
  return failure;
}

/** Sums up results as an outcome. */
export function outcomeOf(recipients: readonly RecipientResult[]): Delivery['outcome'] {
  if (recipients.some((one) => one.status === 'unknown')) return 'unknown';
  const accepted = recipients.filter((one) => one.status === 'accepted').length;
  if (accepted === 0) return recipients.some((one) => one.status === 'unsent') ? 'unsent' : 'refused';
  return accepted === recipients.length ? 'accepted' : 'partial';
}
