import type { Envelope } from '../base/envelope.ts';
import { type DeliveryFailure, isDeliveryFailure } from '../base/errors.ts';
import type { Clock } from '../base/ports.ts';
import type { ByteSource } from '../base/source.ts';
import { systemClock } from '../base/system-clock.ts';
import { aborted } from '../net/failure.ts';
import { connect, type SmtpClient } from './client.ts';
import { type Delivery, deliveryOf } from './delivery.ts';
import { broken } from './failure.ts';
import type { ConnectOptions, SendOptions } from './options.ts';
import { partsOf, sendInParts } from './parts.ts';

export interface PoolOptions {
  readonly connect: ConnectOptions;
  /** Sessions at a time; 1 if left out. */
  readonly connections?: number;
  /** Messages a session carries before it is replaced; 0: any number. LIMITS MAILMAX holds too. */
  readonly messagesPerConnection?: number;
  /** At most so many messages begun in so many milliseconds, over all sessions. */
  readonly rate?: { readonly messages: number; readonly milliseconds: number };
  readonly clock?: Clock;
  /** Calls back after so many milliseconds, by the clock, unless the function that it gives is called before. */
  readonly later?: (run: () => void, milliseconds: number) => () => void;
  /** How a session is opened; a test hands in its own. */
  readonly open?: (options: ConnectOptions) => Promise<SmtpClient>;
}

/** Sessions shared by many messages. */
export interface SmtpPool {
  /** As `SmtpClient.send`; a message none of which was sent when its session ended is given to another, once. */
  send(envelope: Envelope, message: ByteSource, options?: SendOptions): Promise<Delivery>;
  /** Begins no further message until `resume`. Those under way end; an envelope that had gone ahead is taken back. */
  pause(): void;
  resume(): void;
  /** Ends the sessions once everything handed in is settled. */
  close(): Promise<void>;
  /** Ends everything now. */
  destroy(): void;
}

interface Waiting {
  /** Its place among all that were handed in. */
  readonly order: number;
  readonly envelope: Envelope;
  readonly message: ByteSource;
  readonly options: SendOptions;
  tries: number;
  resolve(delivery: Delivery): void;
  reject(failure: unknown): void;
}

interface Worker {
  /** Undefined while it is being opened. */
  client: SmtpClient | undefined;
  /** Messages given to it and not settled, and in all. */
  pending: number;
  given: number;
  /** Messages that it carried to their end. */
  done: number;
  retiring: boolean;
}

/** Whether a server closed an idle or used-up session in place of answering the envelope: nobody can have the message. */
function hungUp(failure: DeliveryFailure, recipients: number): boolean {
  const known = deliveryOf(failure)?.recipients ?? [];
  return (
    failure.reason === 'closed' &&
    failure.step === 'mail' &&
    known.length === recipients &&
    known.every((one) => one.status === 'unsent')
  );
}

function afterwards(run: () => void, milliseconds: number): () => void {
  const timer = setTimeout(run, milliseconds);
  return () => clearTimeout(timer);
}

export function createPool(options: PoolOptions): SmtpPool {
  return new Pool(options);
}

/** How long it waits each time no session can be had any more, in milliseconds. */
const rests = [1000, 4000, 15_000];

class Pool implements SmtpPool {
  readonly #options: PoolOptions;
  readonly #clock: Clock;
  readonly #open: (options: ConnectOptions) => Promise<SmtpClient>;
  readonly #waiting: Waiting[] = [];
  readonly #workers = new Set<Worker>();
  #handedIn = 0;
  readonly #leaving = new Set<Promise<void>>();
  /** When messages were begun, as far back as the rate looks. */
  #begun: number[] = [];
  #notYet = () => {};
  /** How many sessions there may be: as many as asked for, or as many as the server lets in. */
  #capacity: number;
  /** Whether the server has taken anything from this pool. */
  #proven = false;
  /** How often no session could be had since the last one; and what calls off the wait for the next try. */
  #turnedAway = 0;
  #resting: (() => void) | undefined;
  #paused = false;
  #destroyed = false;
  #drained: (() => void) | undefined;

  constructor(options: PoolOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
    this.#open = options.open ?? connect;
    this.#capacity = options.connections ?? 1;
  }

