import type { Clock } from './ports.ts';

/**
 * Work in parts: wherever it yields it can be left for a while, and what it answers is the same. It yields a promise where it can
 * only go on once that has settled.
 */
export type Steps<T> = Generator<Promise<void> | undefined, T, undefined>;

/** To its end in one go. */
export function atOnce<T>(steps: Steps<T>): T {
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** Waits for what is done elsewhere: for work that `Turns` runs. Throws what the promise rejects with. */
export function* waitFor<T>(promise: Promise<T>): Steps<T> {
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  yield promise.then(
    (value) => {
      outcome = { value };
    },
    (error: unknown) => {
      outcome = { error };
    },
  );
  if (!outcome) throw new Error('What is done elsewhere can’t be had at once.');
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

/** Resolves when everything else that waits for this thread has had its turn. */
export type Turn = () => Promise<void>;

/**
 * Milliseconds that long work goes on without a pause: a third of a frame, since what stands between two steps takes time too,
 * and the garbage collector takes as long again now and then.
 */
const share = 5;

/**
 * How long work shares its thread: it goes on for a third of a frame, then lets everybody else have their turn. Without a `turn` it
 * shares with nobody and never pauses. After each pause it rejects where the signal has fired.
 */
export class Turns {
  readonly #clock: Pick<Clock, 'ticks'>;
  readonly #turn: Turn | undefined;
  readonly #signal: AbortSignal | undefined;
  #until: number;

  constructor(clock: Pick<Clock, 'ticks'>, turn: Turn | undefined, signal?: AbortSignal) {
    this.#clock = clock;
    this.#turn = turn;
    this.#signal = signal;
    this.#until = turn ? clock.ticks() + share : 0;
  }

  /** Whether the time is up: to be asked in loops, where waiting for `pause` each time would cost more than the work. */
  get over(): boolean {
    return this.#turn !== undefined && this.#clock.ticks() >= this.#until;
  }

  /** Lets others have their turn, if it is time. */
  async pause(): Promise<void> {
    if (this.over) await this.next();
  }

  /** Lets others have their turn, before what takes long by itself. */
  async next(): Promise<void> {
    if (!this.#turn) return;
    await this.#turn();
    this.#signal?.throwIfAborted();
    this.#until = this.#clock.ticks() + share;
  }

  async run<T>(steps: Steps<T>): Promise<T> {
    for (;;) {
      const step = steps.next();
      if (step.done) return step.value;
      if (step.value) {
        await step.value;
        this.#signal?.throwIfAborted();
        if (this.#turn) this.#until = this.#clock.ticks() + share;
      } else if (this.over) await this.pause();
    }
  }
}
