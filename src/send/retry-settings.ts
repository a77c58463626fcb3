import { setTimeout as delay } from 'node:timers/promises';
import type { Envelope } from '../base/envelope.ts';
import type { Transcript } from '../net/transcript.ts';
import type { Delivery } from '../smtp/delivery.ts';
import type { SendOptions } from '../smtp/options.ts';
import { backoff, sendWithRetry } from '../smtp/retry.ts';
import { count, seconds } from './sentences/words.ts';
import type { SettingsReader } from './settings-reader.ts';

/** What becomes of recipients that a server refuses for now (4yz), as one that greylists does; of `mx`, that no host was up for, too. */
export interface RetrySettings {
  /** Tries in all. */
  readonly attempts: number;
  /** Milliseconds before the second; each further one waits twice as long. */
  readonly delay: number;
}

/** Seconds before the second try, where nothing else is said; and how many tries there may be. */
export const RETRY_DELAY = 30;
export const RETRY_DELAY_MOST = 3600;
export const RETRY_ATTEMPTS_MOST = 20;

/** `retry` of a server; what can't be used is noted on the reader. */
export function readRetry(reader: SettingsReader): RetrySettings {
  const attempts = reader.number('attempts', 1, RETRY_ATTEMPTS_MOST) ?? 3;
  const first = reader.number('delay', 0, RETRY_DELAY_MOST, { fraction: true }) ?? RETRY_DELAY;
  reader.finish();
  return { attempts, delay: Math.round(first * 1000) };
}

/** Waits so many milliseconds: false as soon as `signal` aborts. */
export type Wait = (milliseconds: number, signal: AbortSignal | undefined) => Promise<boolean>;

const wait: Wait = (milliseconds, signal) =>
  delay(milliseconds, true, signal === undefined ? {} : { signal }).catch(() => false);

export interface RetryPorts {
  readonly retry?: RetrySettings | undefined;
  readonly wait?: Wait | undefined;
  readonly transcript: Transcript;
  /** What stands before what is told in the transcript: `Record 2: `. */
  readonly prefix?: string;
}

/** Sends as the server's settings have it: once, or again to those who were refused for now. A check, or a stop point, is for once. */
export function sendPatiently(
  envelope: Envelope,
  options: SendOptions,
  ports: RetryPorts,
  send: (envelope: Envelope) => Promise<Delivery>,
): Promise<Delivery> {
  const { retry, transcript, prefix = '' } = ports;
  if (retry === undefined || options.dryRun || options.stop !== undefined) return send(envelope);
  return sendWithRetry(envelope, send, backoff(retry.attempts, retry.delay), (milliseconds, recipients) => {
    const who = `${count(recipients, 'recipient')} not taken yet`;
    transcript.event(`${prefix}${who}: trying again in ${seconds(milliseconds)}`);
    return (ports.wait ?? wait)(milliseconds, options.signal);
  });
}
