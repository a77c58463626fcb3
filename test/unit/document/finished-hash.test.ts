import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import { finishedMessage } from '../../../src/document/finished.ts';
import { Random } from '../../oracles/random.ts';

const sha = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

/** What is to be sent, by the shortest way to say it: fields out, then line ends. */
function expected(octets: Buffer): { sent: string; refused: string[] } {
  const text = octets
    .toString('latin1')
    .replace(/^\xef\xbb\xbf/, '')
    .replace(/^From [^\r\n]*(?:\r\n|\r|\n)/, '');
  const blank = /(?:^|\r\n|\r(?!\n)|\n)(?=\r\n|\r|\n)/.exec(text);
  const end = blank ? blank.index + blank[0].length : text.length;
  const header = text
    .slice(0, end)
    .replace(/(?<=^|[\r\n])(?:Resent-)?Bcc[ \t]*:[^\r\n]*(?:(?:\r\n|\r|\n)[ \t][^\r\n]*)*(?:\r\n|\r|\n|$)/gi, '');
  // Each by itself: a CR that ends the one and an LF that begins the other are two line ends.
  let sent = [header, text.slice(end)].map((part) => part.replace(/\r\n|\r|\n/g, '\r\n')).join('');
  if (!sent.endsWith('\r\n')) sent += '\r\n';
  const refused: string[] = [];
  if (sent.includes('\0')) refused.push('finished-nul');
  if (sent.split('\r\n').some((line) => line.length > 998)) refused.push('finished-line-too-long');
  return { sent, refused };
}

const fields = [
  'From: Ann <a@a.example>',
  'To: b@b.example,\n c@c.example',
  'Subject: =?utf-8?Q?caf=C3=A9?=',
  'Subject: caf\xe9 \xff',
  'Bcc: x@x.example',
  'Bcc:\n\ty@y.example,\n z@z.example',
  'resent-bcc : q@q.example',
  'Bcc-Not: kept',
  'X-Bcc: kept',
  'DKIM-Signature: v=1; a=rsa-sha256; d=a.example; s=s; h=from:to; bh=x; b=y\n z',
  'Content-Type: multipart/mixed; boundary="b"',
  'Content-Transfer-Encoding: 8bit',
  'X-Long: ' + 'word '.repeat(150),
];
const bodies = [
  'Text.',
  '.',
  '..two',
  'From here',
  '>From there',
  '',
  ' ',
  'trailing \t ',
  '=?utf-8?Q?left_alone?=',
  '=20=',
  '--b',
  'Content-Type: message/rfc822',
  'Bcc: stays@inside.example',
  '\xe9\xff\x80\x00',
  '\x1a\x00',
  '\xff\xfe',
  'é\u4f60'.replace(/[^\0-\xff]/g, '\xe4\xbd\xa0'),
  'x'.repeat(998),
  'y'.repeat(999),
  '<#attach ./x.pdf>',
  '@server: no setting here',
];

function message(random: Random): Buffer {
  const end = random.pick([['\r\n'], ['\n'], ['\r'], ['\r\n', '\n'], ['\n', '\r\n', '\r']]);
  const line = (text: string) =>
    text
      .split('\n')
      .map((each) => each + random.pick(end))
      .join('');
  const header = ['MIME-Version: 1.0', ...random.times(6, () => random.pick(fields))].map(line).join('');
  const body = random.chance(0.95) ? random.pick(end) + random.times(12, () => line(random.pick(bodies))).join('') : '';
  const noise = random.chance(0.1) ? random.times(300, () => String.fromCharCode(random.below(256))).join('') : '';
  const first = random.pick(['', '', '', 'From a@a.example Mon Jan  1 00:00:00 2026\n', '\xef\xbb\xbf']);
  let text = first + header + body + (body === '' ? '' : noise);
  if (random.chance(0.3)) text = text.replace(/[\r\n]+$/, '');
  return Buffer.from(text, 'latin1');
}

describe('finishedMessage: the octets that are sent, by hash', () => {
  it('of 2,000 messages, each with its oddities', () => {
    const seen = new Set<string>();
    for (let seed = 1; seed <= 2000; seed++) {
      const octets = message(new Random(seed));
      const { source, problems, changes } = finishedMessage(octets);
      const { sent, refused } = expected(octets);
      assert.equal(
        sha(source.whole),
        sha(Buffer.from(sent, 'latin1')),
        `seed ${seed}: ${JSON.stringify(octets.toString('latin1'))}`,
      );
      assert.equal(source.size, sent.length, `seed ${seed}`);
      const errors = problems.filter(({ severity }) => severity === 'error').map(({ code }) => code);
      assert.deepEqual(errors, refused, `seed ${seed}`);
      if (changes.length === 0) assert.equal(sha(source.whole), sha(octets), `seed ${seed}`);
      for (const { change } of changes) seen.add(change);
    }
    assert.deepEqual([...seen].sort(), ['bcc', 'bom', 'last-line-end', 'line-ends', 'mbox-line']);
  });

  const head = 'From: a@a.example\r\nTo: b@b.example\r\nMIME-Version: 1.0\r\n\r\n';
  const lines: [string, Buffer, string[]][] = [
    ['one line', Buffer.alloc(10_000_000, 'x'), ['finished-line-too-long']],
    ['one line of UTF-8', Buffer.alloc(9_999_999, 'ü漢'), ['finished-line-too-long']],
    ['one line of NUL', Buffer.alloc(10_000_000), ['finished-nul', 'finished-line-too-long']],
    ['lines of 998', Buffer.alloc(10_000_000, `${'z'.repeat(998)}\r\n`), []],
    ['bare LF', Buffer.alloc(10_000_000, 'a line of text\n'), []],
  ];
  for (const [what, body, refused] of lines)
    it(`of ten megabytes: ${what}`, async () => {
      const octets = Buffer.concat([Buffer.from(head), body]);
      const { source, problems } = finishedMessage(octets);
      assert.deepEqual(
        problems.map(({ code }) => code),
        refused,
      );
      const read = createHash('sha256');
      for await (const chunk of source.read()) read.update(chunk);
      assert.equal(read.digest('hex'), sha(Buffer.from(expected(octets).sent, 'latin1')));
    });
});
