import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { lineAt, lineIndex, lineStartsOf } from '../../../src/base/line-places.ts';
import { countWhile } from '../../../src/base/ordered.ts';

describe('places in ordered things', () => {
  it('counts lines and columns from 1, whatever ends a line', () => {
    const at = lineIndex('a\r\nbc\rd\n\ne');
    assert.deepEqual(
      [0, 1, 2, 3, 5, 6, 8, 9, 10, 99].map((offset) => Object.values(at(offset)).join(':')),
      ['1:1', '1:2', '1:3', '2:1', '2:3', '3:1', '4:1', '5:1', '5:2', '5:2'],
    );
    assert.deepEqual(lineIndex('')(0), { line: 1, column: 1 });
  });

  it('finds the line of every offset', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', '\r', '\n', '\r\n')), (pieces) => {
        const text = pieces.join('');
        const starts = lineStartsOf(text);
        assert.deepEqual(starts, [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map((end) => end.index + end[0].length)]);
        for (let offset = 0; offset <= text.length; offset++) {
          assert.equal(
            lineAt(starts, offset),
            starts.findLastIndex((start) => start <= offset),
          );
        }
      }),
    );
  });

  it('counts the first items that fulfil something', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(20)), fc.nat(20), (numbers, limit) => {
        const rising = numbers.sort((a, b) => a - b);
        assert.equal(
          countWhile(rising.length, (index) => rising[index]! < limit),
          rising.filter((each) => each < limit).length,
        );
      }),
    );
  });
});
