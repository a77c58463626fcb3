import { countWhile } from '../base/ordered.ts';
import type { Range } from '../base/problem.ts';
import { base64Content } from '../mime/base64.ts';
import type { BuiltMessage, BuiltPart } from '../mime/built.ts';
import { rangeInPieces, textOf } from '../mime/mapped.ts';
import { type LeafPart, partsOf, type TextContent } from '../mime/part.ts';
import { decodeQuotedPrintableText } from '../mime/quoted-printable-text.ts';
import type { CarriedImage, CheckInput } from './checks/input.ts';
import type { Place } from './checks/problems.ts';
import { checkInputOf } from './inspect-message.ts';
import type { MessageView } from './message.ts';
import { type OutlinePart, outline } from './outline.ts';
import { TemplatePlaces } from './template-places.ts';
import { type WrittenText, writtenPieces, writtenStretches } from './written.ts';

/** What the checks are to look at, with the way back into the document. */
export interface CheckSource {
  readonly input: CheckInput;
  /** Where a problem's range stands in the document; undefined where the document does not hold that text as it is. */
  place(where: Place, range: Range): Range | undefined;
  /** A text as it stands in the document; undefined for one that the document does not hold. */
  written(where: 'html' | 'text'): WrittenText | undefined;
}

/**
 * The texts of a composed document as they were typed, before paths became cids, so that every place can be shown.
 *
 * @param document the text that the message was built from
 */
export function builtSource(built: BuiltMessage, view: MessageView, document: string): CheckSource {
  const fromBytes = checkInputOf(view);
  const leaves = [...partsOf(built.root.part)].filter((part): part is LeafPart => part.kind === 'leaf');
  const body = (type: string): LeafPart | undefined =>
    leaves.find((leaf) => leaf.mediaType === type && leaf.disposition !== 'attachment' && leaf.name === undefined);
  const [html, text] = [body('text/html'), body('text/plain')];
  const htmlPieces = html?.content.from === 'text' ? html.content.pieces : undefined;
  const textPieces = text?.content.from === 'text' ? text.content.pieces : undefined;
  const headOf = (leaf: LeafPart | undefined): Range | undefined => {
    if (!leaf || leaf.headRange.end > leaf.headRange.start) return leaf?.headRange;
    const { start } = leaf.headRange;
    // The leading text has no directive: its first line stands for it.
    return { start, end: start + /^[^\r\n]*/.exec(document.slice(start))![0].length };
  };
  const written = (where: 'html' | 'text'): WrittenText | undefined => {
    const pieces = where === 'html' ? htmlPieces : textPieces;
    return pieces && writtenPieces(pieces, document);
  };
  const places = new Map<Place, TemplatePlaces>();
  /** In the template, where a text was rendered: all of it is the place of that text otherwise. */
  const inTemplate = (where: 'html' | 'text', pieces: TextContent['pieces'], range: Range): Range | undefined => {
    if (!pieces.some(({ rendered }) => rendered)) return undefined;
    let found = places.get(where);
    if (!found) {
      found = new TemplatePlaces(textOf(pieces), writtenPieces(pieces, document), where === 'html');
      places.set(where, found);
    }
    return found.placeOf(range);
  };
  const subject = built.fields.find((field) => field.name.toLowerCase() === 'subject')?.range;
  return {
    input: {
      ...fromBytes,
      ...(htmlPieces ? { html: textOf(htmlPieces), relativeImages: true } : {}),
      ...(textPieces ? { text: textOf(textPieces) } : {}),
      images: [...(fromBytes.images ?? []), ...carriedByPath(leaves, view)],
    },
    place(where, range) {
      if (where === 'subject') return subject;
      const pieces = where === 'html' ? htmlPieces : textPieces;
      const leaf = where === 'html' ? html : text;
      // What is about the text as a whole is told where that begins.
      if (!pieces || range.end === range.start) return headOf(leaf);
      return inTemplate(where, pieces, range) ?? rangeInPieces(pieces, range.start, range.end - range.start);
    },
    written,
  };
}

