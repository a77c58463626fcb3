import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { movedBy } from '../../../src/language/moved.ts';

describe('language/moved', () => {
  const places = (before: string, after: string, ...words: readonly string[]): readonly string[] =>
    words.map((word) => {
      const start = before.indexOf(word);
      const moved = movedBy(before, after)({ start, end: start + word.length });
      return after.slice(moved.start, moved.end);
    });

  it('leaves what stands before a change, and shifts what stands behind it', () => {
    assert.deepEqual(places('one two three', 'one 2 three', 'one', 'three'), ['one', 'three']);
    assert.deepEqual(places('one two three four', 'one two and a three four', 'one', 'four'), ['one', 'four']);
    assert.deepEqual(places('one two three', 'one two three', 'one', 'two', 'three'), ['one', 'two', 'three']);
  });

  it('takes in what was put into it, or beside it', () => {
    assert.deepEqual(places('one two three', 'one twofold three', 'two'), ['twofold']);
    assert.deepEqual(places('one two three', 'one tw-o three', 'two'), ['tw-o']);
    assert.deepEqual(places('one more three', 'one three', 'more'), ['']);
  });

  it('keeps every range within the text, and the text of what is not touched', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 12 });
    fc.assert(
      fc.property(text, text, text, text, fc.nat(12), fc.nat(12), (head, old, put, tail, from, length) => {
        const [before, after] = [head + old + tail, head + put + tail];
        const range = { start: Math.min(from, before.length), end: Math.min(from + length, before.length) };
        const moved = movedBy(before, after)(range);
        assert.ok(0 <= moved.start && moved.start <= moved.end && moved.end <= after.length);
        if (range.end < head.length || range.start > head.length + old.length)
          assert.ok(after.slice(moved.start, moved.end).includes(before.slice(range.start, range.end)));
      }),
    );
  });
});
