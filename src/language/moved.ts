import type { Range } from '../base/problem.ts';

/**
 * Where ranges of a text came to stand in what was made of it by one change, as an editor moves its marks. One that the change
 * touches takes in all that was put there.
 */
export function movedBy(before: string, after: string): (range: Range) => Range {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (
    same < shorter - start &&
    before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)
  )
    same++;
  const end = before.length - same;
  const by = after.length - before.length;
  return (range) => {
    if (range.end < start) return range;
    if (range.start > end) return { start: range.start + by, end: range.end + by };
    return { start: Math.min(range.start, start), end: Math.max(range.end, end) + by };
  };
}
