import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { textChange } from '../../../src/base/text-change.ts';

describe('base/text-change', () => {
  it('is all between what both begin with and what both end with', () => {
    assert.equal(textChange('same', 'same'), undefined);
    assert.deepEqual(textChange('aa', 'aaa'), { start: 2, end: 2, text: 'a' });
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), fc.string(), (head, one, other, tail) => {
        const [before, now] = [head + one + tail, head + other + tail];
        const change = textChange(before, now);
        if (!change) return assert.equal(before, now);
        const { start, end, text } = change;
        assert.equal(before.slice(0, start) + text + before.slice(end), now);
        assert.ok(start <= end && text.length <= other.length && end - start <= one.length);
      }),
    );
  });
});
