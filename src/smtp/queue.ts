import type { DeliveryFailure } from '../base/errors.ts';
import type { Delivery } from './delivery.ts';
import type { Session } from './effect.ts';
import type { Job } from './transaction.ts';

/** What a client has been asked for, in order. */
export type Task =
  | { readonly kind: 'delivery'; readonly job: QueuedJob }
  | {
      readonly kind: 'exchange';
      readonly session: () => Session<unknown>;
      resolve(value: unknown): void;
      reject(error: unknown): void;
    };

type State = 'waiting' | 'ahead' | 'current' | 'settled';

/** A job as the queue holds it: settled once, wherever it stands when that happens. */
export class QueuedJob implements Job {
  readonly envelope: Job['envelope'];
  readonly message: Job['message'];
  readonly options: Job['options'];
  readonly promise: Promise<Delivery>;
  withdrawn = false;
  /** Called when it becomes the message under way, and when it is settled. */
  onBegin: (() => void) | undefined;
  onSettled: (() => void) | undefined;

  #state: State = 'waiting';
  #resolve!: (delivery: Delivery) => void;
  #reject!: (failure: unknown) => void;

  constructor(job: Pick<Job, 'envelope' | 'message' | 'options'>) {
    this.envelope = job.envelope;
    this.message = job.message;
    this.options = job.options;
    this.promise = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  get state(): State {
    return this.#state;
  }

  get mayGoAhead(): boolean {
    const { stop, dryRun, chunking } = this.options;
    return stop === undefined && !dryRun && !chunking && this.message.transparency !== 'binary' && !this.withdrawn;
  }

  /** Its envelope is being sent behind the message before it. */
  goAhead(): void {
    this.#state = 'ahead';
  }

  begin(): void {
    if (this.#state === 'settled') return;
    this.#state = 'current';
    this.onBegin?.();
  }

  /** Nobody waits for it any more. */
  withdraw(failure: DeliveryFailure): void {
    this.withdrawn = true;
    this.reject(failure);
  }

  resolve(delivery: Delivery): void {
    if (this.#settle()) this.#resolve(delivery);
  }

  reject(failure: unknown): void {
    if (this.#settle()) this.#reject(failure);
  }

  #settle(): boolean {
    if (this.#state === 'settled') return false;
    this.#state = 'settled';
    this.onSettled?.();
    return true;
  }
}
