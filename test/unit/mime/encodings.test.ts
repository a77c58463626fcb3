import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { atOnce } from '../../../src/base/steps.ts';
import { Base64Encoder, base64Length, encodeBase64 } from '../../../src/mime/base64.ts';
import { charsetOf } from '../../../src/mime/charset.ts';
import { flow } from '../../../src/mime/flowed.ts';
import { CrlfOctets, toCrlf, toLf } from '../../../src/mime/line-ends.ts';
import { encodeQuotedPrintable } from '../../../src/mime/quoted-printable.ts';
import { textOctetSteps } from '../../../src/mime/text-content.ts';
import { encodeAs, encodeText, shapeOf } from '../../../src/mime/transfer.ts';

const qp = (text: string, binary = false): string =>
  encodeQuotedPrintable(Buffer.from(text), binary).toString('latin1');
/** As a reader undoes it. */
const undoQp = (encoded: string): Buffer =>
  Buffer.from(
    encoded
      .replace(/[ \t]+(?=\r\n|$)/g, '')
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );

const textBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom('\n', ' ', '\t', '.', 'From ', '=', 'é', '漢', '😀', 'x'.repeat(80), 'y'.repeat(74)),
      fc.string(),
    ),
    { maxLength: 40 },
  )
  .map((pieces) => Buffer.from(toCrlf(pieces.join(''))));

describe('quoted-printable', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['', ''],
    ['plain\r\n', 'plain\r\n'],
    ['a=b é\r\n', 'a=3Db =C3=A9\r\n'],
    ['space \r\ntab\t\r\nend ', 'space=20\r\ntab=09\r\nend=20'],
    ['From here\r\nnot From here\r\nFrom\r\n', '=46rom here\r\nnot From here\r\nFrom\r\n'],
    ['.\r\n..\r\n.x\r\n.', '=2E\r\n..\r\n.x\r\n=2E'],
    ['\0\x7f\x0b\r\n', '=00=7F=0B\r\n'],
    ['x'.repeat(76), 'x'.repeat(76)],
    [`${'x'.repeat(76)}\r\n`, `${'x'.repeat(76)}\r\n`],
    ['x'.repeat(77), `${'x'.repeat(75)}=\r\nxx`],
    [`${'x'.repeat(75)}é`, `${'x'.repeat(75)}=\r\n=C3=A9`],
    [`${'x'.repeat(73)}=`, `${'x'.repeat(73)}=3D`],
    [`${'x'.repeat(75)}From y`, `${'x'.repeat(75)}=\r\n=46rom y`],
    [`${'x'.repeat(75)} \r\n`, `${'x'.repeat(75)}=\r\n=20\r\n`],
  ];
  for (const [text, encoded] of cases) it(JSON.stringify(text).slice(0, 60), () => assert.equal(qp(text), encoded));

  it('comes back as it was, in lines of at most 76', () => {
    fc.assert(
      fc.property(textBytes, (octets) => {
        const encoded = encodeQuotedPrintable(octets).toString('latin1');
        for (const line of encoded.split('\r\n')) {
          assert.ok(line.length <= 76);
          assert.match(line, /^[\t\x20-\x7e]*$/);
          assert.doesNotMatch(line, /[ \t]$|^From |^\.$/);
        }
        assert.deepEqual(undoQp(encoded), octets);
      }),
      { numRuns: 500 },
    );
  });

  it('takes any octets as binary', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        const encoded = encodeQuotedPrintable(octets, true).toString('latin1');
        for (const line of encoded.split('\r\n')) assert.ok(line.length <= 76);
        assert.deepEqual(undoQp(encoded), Buffer.from(octets));
      }),
      { numRuns: 300 },
    );
  });
});

