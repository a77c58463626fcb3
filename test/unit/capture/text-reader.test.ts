import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Irregularity } from '../../../src/capture/message.ts';
import { TextAudit, TextReader } from '../../../src/capture/text-reader.ts';

describe('the text reader', () => {
  it('tells where the text ends', () => {
    const octets = Buffer.from('a\r\n.\r\nNOOP\r\n');
    const reader = new TextReader(100);
    assert.equal(reader.push(octets), 6);
    assert.deepEqual(Buffer.concat(reader.pieces), Buffer.from('a\r\n'));
  });

  it('keeps the pieces few though every line has a stuffed dot, and the large ones uncopied', () => {
    const reader = new TextReader(1_000_000);
    const end = reader.push(Buffer.from(`${'..\r\n'.repeat(10_000)}${'x'.repeat(5000)}\r\n.\r\n`));
    assert.equal(end, 45_005);
    assert.equal(reader.size, 35_002);
    assert.equal(Buffer.concat(reader.pieces).toString(), `${'.\r\n'.repeat(10_000)}${'x'.repeat(5000)}\r\n`);
    assert.ok(reader.pieces.length < 10, `${reader.pieces.length} pieces`);
  });

  it('keeps nothing of a text that is too large, and still finds its end', () => {
    const reader = new TextReader(10);
    assert.equal(reader.push(Buffer.from('12345678\r\n')), -1);
    assert.equal(reader.tooLarge, false);
    assert.equal(reader.push(Buffer.from('9\r\n')), -1);
    assert.equal(reader.tooLarge, true);
    assert.deepEqual(reader.pieces, []);
    assert.equal(reader.push(Buffer.from('.\r\n')), 3);
  });
});

describe('the text audit', () => {
  const cases: readonly (readonly [string, readonly Irregularity[]])[] = [
    ['', []],
    ['a\r\n\r\nb\r\n', []],
    ['a\nb\r\n', ['bare-lf']],
    ['\n', ['bare-lf']],
    ['a\rb\r\n', ['bare-cr']],
    ['a\r\r\n', ['bare-cr']],
    ['a\r', ['bare-cr', 'no-final-newline']],
    ['a\n\r', ['bare-cr', 'bare-lf', 'no-final-newline']],
    [`${'x'.repeat(998)}\r\n`, []],
    [`${'x'.repeat(999)}\r\n`, ['long-line']],
    ['x'.repeat(999), ['long-line', 'no-final-newline']],
    ['\0\r\n', ['nul']],
    ['\x80\r\n', ['unannounced-8bit']],
  ];
  for (const [text, expected] of cases) {
    it(`finds ${expected.join(', ') || 'nothing'} in ${JSON.stringify(text.length > 20 ? `${text.slice(0, 3)}…` : text)}`, () => {
      const octets = Buffer.from(text, 'latin1');
      const whole = new TextAudit();
      whole.push(octets);
      assert.deepEqual(whole.irregularities(false), expected);
      const split = new TextAudit();
      for (const octet of octets) split.push(Buffer.of(octet));
      assert.deepEqual(split.irregularities(false), expected);
    });
  }

  it('lets octets above 127 pass where they were announced', () => {
    const audit = new TextAudit();
    audit.push(Buffer.from('ä\r\n'));
    assert.deepEqual(audit.irregularities(true), []);
  });
});
