/** Some of a text in place of some of another: that from `start` to `end`, in code units. */
export interface TextChange {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One change that makes `before` into `now`: all between what both begin with and what both end with. */
export function textChange(before: string, now: string): TextChange | undefined {
  if (before === now) return undefined;
  const most = Math.min(before.length, now.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === now.charCodeAt(start)) start++;
  let tail = 0;
  const rest = most - start;
  while (tail < rest && before.charCodeAt(before.length - 1 - tail) === now.charCodeAt(now.length - 1 - tail)) tail++;
  return { start, end: before.length - tail, text: now.slice(start, now.length - tail) };
}