/** Files that the HTML names by path, which became parts with a cid: each under its path. */
function carriedByPath(leaves: readonly LeafPart[], view: MessageView): CarriedImage[] {
  return leaves.flatMap((leaf) => {
    if (leaf.content.from !== 'file' || leaf.contentId === undefined) return [];
    const part = view.attachments.find((attachment) => attachment.contentId === leaf.contentId);
    if (!part) return [];
    const { path } = leaf.content;
    const image = { name: part.name || path, size: part.size, type: part.type };
    return pathsOf(path).map((key) => ({ key, ...image }));
  });
}

/** The pictures that a built message carries for its HTML, by cid and by path, without reading it. */
export function carriedImages({ root }: BuiltMessage): CarriedImage[] {
  const images: CarriedImage[] = [];
  const visit = ({ part, bodyStart, bodyEnd, encoding, children }: BuiltPart): void => {
    if (part.kind === 'leaf' && part.contentId !== undefined) {
      const length = bodyEnd - bodyStart;
      const size = encoding === 'base64' ? base64Content(length) : length;
      const path = part.content.from === 'file' ? part.content.path : undefined;
      const image = { name: part.name ?? path ?? '', size, type: part.mediaType };
      images.push({ key: part.contentId, ...image });
      if (path !== undefined) images.push(...pathsOf(path).map((key) => ({ key, ...image })));
    }
    for (const child of children) visit(child);
  };
  visit(root);
  return images;
}

/** The ways to write a path that stand in HTML. */
function pathsOf(path: string): string[] {
  return [path, `./${path}`.replace(/^\.\/\.\//, './'), path.replace(/^\.\//, '')];
}

/**
 * A finished message's texts; they are found again in it where they stand in it as they are read, or in quoted-printable. Where
 * there are several of a kind, which a reader is shown one below the other, each is found by itself.
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
  /** Few ask, and not while somebody types: the parts are looked for when the first one does. */
  const partsOf = (where: 'html' | 'text'): readonly TextPart[] => {
    const parts = found.get(where) ?? textParts(text, where, input[where]);
    found.set(where, parts);
    return parts;
  };
  return {
    input,
    place(where, range) {
      if (where === 'subject') {
        return subjectLine ? { start: subjectLine.index, end: subjectLine.index + subjectLine[0].length } : undefined;
      }
      const start = starts.get(where);
      if (start === undefined) return placeInParts(partsOf(where), range);
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
  /** From where to where in what is read. */
  readonly start: number;
  readonly end: number;
  /** Where a stretch of what is read, within the part, stands in the document. */
  place(range: Range): Range;
  readonly encoded: boolean;
}

/** The parts that a text is read from, but for those that can't be told again: base64, and text that is made into HTML. */
function textParts(text: string, where: 'html' | 'text', read: string | undefined): readonly TextPart[] {
  if (read === undefined || read.trim() === '' || text.length > longest) return [];
  const type = where === 'html' ? 'text/html' : 'text/plain';
  const found: TextPart[] = [];
  // An octet a code unit, so that offsets are those of the text.
  const parts = [outline(Buffer.from(text.replace(/[^\x00-\xff]/g, '?'), 'latin1'))];
  for (let part: OutlinePart | undefined = parts.shift(); part; part = parts.shift()) {
    if (part.mediaType.startsWith('message/')) continue;
    parts.unshift(...part.children);
    const { bodyStart, bodyEnd, charset, encoding, mediaType, disposition } = part;
    const encoded = encoding === 'quoted-printable';
    if (mediaType !== type || disposition === 'attachment' || !(encoded || /^(?:7bit|8bit|binary)$/.test(encoding)))
      continue;
    const body = text.slice(bodyStart, bodyEnd);
    const decoded = encoded ? decodeQuotedPrintableText(body, charset) : undefined;
    const lines = normalisedLines(decoded?.text ?? body);
    const content = lines.text.trimEnd();
    const start = content === '' ? -1 : read.indexOf(content, found[found.length - 1]?.end ?? 0);
    if (start < 0) continue;
    found.push({
      start,
      end: start + content.length,
      encoded,
      place(range) {
        const [from, to] = [lines.offset(range.start - start), lines.offset(range.end - start)];
        const within = decoded ? decoded.place(from, to) : { start: from, end: to };
        return { start: bodyStart + within.start, end: bodyStart + within.end };
      },
    });
  }
  return found;
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
