import { lineAt, lineStartsOf } from '../base/line-places.ts';
import type { ShownMessage } from '../inspect/shown-message.ts';
import type { Analysis } from './analysis.ts';
import { Alignment, alignLines, type Block } from './line-alignment.ts';
import { editorLines, lineLink } from './line-link.ts';
import type { Link } from './trace.ts';

/**
 * A finished message goes line by line as it stands: only its header may lose lines (settings, Bcc), and only what is shown lacks
 * those of long attachments.
 */
export function finishedLinks(source: Analysis, shown: ShownMessage): readonly Link[] {
  const starts = lineStartsOf(shown.text);
  const here = editorLines(source.text, source.lineStarts);
  const there = editorLines(shown.text, starts);
  const lines = lineLink(here, there, () => alignment(source, shown, starts));
  return [
    {
      kind: 'detail',
      source: { start: 0, end: source.text.length },
      shown: { start: 0, end: shown.text.length },
      lines: () => lines,
    },
  ];
}

function alignment(source: Analysis, shown: ShownMessage, starts: readonly number[]): Alignment {
  const count = source.lineStarts.length;
  const header = lineAt(source.lineStarts, source.document.bodyStart);
  const shownHeader = lineAt(starts, shown.root.bodyStart);
  const texts = (text: string, lineStarts: readonly number[], to: number) => {
    const lines = editorLines(text, lineStarts, 0, to);
    return Array.from({ length: to }, (_, line) => text.slice(lines.placeOf(line).start, lines.placeOf(line).end));
  };
  const blocks: Block[] = [
    ...alignLines(texts(source.text, source.lineStarts, header), texts(shown.text, starts, shownHeader)).blocks,
  ];
  let from = header;
  let otherFrom = shownHeader;
  const put = (lines: number, others: number): void => {
    const to = Math.min(count, from + lines);
    const otherTo = Math.min(starts.length, otherFrom + others);
    blocks.push({ from, to, otherFrom, otherTo });
    from = to;
    otherFrom = otherTo;
  };
  for (const gap of shown.gaps) {
    const before = lineAt(starts, gap.start) - otherFrom;
    put(before, before);
    put(gap.lines ?? 1, 1);
  }
  const rest = Math.min(count - from, starts.length - otherFrom);
  put(rest, rest);
  put(count - from, starts.length - otherFrom);
  return new Alignment(blocks);
}
