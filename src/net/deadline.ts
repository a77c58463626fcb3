import type { TimeoutPhase, Timeouts } from './timeouts.ts';

/** The deadline of one wait after another. One timer serves them all: a busy session would make and clear one for each message. */
export class Deadline {
  readonly #timeouts: Timeouts;
  readonly #overdue: (phase: TimeoutPhase, ms: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #ms = 0;
  /** The phase that is being waited for. */
  #phase: TimeoutPhase | undefined;

  constructor(timeouts: Timeouts, overdue: (phase: TimeoutPhase, ms: number) => void) {
    this.#timeouts = timeouts;
    this.#overdue = overdue;
  }

  /** A wait begins. */
  arm(phase: TimeoutPhase): void {
    const ms = this.#timeouts[phase];
    this.#phase = phase;
    if (this.#timer !== undefined && this.#ms === ms) this.#timer.refresh();
    else {
      clearTimeout(this.#timer);
      this.#ms = ms;
      this.#timer = ms > 0 ? setTimeout(() => this.#fire(), ms) : undefined;
    }
  }

  /** It ended in time; another may begin soon. */
  rest(): void {
    this.#phase = undefined;
  }

  /** Nothing is waited for any more: no timer stays. */
  disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#phase = undefined;
  }

  #fire(): void {
    this.#timer = undefined;
    if (this.#phase !== undefined) this.#overdue(this.#phase, this.#ms);
  }
}
