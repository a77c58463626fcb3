/**
 * From a key to the words on the screen: in *Preview Message*, in the least that any webview takes, in VS Code's own preview
 * of Markdown, and in the editor that is typed in. All in one window of a real VS Code, in turns. `npm run bench -- screen`.
 */

import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Frame } from 'playwright-core';
import { root } from '../../host/layout.mjs';
import { openWorkbench, type Workbench } from '../../support/workbench-page.ts';
import { median } from './documents.ts';

const rounds = 5;
const keysPerRound = 12;
/** At the beginning of each round: the first keys find what they need not yet loaded. */
const warmUp = 4;

const rows = Array.from(
  { length: 220 },
  (_, i) =>
    `<tr><td style="padding:8px">Item ${i}</td><td style="color:#333">Some words about it, ${i * 3} €</td></tr>`,
).join('\n');
const mail =
  'From: ann@example.com\nTo: jo@example.org\nSubject: Typical\n\nHi Jo, see the list.\n<#part type=text/html>\n' +
  `<html lang="en"><head><title>List</title><style>td { border-bottom: 1px solid #ccc }</style></head><body>\n<p>Typed:</p>\n<table role="presentation">\n${rows}\n</table></body></html>\n<#/part>\n`;
const markdown = `# List\n\nTyped:\n\n${rows.replace(/<tr><td[^>]*>(.*?)<\/td><td[^>]*>(.*?)<\/td><\/tr>/g, '- $1: $2')}\n`;

interface Rival {
  readonly name: string;
  readonly file: string;
  /** The command that shows it beside the editor. */
  readonly command: string;
  readonly tab: string | RegExp;
  readonly taken: number[];
}

const rivals: readonly Rival[] = [
  { name: 'Preview Message', file: 'typical.eml', command: 'Mailbench: Preview Message', tab: 'Preview:', taken: [] },
  { name: 'a bare webview', file: 'typical.eml', command: 'Show Bare Preview', tab: 'Bare Preview', taken: [] },
  {
    name: 'Markdown preview of VS Code',
    file: 'list.md',
    command: 'Markdown: Open Preview to the Side',
    tab: 'Preview list.md',
    taken: [],
  },
];
const inEditor: number[] = [];

/** What the watchers leave in their windows: milliseconds since the epoch, 0 until then. */
interface Watched {
  seen: number;
  pressed: number;
  drawn: number;
}

execFileSync(process.execPath, [join(root, 'esbuild.js'), '--production'], { cwd: root, stdio: 'ignore' });
const vs = await openWorkbench({
  size: { width: 1440, height: 1000 },
  files: { 'typical.eml': mail, 'list.md': markdown },
  extensions: [join(import.meta.dirname, 'bare-preview')],
});
try {
  await vs.page.evaluate(watchEditor);
  for (let round = 0; round < rounds; round++) {
    for (const rival of rivals) await measure(vs, rival, `${round}${rivals.indexOf(rival)}`);
  }
} finally {
  await vs.close();
}
const least = median(rivals[1]!.taken);
console.log(
  `a mail of ${mail.length} characters, ${rounds} × ${keysPerRound} keys each; milliseconds from the key to the frame with the words; reach: 50`,
);
const print = (name: string, taken: readonly number[]): void => {
  const sorted = taken.toSorted((a, b) => a - b);
  const show = (value: number): string => value.toFixed(0).padStart(5);
  console.log(
    `${name.padEnd(30)} median ${show(median(sorted))}   90% ${show(sorted[Math.floor(sorted.length * 0.9)]!)}   ${(median(sorted) / least).toFixed(2)} of the bare webview`,
  );
};
for (const { name, taken } of rivals) print(name, taken);
print('the editor itself', inEditor);

async function measure(window: Workbench, rival: Rival, mark: string): Promise<void> {
  await window.open(rival.file);
  await window.command(rival.command);
  await window.tab(rival.tab).waitFor();
  const frame = await window.webview();
  let typed = ` w${mark}`;
  await frame.evaluate(want, typed);
  // One of them takes the focus.
  await window.tab(rival.file).click();
  await window.typeAfter('Typed:', typed);
  await seen(frame);
  for (let key = 0; key < warmUp + keysPerRound; key++) {
    const letter = 'abcdefghijklmnop'[key]!;
    typed += letter;
    await frame.evaluate(want, typed);
    await window.page.keyboard.press(letter);
    await window.page.waitForTimeout(250);
    const shown = await seen(frame);
    const { pressed, drawn } = await window.page.evaluate(() => {
      const { pressed, drawn } = globalThis as unknown as Watched;
      return { pressed, drawn };
    });
    if (key < warmUp) continue;
    rival.taken.push(shown - pressed);
    inEditor.push(drawn - pressed);
  }
  await window.page.keyboard.press('ControlOrMeta+S');
  await window.command('View: Close All Editors');
}

/** In the workbench: when a key was pressed, and when a frame came with what it changed in the editor. */
function watchEditor(): void {
  const watched = globalThis as unknown as Watched;
  const now = (): number => performance.timeOrigin + performance.now();
  const press = (): void => {
    Object.assign(watched, { pressed: now(), drawn: 0 });
  };
  addEventListener('keydown', press, true);
  const draw = (): void => {
    if (!watched.drawn) watched.drawn = now();
  };
  const changes = new MutationObserver((all) => {
    const elements = all.map(({ target }) => (target instanceof Element ? target : target.parentElement));
    const inLines = elements.some((element) => element?.closest('.view-lines'));
    if (inLines && !watched.drawn) requestAnimationFrame(draw);
  });
  changes.observe(document.body, { subtree: true, childList: true, characterData: true });
}

/** In a preview: looks from now on for `words` in each frame, and writes down when one came with them. */
function want(words: string): void {
  const watched = globalThis as unknown as Watched;
  watched.seen = 0;
  const look = (): void => {
    const mail = document.querySelector<HTMLIFrameElement>('.field iframe:not(.loading)')?.contentDocument;
    if ((mail ?? document).body.textContent?.includes(words)) watched.seen = performance.timeOrigin + performance.now();
    else requestAnimationFrame(look);
  };
  look();
}

async function seen(frame: Frame): Promise<number> {
  await frame.waitForFunction(() => (globalThis as unknown as Watched).seen > 0, undefined, { timeout: 10_000 });
  return frame.evaluate(() => (globalThis as unknown as Watched).seen);
}
