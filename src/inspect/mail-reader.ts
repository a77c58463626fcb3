import type { Worker } from 'node:worker_threads';
import type { CheckInput } from './checks/input.ts';
import type { Inspection, InspectOptions } from './inspect-message.ts';
import {
  type CheckAnswer,
  type CheckQuestion,
  doJob,
  type JobInput,
  type JobName,
  type JobOutput,
} from './mail-jobs.ts';
import { type FailureListener, failureOf, type JobOptions, MailThreads, type ThreadTimes } from './mail-threads.ts';
import type { MessageView } from './message.ts';
import type { PreviewModel, PreviewOptions } from './preview-model.ts';
import type { ProbeDocument } from './probe-documents.ts';
import { TypedModel } from './typed-model.ts';

/**
 * Up to where a job is done at once, in octets of a message, its lines, and characters of a text (as much as Gmail shows): about 15 ms. To send
 * it to a thread and back takes longer than a typical mail does; more than this keeps every extension of the window waiting.
 */
const atOnce = { message: 256 * 1024, lines: 4096, text: 104 * 1024 } as const;

export interface ReaderTimes extends ThreadTimes {
  /** For what somebody waits for, and for checks while a mail is written. Milliseconds. */
  readonly patience: number;
  readonly checkPatience: number;
}

const usualTimes: ReaderTimes = { idle: 30_000, unwanted: 2000, patience: 60_000, checkPatience: 15_000 };

/**
 * Reads and checks mails for the previews and while they are written, so that whoever asks is never kept waiting by parsers:
 * small ones for a preview here and now, all else in another thread. A job whose signal fires before its turn is never begun,
 * and nothing comes of one that was.
 */
export class MailReader {
  readonly #threads: MailThreads;
  readonly #times: ReaderTimes;
  readonly #onFailure: FailureListener;

  /**
   * @param start makes a thread of mail-worker.ts, or of what the build makes of it
   */
  constructor(start: () => Worker, options: Partial<ReaderTimes> & { readonly onFailure?: FailureListener } = {}) {
    const { onFailure = () => undefined, ...times } = options;
    this.#times = { ...usualTimes, ...times };
    this.#threads = new MailThreads(start, this.#times, onFailure);
    this.#onFailure = onFailure;
  }

  /** `bytes` may be the beginning of a message of `size` octets. */
  read(bytes: Uint8Array, size: number, signal: AbortSignal): Promise<MessageView> {
    return this.#do('read', { bytes, size }, isLong(bytes), { signal, urgent: true });
  }

  /** @param typed for a message that somebody writes: that of the models made of it before */
  model(
    view: MessageView,
    options: PreviewOptions,
    signal: AbortSignal,
    typed = new TypedModel(),
  ): Promise<PreviewModel> {
    const here = async (): Promise<PreviewModel> => typed.model(view, options);
    return this.#do('model', { view, options }, isLarge(view), { signal, urgent: true }, here);
  }

  inspect(input: CheckInput, options: InspectOptions, signal: AbortSignal): Promise<Inspection> {
    return this.#do('inspect', { input, options }, isLarge(input), { signal });
  }

  probes(html: string, view: MessageView, nonce: string, signal: AbortSignal): Promise<ProbeDocument[]> {
    return this.#do('probe', { html, view, nonce }, isLarge({ html }), { signal });
  }

  /**
   * What there is to say of a mail while it is written: always in another thread, since nobody asked for it, and loading the
   * checks alone takes tens of milliseconds.
   *
   * @param onBegin called when its turn has come
   */
  check(question: CheckQuestion, signal: AbortSignal, onBegin?: () => void): Promise<CheckAnswer> {
    return this.#do('check', question, true, { signal, patience: this.#times.checkPatience, onBegin });
  }

  /** For other jobs that its threads know. */
  get threads(): Pick<MailThreads, 'do'> {
    return this.#threads;
  }

  dispose(): void {
    this.#threads.dispose();
  }

  /** Rejects with the signal's reason where that fires, else with a `JobError`. */
  async #do<Name extends JobName>(
    name: Name,
    input: JobInput<Name>,
    inThread: boolean,
    {
      signal,
      urgent = false,
      patience = this.#times.patience,
      onBegin,
    }: Partial<JobOptions> & Pick<JobOptions, 'signal'>,
    here = (): Promise<JobOutput<Name>> => doJob(name, input),
  ): Promise<JobOutput<Name>> {
    signal.throwIfAborted();
    if (inThread)
      return this.#threads.do(name, input, { signal, urgent, patience, onBegin }) as Promise<JobOutput<Name>>;
    try {
      return await here();
    } catch (error) {
      const failure = failureOf(error);
      this.#onFailure(name, failure);
      throw failure;
    }
  }
}

/** Each line takes its time, whatever is in it: those of base64 are shorter than others, and are as many as there should be. */
function isLong(bytes: Uint8Array): boolean {
  if (bytes.length > atOnce.message) return true;
  let lines = 0;
  for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) if (++lines > atOnce.lines) return true;
  return false;
}

function isLarge({ html, text }: { readonly html?: string; readonly text?: string }): boolean {
  return (html?.length ?? 0) + (text?.length ?? 0) > atOnce.text;
}
