import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { editDistance, suggestionFor } from '../../../src/base/suggestion.ts';

describe('base/suggestion', () => {
  const words = ['attach', 'inline', 'part', 'multipart', 'To', 'Subject', 'port'];
  const table: [string, string | undefined][] = [
    ['atach', 'attach'],
    ['atatch', 'attach'],
    ['ATTACHE', 'attach'],
    ['pat', 'part'],
    ['Subejct', 'Subject'],
    ['zzz', undefined],
    ['', undefined],
    ['x'.repeat(100), undefined],
    ['inlnie', 'inline'],
    ['pprt', 'part'],
  ];
  for (const [typed, meant] of table) {
    it(`${typed || '(nothing)'} is ${meant ?? 'nothing near'}`, () => assert.equal(suggestionFor(typed, words), meant));
  }

  it('counts a swap of neighbours once', () => {
    assert.deepEqual([editDistance('ab', 'ba'), editDistance('abc', ''), editDistance('kitten', 'sitting')], [1, 3, 3]);
  });

  it('measures the same both ways, and nothing between equals', () => {
    const word = fc.string({ maxLength: 12 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        assert.equal(editDistance(a, b), editDistance(b, a));
        assert.equal(editDistance(a, b) === 0, a === b);
        assert.ok(editDistance(a, b) >= Math.abs(a.length - b.length));
      }),
    );
  });
});
