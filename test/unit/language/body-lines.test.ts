import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { bodyLines } from '../../../src/language/body-lines.ts';
import { encodeBase64 } from '../../../src/mime/base64.ts';
import { encodeQuotedPrintable } from '../../../src/mime/quoted-printable.ts';

const before = 'X: y\r\n\r\n';
const read = (encoded: string, encoding: string, charset = 'utf-8') => {
  const message = `${before}${encoded}\r\n--b--`;
  const lines = bodyLines(message, {
    bodyStart: before.length,
    bodyEnd: before.length + encoded.length,
    encoding,
    charset,
  });
  return lines.map(({ text, start, end }) => [text, message.slice(start, end)] as const);
};

describe('the lines of a body', () => {
  it('are those that stand there where nothing is encoded', () => {
    assert.deepEqual(read('a\r\n\r\nb', '7bit'), [
      ['a', 'a'],
      ['', ''],
      ['b', 'b'],
    ]);
  });

  it('go over soft line breaks of quoted-printable', () => {
    assert.deepEqual(read('=C3=A4 =\r\nb=20\r\nc\r\n', 'quoted-printable'), [
      ['ä b ', '=C3=A4 =\r\nb=20'],
      ['c', 'c'],
      ['', ''],
    ]);
    assert.deepEqual(read('a=0D=0Ab=', 'quoted-printable'), [
      ['a', 'a'],
      ['b', 'b'],
    ]);
  });

  it('are found in base64 to the character, in any charset', () => {
    const gb2312 = Buffer.from([0xc4, 0xe3, 0x0d, 0x0a, 0xba, 0xc3]).toString('base64');
    assert.deepEqual(read(gb2312, 'base64', 'gb2312'), [
      ['你', gb2312.slice(0, 3)],
      ['好', gb2312.slice(5, 8)],
    ]);
  });

  it('say what was encoded, and the stretch of each decodes to it', () => {
    const texts = fc.array(
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 120 }),
        fc.constantFrom('', '=', 'From a', '.', 'a '.repeat(60)),
      ),
    );
    fc.assert(
      fc.property(texts, (raw) => {
        const lines = raw.map((line) => line.replace(/[\r\n]/g, ' '));
        const octets = Buffer.from(lines.join('\r\n'));
        const expected = octets.length === 0 ? [''] : lines;
        const quoted = read(encodeQuotedPrintable(octets).toString(), 'quoted-printable');
        assert.deepEqual(
          quoted.map(([text]) => text),
          expected.map((line) => Buffer.from(line).toString()),
        );
        for (const [text, stretch] of quoted) {
          const decoded = stretch
            .replace(/=\r\n/g, '')
            .replace(/=([\dA-F]{2})/g, (_, code) => String.fromCharCode(Number.parseInt(code, 16)));
          assert.equal(Buffer.from(decoded, 'latin1').toString(), text);
        }
        const based = read(encodeBase64(octets).toString(), 'base64');
        assert.deepEqual(
          based.map(([text]) => text),
          quoted.map(([text]) => text),
        );
        for (const [text, stretch] of based) {
          // It begins and ends with the characters that hold its bits: at most four octets' worth more than it.
          const characters = stretch.replace(/\r\n/g, '').replace(/=+$/, '').length;
          const least = Math.ceil((Buffer.byteLength(text) * 8) / 6);
          assert.ok(characters >= least && characters <= least + 1, `${JSON.stringify(text)} in ${stretch}`);
        }
      }),
    );
  });
});
