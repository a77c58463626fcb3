import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { loadCharsets } from '../../../src/base/decode-charset.ts';
import { decodeBase64 } from '../../../src/mime/base64-text.ts';
import { charsetOf } from '../../../src/mime/charset.ts';
import { decodedText, octetsAsWritten } from '../../../src/mime/decoded-text.ts';
import { decodeQuotedPrintable } from '../../../src/mime/quoted-printable-text.ts';

const isData = (character: string): boolean => /[A-Za-z0-9+/]/.test(character);

/** Base64 of octets, with what may stand in it on the way: line ends and stray signs wherever the numbers say. */
function written(octets: Uint8Array, cuts: readonly number[]): string {
  let text = Buffer.from(octets).toString('base64');
  for (const cut of cuts) {
    const at = cut % (text.length + 1);
    text = `${text.slice(0, at)}${['\r\n', '\n', ' ', '!', '\t'][cut % 5]}${text.slice(at)}`;
  }
  return text;
}

describe('base64 with the way back', () => {
  it('is what decoding in whole gives, and leads every stretch to the characters that hold it', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.array(fc.nat(1000), { maxLength: 12 }),
        fc.nat(200),
        fc.nat(200),
        (octets, cuts, one, other) => {
          const source = written(octets, cuts);
          const { octets: decoded, startOf, endOf } = decodeBase64(source);
          assert.deepEqual([...decoded], [...octets]);
          const [from, to] = [Math.min(one, other), Math.max(one, other)];
          if (to > octets.length || from === to) return;
          const [start, end] = [startOf(from), endOf(to)];
          assert.ok(start < end && isData(source[start]!) && isData(source[end - 1]!));
          // The groups of four that it reaches into, decoded by themselves, hold just these octets at their place.
          const data = [...source.slice(0, end)].filter(isData).join('');
          const first = [...source.slice(0, start)].filter(isData).length;
          const group = Math.floor(first / 4);
          const whole = Buffer.from(data.slice(group * 4), 'base64');
          assert.deepEqual([...whole.subarray(from - group * 3, to - group * 3)], [...octets.subarray(from, to)]);
          // And not a character more.
          assert.equal(first, Math.floor((from * 8) / 6));
          assert.equal(data.length, Math.ceil((to * 8) / 6));
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('goes on behind padding, as readers do', () => {
    const source = 'YQ==\r\nYmM=\r\nZGVm';
    const { octets, startOf, endOf } = decodeBase64(source);
    assert.equal(octets.toString(), 'abcdef');
    const places = [...'abcdef'].map((_, index) => source.slice(startOf(index), endOf(index + 1)));
    assert.deepEqual(places, ['YQ', 'Ym', 'mM', 'ZG', 'GV', 'Vm']);
    assert.deepEqual([startOf(6), endOf(0)], [source.length, 0]);
  });

  it('is total', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (source) => {
        const { octets, startOf, endOf } = decodeBase64(source);
        let last = 0;
        for (let octet = 0; octet < octets.length; octet++) {
          assert.ok(startOf(octet) >= last && endOf(octet + 1) > startOf(octet) && endOf(octet + 1) <= source.length);
          last = startOf(octet);
        }
      }),
    );
  });
});

const words = [...'a<>=" \n', '\r\n', 'é', '你', '好', '😀', 'テ', 'ﾃ', 'я', '€', '중'];
const charsets = ['utf-8', 'iso-8859-1', 'windows-1252', 'gb18030', 'gb2312', 'big5', 'shift_jis', 'euc-jp', 'euc-kr'];

