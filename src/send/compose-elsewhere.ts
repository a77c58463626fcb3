import type { JobError, MailThreads } from '../inspect/mail-threads.ts';
import type { ConversionName } from '../mime/convert.ts';
import { composeJobs, type Elsewhere } from './compose-jobs.ts';

/**
 * Characters from which on a conversion is done in another thread: what takes about a frame. A smaller text is there sooner when
 * it is converted here.
 */
const long: Readonly<Record<ConversionName, number>> = {
  mjml: 24 * 1024,
  styles: 48 * 1024,
  markdown: 64 * 1024,
  plain: 128 * 1024,
};

/** For what somebody waits for. Milliseconds. */
const patience = 60_000;

/** @param threads asked for when there is something to be done in one; they run mail-worker.ts */
export function inThreads(threads: () => Promise<Pick<MailThreads, 'do'>>): Elsewhere {
  /** `instead`: what stands for an answer that took too long. Where threads fail, it is done here. */
  async function job<Input, Output>(
    name: keyof typeof composeJobs,
    input: Input,
    here: (input: Input) => Promise<Output>,
    signal: AbortSignal,
    instead: (reason: string) => Output,
  ): Promise<Output> {
    try {
      return (await (await threads()).do(name, input, { signal, urgent: true, patience })) as Output;
    } catch (error) {
      signal.throwIfAborted();
      const { kind, message } = error as JobError;
      return kind === 'too-slow' ? instead(message) : here(input);
    }
  }
  return {
    convert(name, text, signal) {
      const input = { name, text };
      if (text.length <= long[name]) return composeJobs.convert(input);
      const instead = (reason: string) => ({
        text: name === 'plain' ? '' : text,
        faults: [{ severity: 'error' as const, reason }],
      });
      return job('convert', input, composeJobs.convert, signal, instead);
    },
    render: (input, signal) =>
      job('render', input, composeJobs.render, signal, (detail) => {
        const range = { start: 0, end: input.text.length };
        return { problems: [{ code: 'template-failed', severity: 'error', range, detail }] };
      }),
  };
}
