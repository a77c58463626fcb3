/**
 * How long the extension host is kept from everything else while a document of one megabyte is followed: the longest time
 * between two turns of the event loop, median of five. What is read for the message preview, and its checks, is done in a
 * thread. The reach for all that happens at a keystroke is a frame, 16 ms; what waits for a pause in typing may take longer, and
 * says so here. Work is put off every 5 ms; what is above that is mostly the garbage collector, which moves what tens of thousands
 * of parts or recipients are made of. The first line is the very first composition of a process, which loads what it needs. What
 * libraries make something else of stands in a table of its own. `npm run bench -- event-loop`.
 */
import { execFileSync } from 'node:child_process';
import { setImmediate } from 'node:timers/promises';
import { Turns } from '../../../src/base/steps.ts';
import { systemClock } from '../../../src/base/system-clock.ts';
import { builtSource } from '../../../src/inspect/check-source.ts';
import { finishedSource } from '../../../src/inspect/finished-source.ts';
import { MailReader } from '../../../src/inspect/mail-reader.ts';
import { showMessage } from '../../../src/inspect/shown-message.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { reviewSettings, reviewSteps } from '../../../src/send/reviewed.ts';
import { beginningOf } from '../../../src/vscode/preview/bytes.ts';
import { composed, disposeThreads } from './composing.ts';
import { convertedDocuments, type LargeDocument, largeDocuments, median, typed } from './documents.ts';
import { mailThread } from './mail-thread.ts';

const never = new AbortController().signal;
const rounds = 5;
const steps = [
  'first compose',
  'compose',
  'problems',
  'MIME preview',
  'read',
  'model',
  'page',
  'checks',
  'axe documents',
] as const;
type Step = (typeof steps)[number];

const reader = new MailReader(mailThread);
const longest = new Map<string, number[]>();
const whole = new Map<string, number[]>();

/** Runs a step, and keeps the longest time in which the event loop did not turn. */
async function watched<T>(kind: string, step: Step, run: () => T | Promise<T>): Promise<T> {
  const turn = () => new Promise<void>((resolve) => globalThis.setImmediate(resolve));
  await turn();
  const began = performance.now();
  let last = began;
  let worst = 0;
  let going = true;
  const watch = (): void => {
    const now = performance.now();
    worst = Math.max(worst, now - last);
    last = now;
    if (going) globalThis.setImmediate(watch);
  };
  globalThis.setImmediate(watch);
  const result = await run();
  await turn();
  going = false;
  worst = Math.max(worst, performance.now() - last);
  const key = `${kind} ${step}`;
  longest.set(key, [...(longest.get(key) ?? []), worst]);
  whole.set(key, [...(whole.get(key) ?? []), performance.now() - began]);
  return result;
}

const documents: Readonly<Record<string, () => LargeDocument>> = { ...largeDocuments, ...convertedDocuments };

/** Everything, or what differs where a library made it. */
async function follow(kind: string, document: LargeDocument, round: number): Promise<void> {
  const { text } = typed(document, round);
  const made = await watched(kind, 'compose', () => composed(text));
  const analysis = new Analysis(text);
  await watched(kind, 'problems', () =>
    new Turns(systemClock, setImmediate).run(reviewSteps(made, reviewSettings({}), { analysis })),
  );
  if (!made.message || kind in convertedDocuments) return;
  const { message, built } = made;
  await watched(kind, 'MIME preview', () => showMessage(message, built, new Turns(systemClock, setImmediate)));
  const { bytes, size } = await beginningOf(message);
  const view = await watched(kind, 'read', () => reader.read(bytes, size, never));
  const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
  const model = await watched(kind, 'model', () => reader.model(view, options, never));
  // As VS Code hands it over to the page.
  await watched(kind, 'page', () => JSON.stringify(model, (_, value: unknown) => value));
  const { input } = built ? builtSource(built, view, text) : finishedSource(text, view);
  await watched(kind, 'checks', () => reader.inspect(input, {}, never));
  const { html } = input;
  if (html !== undefined) await watched(kind, 'axe documents', () => reader.probes(html, view, 'nonce', never));
}

/** The longest block and all the time of a composition in a process of its own. */
function firstComposition(kind: string): readonly [number, number] {
  return JSON.parse(execFileSync(process.execPath, [import.meta.filename, '--cold', kind]).toString());
}

function print(kinds: readonly string[]): void {
  const row = (name: string, cells: readonly string[]): void =>
    console.log(`${name.padEnd(16)}${cells.map((cell) => cell.padStart(18)).join('')}`);
  row('', kinds);
  for (const step of steps) {
    const cells = kinds.map((kind) => {
      const [blocks, all] = [longest.get(`${kind} ${step}`), whole.get(`${kind} ${step}`)];
      return blocks && all ? `${median(blocks).toFixed(1)} (${median(all).toFixed(0)})` : '–';
    });
    if (cells.some((cell) => cell !== '–')) row(step, cells);
  }
  console.log('');
}

if (process.argv[2] === '--cold') {
  const { text } = documents[process.argv[3]!]!();
  await watched('', 'first compose', () => composed(text));
  console.log(JSON.stringify([longest, whole].map((kept) => kept.get(' first compose')![0])));
} else {
  console.log(
    `node ${process.version}; milliseconds without a turn of the event loop (and until it is done), median of ${rounds}\n`,
  );
  for (const table of [largeDocuments, convertedDocuments]) {
    for (const [kind, make] of Object.entries(table)) {
      const cold = Array.from({ length: 3 }, () => firstComposition(kind));
      const document = make();
      for (let round = 0; round <= rounds; round++) {
        if (round === 1) for (const step of steps) for (const kept of [longest, whole]) kept.delete(`${kind} ${step}`);
        await follow(kind, document, round);
      }
      for (const [index, kept] of [longest, whole].entries())
        kept.set(
          `${kind} first compose`,
          cold.map((run) => run[index]!),
        );
    }
    print(Object.keys(table));
  }
}
reader.dispose();
disposeThreads();
