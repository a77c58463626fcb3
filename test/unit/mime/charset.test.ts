import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { charsetOf } from '../../../src/mime/charset.ts';
import { charsetNames, charsetRule } from '../../../src/mime/charset-names.ts';
import { fullWidthKana } from '../../../src/mime/iso-2022-jp.ts';

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex');

describe('charsets', () => {
  it('are known by alias, in any case', () => {
    for (const [alias, name] of [
      ['UTF8', 'utf-8'],
      ['Latin1', 'iso-8859-1'],
      ['GB_2312-80', 'gb2312'],
      ['cp936', 'gbk'],
      ['SJIS', 'shift_jis'],
      ['CP1252', 'windows-1252'],
      ['ks_c_5601-1987', 'euc-kr'],
      ['ISO8859-15', 'iso-8859-15'],
    ] as const)
      assert.equal(charsetRule(alias)?.name, name);
    assert.equal(charsetRule('utf-7'), undefined);
    assert.equal(new Set(charsetNames).size, charsetNames.length);
  });

  const cases: readonly (readonly [charset: string, text: string, octets: string])[] = [
    ['utf-8', 'é漢😀', 'c3a9e6bca2f09f9880'],
    ['us-ascii', 'abc', '616263'],
    ['gb2312', '你好—·', 'c4e3bac3a1aaa1a4'],
    ['gbk', '繁體', 'b7b1f377'],
    ['gb18030', '你😀é', 'c4e39439fc36a8a6'],
    ['big5', '測試', 'b4fab8d5'],
    ['shift_jis', '表ｱ～〜', '955cb181608160'],
    ['windows-31j', '①', '8740'],
    ['euc-jp', '東ｱ丂', 'c5ec8eb18fb0a1'],
    ['euc-kr', '한글', 'c7d1b1db'],
    ['cp949', '갂', '8141'],
    ['iso-2022-jp', 'a東京b', '611b2442456c357e1b284262'],
    ['iso-8859-1', 'é', 'e9'],
    ['iso-8859-15', '€', 'a4'],
    ['windows-1252', '€“', '8093'],
    ['windows-1251', 'Привет', 'cff0e8e2e5f2'],
    ['koi8-r', 'мир', 'cdc9d2'],
    ['tis-620', 'ก', 'a1'],
  ];
  for (const [name, text, octets] of cases)
    it(`${name} has ${text}`, async () => {
      const charset = (await charsetOf(name))!;
      assert.equal(charset.name, name);
      assert.ok(charset.covers(text));
      assert.equal(hex(charset.encode(text)), octets);
      assert.deepEqual(charset.unmappable(text, 10), []);
    });

  const lacking: readonly (readonly [charset: string, text: string, offsets: readonly number[]])[] = [
    ['utf-8', 'a\ud800b\udc00', [1, 3]],
    ['us-ascii', 'aéb😀c', [1, 3]],
    // Characters that GBK has under the same label, a decomposed table's Roman numerals among them.
    ['gb2312', '你鎔好ⅰ€①', [1, 3, 4]],
    ['gbk', '€한😀', [0, 1, 2]],
    ['big5', '你们碁嘅', [1, 2, 3]],
    ['shift_jis', 'a①髙', [1, 2]],
    ['euc-jp', 'a①髙', [1, 2]],
    ['iso-2022-jp', 'カｶ①丂', [1, 2, 3]],
    ['euc-kr', '한갂', [1]],
    ['iso-8859-1', 'é€😀z', [1, 2]],
    ['windows-1252', '\u0081Ж', [0, 1]],
    ['gb18030', '\ue5e5\ud800', [0, 1]],
  ];
  for (const [name, text, offsets] of lacking)
    it(`${name} lacks ${JSON.stringify(text)} at ${offsets}`, async () => {
      const charset = (await charsetOf(name))!;
      assert.equal(charset.covers(text), false);
      assert.deepEqual(charset.unmappable(text, 10), offsets);
      assert.deepEqual(charset.unmappable(text, 1), offsets.slice(0, 1));
    });

  it('of ISO-2022-JP start and end every line in ASCII', async () => {
    const charset = (await charsetOf('iso-2022-jp'))!;
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', ' ', '\r\n', '東', 'か', 'カ', '～')), (pieces) => {
        const lines = charset.encode(pieces.join('')).toString('latin1').split('\r\n');
        for (const line of lines) {
          const escapes = line.match(/\x1b\S\S/g) ?? [];
          assert.ok(escapes.length === 0 || escapes[escapes.length - 1] === '\x1b(B');
          assert.ok(!/[\x80-\xff]/.test(line));
        }
        assert.equal(new TextDecoder('iso-2022-jp').decode(charset.encode(pieces.join(''))), pieces.join(''));
      }),
    );
  });

  it('are read back by the decoders of browsers', async () => {
    // The pairs that mappings disagree on: one octet sequence, two characters that look alike.
    const twins = new Map([
      ['〜', '～'],
      ['‖', '∥'],
      ['−', '－'],
      ['¢', '￠'],
      ['£', '￡'],
      ['¬', '￢'],
      ['—', '―'],
      ['•', '‧'],
      ['‾', '¯'],
      ['∼', '～'],
      ['☉', '⊙'],
      ['♁', '⊕'],
      ['､', '﹑'],
      ['¥', '￥'],
    ]);
    // Or read otherwise by ICU than by browsers.
    const unknownToBrowsers = /^(?:tis-620|ibm(?:437|850|852)|iso-8859-11|big5-hkscs|cp949|koi8-u)$/;
    for (const name of charsetNames) {
      if (unknownToBrowsers.test(name)) continue;
      const charset = (await charsetOf(name))!;
      const label = name === 'cp949' ? 'euc-kr' : name;
      let text = '';
      for (let unit = 0x20; unit < 0xd800; unit++) {
        // Browsers take the ISO sets for those of Windows, which have other characters for these controls.
        if (unit >= 0x7f && unit < 0xa0) continue;
        const character = String.fromCharCode(unit);
        // ICU lacks the two that KS X 1001 took in in 1998.
        if (name === 'euc-kr' && '€®'.includes(character)) continue;
        if (charset.covers(character)) text += character;
      }
      const decoded = new TextDecoder(label).decode(charset.encode(text));
      const differing: string[] = [];
      for (let i = 0; i < text.length; i++)
        if (decoded[i] !== text[i] && twins.get(text[i]!) !== decoded[i]) differing.push(`${text[i]} -> ${decoded[i]}`);
      assert.deepEqual([name, differing], [name, []]);
    }
  });

  it('full-width kana for half-width ones, with their marks', () => {
    assert.deepEqual(fullWidthKana('ｶﾞ', 0), { text: 'ガ', length: 2 });
    assert.deepEqual(fullWidthKana('ﾊﾟ', 0), { text: 'パ', length: 2 });
    assert.deepEqual(fullWidthKana('ｱﾞ', 0), { text: 'ア', length: 1 });
    assert.deepEqual(fullWidthKana('x｡', 1), { text: '。', length: 1 });
    assert.equal(fullWidthKana('x', 0), undefined);
    assert.equal(fullWidthKana('', 0), undefined);
  });
});
