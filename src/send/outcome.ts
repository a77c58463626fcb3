import type { Envelope } from '../base/envelope.ts';
import type { DeliveryFailure } from '../base/errors.ts';
import type { RecipientResult } from '../smtp/delivery.ts';
import type { DomainDelivery } from '../smtp/mx.ts';
import type { SessionFacts } from '../smtp/session-facts.ts';
import type { Refusal } from './question.ts';
import type { Server } from './server.ts';

/** What every send that was begun can tell. */
export interface Attempt {
  readonly server: Server;
  /** Who it was for in the end: the guard may have put others in. */
  readonly envelope: Envelope;
  /** Every line of the transcript, the sentences at its end included. */
  readonly transcript: readonly string[];
  /** From the first step to the last, in milliseconds. */
  readonly duration: number;
  /** Octets of the message. */
  readonly size: number;
  /** What the session taught about the server, where one was opened; of `mx`, see `domains`. */
  readonly session?: SessionFacts;
  /** Of `mx`: each domain, with the hosts that were tried and what their sessions taught. */
  readonly domains?: readonly DomainDelivery[];
  /** Which record of a batch it was, from 1. */
  readonly record?: number;
  /** Only asked whether the recipients would be taken: no message went out. */
  readonly dryRun?: true;
}

/**
 * How a send ended. `delivered`: the message was taken for every recipient; `partial`: for some, which is no success;
 * `failed`: for none, or nobody knows. `refused`: this side would not. `declined`: the person said no. `cancelled`: on
 * request. Nothing is lost in any of them: the document, its seed and a stored password stay as they are.
 */
export type Outcome =
  | (Attempt & {
      readonly kind: 'delivered' | 'partial';
      /** One for each recipient of the envelope, in its order. */
      readonly recipients: readonly RecipientResult[];
      /** What the server said to the message, code included. */
      readonly reply?: readonly string[];
      /** Where it was put, for `folder`: an absolute path. */
      readonly file?: string;
    })
  | (Attempt & {
      readonly kind: 'failed';
      readonly failure: DeliveryFailure;
      /** What is known of each recipient; empty where it never came to that. */
      readonly recipients: readonly RecipientResult[];
    })
  | (Attempt & { readonly kind: 'cancelled'; readonly recipients: readonly RecipientResult[] })
  | { readonly kind: 'refused'; readonly server: Server; readonly refusal: Refusal }
  | { readonly kind: 'declined'; readonly server: Server };

/** Whether it ended at the stop point that was asked for. */
export function stoppedOnPurpose(outcome: Outcome): boolean {
  return outcome.kind === 'failed' && outcome.failure.reason === 'stopped';
}

/** Whether the document's message has left, so that the next one needs a seed of its own. */
export function hasLeft(outcome: Outcome): boolean {
  if ('dryRun' in outcome && outcome.dryRun) return false;
  switch (outcome.kind) {
    case 'delivered':
    case 'partial':
      return true;
    case 'failed':
      return outcome.recipients.some(({ status }) => status === 'accepted' || status === 'unknown');
    case 'cancelled':
      return outcome.recipients.some((recipient) => recipient.status === 'unknown');
    case 'refused':
    case 'declined':
      return false;
  }
}
