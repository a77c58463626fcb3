import type { Severity } from '../base/problem.ts';
import type { CheckInput } from './checks/input.ts';
import type { HtmlProblem } from './checks/problems.ts';
import { type InspectOptions, inspectMessage } from './inspect-message.ts';
import type { MessageView } from './message.ts';
import { type PreviewOptions, previewModel } from './preview-model.ts';
import { probeDocuments } from './probe-documents.ts';
import { readMessage, resourcesOf } from './read.ts';

/**
 * What is done with a message for the previews and for the checks while it is written: each from plain data to plain data, so
 * that it can be done in another thread. A megabyte of HTML takes each of them some hundred milliseconds, and more.
 */
export const mailJobs = {
  read: ({ bytes, size }: { readonly bytes: Uint8Array; readonly size: number }) => readMessage(bytes, { size }),
  model: ({ view, options }: { readonly view: MessageView; readonly options: PreviewOptions }) =>
    previewModel(view, options),
  inspect: ({ input, options }: { readonly input: CheckInput; readonly options: InspectOptions }) =>
    inspectMessage(input, options),
  probe: ({ html, view, nonce }: { readonly html: string; readonly view: MessageView; readonly nonce: string }) =>
    probeDocuments(html, resourcesOf(view), nonce),
  check: async ({ input, options, most }: CheckQuestion) =>
    first((await inspectMessage(input, options)).problems, most),
} as const;

export interface CheckQuestion {
  readonly input: CheckInput;
  readonly options: InspectOptions;
  /** How many findings are wanted, the serious ones first. */
  readonly most: number;
}

export interface CheckAnswer {
  /** In the order of the message. */
  readonly problems: readonly HtmlProblem[];
  /** How many more there are. */
  readonly left: number;
}

export type JobName = keyof typeof mailJobs;
export type JobInput<Name extends JobName> = Parameters<(typeof mailJobs)[Name]>[0];
export type JobOutput<Name extends JobName> = Awaited<ReturnType<(typeof mailJobs)[Name]>>;

/** Does a job here, in this thread. */
export async function doJob<Name extends JobName>(name: Name, input: JobInput<Name>): Promise<JobOutput<Name>> {
  const job = mailJobs[name] as (given: JobInput<Name>) => JobOutput<Name> | Promise<JobOutput<Name>>;
  return job(input);
}

const ranks: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** A mail of a megabyte may have tens of thousands, and handing them over keeps the other side waiting. */
function first(problems: readonly HtmlProblem[], most: number): CheckAnswer {
  if (problems.length <= most) return { problems, left: 0 };
  const chosen = new Set(ranks.flatMap((rank) => problems.filter(({ severity }) => severity === rank)).slice(0, most));
  return { problems: problems.filter((problem) => chosen.has(problem)), left: problems.length - most };
}
