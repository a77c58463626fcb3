import { countWhile } from '../base/ordered.ts';
import type { Range } from '../base/problem.ts';
import type { Alignment, LineRange } from './line-alignment.ts';
import type { LineLink } from './trace.ts';

/** Lines of a side, in order; each with its place. */
export interface PlacedLines {
  readonly count: number;
  placeOf(line: number): Range;
}

export function placed(lines: readonly Range[]): PlacedLines {
  return { count: lines.length, placeOf: (line) => lines[line]! };
}

/** The stretches between line starts, line ends apart. */
export function editorLines(text: string, starts: readonly number[], from = 0, to = starts.length): PlacedLines {
  return {
    count: to - from,
    placeOf: (line) => {
      const start = starts[from + line]!;
      let end = starts[from + line + 1] ?? text.length;
      while (end > start && (text[end - 1] === '\n' || text[end - 1] === '\r')) end--;
      return { start, end };
    },
  };
}

export function lineLink(source: PlacedLines, shown: PlacedLines, aligned: () => Alignment): LineLink {
  let alignment: Alignment | undefined;
  const follow = (
    from: PlacedLines,
    to: PlacedLines,
    selection: Range,
    find: (alignment: Alignment, line: number) => LineRange | undefined,
  ): Range | undefined => {
    const met = linesMet(from, selection);
    if (!met || to.count === 0) return undefined;
    alignment ??= aligned();
    const first = find(alignment, met.first);
    const last = met.last === met.first ? first : find(alignment, met.last);
    if (!first || !last) return undefined;
    return {
      start: to.placeOf(first.first).start,
      end: Math.max(to.placeOf(first.first).end, to.placeOf(last.last).end),
    };
  };
  return {
    toShown: (selection) => follow(source, shown, selection, (found, line) => found.forward(line)),
    toSource: (selection) => follow(shown, source, selection, (found, line) => found.back(line)),
  };
}

/** The lines that a selection touches; one that ends where a line begins does not touch that. */
function linesMet(lines: PlacedLines, { start, end }: Range): LineRange | undefined {
  const after = (offset: number) => countWhile(lines.count, (line) => lines.placeOf(line).start <= offset);
  let first = after(start) - 1;
  // Behind the end of its line: in a line that is none of these, such as a note.
  if (first < 0 || start > lines.placeOf(first).end) first++;
  const last = Math.max(after(end) - 1, start === end ? -1 : first - 1);
  const till = end > start && last >= 0 && lines.placeOf(last).start === end ? last - 1 : last;
  return first <= till ? { first, last: till } : undefined;
}
