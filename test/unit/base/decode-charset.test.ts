import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { before, describe, it } from 'mocha';
import { decodeCharset, isFromTables, loadCharsets } from '../../../src/base/decode-charset.ts';

/** As Python's codecs encode the same text. */
const known: readonly (readonly [charset: string, octets: string, text: string])[] = [
  ['utf-8', 'e282ac', '€'],
  ['ISO-8859-15', 'a4', '€'],
  ['gb2312', 'c4e3bac3', '你好'],
  ['cp949', 'b0a1', '가'],
  ['ibm437', '82', 'é'],
  ['IBM850', '9b', 'ø'],
  ['cp852', '88', 'ł'],
  ['cp865', '9b', 'ø'],
  ['UTF-7', '47722b4150594133772d65', 'Größe'],
  ['koi8-t', '90', 'Қ'],
  ['big5-hkscs', 'c7f3a741', 'А你'],
];

describe('decoding the charsets of mail', () => {
  before(() => loadCharsets('Content-Type: text/plain; charset="IBM850"'));

  for (const [charset, octets, text] of known) {
    it(charset, () => assert.equal(decodeCharset(Buffer.from(octets, 'hex'), charset), text));
  }

  it('knows no charset by the names of encodings that are none', () => {
    for (const name of ['base64', 'hex', 'binary', 'x-none', '']) {
      assert.equal(decodeCharset(Buffer.from('abcd'), name), undefined, name);
      assert.equal(isFromTables(name), false);
    }
  });

  it('tells, where it is asked to, what stands for nothing', () => {
    for (const charset of ['utf-8', 'cp874', 'big5-hkscs']) {
      assert.equal(decodeCharset(Buffer.of(0xff), charset, { fatal: true }), undefined, charset);
    }
  });

  it('finds charsets in parameters and encoded-words, and loads tables for those only that need them', async () => {
    const needed = [
      'charset=ibm850',
      'CHARSET = "cp437"',
      '=?utf-7?Q?a?=',
      'a=?cp865*no?b?YQ==?=',
      'charset=big5-hkscs',
    ];
    for (const text of needed) assert.equal(await loadCharsets(text), true, text);
    for (const text of ['charset=utf-8', '=?gb2312?B?xOM=?=', 'charset=x-none', 'ibm850', 'charset=hex']) {
      assert.equal(await loadCharsets(text), false, text);
    }
    // In a process that has not loaded any yet.
    const module = new URL('../../../src/base/decode-charset.ts', import.meta.url).href;
    const script = `const m = await import(${JSON.stringify(module)});
      const decoded = () => String(m.decodeCharset(Buffer.of(0x82), 'ibm850'));
      const seen = [decoded()];
      await m.loadCharsets('charset=utf-8'); seen.push(decoded());
      await m.loadCharsets('charset=ibm850'); seen.push(decoded());
      console.log(seen.join());`;
    assert.equal(
      execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }).trim(),
      'undefined,undefined,é',
    );
  });
});
