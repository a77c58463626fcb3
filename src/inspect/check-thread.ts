import { Worker } from 'node:worker_threads';
import type { CheckInput } from './checks/input.ts';
import type { HtmlProblem } from './checks/problems.ts';
import type { InspectOptions } from './inspect-message.ts';

export interface CheckQuestion {
  readonly input: CheckInput;
  readonly options: Pick<InspectOptions, 'checks' | 'clients'>;
  /** How many findings are wanted, the serious ones first. */
  readonly most: number;
}

export type CheckAnswer =
  /** In the order of the message. `left`: how many more there are. */
  | { readonly problems: readonly HtmlProblem[]; readonly left: number }
  | { readonly failed: string }
  /** It took longer than it may. */
  | { readonly tooSlow: true };

export interface ThreadTimes {
  /** How long one mail may take. Milliseconds. */
  readonly patience: number;
  /** After how long without a question the thread ends, and its memory is given back. Milliseconds. */
  readonly idle: number;
}

/**
 * Checks mails on another thread, so that whoever asks is never kept waiting by parsers: one after the other, the thread
 * started with the first question. Loading and running the checks blocks a thread for tens of milliseconds, a mail of a
 * megabyte for a second.
 */
export class CheckThread {
  readonly #script: URL;
  readonly #times: ThreadTimes;
  #worker: Worker | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;
  #disposed = false;

  /** @param script check-worker.ts, or what the build makes of it */
  constructor(script: URL, times: ThreadTimes = { patience: 15_000, idle: 60_000 }) {
    this.#script = script;
    this.#times = times;
  }

  /** Undefined where the signal fired before its turn came, or the thread was disposed of. */
  check(question: CheckQuestion, signal?: AbortSignal): Promise<CheckAnswer | undefined> {
    const answer = this.#turn.then(() => (signal?.aborted || this.#disposed ? undefined : this.#ask(question)));
    this.#turn = answer;
    return answer;
  }

  dispose(): void {
    this.#disposed = true;
    this.#end();
  }

  #ask(question: CheckQuestion): Promise<CheckAnswer> {
    clearTimeout(this.#idle);
    this.#worker ??= started(this.#script);
    const worker = this.#worker;
    worker.ref();
    return new Promise<CheckAnswer>((resolve) => {
      const settle = (answer: CheckAnswer): void => {
        clearTimeout(timer);
        worker.off('message', settle);
        worker.off('error', fail);
        worker.off('exit', end);
        resolve(answer);
        if ('problems' in answer) {
          worker.unref();
          this.#idle = setTimeout(() => this.#end(), this.#times.idle);
          this.#idle.unref();
        } else this.#end();
      };
      const fail = (error: unknown): void => settle({ failed: error instanceof Error ? error.message : String(error) });
      const end = (): void => settle({ failed: 'the thread ended' });
      const timer = setTimeout(() => settle({ tooSlow: true }), this.#times.patience);
      worker.on('message', settle);
      worker.on('error', fail);
      worker.on('exit', end);
      worker.postMessage(question);
    });
  }

  #end(): void {
    clearTimeout(this.#idle);
    void this.#worker?.terminate();
    this.#worker = undefined;
  }
}

function started(script: URL): Worker {
  const worker = new Worker(script);
  // An error of a thread that is ending has nobody left to tell.
  worker.on('error', () => {});
  return worker;
}
