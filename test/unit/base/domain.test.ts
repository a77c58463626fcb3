import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { asciiDomain } from '../../../src/base/domain.ts';

describe('asciiDomain', () => {
  const lawful: readonly (readonly [string, string])[] = [
    ['example.com', 'example.com'],
    ['localhost', 'localhost'],
    ['my_container', 'my_container'],
    ['EXAMPLE.Com', 'EXAMPLE.Com'],
    ['exämple.com', 'xn--exmple-cua.com'],
    ['EXÄMPLE.com', 'xn--exmple-cua.com'],
    ['faß.de', 'xn--fa-hia.de'],
    ['例え.テスト', 'xn--r8jz45g.xn--zckzah'],
    ['שלום.com', 'xn--9dbne9b.com'],
    ['xn--exmple-cua.com', 'xn--exmple-cua.com'],
    ['[127.0.0.1]', '[127.0.0.1]'],
    ['[IPv6:2001:db8::1]', '[IPv6:2001:db8::1]'],
    [`${'a'.repeat(63)}.example`, `${'a'.repeat(63)}.example`],
  ];
  for (const [domain, ascii] of lawful)
    it(`takes ${domain.slice(0, 30)}`, () => assert.deepEqual(asciiDomain(domain), { ascii }));

  const unlawful: readonly (readonly [string, string, string?])[] = [
    ['', 'empty'],
    ['a..b', 'empty-label'],
    ['a.example.', 'empty-label'],
    ['.a', 'empty-label'],
    ['-a.example', 'hyphen'],
    ['a-.example', 'hyphen'],
    ['ab--ä.example', 'hyphen'],
    [`${'a'.repeat(64)}.example`, 'label-too-long'],
    [`${'ä'.repeat(60)}.example`, 'label-too-long'],
    [`${'a'.repeat(50)}.`.repeat(6) + 'example', 'too-long'],
    ['a b.example', 'character'],
    ['exam%70le.com', 'character'],
    ['a/b.example', 'character'],
    ['a\0b.example', 'character'],
    ['i❤.example', 'character'],
    ['א1.com א', 'character'],
    ['1א.example', 'character'],
    ['a\u200db.example', 'character'],
    ['\u0301a.example', 'character'],
    ['ｅxample.com', 'not-canonical', 'example.com'],
    ['ﬁsh.example', 'not-canonical', 'fish.example'],
    ['163。com', 'not-canonical', '163.com'],
    ['xn--zzzzzz.com', 'a-label'],
    ['xn--a.com', 'a-label'],
    ['[foo]', 'literal'],
    ['[IPv6:::1%lo]', 'literal'],
    ['[300.1.1.1]', 'literal'],
    ['192.0.2.1', 'numeric', '[192.0.2.1]'],
    ['host.7', 'numeric'],
  ];
  for (const [domain, fault, meant] of unlawful) {
    it(`refuses ${JSON.stringify(domain.slice(0, 30))}: ${fault}`, () =>
      assert.deepEqual(asciiDomain(domain), meant === undefined ? { fault } : { fault, meant }));
  }

  it('gives ASCII only, and the same again for what it gave', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' })), (domain) => {
        const { ascii } = asciiDomain(domain);
        if (ascii === undefined) return;
        assert.match(ascii, /^[\x21-\x7e]+$/);
        assert.deepEqual(asciiDomain(ascii), { ascii });
      }),
    );
  });
});
