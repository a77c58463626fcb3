import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { nodeFiles } from '../../src/base/node-files.ts';
import { type OutlinePart, outline } from '../../src/inspect/outline.ts';
import { compose } from '../../src/send/compose.ts';
import { problemSentence } from '../../src/send/sentences/problem.ts';
import { root } from './architecture/source-tree.ts';
import { memoryFiles } from './mime/memory-files.ts';
import { fixedClock } from './send/support/fixed.ts';

/** Every document that the README shows, under the heading it stands below. */
function documents(): { title: string; text: string }[] {
  const found: { title: string; text: string }[] = [];
  let title = '';
  for (const match of readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^#+ (.+)$|^```eml\n([\s\S]*?)^```$/gm)) {
    if (match[1] !== undefined) title = match[1];
    else found.push({ title, text: match[2]! });
  }
  return found;
}

const files = {
  ...memoryFiles({
    '/w/welcome.json': JSON.stringify({
      user: { name: 'Doe, Jo', email: 'jo@a.example', plan: 'pro' },
      invoice: { id: 7 },
      items: [{ name: 'Envelopes', price: '12.40' }],
    }),
    '/w/readers.csv': 'name,email\nJo,jo@a.example\nKim,kim@a.example\n',
    '/w/logo.png': readFileSync(join(root, 'media/samples/images/logo.png')),
    '/w/chart.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '/w/report.pdf': '%PDF-1.7',
    '/w/out/q3 v2.csv': 'a,b\n',
    '/w/song.mp3': 'ID3',
    '/w/data.bin': new Uint8Array([0, 1, 2]),
    '/w/invoices/7.pdf': '%PDF-1.7',
    '/w/earlier.eml': 'From: a@a.example\r\nMIME-Version: 1.0\r\n\r\nEarlier.\r\n',
    '/w/invite.ics': [
      ...[
        'BEGIN:VCALENDAR',
        'VERSION:2.0',
        'PRODID:x',
        'METHOD:REQUEST',
        'BEGIN:VEVENT',
        'UID:1',
        'DTSTAMP:20260101T000000Z',
      ],
      ...['DTSTART:20260102T000000Z', 'ORGANIZER:mailto:a@a.example', 'END:VEVENT', 'END:VCALENDAR', ''],
    ].join('\r\n'),
  }),
} satisfies typeof nodeFiles;

function tree(part: OutlinePart): string {
  const inner = part.children.length > 0 ? `(${part.children.map(tree).join(' ')})` : '';
  return `${part.mediaType}${inner}`;
}

/** What each of them becomes, in the order of the page. */
const expected = [
  'A plain message: text/plain',
  'A plain message: text/plain',
  'HTML, and a plain text beside it: multipart/alternative(text/plain text/html)',
  'HTML, and a plain text beside it: text/html',
  'Pictures in the text: multipart/related(text/html image/png image/svg+xml)',
  'Attachments: multipart/mixed(text/plain application/pdf text/csv message/rfc822(text/plain))',
  'Other charsets: text/html',
  'Nesting by hand, and other parts: multipart/mixed(multipart/alternative(text/plain text/html) text/calendar audio/mpeg)',
  'Templates: multipart/mixed(multipart/alternative(text/plain text/html) application/pdf)',
  'Notes and escapes: text/plain',
];

describe('README', () => {
  it('shows documents that build, without an error', async () => {
    const built: string[] = [];
    for (const { title, text } of documents()) {
      const composed = await compose(
        { text, path: '/w/message.eml', workspaceRoot: '/w', seed: 'readme' },
        { files, clock: fixedClock, environment: () => 'value' },
      );
      const errors = composed.problems.filter(({ severity }) => severity === 'error' || severity === 'warning');
      assert.deepEqual(
        errors.map((problem) => `${title}: ${problemSentence(problem)}`),
        [],
      );
      assert.ok(composed.message && composed.envelope, title);
      const octets: Uint8Array[] = [];
      for await (const chunk of composed.message.read()) octets.push(chunk);
      built.push(`${title}: ${tree(outline(Buffer.concat(octets)))}`);
    }
    assert.deepEqual(built, expected);
  });
});
