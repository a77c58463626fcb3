import { countWhile } from '../base/ordered.ts';

/** A run of lines on one side, and what it became on the other; half-open. */
export interface Block {
  readonly from: number;
  readonly to: number;
  readonly otherFrom: number;
  readonly otherTo: number;
}

/** Lines, from 0, both included. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/**
 * Which lines of one text stand for which of another. In a block of as many lines on both sides they stand for each other one by
 * one; else they share it out in proportion. Neither way ever goes back, and whatever a line leads to leads back to it.
 */
export class Alignment {
  readonly blocks: readonly Block[];

  /** @param blocks in order, without gaps on either side */
  constructor(blocks: readonly Block[]) {
    this.blocks = blocks.filter(({ from, to, otherFrom, otherTo }) => to > from || otherTo > otherFrom);
  }

  /** What a line became: the nearest to it where nothing did. Undefined where there is nothing at all. */
  forward(line: number): LineRange | undefined {
    return find(this.blocks, line);
  }

  /** What a line of the other side came from. */
  back(line: number): LineRange | undefined {
    return find(this.blocks, line, turned);
  }
}

function turned({ from, to, otherFrom, otherTo }: Block): Block {
  return { from: otherFrom, to: otherTo, otherFrom: from, otherTo: to };
}

function find(blocks: readonly Block[], line: number, side: (block: Block) => Block = (block) => block) {
  const before = countWhile(blocks.length, (index) => side(blocks[index]!).to <= line);
  const found = blocks[Math.min(before, blocks.length - 1)];
  if (!found) return undefined;
  const { from, to, otherFrom, otherTo } = side(found);
  const count = otherTo - otherFrom;
  const all = side(blocks[blocks.length - 1]!).otherTo;
  if (all === 0) return undefined;
  if (count === 0 || line >= to) {
    const nearest = Math.min(line >= to ? otherTo - 1 : otherFrom, all - 1);
    return { first: Math.max(0, nearest), last: Math.max(0, nearest) };
  }
  const share = (at: number) => (at * count) / (to - from);
  return {
    first: otherFrom + Math.floor(share(line - from)),
    last: otherFrom + Math.ceil(share(line - from + 1)) - 1,
  };
}

/**
 * Aligns two texts by what they have in common: equal lines at the beginning and at the end, and between them lines and words
 * that stand once on either side. So a line is found again in a template's output, in HTML made of Markdown, in text made of HTML.
 */
export function alignLines(lines: readonly string[], others: readonly string[]): Alignment {
  const same = (a: string | undefined, b: string | undefined) => a?.trimEnd() === b?.trimEnd();
  const least = Math.min(lines.length, others.length);
  let head = 0;
  while (head < least && same(lines[head], others[head])) head++;
  let tail = 0;
  while (tail < least - head && same(lines[lines.length - 1 - tail], others[others.length - 1 - tail])) tail++;
  const blocks: Block[] = [{ from: 0, to: head, otherFrom: 0, otherTo: head }];
  const put = (to: number, otherTo: number): void => {
    const { to: from, otherTo: otherFrom } = blocks[blocks.length - 1]!;
    if (to > from || otherTo > otherFrom) blocks.push({ from, to, otherFrom, otherTo });
  };
  const [end, otherEnd] = [lines.length - tail, others.length - tail];
  if (head < end && head < otherEnd)
    for (const { from, to, otherFrom, otherTo } of anchors(lines, others, head, end, otherEnd)) {
      put(from, otherFrom);
      put(to, otherTo);
    }
  put(end, otherEnd);
  put(lines.length, others.length);
  return new Alignment(blocks);
}

/** Blocks that hold the same words, in order on both sides, strictly apart. */
function anchors(
  lines: readonly string[],
  others: readonly string[],
  start: number,
  end: number,
  otherEnd: number,
): readonly Block[] {
  const here = single(lines, start, end);
  const there = single(others, start, otherEnd);
  const pairs: { line: number; other: number }[] = [];
  for (const [token, line] of here) {
    const other = there.get(token);
    if (line >= 0 && other !== undefined && other >= 0) pairs.push({ line, other });
  }
  pairs.sort((a, b) => a.line - b.line || a.other - b.other);
  const blocks: { from: number; to: number; otherFrom: number; otherTo: number }[] = [];
  for (const { line, other } of risingBy(pairs, ({ other }) => other)) {
    const last = blocks[blocks.length - 1];
    if (last && (line < last.to || other < last.otherTo)) {
      last.to = Math.max(last.to, line + 1);
      last.otherTo = Math.max(last.otherTo, other + 1);
    } else blocks.push({ from: line, to: line + 1, otherFrom: other, otherTo: other + 1 });
  }
  return blocks;
}

/** The line of each word, and of each line as a whole; -1 for what stands on more than one. */
function single(lines: readonly string[], start: number, end: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const add = (token: string, line: number): void => {
    const before = found.get(token);
    found.set(token, before === undefined || before === line ? line : -1);
  };
  for (let line = start; line < end; line++) {
    const text = lines[line]!.trim();
    if (text === '') continue;
    // Told apart from a word by what no word has in it.
    add(` ${text}`, line);
    for (const [word] of text.matchAll(/[\p{L}\p{N}]{3,}/gu)) add(word, line);
  }
  return found;
}

/** The longest run of items, in their order, in which `value` never falls. */
function risingBy<T>(items: readonly T[], value: (item: T) => number): readonly T[] {
  /** By length of the run: the item that ends it with the least value. */
  const ends: number[] = [];
  const before: number[] = [];
  for (const [index, item] of items.entries()) {
    const length = countWhile(ends.length, (each) => value(items[ends[each]!]!) <= value(item));
    before.push(length > 0 ? ends[length - 1]! : -1);
    ends[length] = index;
  }
  const run: T[] = [];
  for (let at = ends[ends.length - 1] ?? -1; at >= 0; at = before[at]!) run.push(items[at]!);
  return run.reverse();
}
