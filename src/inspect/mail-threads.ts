import { setImmediate } from 'node:timers/promises';
import type { Worker } from 'node:worker_threads';
import { Turns } from '../base/steps.ts';
import { systemClock } from '../base/system-clock.ts';
import { openParcel, type Parcel } from './parcel.ts';

/** What is posted to a thread, one at a time. */
export interface JobRequest {
  readonly name: string;
  readonly input: unknown;
}

/** What it posts back. */
export type JobReply = Parcel | { readonly error: string; readonly stack?: string | undefined };

/** Why a job has no answer. */
export type JobErrorKind =
  /** It went wrong, or its thread did. */
  | 'failed'
  /** It took longer than it may. */
  | 'too-slow'
  /** Nobody wants answers any more. */
  | 'closed';

export class JobError extends Error {
  readonly kind: JobErrorKind;

  /** @param stack where it went wrong in the thread, where that is known */
  constructor(kind: JobErrorKind, message: string, stack?: string) {
    super(message);
    this.name = 'JobError';
    this.kind = kind;
    if (stack !== undefined) this.stack = stack;
  }
}

/** Is told of what went wrong or took too long, whether or not anybody still waits for it. `job`: undefined between jobs. */
export type FailureListener = (job: string | undefined, error: JobError) => void;

export interface JobOptions {
  /** Where it fires the job is given up: never begun if its turn has not come, and not let go on for long if it has. */
  readonly signal: AbortSignal;
  /** Somebody looks at the place where the answer is to appear. */
  readonly urgent: boolean;
  /** How long it may take once it is begun. Milliseconds. */
  readonly patience: number;
  readonly onBegin?: (() => void) | undefined;
}

interface Waiting extends JobOptions {
  readonly request: JobRequest;
  resolve(output: unknown): void;
  reject(reason: unknown): void;
}

interface Lane {
  readonly worker: Worker;
  job: Waiting | undefined;
  /** Of the job's patience, or of nobody's waiting for it; between jobs, of the thread's idleness. */
  timer: NodeJS.Timeout | undefined;
}

/** One for what is urgent, whatever the other is at. */
const mostLanes = 2;

export interface ThreadTimes {
  /** Without work, until a thread ends and gives its memory back. Milliseconds. */
  readonly idle: number;
  /** How long a thread may go on with what nobody waits for any more: longer than it takes to start another. Milliseconds. */
  readonly unwanted: number;
}

/**
 * Does jobs in threads, which start when they are needed and end when they have been idle. What is urgent goes first, and finds
 * a thread at once, a second one if need be: what is not is begun only while nothing else is going on. A single thread would
 * keep a preview waiting for as long as the checks of a large mail take, since what is begun can't be put off.
 */
export class MailThreads {
  readonly #start: () => Worker;
  readonly #times: ThreadTimes;
  readonly #onFailure: FailureListener;
  #urgent: Waiting[] = [];
  #others: Waiting[] = [];
  readonly #lanes = new Set<Lane>();
  #disposed = false;

  /**
   * @param start makes a thread of mail-worker.ts, or of what the build makes of it
   */
  constructor(start: () => Worker, times: ThreadTimes, onFailure: FailureListener) {
    this.#start = start;
    this.#times = times;
    this.#onFailure = onFailure;
  }

  /** What the job of that name answers. Rejects with the signal's reason where that fires, else with a `JobError`. */
  do(name: string, input: unknown, options: JobOptions): Promise<unknown> {
    const { signal, urgent } = options;
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (this.#disposed) throw closed();
      const forget = (): void => signal.removeEventListener('abort', abort);
      const waiting: Waiting = {
        ...options,
        request: { name, input },
        resolve: (output) => {
          forget();
          resolve(output);
        },
        reject: (reason) => {
          forget();
          reject(reason);
        },
      };
      const abort = (): void => {
        const rest = (queue: Waiting[]): Waiting[] => queue.filter((each) => each !== waiting);
        this.#urgent = rest(this.#urgent);
        this.#others = rest(this.#others);
        waiting.reject(signal.reason);
        this.#abandon(waiting);
      };
      signal.addEventListener('abort', abort);
      (urgent ? this.#urgent : this.#others).push(waiting);
      this.#next();
    });
  }

