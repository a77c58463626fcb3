/**
 * How long what the editor waits for takes: `node test/bench/editor.ts`. Each line gives the median and the 95th percentile of
 * many runs, and what is to be reached. Nothing is asserted: a machine may be busy.
 */

import { parseHtml } from '../../src/inspect/html.ts';
import { checkInputOf, inspectMessage } from '../../src/inspect/inspect-message.ts';
import { previewModel } from '../../src/inspect/preview-model.ts';
import { readMessage } from '../../src/inspect/read.ts';
import { sandboxDocument } from '../../src/inspect/sandbox.ts';

const options = { scheme: 'light', images: true, remote: false, path: [] } as const;

/** A newsletter as they come: tables, inline styles, a style sheet with media queries, two pictures of 30 KB. */
function typicalMail(kilobytes: number): Uint8Array {
  const row = (index: number): string =>
    `<tr><td style="padding:12px 24px;font-family:Helvetica,Arial,sans-serif;font-size:16px;color:#333333;background:#ffffff"><a href="https://shop.example/p/${index}?utm_source=mail&amp;utm_campaign=x" style="color:#2563eb;text-decoration:none"><img src="cid:picture${index % 2}" width="120" height="120" alt="Product ${index}" style="display:block;border-radius:8px"></a><p style="margin:0 0 8px">A product with a name and some words of description, number ${index}.</p></td></tr>\r\n`;
  let rows = '';
  for (let index = 0; rows.length < kilobytes * 1024; index++) rows += row(index);
  const html = `<!doctype html><html lang="en"><head><title>Shop</title><style>@media (max-width:600px){.c{width:100%!important}}@media (prefers-color-scheme:dark){body{background:#111;color:#eee}}</style></head><body><table role="presentation" class="c" width="600">${rows}</table></body></html>`;
  const picture = Buffer.alloc(30 * 1024, 7)
    .toString('base64')
    .replace(/.{76}/g, '$&\r\n');
  const part = (headers: string, body: string): string => `--b\r\n${headers}\r\n\r\n${body}\r\n`;
  return new TextEncoder().encode(
    'From: Shop <news@shop.example>\r\nTo: jo@a.example\r\nSubject: This week in the shop\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n' +
      part('Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 8bit', html) +
      [0, 1]
        .map((index) =>
          part(
            `Content-Type: image/png; name=p${index}.png\r\nContent-ID: <picture${index}>\r\nContent-Transfer-Encoding: base64`,
            picture,
          ),
        )
        .join('') +
      '--b--\r\n',
  );
}

async function measure(name: string, reach: string, run: () => unknown, times = 60): Promise<void> {
  for (let i = 0; i < 10; i++) await run();
  const taken: number[] = [];
  for (let i = 0; i < times; i++) {
    const began = performance.now();
    await run();
    taken.push(performance.now() - began);
  }
  taken.sort((a, b) => a - b);
  const at = (share: number): string =>
    `${taken[Math.min(taken.length - 1, Math.floor(taken.length * share))]!.toFixed(2)} ms`;
  console.log(`${name.padEnd(58)} median ${at(0.5).padStart(10)}   95% ${at(0.95).padStart(10)}   ${reach}`);
}

const typical = typicalMail(20);
const heavy = typicalMail(102);
const html = (await readMessage(typical)).html ?? '';
console.log(`node ${process.version}, ${typical.length} octets typical, ${heavy.length} octets at Gmail’s limit\n`);
await measure('parse the HTML of a typical mail', '', () => parseHtml(html));
await measure('sandbox the HTML of a typical mail', '', () =>
  sandboxDocument(html, { ...options, resource: () => undefined }),
);
await measure('read a typical mail', '', () => readMessage(typical));
await measure('preview model of a typical mail, from its octets', 'reach: 50 ms', async () =>
  previewModel(await readMessage(typical), options),
);
await measure(
  'preview model of a mail at Gmail’s limit',
  'reach: 50 ms',
  async () => previewModel(await readMessage(heavy), options),
  30,
);
const input = checkInputOf(await readMessage(typical));
await measure('every check of a typical mail', 'behind a pause', () => inspectMessage(input), 20);
