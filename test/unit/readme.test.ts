import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import type { nodeFiles } from '../../src/base/node-files.ts';
import { ATTRIBUTES, DIRECTIVES } from '../../src/document/directives.ts';
import { SETTINGS } from '../../src/document/settings.ts';
import { type OutlinePart, outline } from '../../src/inspect/outline.ts';
import { compose } from '../../src/send/compose.ts';
import { problemSentence } from '../../src/send/sentences/problem.ts';
import { kinds, pem } from '../support/dkim.ts';
import { fixedClock } from '../support/fixed-clock.ts';
import { memoryFiles } from '../support/memory-files.ts';
import { root } from './architecture/source-tree.ts';

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
    '/w/welcome.mjml':
      '<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section></mj-body></mjml>',
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
  'A plain message: text/plain',
  'HTML, and a plain text beside it: multipart/alternative(text/plain text/html)',
  'HTML, and a plain text beside it: multipart/alternative(text/plain text/html)',
  'HTML, and a plain text beside it: multipart/alternative(text/plain multipart/related(text/html image/png))',
  'HTML, and a plain text beside it: multipart/alternative(text/plain text/html)',
  'Pictures in the text: multipart/related(text/html image/png image/svg+xml)',
  'Pictures in the text: text/html',
  'Attachments: multipart/mixed(text/plain application/pdf text/csv message/rfc822(text/plain))',
  'Other charsets: text/html',
  'Invitations: multipart/alternative(text/plain text/calendar)',
  'Nesting by hand, and all attributes: multipart/mixed(multipart/alternative(text/plain text/html) text/x-notes audio/mpeg)',
  'Templates: multipart/mixed(multipart/alternative(text/plain text/html) application/pdf)',
  'Templates: multipart/alternative(text/plain text/html)',
  'Templates: text/plain',
  'Notes and escapes: multipart/alternative(text/plain text/html)',
  'How it travels: text/plain',
  'How it travels: multipart/mixed(text/plain application/pdf)',
  'How it travels: text/plain',
  'Finished messages: text/plain',
  'Finished messages: text/plain',
];

describe('README', () => {
  it('shows documents that build, without an error', async () => {
    const built: string[] = [];
    for (const { title, text } of documents()) {
      const composed = await compose(
        { text, path: '/w/message.eml', workspaceRoot: '/w', seed: 'readme' },
        {
          files,
          clock: fixedClock,
          environment: () => 'value',
          dkimKeys: { key: async () => pem(kinds['ed25519-sha256'].privateKey) },
        },
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

  it('shows every directive, attribute and setting in one of them', () => {
    const all = documents()
      .map(({ text }) => text)
      .join('');
    const missing = [
      ...DIRECTIVES.filter(({ name }) => !all.includes(`\n<#${name} `)).map(({ name }) => `<#${name}>`),
      ...ATTRIBUTES.filter(({ name }) => !new RegExp(`^<#.* ${name}[=> ]`, 'm').test(all)).map(
        ({ name }) => `${name}=`,
      ),
      ...SETTINGS.filter(({ name }) => !new RegExp(`^@${name}:`, 'm').test(all)).map(({ name }) => `@${name}`),
      ...['param.', 'header.'].filter((prefix) => !all.includes(` ${prefix}`)),
      ...[
        '<#--',
        '<#!',
        '{{$guid}}',
        '{{$timestamp}}',
        '{{$date}}',
        '{{$randomInt}}',
        '{{$messageId}}',
        '{{$env.',
      ].filter((construct) => !all.includes(construct)),
    ];
    assert.deepEqual(missing, []);
  });

  it('leads to files that are there', () => {
    const page = readFileSync(join(root, 'README.md'), 'utf8').replace(/^```[\s\S]*?^```$/gm, '');
    const targets = [...page.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map((match) => match[1]!);
    assert.ok(targets.length > 2);
    assert.deepEqual(
      targets.filter((target) => !existsSync(join(root, target))),
      [],
    );
  });

  it('names every setting and every npm script for people', () => {
    const page = readFileSync(join(root, 'README.md'), 'utf8');
    const { contributes, scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const settings = contributes.configuration.flatMap((section: { properties: object }) =>
      Object.keys(section.properties),
    );
    const unnamed = settings.filter(
      (name: string) => !page.includes(`\`${name}\``) && !page.includes(`\`.${name.split('.').at(-1)}\``),
    );
    assert.deepEqual(unnamed, []);
    const named = [...page.matchAll(/npm run (?:-s )?([\w:]+)/g)].map((match) => match[1]!);
    assert.deepEqual(
      named.filter((name) => !Object.hasOwn(scripts, name)),
      [],
    );
  });
});
