/** A thread in which mails are read and checked: an entry of its own in dist/, started by mail-threads.ts. */
import { parentPort } from 'node:worker_threads';
import { doJob, type JobReply, type JobRequest } from './mail-jobs.ts';

parentPort?.on('message', async ({ name, input }: JobRequest) => {
  let reply: JobReply;
  try {
    reply = { output: await doJob(name, input) };
  } catch (error) {
    reply = error instanceof Error ? { error: error.message, stack: error.stack } : { error: String(error) };
  }
  parentPort?.postMessage(reply);
});