  dispose(): void {
    this.#disposed = true;
    for (const waiting of [...this.#urgent.splice(0), ...this.#others.splice(0)]) waiting.reject(closed());
    for (const lane of this.#lanes) this.#end(lane, closed());
  }

  /** Begins what can be begun. */
  #next(): void {
    const lanes = [...this.#lanes];
    const free = lanes.find(({ job }) => !job);
    const busy = lanes.some(({ job }) => job);
    if (!free && lanes.length >= mostLanes) return;
    const next = this.#urgent.shift() ?? (busy ? undefined : this.#others.shift());
    if (!next) return;
    try {
      this.#begin(free ?? this.#openLane(), next);
    } catch (error) {
      this.#fail(next, failureOf(error));
    }
    this.#next();
  }

  #begin(lane: Lane, job: Waiting): void {
    // What can't be posted throws before anything has changed.
    lane.worker.postMessage(job.request);
    clearTimeout(lane.timer);
    lane.worker.ref();
    lane.job = job;
    lane.timer = setTimeout(() => {
      this.#end(lane, new JobError('too-slow', `It took longer than ${job.patience / 1000} s.`));
    }, job.patience);
    job.onBegin?.();
  }

  /**
   * What is begun can't be put off, only ended along with its thread: else some keystrokes in a mail that a library takes a minute
   * for would leave no thread for anybody during that minute.
   */
  #abandon(job: Waiting): void {
    for (const lane of this.#lanes) {
      if (lane.job !== job) continue;
      clearTimeout(lane.timer);
      lane.timer = setTimeout(() => this.#end(lane, closed()), this.#times.unwanted);
    }
  }

  #openLane(): Lane {
    const worker = this.#start();
    const lane: Lane = { worker, job: undefined, timer: undefined };
    this.#lanes.add(lane);
    this.#rest(lane);
    worker.on('message', (reply: JobReply) => {
      const { job } = lane;
      this.#rest(lane);
      if ('error' in reply) this.#fail(job, new JobError('failed', reply.error, reply.stack));
      else if (job) this.#open(reply, job);
      this.#next();
    });
    // These come, too, from a thread that is ending, where nobody is left to be told.
    const broken = (error: unknown): void => this.#end(lane, failureOf(error));
    worker.on('error', broken);
    worker.on('messageerror', broken);
    worker.on('exit', () => this.#end(lane, new JobError('failed', 'The thread that reads mails ended.')));
    return lane;
  }

  /** Takes out what came; in turns, where that is much. */
  #open(parcel: Parcel, job: Waiting): void {
    if (!parcel.rest) {
      job.resolve(parcel.output);
      return;
    }
    const turns = new Turns(systemClock, setImmediate, job.signal);
    openParcel(parcel, turns).then(
      (output) => job.resolve(output),
      (error: unknown) => {
        if (job.signal.aborted) job.reject(error);
        else this.#fail(job, failureOf(error));
      },
    );
  }

  /** Nothing that a thread waits for keeps the process alive. */
  #rest(lane: Lane): void {
    clearTimeout(lane.timer);
    lane.job = undefined;
    lane.worker.unref();
    lane.timer = setTimeout(() => this.#end(lane, closed()), this.#times.idle).unref();
  }

  /** Ends a thread, and with it what it was doing; what waits is begun in another. */
  #end(lane: Lane, reason: JobError): void {
    if (!this.#lanes.delete(lane)) return;
    clearTimeout(lane.timer);
    void lane.worker.terminate();
    this.#fail(lane.job, reason);
    this.#next();
  }

  #fail(job: Waiting | undefined, error: JobError): void {
    if (error.kind !== 'closed') this.#onFailure(job?.request.name, error);
    job?.reject(error);
  }
}

/** What was thrown, as what went wrong. */
export function failureOf(error: unknown): JobError {
  return error instanceof Error
    ? new JobError('failed', error.message, error.stack)
    : new JobError('failed', String(error));
}

function closed(): JobError {
  return new JobError('closed', 'The reader of mails was closed.');
}
