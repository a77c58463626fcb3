import { countWhile } from '../base/ordered.ts';
import type { ProblemBase, Range, TextEdit } from '../base/problem.ts';
import type { MappedText } from './nodes.ts';

/** A stretch of the document as it stands. */
export function mappedSlice(document: string, start: number, end: number): MappedText {
  return { text: document.slice(start, end), segments: [{ start: 0, at: start }], range: { start, end } };
}

/** The stretches of the document, one after another; `range` is that of all of them. */
export function mappedJoin(document: string, pieces: readonly Range[], range: Range): MappedText {
  if (pieces.length === 1) return { ...mappedSlice(document, pieces[0]!.start, pieces[0]!.end), range };
  const segments: { start: number; at: number }[] = [];
  const texts: string[] = [];
  let start = 0;
  for (const piece of pieces) {
    segments.push({ start, at: piece.start });
    texts.push(document.slice(piece.start, piece.end));
    start += piece.end - piece.start;
  }
  return { text: texts.join(''), segments, range };
}

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
const LINE_ENDS = /[\r\n]+/g;

/**
 * What stands from `from` to `to`, over one or more lines, with its folding out (RFC 5322 section 2.2.3): the line ends go, the
 * white space stays, but for that at both ends. A list may have tens of thousands of lines: they are joined, and their places
 * made, when somebody asks.
 */
export function unfolded(document: string, from: number, to: number): MappedText {
  let start = from;
  let end = to;
  while (start < end && isSpace(document.charCodeAt(start))) start++;
  while (end > start && isSpace(document.charCodeAt(end - 1))) end--;
  const written = mappedSlice(document, start, end);
  if (!written.text.includes('\n') && !written.text.includes('\r')) return written;
  let text: string | undefined;
  let segments: MappedText['segments'] | undefined;
  return {
    get text() {
      text ??= written.text.replace(LINE_ENDS, '');
      return text;
    },
    get segments() {
      segments ??= segmentsOf(written.text, start);
      return segments;
    },
    range: written.range,
  };
}

/** The lines of a folded value, each where it stands. */
function segmentsOf(written: string, at: number): MappedText['segments'] {
  const segments: { start: number; at: number }[] = [];
  let start = 0;
  let from = 0;
  LINE_ENDS.lastIndex = 0;
  for (let match = LINE_ENDS.exec(written); match; match = LINE_ENDS.exec(written)) {
    segments.push({ start, at: at + from });
    start += match.index - from;
    from = LINE_ENDS.lastIndex;
  }
  segments.push({ start, at: at + from });
  return segments;
}

/** Where offset `offset` of the mapped text stands in the document. */
export function documentOffset(mapped: MappedText, offset: number): number {
  if (mapped.rendered) return mapped.range.start;
  const { segments } = mapped;
  const segment = segments[Math.max(0, countWhile(segments.length, (index) => segments[index]!.start <= offset) - 1)];
  return segment ? segment.at + (offset - segment.start) : mapped.range.start;
}

/** The same for a range; a rendered text has only one place. */
export function documentRange(mapped: MappedText, range: Range): Range {
  if (mapped.rendered) return mapped.range;
  const start = documentOffset(mapped, range.start);
  // The end belongs to the character before it: the next may stand on another line.
  const end = range.end > range.start ? documentOffset(mapped, range.end - 1) + 1 : start;
  return { start, end };
}

/** Part of a mapped text. */
export function mappedSubstring(mapped: MappedText, start: number, end: number): MappedText {
  const text = mapped.text.slice(start, end);
  if (mapped.rendered) return { ...mapped, text };
  const segments: { start: number; at: number }[] = [{ start: 0, at: documentOffset(mapped, start) }];
  for (const segment of mapped.segments) {
    if (segment.start > start && segment.start < end) segments.push({ start: segment.start - start, at: segment.at });
  }
  return { text, segments, range: documentRange(mapped, { start, end }) };
}

/** A problem in a mapped text as one in the document. The fixes of a rendered text are left out: they fit nowhere. */
export function documentProblem<P extends ProblemBase>(mapped: MappedText, problem: P): P {
  const { fixes, ...rest } = problem;
  const range = documentRange(mapped, problem.range);
  if (!fixes || mapped.rendered) return { ...rest, range } as unknown as P;
  const mappedFixes = fixes.map((fix) => ({
    ...fix,
    edits: fix.edits.map((edit): TextEdit => ({ range: documentRange(mapped, edit.range), text: edit.text })),
  }));
  return { ...rest, range, fixes: mappedFixes } as unknown as P;
}