  send(envelope: Envelope, message: ByteSource, options: SendOptions = {}): Promise<Delivery> {
    return new Promise((resolve, reject) => {
      if (this.#destroyed) return reject(this.#gone());
      const { signal } = options;
      if (signal?.aborted) return reject(aborted('mail', this.#details(), signal.reason));
      const onAbort = () => this.#withdraw(item, signal!);
      const item: Waiting = {
        order: this.#handedIn++,
        envelope,
        message,
        options,
        tries: 0,
        resolve(delivery) {
          signal?.removeEventListener('abort', onAbort);
          resolve(delivery);
        },
        reject(failure) {
          signal?.removeEventListener('abort', onAbort);
          reject(failure);
        },
      };
      signal?.addEventListener('abort', onAbort);
      this.#waiting.push(item);
      this.#work();
    });
  }

  pause(): void {
    this.#paused = true;
    for (const worker of this.#workers) worker.client?.holdBack();
  }

  resume(): void {
    this.#paused = false;
    this.#work();
  }

  async close(): Promise<void> {
    this.resume();
    if (!this.#idle()) await new Promise<void>((resolve) => (this.#drained = resolve));
    for (const worker of this.#workers) this.#retire(worker);
    await Promise.all(this.#leaving);
    this.destroy();
  }

  destroy(): void {
    this.#destroyed = true;
    this.#notYet();
    this.#resting?.();
    for (const item of this.#waiting.splice(0)) item.reject(this.#gone());
    for (const worker of this.#workers) worker.client?.destroy();
    this.#workers.clear();
  }

  #idle(): boolean {
    return this.#waiting.length === 0 && [...this.#workers].every((worker) => worker.pending === 0);
  }

  /** Gives messages to sessions as long as both are there, and the rate allows. */
  #work(): void {
    while (!this.#paused && !this.#destroyed && this.#waiting.length > 0) {
      const worker = this.#free();
      if (worker?.client === undefined) return;
      if (!this.#mayBegin()) return;
      const item = this.#waiting.shift()!;
      void this.#give(worker, worker.client, item);
    }
    if (this.#idle()) this.#drained?.();
  }

  /** A session with room for a message; a new one where there may be more. */
  #free(): Worker | undefined {
    // One under way, one whose envelope has gone ahead, one that is made ready meanwhile, and one to take that place the moment
    // the first is settled. A limited rate leaves no room for going ahead.
    const depth = this.#options.rate === undefined ? 4 : 1;
    let best: Worker | undefined;
    for (const worker of this.#workers) {
      const { client } = worker;
      if (client === undefined || worker.retiring) continue;
      if (this.#usedUp(worker) || (!client.usable && worker.pending === 0)) {
        this.#retire(worker);
        continue;
      }
      if (client.usable && worker.pending < depth && (best === undefined || worker.pending < best.pending))
        best = worker;
    }
    if (best?.pending === 0) return best;
    // Breadth first: sessions side by side gain more than messages behind one another. None is opened for nobody.
    const opening = () => [...this.#workers].filter((worker) => worker.client === undefined).length;
    if (this.#resting === undefined && this.#workers.size < this.#capacity && opening() < this.#waiting.length)
      this.#addWorker();
    return opening() > 0 ? undefined : best;
  }

  #usedUp(worker: Worker): boolean {
    const most = this.#options.messagesPerConnection ?? 0;
    return most > 0 && worker.given >= most;
  }

  #addWorker(): void {
    const worker: Worker = { client: undefined, pending: 0, given: 0, done: 0, retiring: false };
    this.#workers.add(worker);
    this.#open(this.#options.connect).then(
      (client) => {
        worker.client = client;
        this.#turnedAway = 0;
        if (this.#destroyed) client.destroy();
        else this.#work();
      },
      (error: unknown) => {
        this.#workers.delete(worker);
        // Where no session can be had at all, those who wait for one are told; else those there are have to do.
        if (this.#workers.size > 0) this.#capacity = this.#workers.size;
        else if (!this.#mayRest(error)) for (const item of this.#waiting.splice(0)) item.reject(error);
        this.#work();
      },
    );
  }

  /**
   * A server that has taken mail and is too busy now (421), or is being restarted, gets a moment: else the hundreds that wait would
   * fail in its place. True where there is another try.
   */
  #mayRest(error: unknown): boolean {
    const again = isDeliveryFailure(error) && error.retryable && this.#proven && !this.#destroyed;
    if (!again || this.#waiting.length === 0 || this.#turnedAway >= rests.length) return false;
    const milliseconds = rests[this.#turnedAway++]!;
    const why = error.code ?? error.reason;
    this.#options.connect.transcript?.event(
      `No further session for now (${why}): trying again in ${milliseconds / 1000} s`,
    );
    const stop = (this.#options.later ?? afterwards)(() => {
      this.#resting = undefined;
      this.#work();
    }, milliseconds);
    this.#resting = () => {
      this.#resting = undefined;
      stop();
    };
    return true;
  }

  async #give(worker: Worker, client: SmtpClient, item: Waiting): Promise<void> {
    const parts = partsOf(item.envelope.recipients, client.capabilities);
    if (parts.length > 1 && item.options.stop === undefined) {
      // Each part is a message of its own, so that LIMITS MAILMAX (RFC 9422) can spread them over sessions.
      const { message, options } = item;
      sendInParts(item.envelope, parts, (part) => this.send(part, message, options)).then(item.resolve, item.reject);
      return;
    }
    worker.pending++;
    worker.given++;
    const before = worker.done;
    try {
      const delivery = await client.send(item.envelope, item.message, item.options);
      const { failure } = delivery;
      // A session that was left alone too long, or has had its share, says so to the next MAIL.
      const stale = worker.done > 0 && failure?.reason === 'service-closing' && failure.step === 'mail';
      if (stale && !this.#destroyed && (worker.done > before || item.tries++ === 0)) this.#putBack(item);
      else {
        worker.done++;
        this.#proven ||= delivery.reply !== undefined;
        item.resolve(delivery);
      }
    } catch (error) {
      // Nothing of it was sent: a session that had gone stale, or one that ended with the message before.
      const untouched =
        isDeliveryFailure(error) &&
        (error.reason === 'not-connected' || (worker.done > 0 && hungUp(error, item.envelope.recipients.length)));
      // A session that carried another to its end meanwhile did what could be asked of it.
      const excused = this.#paused || worker.done > before;
      if (untouched && !this.#destroyed && (excused || item.tries++ === 0)) this.#putBack(item);
      else item.reject(error);
    }
    worker.pending--;
    if (worker.pending === 0 && (!client.usable || this.#usedUp(worker))) this.#retire(worker);
    this.#work();
  }

  /** Among those that wait, where it stood. */
  #putBack(item: Waiting): void {
    const index = this.#waiting.findIndex((one) => one.order > item.order);
    this.#waiting.splice(index === -1 ? this.#waiting.length : index, 0, item);
  }

  #retire(worker: Worker): void {
    worker.retiring = true;
    if (worker.pending > 0) return;
    this.#workers.delete(worker);
    const leaving = worker.client?.quit() ?? Promise.resolve();
    this.#leaving.add(leaving);
    void leaving.then(() => this.#leaving.delete(leaving));
  }

  #mayBegin(): boolean {
    const { rate } = this.#options;
    if (rate === undefined) return true;
    const now = this.#clock.ticks();
    this.#begun = this.#begun.filter((when) => now - when < rate.milliseconds);
    if (this.#begun.length < rate.messages) {
      this.#begun.push(now);
      return true;
    }
    this.#notYet();
    const wait = this.#options.later ?? afterwards;
    this.#notYet = wait(() => this.#work(), Math.max(1, rate.milliseconds - (now - this.#begun[0]!)));
    return false;
  }

  #withdraw(item: Waiting, signal: AbortSignal): void {
    const index = this.#waiting.indexOf(item);
    // One that was given to a session is that session's to cancel.
    if (index === -1) return;
    this.#waiting.splice(index, 1);
    item.reject(aborted('mail', this.#details(), signal.reason));
    this.#work();
  }

  #details() {
    const { host, port } = this.#options.connect;
    return { host, port };
  }

  #gone(): DeliveryFailure {
    return broken('closed', 'mail', 'not-connected', true, this.#details());
  }
}
