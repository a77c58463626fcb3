import { Worker } from 'node:worker_threads';

/** The thread of previews and checks, from its source. */
export function mailThread(): Worker {
  return new Worker(new URL('../../../src/send/mail-worker.ts', import.meta.url));
}