describe('base64', () => {
  const expected = (octets: Buffer): string => octets.toString('base64').replace(/.{76}(?=.)/g, '$&\r\n');

  it('has lines of 76, and the length that was said before', () => {
    for (let size = 0; size < 240; size++) {
      const octets = Buffer.from(Array.from({ length: size }, (_, i) => (i * 37) & 255));
      assert.equal(encodeBase64(octets).toString('latin1'), expected(octets));
      assert.equal(base64Length(size), expected(octets).length);
    }
  });

  it('is the same however the octets come in', () => {
    // Enough for the fast way, with odd and even lines in front of it.
    const octets = Buffer.from(Array.from({ length: 57 * 2500 + 11 }, (_, i) => (i * 7919) & 255));
    const whole = expected(octets);
    for (const size of [1, 56, 57, 58, 171, 4096, 57 * 33, 57 * 2047 + 1, octets.length]) {
      const encoder = new Base64Encoder();
      const out: Buffer[] = [];
      for (let at = 0; at < octets.length; at += size) out.push(encoder.push(octets.subarray(at, at + size)));
      out.push(encoder.end());
      assert.equal(Buffer.concat(out).toString('latin1'), whole, `in chunks of ${size}`);
    }
  });
});

describe('the choice of a transfer encoding', () => {
  const choose = (text: string, limit: '7bit' | '8bit' | 'binary' = '7bit'): string =>
    encodeText(Buffer.from(text), limit).encoding;
  const cases: readonly (readonly [string, ReturnType<typeof choose>, ('7bit' | '8bit' | 'binary')?])[] = [
    ['plain\r\n', '7bit'],
    ['', '7bit'],
    [`${'x'.repeat(998)}\r\n`, '7bit'],
    [`${'x'.repeat(999)}\r\n`, 'quoted-printable'],
    ['trailing \r\n', 'quoted-printable'],
    ['tab\t', 'quoted-printable'],
    ['From me\r\n', 'quoted-printable'],
    ['x\r\n.\r\n', 'quoted-printable'],
    ['a\0b', 'quoted-printable'],
    ['mostly ascii, é\r\n', 'quoted-printable'],
    ['漢字だけの文章です\r\n', 'base64'],
    ['é\r\n', '8bit', '8bit'],
    ['é \r\n', 'quoted-printable', '8bit'],
    [`é${'x'.repeat(999)}`, 'quoted-printable', '8bit'],
    [`é${'x'.repeat(999)}`, 'binary', 'binary'],
  ];
  for (const [text, encoding, limit] of cases)
    it(`${JSON.stringify(text).slice(0, 30)} ${limit ?? ''}`, () => assert.equal(choose(text, limit), encoding));

  it('keeps the spaces of flowed text', () =>
    assert.equal(encodeText(Buffer.from('a \r\nb\r\n'), '7bit', true).encoding, '7bit'));

  it('encodes a long text in pieces as it does in one go', () => {
    const line = 'Fürs Erste: =\t. \r\nFrom here\r\n.\r\n\r\n' + 'x'.repeat(75) + 'é\r\n';
    for (const text of [line.repeat(12_000), `${line.repeat(12_000)}From ü `, 'From some words é '.repeat(50_000)]) {
      const octets = Buffer.from(text);
      const { encoding, octets: encoded } = encodeText(octets, '7bit');
      assert.equal(encoding, 'quoted-printable');
      assert.ok(encodeQuotedPrintable(octets).equals(encoded), text.slice(-20));
    }
  });

  it('sees what decides it in any piece of a long text', () => {
    const piece = 'x\r\n'.repeat(100_000);
    for (const [text, encoding, limit] of cases) {
      // Of what is mostly short lines of ASCII nothing is shorter in base64.
      const long = encoding === 'base64' ? 'quoted-printable' : encoding;
      for (const whole of [`${text}\r\n${piece}${piece}`, `${piece}${text}\r\n${piece}`, `${piece}${piece}${text}`])
        assert.equal(choose(whole, limit), long, JSON.stringify(text).slice(0, 30));
    }
  });

  it('makes the octets of a long text in pieces as in one go', async () => {
    const line = 'Grüße, 漢字 😀\r\rfrom\nhere\r\n' + 'x'.repeat(70);
    for (const name of ['utf-8', 'us-ascii', 'gb2312', 'gb18030', 'shift_jis', 'iso-2022-jp'])
      for (const flowed of [false, true])
        for (const text of [line.repeat(6000), `${line.slice(-70)}\r\n`.repeat(9000), line.slice(-70).repeat(9000)]) {
          const charset = (await charsetOf(name))!;
          const steps = [...textOctetSteps(text, charset, flowed)].length;
          assert.equal(steps > 1, !flowed && charset.asciiTransparent && text.includes('\n'), `${name} ${steps}`);
          const whole = charset.encode(toCrlf(flowed ? flow(toLf(text)) : text));
          assert.ok(whole.equals(atOnce(textOctetSteps(text, charset, flowed))), name);
        }
  });

  it('says why content can not go as it was asked to', () => {
    const unfit = (octets: string, encoding: '7bit' | '8bit') => encodeAs(Buffer.from(octets), encoding, true).unfit;
    assert.equal(unfit('é', '7bit'), '8bit');
    assert.equal(unfit('é', '8bit'), undefined);
    assert.equal(unfit('x'.repeat(999), '7bit'), 'long-line');
    assert.equal(unfit('\0', '8bit'), 'nul');
    assert.equal(unfit('a\nb', '7bit'), 'line-ends');
  });

  it('sees the shape of octets as one that looks at lines does', () => {
    fc.assert(
      fc.property(textBytes, (octets) => {
        const lines = octets.toString('latin1').split('\r\n');
        const shape = shapeOf(octets);
        assert.equal(shape.longest, Math.max(...lines.map((line) => line.length)));
        assert.equal(
          shape.fragile,
          lines.some((line) => /[ \t]$|^From |^\.$/.test(line)),
        );
        assert.equal(shape.eightBit, /[\x80-\xff]/.test(octets.toString('latin1')));
        assert.equal(shape.bareBreak, false);
      }),
    );
  });
});

