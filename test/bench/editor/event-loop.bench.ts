/**
 * How long the extension host is kept from everything else while a document of one megabyte is followed: the longest time
 * between two turns of the event loop, median of five. What is read for the message preview, and its checks, is done in a
 * thread. The reach for all that happens at a keystroke is a frame, 16 ms; what waits for a pause in typing may take longer, and
 * says so here. `npm run bench -- event-loop`.
 */
import { setImmediate } from 'node:timers/promises';
import { Turns } from '../../../src/base/steps.ts';
import { systemClock } from '../../../src/base/system-clock.ts';
import { builtSource, finishedSource } from '../../../src/inspect/check-source.ts';
import { MailReader } from '../../../src/inspect/mail-reader.ts';
import { showMessage } from '../../../src/inspect/shown-message.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { reviewSettings, reviewSteps } from '../../../src/send/reviewed.ts';
import { beginningOf } from '../../../src/vscode/preview/bytes.ts';
import { composed } from './composing.ts';
import { documentKinds, largeDocuments, median, typed } from './documents.ts';
import { mailThread } from './mail-thread.ts';

const never = new AbortController().signal;
const rounds = 5;
const steps = ['compose', 'problems', 'MIME preview', 'read', 'model', 'checks', 'axe documents'] as const;
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

for (const kind of documentKinds) {
  const document = largeDocuments[kind]();
  for (let round = 0; round <= rounds; round++) {
    if (round === 1) for (const step of steps) for (const kept of [longest, whole]) kept.delete(`${kind} ${step}`);
    const { text } = typed(document, round);
    const made = await watched(kind, 'compose', () => composed(text));
    const analysis = new Analysis(text);
    await watched(kind, 'problems', () =>
      new Turns(systemClock, setImmediate).run(reviewSteps(made, reviewSettings({}), { analysis })),
    );
    if (!made.message) continue;
    const { message, built } = made;
    await watched(kind, 'MIME preview', () => showMessage(message, built, new Turns(systemClock, setImmediate)));
    const { bytes, size } = await beginningOf(message);
    const view = await watched(kind, 'read', () => reader.read(bytes, size, never));
    const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
    await watched(kind, 'model', () => reader.model(view, options, never));
    const { input } = built ? builtSource(built, view, text) : finishedSource(text, view);
    await watched(kind, 'checks', () => reader.inspect(input, {}, never));
    const { html } = input;
    if (html !== undefined) await watched(kind, 'axe documents', () => reader.probes(html, view, 'nonce', never));
  }
}
reader.dispose();

console.log(
  `node ${process.version}; milliseconds without a turn of the event loop (and until it is done), median of ${rounds}\n`,
);
const row = (name: string, cells: readonly string[]): void =>
  console.log(`${name.padEnd(16)}${cells.map((cell) => cell.padStart(18)).join('')}`);
row('', documentKinds);
for (const step of steps) {
  row(
    step,
    documentKinds.map((kind) => {
      const [blocks, all] = [longest.get(`${kind} ${step}`), whole.get(`${kind} ${step}`)];
      return blocks && all ? `${median(blocks).toFixed(1)} (${median(all).toFixed(0)})` : '–';
    }),
  );
}
