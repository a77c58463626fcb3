/** The thread in which large messages are read: an entry of its own in dist/, started by mail-reader.ts. */
import { parentPort } from 'node:worker_threads';
import { doJob, type JobReply, type JobRequest } from './mail-jobs.ts';

parentPort?.on('message', async ({ name, input }: JobRequest) => {
  let reply: JobReply;
  try {
    reply = { output: await doJob(name, input) };
  } catch (error) {
    reply = { error: error instanceof Error ? error.message : String(error) };
  }
  parentPort?.postMessage(reply);
});
