/**
 * What a keystroke in a typical mail costs before the previews have something to show: from the text of the document to
 * what is handed to VS Code. The reach is 50 ms from the key to the screen, of which VS Code's own ways (the key to the extension
 * host, a message to a webview, a frame) take the most: `screen` measures all of it. `npm run bench -- preview`.
 */

import { parseHtml } from '../../../src/inspect/html.ts';
import { checkInputOf } from '../../../src/inspect/inspect-message.ts';
import { MailReader } from '../../../src/inspect/mail-reader.ts';
import type { MessageView } from '../../../src/inspect/message.ts';
import { showMessage } from '../../../src/inspect/shown-message.ts';
import { TypedModel } from '../../../src/inspect/typed-model.ts';
import { beginningOf } from '../../../src/vscode/preview/bytes.ts';
import { composed } from './composing.ts';
import { median } from './documents.ts';
import { mailThread } from './mail-thread.ts';

const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
const never = new AbortController().signal;
const times = 60;

/** A newsletter as they come: tables, inline styles, a style sheet with media queries and two pictures of 30 KB. */
function newsletter(kilobytes: number): (index: number) => string {
  const row = (index: number): string =>
    `<tr><td style="padding:12px 24px;font-family:Helvetica,Arial,sans-serif;font-size:16px;color:#333333;background:#ffffff"><a href="https://shop.example/p/${index}?utm_source=mail&amp;utm_campaign=x" style="color:#2563eb;text-decoration:none"><img src="https://cdn.shop.example/p/${index}.jpg" width="120" height="120" alt="Product ${index}" style="display:block;border-radius:8px"></a><p style="margin:0 0 8px">A product with a name and some words of description, number ${index}.</p></td></tr>\n`;
  let rows = '';
  for (let index = 0; rows.length < kilobytes * 1024; index++) rows += row(index);
  return (index) =>
    'From: Shop <news@shop.example>\nTo: jo@a.example\nSubject: This week in the shop\n\nThis week in the shop.\n<#part type=text/html>\n' +
    '<!doctype html><html lang="en"><head><title>Shop</title><style>@media (max-width:600px){.c{width:100%!important}}@media (prefers-color-scheme:dark){body{background:#111;color:#eee}}</style></head><body>\n' +
    `<img src="./banner0.png" alt="Shop"><p>Typed: ${index}</p><table role="presentation" class="c" width="600">\n${rows}</table><img src="./banner1.png" alt=""></body></html>\n<#/part>\n`;
}

async function measure(name: string, reach: string, run: (index: number) => unknown): Promise<void> {
  const taken: number[] = [];
  for (let i = 0; i < times + 10; i++) {
    const began = performance.now();
    await run(i);
    if (i >= 10) taken.push(performance.now() - began);
  }
  const late = taken.toSorted((a, b) => a - b)[Math.floor(times * 0.95)]!;
  const show = (value: number): string => `${value.toFixed(2)} ms`.padStart(10);
  console.log(`${name.padEnd(46)} median ${show(median(taken))}   95% ${show(late)}   ${reach}`);
}

const reader = new MailReader(mailThread);

async function view(text: string): Promise<MessageView> {
  const { message } = await composed(text);
  const { bytes, size } = await beginningOf(message!);
  return reader.read(bytes, size, never);
}

for (const [name, kilobytes] of [
  ['a typical mail', 20],
  ['a mail at Gmail’s limit', 100],
] as const) {
  const document = newsletter(kilobytes);
  const seen = await view(document(0));
  console.log(
    `${name}: ${document(0).length} characters, ${seen.size} octets; node ${process.version}, ${times} runs each`,
  );
  await measure('  composing it', '', (index) => composed(document(index)));
  await measure('  its MIME preview, composing included', 'reach: 50 ms to the screen', async (index) => {
    const { message, built } = await composed(document(index));
    return showMessage(message!, built);
  });
  const words = new TypedModel();
  await measure('  its message preview, composing included', 'reach: 50 ms to the screen', async (index) =>
    reader.model(await view(document(index)), options, never, words),
  );
  await measure('    where more than words of a text differ', '', async (index) =>
    reader.model(await view(document(index)), options, never),
  );
  await measure('    of which: parsing its HTML', '', () => parseHtml(seen.html!));
  await measure('  every check', 'behind a pause', () => reader.inspect(checkInputOf(seen), {}, never));
}
reader.dispose();
