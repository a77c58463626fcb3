import { Worker } from 'node:worker_threads';

/** The thread of the previews, from its source. */
export function mailThread(): Worker {
  return new Worker(new URL('../../../src/vscode/preview/mail-worker.ts', import.meta.url));
}