describe('format=flowed', () => {
  /** RFC 3676 section 4.1, as a reader does it. */
  const unflow = (flowed: string): string[] => {
    const out: string[] = [];
    let open: number | undefined;
    for (const line of flowed.split('\n')) {
      const depth = /^>*/.exec(line)![0].length;
      let content = line.slice(depth);
      if (content.startsWith(' ')) content = content.slice(1);
      const soft = content.endsWith(' ') && content !== '-- ';
      if (open === depth) out[out.length - 1] += content;
      else out.push('>'.repeat(depth) + content);
      open = soft ? depth : undefined;
    }
    return out;
  };
  const cases: readonly (readonly [string, string])[] = [
    ['short\n', 'short\n'],
    ['trailing \n-- \nme\n', 'trailing\n-- \nme\n'],
    ['From me\n leading\n', ' From me\n  leading\n'],
    ['.\n..\n', ' .\n..\n'],
    ['> quoted\n>> twice\n', '> quoted\n>> twice\n'],
    [
      'The quick brown fox jumps over the lazy dog and over the next lazy dog and the next\n',
      'The quick brown fox jumps over the lazy dog and over the next lazy dog \nand the next\n',
    ],
    ['x'.repeat(100), 'x'.repeat(100)],
  ];
  for (const [text, flowed] of cases) it(JSON.stringify(text).slice(0, 60), () => assert.equal(flow(text), flowed));

  it('is read as what was typed, trailing spaces apart', () => {
    const line = fc
      .array(fc.constantFrom('word', 'a', 'From', '>', '.', 'x'.repeat(30), '', '-- '), { maxLength: 40 })
      .map((words) => words.join(' '))
      // White space behind the marks of a quote is the quote's own.
      .filter((text) => !text.startsWith('>') || /^>+[^> ]/.test(text));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const flowed = flow(lines.join('\n'));
        for (const physical of flowed.split('\n')) assert.ok(physical.length <= 78);
        const typed = lines.map((text) => (text === '-- ' ? text : text.replace(/ +$/, '')));
        assert.deepEqual(unflow(flowed), typed.length === 0 ? [''] : typed);
      }),
      { numRuns: 300 },
    );
  });
});

describe('line ends', () => {
  it('become CRLF, at every split', () => {
    const octets = Buffer.from('a\rb\nc\r\nd\r\r\n\n\r');
    const whole = 'a\r\nb\r\nc\r\nd\r\n\r\n\r\n\r\n';
    assert.equal(toCrlf(octets.toString()), whole);
    for (let first = 0; first <= octets.length; first++)
      for (let second = first; second <= octets.length; second++) {
        const lines = new CrlfOctets();
        const out = [octets.subarray(0, first), octets.subarray(first, second), octets.subarray(second)].map((chunk) =>
          lines.push(chunk),
        );
        assert.equal(Buffer.concat(out).toString(), whole);
      }
  });
});
