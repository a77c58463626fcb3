/**
 * How long a keystroke in a document of one megabyte takes to be answered: reading it anew, then each feature that the
 * editor may ask for. The reach is one frame, 16 ms, for the reading and the answer together. The first lines are the very
 * first readings of a process, before anything is compiled: what opening such a document costs. `npm run bench -- keystroke`.
 */
import { execFileSync } from 'node:child_process';
import { advise, DEFAULT_ADVICE } from '../../../src/language/advice.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { cidAt } from '../../../src/language/cids.ts';
import { complete } from '../../../src/language/complete.ts';
import { folds } from '../../../src/language/folding.ts';
import { formatHeader } from '../../../src/language/format.ts';
import { hover } from '../../../src/language/hover.ts';
import { links } from '../../../src/language/links.ts';
import { selections } from '../../../src/language/selection.ts';
import { shownProblems } from '../../../src/language/silence.ts';
import { symbols } from '../../../src/language/symbols.ts';
import { type DocumentKind, documentKinds, largeDocuments, median, typed } from './documents.ts';

const features: Readonly<Record<string, (analysis: Analysis, offset: number) => unknown>> = {
  'reading it anew': () => undefined,
  completion: (analysis, offset) => complete(analysis, offset),
  hover: (analysis, offset) => hover(analysis, offset),
  outline: symbols,
  folding: folds,
  links,
  selection: selections,
  'cid under the cursor': cidAt,
  'format header': (analysis) => formatHeader(analysis),
  'advice (behind a pause)': (analysis) => shownProblems(analysis, advise(analysis, DEFAULT_ADVICE)),
};
const times = 15;

function row(name: string, cells: readonly string[]): void {
  console.log(`${name.padEnd(26)}${cells.map((cell) => cell.padStart(18)).join('')}`);
}

/** Milliseconds of the first and of the second reading in a process of their own. */
function coldReadings(kind: DocumentKind): readonly number[] {
  return JSON.parse(execFileSync(process.execPath, [import.meta.filename, '--cold', kind]).toString());
}

if (process.argv[2] === '--cold') {
  const document = largeDocuments[process.argv[3] as DocumentKind]();
  const taken = [0, 1].map((index) => {
    const { text } = typed(document, index);
    const began = performance.now();
    new Analysis(text);
    return performance.now() - began;
  });
  console.log(JSON.stringify(taken));
} else {
  console.log(`node ${process.version}; milliseconds, median of ${times}, reading included; reach: 16\n`);
  row('', documentKinds);
  const cold = documentKinds.map((kind) => Array.from({ length: 5 }, () => coldReadings(kind)));
  for (const [index, name] of ['first reading (of 5)', 'second reading (of 5)'].entries()) {
    row(
      name,
      cold.map((runs) => median(runs.map((run) => run[index]!)).toFixed(1)),
    );
  }
  for (const [feature, run] of Object.entries(features)) {
    const cells = documentKinds.map((kind) => {
      const document = largeDocuments[kind]();
      const taken: number[] = [];
      for (let i = 0; i < times + 3; i++) {
        const { text, at } = typed(document, i);
        const began = performance.now();
        run(new Analysis(text), at);
        if (i >= 3) taken.push(performance.now() - began);
      }
      return median(taken).toFixed(2);
    });
    row(feature, cells);
  }
}
