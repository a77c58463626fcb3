import type { CheckInput } from '../../inspect/checks/input.ts';
import { type InspectOptions, inspectMessage } from '../../inspect/inspect-message.ts';
import type { MessageView } from '../../inspect/message.ts';
import { type PreviewOptions, previewModel } from '../../inspect/preview-model.ts';
import { readMessage, resourcesOf } from '../../inspect/read.ts';
import { probeDocuments } from './probe-documents.ts';

/**
 * What a preview has done with a message: each from plain data to plain data, so that it can be done in another thread. A
 * megabyte of HTML takes each of them some hundred milliseconds. Nothing here may import `vscode`: a thread has none.
 */
export const mailJobs = {
  read: ({ bytes, size }: { readonly bytes: Uint8Array; readonly size: number }) => readMessage(bytes, { size }),
  model: ({ view, options }: { readonly view: MessageView; readonly options: PreviewOptions }) =>
    previewModel(view, options),
  inspect: ({ input, options }: { readonly input: CheckInput; readonly options: InspectOptions }) =>
    inspectMessage(input, options),
  probe: ({ html, view, nonce }: { readonly html: string; readonly view: MessageView; readonly nonce: string }) =>
    probeDocuments(html, resourcesOf(view), nonce),
} as const;

export type JobName = keyof typeof mailJobs;
export type JobInput<Name extends JobName> = Parameters<(typeof mailJobs)[Name]>[0];
export type JobOutput<Name extends JobName> = Awaited<ReturnType<(typeof mailJobs)[Name]>>;

/** Does a job here, in this thread. */
export async function doJob<Name extends JobName>(name: Name, input: JobInput<Name>): Promise<JobOutput<Name>> {
  const job = mailJobs[name] as (given: JobInput<Name>) => JobOutput<Name> | Promise<JobOutput<Name>>;
  return job(input);
}

/** What is posted to the thread, one at a time. */
export interface JobRequest {
  readonly name: JobName;
  readonly input: JobInput<JobName>;
}

/** What it posts back. */
export type JobReply = { readonly output: JobOutput<JobName> } | { readonly error: string };
