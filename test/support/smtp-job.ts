import type { Envelope } from '../../src/base/envelope.ts';
import type { DeliveryFailure } from '../../src/base/errors.ts';
import type { ByteSource } from '../../src/base/source.ts';
import type { Delivery } from '../../src/smtp/delivery.ts';
import type { SendOptions } from '../../src/smtp/options.ts';
import type { Job, Upcoming } from '../../src/smtp/transaction.ts';
import { envelope, messageOf } from './smtp-message.ts';

/** What became of a job. */
export interface Outcome {
  delivery?: Delivery;
  failure?: DeliveryFailure;
}

/** Jobs that wait, the next first. */
export function upcoming(jobs: Job[]): Upcoming {
  return { peek: () => jobs[0], take: () => jobs.shift() };
}

/** A message for those recipients that keeps how it was settled. */
export function job(
  recipients: readonly string[],
  options: SendOptions = {},
  message: ByteSource = messageOf('Hi\r\n'),
): Job & Outcome {
  const given: Envelope = { ...envelope, recipients };
  return {
    envelope: given,
    message,
    options,
    withdrawn: false,
    mayGoAhead: true,
    begin() {},
    resolve(delivery) {
      this.delivery = delivery;
    },
    reject(failure) {
      this.failure = failure as DeliveryFailure;
    },
  };
}
