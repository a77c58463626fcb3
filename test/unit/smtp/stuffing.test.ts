import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { DotStuffer } from '../../../src/smtp/stuffing.ts';

function stuff(octets: Uint8Array, sizes: readonly number[]): { wire: string; stuffer: DotStuffer } {
  const stuffer = new DotStuffer();
  const pieces: string[] = [];
  let at = 0;
  for (let i = 0; at < octets.length; i++) {
    const size = sizes[i % sizes.length]!;
    pieces.push(Buffer.from(stuffer.push(octets.subarray(at, at + size))).toString('latin1'));
    at += size;
  }
  pieces.push(stuffer.end().toString('latin1'));
  return { wire: pieces.join(''), stuffer };
}

/** What a receiver that follows RFC 5321 to the letter makes of it. */
function receive(wire: string): string {
  if (wire === '.\r\n') return '';
  const end = wire.indexOf('\r\n.\r\n');
  assert.equal(end + 5, wire.length, 'the first CRLF.CRLF is the last octets');
  return wire
    .slice(0, end + 2)
    .split(/(?<=\r\n)/)
    .map((line) => (line.startsWith('.') ? line.slice(1) : line))
    .join('');
}

/** What the message is, line ends made CRLF, and one at the end. */
function lawful(text: string): string {
  const lines = text.replace(/\r\n|\r|\n/g, '\r\n');
  return lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`;
}

describe('smtp/stuffing', () => {
  const cases: [string, string][] = [
    ['', '.\r\n'],
    ['a', 'a\r\n.\r\n'],
    ['a\r\n', 'a\r\n.\r\n'],
    ['.', '..\r\n.\r\n'],
    ['.\r\n', '..\r\n.\r\n'],
    ['a\r\n.\r\n', 'a\r\n..\r\n.\r\n'],
    ['a\r\n..b', 'a\r\n...b\r\n.\r\n'],
    ['a.b\r\n', 'a.b\r\n.\r\n'],
    ['a\nb\n', 'a\r\nb\r\n.\r\n'],
    ['a\n.\nb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r.\rb', 'a\r\n..\r\nb\r\n.\r\n'],
    ['a\r', 'a\r\n.\r\n'],
    ['a\r\r\n', 'a\r\n\r\n.\r\n'],
    ['a\r\n.\r', 'a\r\n..\r\n.\r\n'],
    ['\n.\n', '\r\n..\r\n.\r\n'],
    ['a\n.\r\nMAIL FROM:<x>\r\n', 'a\r\n..\r\nMAIL FROM:<x>\r\n.\r\n'],
    ['a\r.\r\nMAIL', 'a\r\n..\r\nMAIL\r\n.\r\n'],
    ['\r', '\r\n.\r\n'],
    ['\xff.\x00\r\n', '\xff.\x00\r\n.\r\n'],
  ];
  for (const [text, expected] of cases) {
    it(JSON.stringify(text), () => {
      const octets = Buffer.from(text, 'latin1');
      for (let size = 1; size <= Math.max(1, octets.length); size++) {
        const { wire, stuffer } = stuff(octets, [size]);
        assert.equal(wire, expected, `in pieces of ${size}`);
        assert.equal(stuffer.taken, octets.length);
        assert.equal(stuffer.octets, lawful(text).length);
        assert.equal(stuffer.lines, lawful(text).split('\r\n').length - 1);
      }
    });
  }

  it('is the same at every split, ends once, and arrives as it was', () => {
    const octets = fc
      .array(fc.constantFrom('\r', '\n', '\r\n', '.', 'a', '\r\n.\r\n', '\x00'), { maxLength: 40 })
      .map((all) => all.join(''));
    fc.assert(
      fc.property(octets, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (text, sizes) => {
        const whole = stuff(Buffer.from(text, 'latin1'), [Math.max(1, text.length)]).wire;
        assert.equal(stuff(Buffer.from(text, 'latin1'), sizes).wire, whole);
        assert.equal(receive(whole), lawful(text));
        assert.ok(!/(?<!\r)\n|\r(?!\n)/.test(whole));
      }),
      { numRuns: 500 },
    );
  });

  it('hands back the same octets where nothing needs changing', () => {
    const octets = Buffer.from('a\r\nb\r\n');
    assert.equal(new DotStuffer().push(octets).buffer, octets.buffer);
  });

  it('is the same for long texts, wherever they lie in memory', () => {
    const run = fc.oneof(
      fc.constantFrom('\r', '\n', '.', '\r\n', '\r\n.', '\x0b\x0c\x0e', '\xff'),
      fc.nat(90).map((n) => 'x'.repeat(n)),
    );
    fc.assert(
      fc.property(fc.array(run, { minLength: 4, maxLength: 40 }), fc.nat(3), (runs, offset) => {
        const text = runs.join('');
        const octets = Buffer.from('-'.repeat(offset) + text, 'latin1').subarray(offset);
        const { wire, stuffer } = stuff(octets, [octets.length || 1]);
        assert.equal(receive(wire), lawful(text));
        assert.equal(stuffer.octets, lawful(text).length);
      }),
      { numRuns: 500 },
    );
  });
});
