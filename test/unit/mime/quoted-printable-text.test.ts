import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { encodeQuotedPrintable } from '../../../src/mime/quoted-printable.ts';
import { decodeQuotedPrintableText, quotedPrintableEdit } from '../../../src/mime/quoted-printable-text.ts';
import { cpuTime } from '../../support/cpu-time.ts';

describe('mime/quoted-printable-text', () => {
  const cases: [string, string, string?][] = [
    ['a=3Db', 'a=b'],
    ['one =\r\ntwo=\nthree', 'one twothree'],
    ['caf=C3=A9 =E2=82=AC =F0=9F=98=80', 'café € 😀'],
    ['over=C3=\r\n=A9', 'overé'],
    ['half=C3=41 =A9', 'half\ufffdA \ufffd'],
    ['gr=FC=DFe', 'grüße', 'iso-8859-1'],
    ['space at the end  \r\nx', 'space at the end\r\nx'],
    ['no = escape =ZZ =4', 'no = escape =ZZ =4'],
    ['=', ''],
    ['a \t', 'a'],
    ['a =', 'a '],
    ['raw é 😀 =', 'raw é 😀 '],
    ['', ''],
  ];
  for (const [source, text, charset] of cases)
    it(`reads ${JSON.stringify(source)}`, () => assert.equal(decodeQuotedPrintableText(source, charset).text, text));

  it('leads every character back to where it is written', () => {
    const source = 'x=3D"c=\r\nid:l=C3=A9o" 😀=F0=9F=98=\n=80é';
    const { text, place } = decodeQuotedPrintableText(source);
    const shown = (word: string): string => {
      const start = text.indexOf(word);
      const range = place(start, start + word.length);
      return source.slice(range.start, range.end);
    };
    assert.equal(text, 'x="cid:léo" 😀😀é');
    assert.equal(shown('='), '=3D');
    assert.equal(shown('cid:'), 'c=\r\nid:');
    assert.equal(shown('é'), '=C3=A9');
    assert.equal(shown('léo'), 'l=C3=A9o');
    assert.equal(shown('" 😀'), '" 😀');
    assert.equal(shown('😀😀'), '😀=F0=9F=98=\n=80');
    assert.equal(shown('😀é'), '=F0=9F=98=\n=80é');
    // Half of a character is written where all of it is.
    const pair = text.indexOf('😀é');
    assert.deepEqual(place(pair, pair + 1), place(pair, pair + 2));
    assert.deepEqual(place(text.length, text.length), { start: source.length, end: source.length });
  });

  it('reads back whatever the encoder writes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 }), { maxLength: 6 }), (lines) => {
        const text = lines.map((line) => line.replace(/[\r\n]/g, '')).join('\r\n');
        const encoded = encodeQuotedPrintable(Buffer.from(text)).toString('latin1');
        assert.equal(decodeQuotedPrintableText(encoded).text, Buffer.from(text).toString());
      }),
    );
  });

  it('writes into a line without making it too long, and reads as it was meant', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 75 }),
        fc.integer({ min: 0, max: 70 }),
        fc.stringMatching(/^[!-~]{1,40}$/),
        (before, behind, id) => {
          const [head, tail] = ['a'.repeat(before), 'b'.repeat(Math.max(0, Math.min(behind, 76 - before - 3)))];
          const source = `first\r\n${head}old${tail}\r\nlast`;
          const start = source.indexOf('old');
          const edit = quotedPrintableEdit(source, start, start + 3, id);
          assert.ok(edit !== undefined);
          const after = source.slice(0, start) + edit + source.slice(start + 3);
          assert.equal(decodeQuotedPrintableText(after).text, `first\r\n${head}${id}${tail}\r\nlast`);
          // A line that was too long before may stay so.
          if (head.length < 76) for (const line of after.split('\r\n')) assert.ok(line.length <= 76, line);
        },
      ),
    );
    assert.equal(quotedPrintableEdit('old', 0, 3, 'x'.repeat(77)), undefined);
  });

  it('takes no more than linear time', () => {
    for (const source of ['='.repeat(300_000), ' '.repeat(300_000), '=C3'.repeat(100_000), '=\n'.repeat(150_000)]) {
      assert.ok(cpuTime(() => decodeQuotedPrintableText(source)) < 3000);
    }
  });
});
