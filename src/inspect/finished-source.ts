import { countWhile } from '../base/ordered.ts';
import type { Range } from '../base/problem.ts';
import { decodedBody } from '../mime/decoded-body.ts';
import type { CheckSource, DocumentPlace } from './check-source.ts';
import type { Place } from './checks/problems.ts';
import { checkInputOf } from './inspect-message.ts';
import type { MessageView } from './message.ts';
import type { OutlinePart } from './outline.ts';
import { outlineOfText } from './outline-of-text.ts';
import { type WrittenText, writtenStretches } from './written.ts';

/**
 * A finished message's texts; they are found again in it where they stand in it as they are read, or encoded. Where there are several of
 * a kind, which a reader is shown one below the other, each is found by itself. What can't be found is told where the header of its
 * part says what it is.
 */
export function finishedSource(text: string, view: MessageView): CheckSource {
  const input = checkInputOf(view);
  const subjectLine = /^Subject[ \t]*:[ \t]*(.*(?:\r?\n[ \t].*)*)/im.exec(text);
  // What is read has LF for line ends, whatever they were.
  const lines = normalisedLines(text);
  const starts = new Map<Place, number>();
  for (const [where, part] of [
    ['html', input.html],
    ['text', input.text],
  ] as const) {
    const at = part === undefined || part.trim() === '' ? -1 : lines.text.indexOf(part.trimEnd());
    if (at >= 0) starts.set(where, at);
  }
  const found = new Map<Place, readonly TextPart[]>();
  let outlined: OutlinePart | undefined;
  const root = (): OutlinePart => {
    outlined ??= outlineOfText(text.slice(0, longest));
    return outlined;
  };
  /** Few ask, and not while somebody types: the parts are looked for when the first one does. */
  const partsOf = (where: 'html' | 'text'): readonly TextPart[] => {
    const parts = found.get(where) ?? textParts(text, root, where, input[where]);
    found.set(where, parts);
    return parts;
  };
  const about = (where: Place, range?: Range): DocumentPlace => {
    const made = where === 'html' && range ? madeOf(root(), partsOf('html'), range) : undefined;
    return { ...headerPlace(text, root(), where, made), about: true };
  };
  return {
    input,
    place(where, range) {
      if (where === 'subject') {
        return subjectLine
          ? { start: subjectLine.index, end: subjectLine.index + subjectLine[0].length }
          : about(where);
      }
      const start = starts.get(where);
      if (start === undefined) return placeInParts(partsOf(where), range) ?? about(where, range);
      return { start: lines.offset(start + range.start), end: lines.offset(start + range.end) };
    },
    written(where) {
      const start = starts.get(where);
      const part = where === 'html' ? input.html : input.text;
      if (part === undefined) return undefined;
      if (start === undefined) return writtenParts(text, partsOf(where));
      const [from, to] = [lines.offset(start), lines.offset(start + part.trimEnd().length)];
      return writtenStretches(text.slice(from, to), [{ start: 0, at: from, length: to - from }]);
    },
  };
}

/** Longer messages are not read a second time for the places in them. Code units. */
const longest = 4_000_000;

/** A part of a finished message, and where its text stands in all that is read of its kind. */
interface TextPart {
  readonly part: OutlinePart;
  /** From where to where in what is read. */
  readonly start: number;
  readonly end: number;
  /** Where a stretch of what is read, within the part, stands in the document. */
  place(range: Range): Range;
  readonly encoded: boolean;
}

