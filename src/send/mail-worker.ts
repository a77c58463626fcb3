/** A thread in which mails are read, checked and converted: an entry of its own in dist/, started by mail-threads.ts. */
import { parentPort } from 'node:worker_threads';
import { mailJobs } from '../inspect/mail-jobs.ts';
import type { JobReply, JobRequest } from '../inspect/mail-threads.ts';
import { sendParcel } from '../inspect/parcel.ts';
import { composeJobs } from './compose-jobs.ts';

const jobs: Readonly<Record<string, (input: never) => unknown>> = { ...mailJobs, ...composeJobs };

parentPort?.on('message', async ({ name, input }: JobRequest) => {
  try {
    const job = jobs[name];
    if (!job) throw new Error(`There is no job “${name}”.`);
    sendParcel(await job(input as never), (parcel, transfer) => parentPort?.postMessage(parcel, transfer));
  } catch (error) {
    const reply: JobReply =
      error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) };
    parentPort?.postMessage(reply);
  }
});
