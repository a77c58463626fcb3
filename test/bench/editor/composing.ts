import { setImmediate } from 'node:timers/promises';
import { systemClock } from '../../../src/base/system-clock.ts';
import { MailReader } from '../../../src/inspect/mail-reader.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { compose } from '../../../src/send/compose.ts';
import { inThreads } from '../../../src/send/compose-elsewhere.ts';
import type { Composed } from '../../../src/send/composed.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { mailThread } from './mail-thread.ts';

/** Small pictures, since a large document shows each of them a hundred times, and two as a newsletter has them. */
const pictures = Array.from(
  { length: 50 },
  (_, index) => [`/project/p${index}.png`, new Uint8Array(300).fill(7)] as const,
);
const banners = [0, 1].map((index) => [`/project/banner${index}.png`, new Uint8Array(30 * 1024).fill(7)] as const);
const files = memoryFiles(Object.fromEntries([...pictures, ...banners]));

let reader: MailReader | undefined;
const elsewhere = inThreads(async () => {
  reader ??= new MailReader(mailThread);
  return reader.threads;
});

export function disposeThreads(): void {
  reader?.dispose();
}

/** What a document becomes at a keystroke: read anew, and made into a message. */
export function composed(text: string): Promise<Composed> {
  return compose(
    {
      text,
      parsed: new Analysis(text),
      edited: true,
      seed: 'bench',
      path: '/project/mail.eml',
      workspaceRoot: '/project',
    },
    { files, clock: systemClock, turn: setImmediate, elsewhere },
  );
}