/** The parts that a text is read from, but for those that can't be told again: text that is made into HTML. */
function textParts(
  text: string,
  root: () => OutlinePart,
  where: 'html' | 'text',
  read: string | undefined,
): readonly TextPart[] {
  if (read === undefined || read.trim() === '' || text.length > longest) return [];
  const type = where === 'html' ? 'text/html' : 'text/plain';
  const found: TextPart[] = [];
  for (const part of shownTexts(root(), type)) {
    const { bodyStart, bodyEnd, charset, encoding } = part;
    // Line ends that are written out are read as LF; those that stand encoded, as they are.
    const lines = normalisedLines(text.slice(bodyStart, bodyEnd));
    const decoded = decodedBody(lines.text, encoding, charset);
    const content = (decoded?.text ?? lines.text).trimEnd();
    const start = content === '' ? -1 : read.indexOf(content, found[found.length - 1]?.end ?? 0);
    if (start < 0) continue;
    found.push({
      part,
      start,
      end: start + content.length,
      encoded: decoded !== undefined,
      place(range) {
        const [from, to] = [range.start - start, range.end - start];
        const within = decoded ? decoded.place(from, to) : { start: from, end: to };
        return { start: bodyStart + lines.offset(within.start), end: bodyStart + lines.offset(within.end) };
      },
    });
  }
  return found;
}

/** The parts of a type that a reader is shown, in order. */
function* shownTexts(root: OutlinePart, type: string): Generator<OutlinePart> {
  if (root.mediaType.startsWith('message/')) return;
  if (root.mediaType === type && root.disposition !== 'attachment') yield root;
  for (const child of root.children) yield* shownTexts(child, type);
}

/** The one text that HTML between the parts of HTML can have been made of. */
function madeOf(root: OutlinePart, parts: readonly TextPart[], range: Range): OutlinePart | undefined {
  const from = parts.findLast(({ end }) => end <= range.start)?.part.bodyEnd ?? 0;
  const to = parts.find(({ start }) => start >= range.end)?.part.bodyStart ?? Number.POSITIVE_INFINITY;
  const between = [...shownTexts(root, 'text/plain')].filter(({ bodyStart }) => bodyStart > from && bodyStart < to);
  return between.length === 1 ? between[0] : undefined;
}

/** The Content-Type of the part that a text is, or else of the message; where there is none, its first field. */
function headerPlace(text: string, root: OutlinePart, where: Place, part?: OutlinePart): Range {
  const type = where === 'html' ? 'text/html' : where === 'text' ? 'text/plain' : undefined;
  const own = part ?? (type === undefined ? undefined : shownTexts(root, type).next().value);
  const named = (part: OutlinePart | undefined, name: string): Range | undefined =>
    part?.fields.find((field) => field.name.toLowerCase() === name);
  const place =
    named(own, 'content-type') ??
    named(own, 'content-transfer-encoding') ??
    (type === undefined ? named(root, 'from') : named(root, 'content-type')) ??
    root.fields[0];
  if (place) return { start: place.start, end: place.end };
  return { start: 0, end: /^[^\r\n]*/.exec(text)![0].length };
}

function placeInParts(parts: readonly TextPart[], { start, end }: Range): Range | undefined {
  const part = parts.findLast((each) => each.start <= start);
  if (part && start <= part.end) return part.place({ start, end: Math.min(end, part.end) });
  // What is about the text as a whole is told where the first part of it begins.
  const first = end === start ? parts[0] : undefined;
  return first?.place({ start: first.start, end: first.start });
}

/** The parts as one text, where all of them stand in the document as they are read. */
function writtenParts(text: string, parts: readonly TextPart[]): WrittenText | undefined {
  if (parts.length === 0 || parts.some(({ encoded }) => encoded)) return undefined;
  let start = 0;
  const places = parts.map((part) => part.place(part));
  const stretches = places.map((place) => {
    const stretch = { start, at: place.start, length: place.end - place.start };
    start += stretch.length + 1;
    return stretch;
  });
  return writtenStretches(places.map((place) => text.slice(place.start, place.end)).join('\n'), stretches);
}

/** The text with LF line ends, and the way back to an offset in the text as it was. */
function normalisedLines(text: string): { readonly text: string; offset(at: number): number } {
  const taken: number[] = [];
  let shift = 0;
  const normalised = text.replace(/\r\n/g, (_, at: number) => {
    taken.push(at - shift++);
    return '\n';
  });
  return {
    text: normalised,
    offset(at) {
      // How many CRs were taken out before `at`.
      return at + countWhile(taken.length, (index) => taken[index]! < at);
    },
  };
}
