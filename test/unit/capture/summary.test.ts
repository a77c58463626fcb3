import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { MessageSummary } from '../../../src/capture/message.ts';
import { summarise } from '../../../src/capture/summary.ts';

const cases: readonly (readonly [string, string, MessageSummary])[] = [
  [
    'reads the fields of a list',
    'Received: x\r\nFrom: Ann <ann@a.example>\r\nTo: b@b.example,\r\n\tc@c.example\r\nSubject: Hi\r\nDate: Wed, 29 Jul 2026 14:02:11 +0200\r\nMessage-ID: <1@a.example>\r\n\r\nSubject: not this\r\n',
    {
      from: 'Ann <ann@a.example>',
      to: 'b@b.example, c@c.example',
      subject: 'Hi',
      date: 'Wed, 29 Jul 2026 14:02:11 +0200',
      messageId: '<1@a.example>',
    },
  ],
  ['takes the first of two', 'subject : one\r\nSUBJECT: two\r\n\r\n', { subject: 'one' }],
  ['reads bare LF too', 'Subject: a\n b\nFrom: c\n\nTo: d\n', { subject: 'a b', from: 'c' }],
  ['needs no end of the header', 'Subject: a', { subject: 'a' }],
  ['decodes B and Q', 'Subject: =?utf-8?B?4pyT?= and =?ISO-8859-1*en?q?=E4_b?=!\r\n\r\n', { subject: '✓ and ä b!' }],
  [
    'joins a character that was split between two words',
    'Subject: =?utf-8?B?4pw=?=\r\n =?UTF-8?B?kw==?= x\r\n\r\n',
    { subject: '✓ x' },
  ],
  [
    'decodes neighbours of two charsets apart',
    'Subject: =?utf-8?Q?=C3=A4?= =?latin1?Q?=E4?=\r\n\r\n',
    { subject: 'ää' },
  ],
  ['decodes gb2312', 'Subject: =?gb2312?B?xOO6ww==?=\r\n\r\n', { subject: '你好' }],
  ['decodes iso-2022-jp', 'Subject: =?iso-2022-jp?B?GyRCRnxLXBsoQg==?=\r\n\r\n', { subject: '日本' }],
  ['decodes a code page of DOS', 'Subject: =?ibm850?Q?Caf=82?= =?cp437?B?IIQ=?=\r\n\r\n', { subject: 'Café ä' }],
  ['leaves what is no encoded-word', 'Subject: =?x?y?= =?utf-8?X?a?=\r\n\r\n', { subject: '=?x?y?= =?utf-8?X?a?=' }],
  ['leaves an unknown charset as it stands', 'Subject: =?x-none?Q?a=E4?=\r\n\r\n', { subject: '=?x-none?Q?a=E4?=' }],
  ['reads raw UTF-8', Buffer.from('Subject: ✓\r\n\r\n').toString('latin1'), { subject: '✓' }],
  ['reads raw UTF-8 of Latin letters', 'Subject: K\xc3\xa4se\r\n\r\n', { subject: 'Käse' }],
  ['takes other octets for windows-1252', 'Subject: \x80\r\n\r\n', { subject: '€' }],
  ['keeps controls out', 'Subject: a\x1b[1mb =?utf-8?Q?c=0D=0Ad?=\r\n\r\n', { subject: 'a [1mb c  d' }],
  ['keeps a field short', `Subject: ${'x'.repeat(5000)}\r\n\r\n`, { subject: 'x'.repeat(999) }],
  ['has nothing to say of nothing', '', {}],
  ['has nothing to say of a body', '\r\nSubject: x\r\n', {}],
];

describe('the summary of a message', () => {
  for (const [name, text, expected] of cases) {
    it(name, async () => {
      const octets = Buffer.from(text, 'latin1');
      assert.deepEqual(await summarise([octets]), expected);
      assert.deepEqual(await summarise([...octets].map((octet) => Buffer.of(octet))), expected);
    });
  }

  it('never throws', async () => {
    const text = fc
      .array(
        fc.constantFrom('Subject:', 'From: ', '\r\n', '\n', ' ', '=?utf-8?B?', '?=', 'x', '\xff', '=?gb2312?q?=e4'),
      )
      .map((parts) => parts.join(''));
    await fc.assert(fc.asyncProperty(text, async (raw) => void (await summarise([Buffer.from(raw, 'latin1')]))));
  });
});
