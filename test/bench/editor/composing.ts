import { systemClock } from '../../../src/base/system-clock.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { compose } from '../../../src/send/compose.ts';
import type { Composed } from '../../../src/send/composed.ts';
import { memoryFiles } from '../../support/memory-files.ts';

/** Small pictures, as many as the documents name: a large document shows each of them a hundred times. */
const files = memoryFiles(
  Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`/work/p${index}.png`, new Uint8Array(300).fill(7)])),
);

/** What a document becomes at a keystroke: read anew, and made into a message. */
export function composed(text: string): Promise<Composed> {
  return compose(
    {
      text,
      parsed: new Analysis(text),
      edited: true,
      seed: 'bench',
      path: '/work/mail.eml',
      workspaceRoot: '/work',
    },
    { files, clock: systemClock },
  );
}
