/**
 * How long a keystroke in a document of one megabyte takes to be answered: reading it anew, then each feature that the
 * editor may ask for. The reach is one frame, 16 ms, for the reading and the answer together. The first lines are the very
 * first readings of a process, before anything is compiled: what opening such a document costs.
 *
 * VS Code asks for several things at a key, each by itself and most of them behind a delay of their own: the last but one line is
 * what they take together, on one reading. Advice comes behind a pause in typing and takes turns with everything else: of
 * it the longest turn counts, and all of them are told beside it. `npm run bench -- keystroke`.
 */
import { execFileSync } from 'node:child_process';
import { Turns } from '../../../src/base/steps.ts';
import { systemClock } from '../../../src/base/system-clock.ts';
import { adviceSteps, DEFAULT_ADVICE } from '../../../src/language/advice.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { cidAt } from '../../../src/language/cids.ts';
import { complete } from '../../../src/language/complete.ts';
import { folds } from '../../../src/language/folding.ts';
import { fieldActions, formatHeader } from '../../../src/language/format.ts';
import { hover } from '../../../src/language/hover.ts';
import { links } from '../../../src/language/links.ts';
import { selections } from '../../../src/language/selection.ts';
import { symbols } from '../../../src/language/symbols.ts';
import { ownServer } from '../../../src/vscode/own-server.ts';
import { type DocumentKind, documentKinds, largeDocuments, median, typed } from './documents.ts';

type Feature = (analysis: Analysis, offset: number) => unknown;

const features = {
  'reading it anew': () => undefined,
  completion: (analysis, offset) => complete(analysis, offset),
  hover: (analysis, offset) => hover(analysis, offset),
  outline: symbols,
  folding: folds,
  links,
  selection: selections,
  'cid under the cursor': cidAt,
  'code actions': fieldActions,
  'code lens': ({ text }) => ownServer({ getText: () => text } as never),
  'format header': (analysis) => formatHeader(analysis),
} as const satisfies Readonly<Record<string, Feature>>;
/** What VS Code asks for after a key: hovers, selections and formats come from other hands. */
const atOneKey = [
  'completion',
  'outline',
  'folding',
  'links',
  'cid under the cursor',
  'code actions',
  'code lens',
] as const;
const times = 15;

function row(name: string, cells: readonly string[]): void {
  console.log(`${name.padEnd(26)}${cells.map((cell) => cell.padStart(18)).join('')}`);
}

/** Milliseconds of a reading and what is done with it, median of some after the first few. */
async function measured(kind: DocumentKind, run: (text: string, at: number) => unknown): Promise<string> {
  const document = largeDocuments[kind]();
  const taken: number[] = [];
  for (let i = 0; i < times + 3; i++) {
    const { text, at } = typed(document, i);
    const began = performance.now();
    await run(text, at);
    if (i >= 3) taken.push(performance.now() - began);
  }
  return median(taken).toFixed(2);
}

/** The longest time for which reading and advising keep the thread, and both of them as a whole. */
async function advising(kind: DocumentKind): Promise<string> {
  const longest: number[] = [];
  const whole = await measured(kind, async (text) => {
    let began = performance.now();
    let worst = 0;
    const turn = async (): Promise<void> => {
      worst = Math.max(worst, performance.now() - began);
      began = performance.now();
    };
    const turns = new Turns(systemClock, turn);
    await turns.run(adviceSteps(new Analysis(text), DEFAULT_ADVICE));
    await turn();
    longest.push(worst);
  });
  return `${median(longest.slice(3)).toFixed(2)} (${whole})`;
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
  const all = async (name: string, cell: (kind: DocumentKind) => Promise<string>): Promise<void> => {
    const cells: string[] = [];
    for (const kind of documentKinds) cells.push(await cell(kind));
    row(name, cells);
  };
  for (const [name, run] of Object.entries<Feature>(features))
    await all(name, (kind) => measured(kind, (text, at) => run(new Analysis(text), at)));
  await all('all that a key asks for', (kind) =>
    measured(kind, async (text, at) => {
      const analysis = new Analysis(text);
      for (const name of atOneKey) await (features[name] as Feature)(analysis, at);
    }),
  );
  await all('advice, longest turn (all)', advising);
}
