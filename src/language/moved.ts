import type { Range } from '../base/problem.ts';
import { textChange } from '../base/text-change.ts';

/**
 * Where ranges of a text came to stand in what was made of it by one change, as an editor moves its marks. One that the change
 * touches takes in all that was put there.
 */
export function movedBy(before: string, after: string): (range: Range) => Range {
  const change = textChange(before, after);
  if (!change) return (range) => range;
  const { start, end } = change;
  const by = after.length - before.length;
  return (range) => {
    if (range.end < start) return range;
    if (range.start > end) return { start: range.start + by, end: range.end + by };
    return { start: Math.min(range.start, start), end: Math.max(range.end, end) + by };
  };
}
