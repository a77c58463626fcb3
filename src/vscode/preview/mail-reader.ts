import type { Worker } from 'node:worker_threads';
import type { CheckInput } from '../../inspect/checks/input.ts';
import type { Inspection, InspectOptions } from '../../inspect/inspect-message.ts';
import type { MessageView } from '../../inspect/message.ts';
import type { PreviewModel, PreviewOptions } from '../../inspect/preview-model.ts';
import { doJob, type JobInput, type JobName, type JobOutput, type JobReply, type JobRequest } from './mail-jobs.ts';
import type { ProbeDocument } from './protocol.ts';

/**
 * Up to where a job is done at once, in octets of a message and characters of a text: about 15 ms. To send it to a thread and
 * back takes longer than a typical mail does; more than this keeps every extension of the window waiting.
 */
const atOnce = { message: 128 * 1024, text: 64 * 1024 } as const;
/** Milliseconds without work after which the thread ends, and gives its memory back. */
const idle = 30_000;

interface Waiting {
  readonly request: JobRequest;
  readonly resolve: (output: JobOutput<JobName>) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Reads messages for the previews: small ones here and now, large ones in a thread, which starts with the first of them and
 * ends when it has been idle. One job at a time, in order; one whose signal fires before its turn is never begun, and nothing
 * comes of one that was.
 */
export class MailReader {
  readonly #start: () => Worker;
  readonly #idle: number;
  readonly #queue: Waiting[] = [];
  #worker: Worker | undefined;
  #current: Waiting | undefined;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  /** @param start makes the thread of mail-worker.ts */
  constructor(start: () => Worker, options: { readonly idle?: number } = {}) {
    this.#start = start;
    this.#idle = options.idle ?? idle;
  }

  /** `bytes` may be the beginning of a message of `size` octets. */
  read(bytes: Uint8Array, size: number, signal: AbortSignal): Promise<MessageView> {
    return this.#do('read', { bytes, size }, bytes.length > atOnce.message, signal);
  }

  model(view: MessageView, options: PreviewOptions, signal: AbortSignal): Promise<PreviewModel> {
    return this.#do('model', { view, options }, isLarge(view), signal);
  }

  inspect(input: CheckInput, options: InspectOptions, signal: AbortSignal): Promise<Inspection> {
    return this.#do('inspect', { input, options }, isLarge(input), signal);
  }

  probes(html: string, view: MessageView, nonce: string, signal: AbortSignal): Promise<ProbeDocument[]> {
    return this.#do('probe', { html, view, nonce }, isLarge({ html }), signal);
  }

  dispose(): void {
    this.#disposed = true;
    this.#end(new Error('The preview was closed.'));
  }

  /** Rejects with the signal's reason where that fires, and with what went wrong in the thread. */
  async #do<Name extends JobName>(
    name: Name,
    input: JobInput<Name>,
    large: boolean,
    signal: AbortSignal,
  ): Promise<JobOutput<Name>> {
    signal.throwIfAborted();
    if (!large) return doJob(name, input);
    return new Promise<JobOutput<Name>>((resolve, reject) => {
      const waiting: Waiting = {
        request: { name, input },
        resolve: resolve as Waiting['resolve'],
        reject,
      };
      signal.addEventListener(
        'abort',
        () => {
          const at = this.#queue.indexOf(waiting);
          if (at >= 0) this.#queue.splice(at, 1);
          reject(signal.reason);
        },
        { once: true },
      );
      this.#queue.push(waiting);
      this.#next();
    });
  }

  #next(): void {
    if (this.#current) return;
    clearTimeout(this.#timer);
    const next = this.#queue.shift();
    if (!next) {
      // Nothing that waits for this keeps the process alive.
      this.#timer = setTimeout(() => this.#end(), this.#idle).unref();
      return;
    }
    if (this.#disposed) {
      next.reject(new Error('The preview was closed.'));
      return;
    }
    this.#current = next;
    try {
      this.#worker ??= this.#begin();
      this.#worker.postMessage(next.request);
    } catch (error) {
      this.#end(error);
    }
  }

  #begin(): Worker {
    const worker = this.#start();
    worker.unref();
    worker.on('message', (reply: JobReply) => {
      const done = this.#current;
      this.#current = undefined;
      if ('error' in reply) done?.reject(new Error(reply.error));
      else done?.resolve(reply.output);
      this.#next();
    });
    const ended = (error: unknown): void => {
      if (this.#worker === worker) this.#end(error);
    };
    worker.on('error', ended);
    worker.on('exit', () => ended(new Error('The thread that reads large messages ended.')));
    return worker;
  }

  /** Ends the thread, and with it what it was doing; what waits is begun in another. */
  #end(reason?: unknown): void {
    clearTimeout(this.#timer);
    const worker = this.#worker;
    this.#worker = undefined;
    const lost = this.#current;
    this.#current = undefined;
    lost?.reject(reason);
    void worker?.terminate();
    if (this.#queue.length > 0) this.#next();
  }
}

function isLarge({ html, text }: { readonly html?: string; readonly text?: string }): boolean {
  return (html?.length ?? 0) + (text?.length ?? 0) > atOnce.text;
}