describe('text out of a transfer encoding', () => {
  for (const name of [...charsets, 'iso-2022-jp']) {
    it(`in ${name} leads each of its characters to where its octets are written`, async () => {
      const charset = (await charsetOf(name))!;
      // A code that only the charset's newest form has is not read by everybody.
      const isRead = (word: string) => new TextDecoder(name).decode(charset.encode(word)) === word;
      const alphabet = words.filter((word) => charset.covers(word) && isRead(word));
      assert.ok(alphabet.length >= 8);
      fc.assert(
        fc.property(
          fc.array(fc.constantFrom(...alphabet), { maxLength: 40 }),
          fc.array(fc.nat(1000), { maxLength: 8 }),
          (characters, cuts) => {
            const text = characters.join('');
            const octets = charset.encode(text);
            const source = written(octets, cuts);
            const decoded = decodeBase64(source);
            const { text: read, place } = decodedText(decoded, name);
            assert.equal(read, text);
            let at = 0;
            let before = 0;
            for (const character of characters) {
              const range = place(at, at + character.length);
              at += character.length;
              // What is written there, read with all that stands before it, ends with the character.
              const through = decoded.octets.subarray(0, octetsBefore(decoded, range.end));
              const label = new TextDecoder(name, { ignoreBOM: true });
              assert.equal(label.decode(through), text.slice(0, at));
              // And nothing of it stands before its place.
              const ahead = octetsBefore(decoded, range.start + 1);
              assert.ok(ahead <= before + 1, `${ahead} ${before}`);
              before = through.length;
            }
          },
        ),
        { numRuns: 300 },
      );
    });
  }

  /** How many octets are wholly written before an offset. */
  function octetsBefore({ octets, endOf }: ReturnType<typeof decodeBase64>, offset: number): number {
    let count = 0;
    while (count < octets.length && endOf(count + 1) <= offset) count++;
    return count;
  }

  it('is the same in quoted-printable and in what is written in ASCII', () => {
    const quoted = '=C4=E3=BA=\r\n=C3!';
    const { text, place } = decodedText(decodeQuotedPrintable(quoted), 'gb2312');
    assert.equal(text, '你好!');
    const { start, end } = place(1, 2);
    assert.equal(quoted.slice(start, end), '=BA=\r\n=C3');
    const japanese = 'a \u001b$B%F\u001b(B b';
    const shifted = decodedText(octetsAsWritten(japanese), 'iso-2022-jp');
    assert.equal(shifted.text, 'a テ b');
    const stretch = shifted.place(2, 3);
    assert.ok(japanese.slice(stretch.start, stretch.end).includes('%F'));
  });

  it('never ends inside of a character, and takes a long line as one', () => {
    const source = Buffer.from('x😀y').toString('base64');
    const { place } = decodedText(decodeBase64(source));
    assert.deepEqual(place(1, 2), place(1, 3));
    assert.deepEqual(place(2, 3), place(1, 3));
    const long = `é${'x'.repeat(1_000_000)}`;
    const line = decodedText(decodeBase64(Buffer.from(long).toString('base64')));
    assert.deepEqual(line.place(5000, 5001), line.place(0, long.length));
  });

  it('reads what only tables know, to the character where an octet is one', async () => {
    await loadCharsets('charset=ibm850; charset=big5-hkscs');
    const caf = decodedText(octetsAsWritten('a\r\nCaf\x82!'), 'ibm850');
    assert.equal(caf.text, 'a\r\nCafé!');
    assert.deepEqual(caf.place(6, 7), { start: 6, end: 7 });
    const hong = decodedText(octetsAsWritten('a\n\xa4\xa4b'), 'big5-hkscs');
    assert.equal(hong.text, 'a\n中b');
    assert.deepEqual(
      [hong.place(0, 1), hong.place(3, 4)],
      [
        { start: 0, end: 1 },
        { start: 2, end: 5 },
      ],
    );
  });

  it('counts an unknown charset as windows-1252, and bytes that are none of a charset as a character each', () => {
    assert.equal(decodedText(octetsAsWritten('caf\xe9'), 'x-nonsense').text, 'café');
    const { text, place } = decodedText(octetsAsWritten('a\xe9b'));
    assert.equal(text, 'a\ufffdb');
    assert.deepEqual(place(0, 1), { start: 0, end: 1 });
    // Only the octet behind it tells that it is none.
    assert.deepEqual(place(2, 3), { start: 1, end: 3 });
  });
});
