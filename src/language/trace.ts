import type { Range } from '../base/problem.ts';
import type { ShownMessage } from '../inspect/shown-message.ts';
import type { BuiltMessage } from '../mime/built.ts';
import type { Analysis } from './analysis.ts';
import { composedLinks } from './trace-composed.ts';
import { finishedLinks } from './trace-finished.ts';

/**
 * What a stretch of the document became in the message as it is shown, and what a stretch of that came from. Ranges are code units,
 * without the line end of their last line. A cursor is an empty range. The first of several ranges is the one to go to; none: it is
 * not sent, or not from the document.
 */
export interface Trace {
  toShown(selection: Range): readonly Range[];
  toSource(selection: Range): readonly Range[];
}

/** A stretch of the document and the stretch of the message that it became. */
export interface Link {
  readonly source: Range;
  readonly shown: Range;
  /** `whole`: holds others, and counts where none of those is met. */
  readonly kind: 'detail' | 'whole';
  /** Followed in one direction only. */
  readonly only?: 'to shown' | 'to source';
  /** Something else that the same stretch became besides. */
  readonly beside?: true;
  /** Line by line, for text; called when it is first needed. */
  readonly lines?: () => LineLink;
}

/** The lines that a stretch of either side meets, on the other side. */
export interface LineLink {
  toShown(selection: Range): Range | undefined;
  toSource(selection: Range): Range | undefined;
}

/** Of a document as it was when the message was made of it. What texts have in common is looked for when somebody asks. */
export function traceOf(source: Analysis, shown: ShownMessage, built?: BuiltMessage): Trace {
  const links = built ? composedLinks(source, shown, built) : finishedLinks(source, shown);
  return {
    toShown: (selection) => follow(links, selection, 'to shown', source.text),
    toSource: (selection) => follow(links, selection, 'to source', shown.text),
  };
}

/** @param text of the side that the selection is in */
function follow(
  links: readonly Link[],
  selection: Range,
  way: 'to shown' | 'to source',
  text: string,
): readonly Range[] {
  const near = way === 'to shown' ? ({ source }: Link) => source : ({ shown }: Link) => shown;
  const open = links.filter(({ only }) => only === undefined || only === way);
  const details = open.filter(({ kind }) => kind === 'detail');
  // At the border of two, the one that begins there; else the one that ends there, but for a line that is another's.
  let met = details.filter((link) => meets(near(link), selection, false));
  if (met.length === 0 && (selection.end === text.length || text[selection.end - 1] !== '\n'))
    met = details.filter((link) => meets(near(link), selection, true));
  if (met.length === 0) {
    const wholes = open.filter((link) => link.kind === 'whole' && holds(near(link), selection));
    met = wholes.sort((a, b) => length(near(a)) - length(near(b))).slice(0, 1);
  }
  const found = [...met.filter(({ beside }) => !beside), ...met.filter(({ beside }) => beside)].flatMap((link) => {
    const lines = link.lines?.();
    if (!lines) return [way === 'to shown' ? link.shown : link.source];
    const range = way === 'to shown' ? lines.toShown(selection) : lines.toSource(selection);
    return range ? [range] : [];
  });
  return found.filter(
    ({ start, end }, index) => found.findIndex((other) => other.start === start && other.end === end) === index,
  );
}

function meets(range: Range, { start, end }: Range, atEnd: boolean): boolean {
  if (start === end) return start >= range.start && (start < range.end || (atEnd && start === range.end));
  return start < range.end && end > range.start;
}

function holds(range: Range, selection: Range): boolean {
  return range.start <= selection.start && selection.end <= range.end;
}

function length({ start, end }: Range): number {
  return end - start;
}
