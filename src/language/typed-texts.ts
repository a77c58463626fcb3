import { countWhile } from '../base/ordered.ts';
import type { Range } from '../base/problem.ts';
import { withWordsDecoded } from '../document/encoded-word.ts';
import { documentRange, mappedJoin } from '../document/mapped.ts';
import { hasTemplate } from '../document/markers.ts';
import type { MappedText } from '../document/nodes.ts';
import type { CarriedImage, CheckInput } from '../inspect/checks/input.ts';
import type { CheckName, HtmlProblem, Place } from '../inspect/checks/problems.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import { type Analysis, attributeOf, type TextRegion } from './analysis.ts';
import { type FinishedText, finishedTexts } from './finished-texts.ts';

/** What the checks of HTML look at while a mail is written: the texts as they stand in the document, templates unresolved. */
export interface TypedTexts {
  readonly input: CheckInput;
  /** Checks that have nothing to say here. */
  readonly without: readonly CheckName[];
  /** Where a stretch of a text stands; undefined where the document has none. */
  place(where: Place, range: Range): Range | undefined;
  /** Whether what is written into the document at a place is what is read there. */
  readonly exact: boolean;
  /** Where to tell what is about the HTML as a whole. */
  readonly head: Range;
}

/** Characters of HTML that are looked at while it is typed, and of such that stands encoded, or in a finished message at all. */
export const longestHtml = { composed: 1_000_000, encoded: 100_000, message: 2_000_000 };

/** The HTML is too long to be looked at while it is typed. */
export interface Unchecked {
  readonly tooLong: number;
  readonly head: Range;
}

/** Undefined where no HTML stands in the document that a reader would be shown. */
export function typedTexts(
  analysis: Analysis,
  images: readonly CarriedImage[] = [],
): TypedTexts | Unchecked | undefined {
  return analysis.finished ? finished(analysis) : composed(analysis, images);
}

function composed(analysis: Analysis, images: readonly CarriedImage[]): TypedTexts | Unchecked | undefined {
  const region = analysis.regions.find((each) => each.mediaType === 'text/html' && isShown(each));
  if (!region) return undefined;
  const start = region.range.start;
  const head = region.part?.headRange ?? { start, end: Math.min(analysis.lineEnd(start), region.range.end) };
  const length = region.range.end - start;
  if (length > longestHtml.composed) return { tooLong: length, head };
  const html = joined(analysis, region);
  if (html.text.trim() === '') return undefined;
  const plain = analysis.regions.find((each) => each.mediaType === 'text/plain' && isShown(each));
  const text =
    plain && plain.range.end - plain.range.start <= longestHtml.composed ? joined(analysis, plain) : undefined;
  const subject = analysis.field('subject')?.value;
  const told = text !== undefined && text.text.trim() !== '';
  return {
    input: {
      html: html.text,
      ...(told ? { text: text.text } : {}),
      ...(subject ? { subject: subject.text } : {}),
      images,
      relativeImages: true,
    },
    // That there is none has a problem of its own.
    without: told ? [] : ['text'],
    place: (where, range) =>
      where === 'html'
        ? documentRange(html, range)
        : where === 'text'
          ? text && documentRange(text, range)
          : subject?.range,
    exact: true,
    head,
  };
}

/** What a composed document says itself of what the checks find, with the place in the file or the data. */
const toldOtherwise: ReadonlySet<string> = new Set(['image-cid-unknown', 'text-missing', 'spam-subject-missing']);

/** The problems that are worth a word while the document is written. */
export function ofTyped(analysis: Analysis, problems: readonly HtmlProblem[]): readonly HtmlProblem[] {
  if (analysis.finished) return problems;
  return problems.filter(
    (problem) =>
      !toldOtherwise.has(problem.code) && !(problem.code === 'placeholder' && hasTemplate(problem.placeholder)),
  );
}

function isShown({ part }: TextRegion): boolean {
  if (!part) return true;
  return !attributeOf(part, 'name') && attributeOf(part, 'disposition')?.value?.text.toLowerCase() !== 'attachment';
}

/** The lines that are text, without notes in between and without the "!" of escaped ones. */
function joined(analysis: Analysis, region: TextRegion): MappedText {
  const pieces = region.pieces.flatMap((piece) =>
    piece.type === 'text'
      ? [piece.range]
      : [
          { start: piece.range.start, end: piece.mark },
          { start: piece.mark + 1, end: piece.range.end },
        ],
  );
  return mappedJoin(analysis.text, pieces, region.range);
}

function finished(analysis: Analysis): TypedTexts | Unchecked | undefined {
  const { outline } = analysis;
  if (!outline) return undefined;
  const { length } = analysis.text;
  if (length > longestHtml.message) {
    const { start } = analysis.fields[0]?.range ?? { start: 0 };
    return /^content-type:[ \t]*(?:text\/html|multipart\/)/im.test(analysis.text.slice(0, 10_000))
      ? { tooLong: length, head: { start, end: analysis.lineEnd(start) } }
      : undefined;
  }
  const isOwn = ({ message, part }: { readonly message: number; readonly part: OutlinePart }): boolean =>
    message === outline.headerStart && part.name === undefined;
  const options = { longest: longestHtml.encoded, reading: true } as const;
  const own = (mediaType: string) => finishedTexts(analysis, mediaType, options).texts.find(isOwn);
  const { texts, unreadable } = finishedTexts(analysis, 'text/html', options);
  const html = oneBelowTheOther(texts.filter(isOwn));
  const long = unreadable.find((each) => isOwn(each) && each.why === 'length')?.part;
  if (!html && long) {
    const { bodyStart: start, bodyEnd } = long;
    return { tooLong: bodyEnd - start, head: { start, end: analysis.lineEnd(start) } };
  }
  if (!html || html.text.trim() === '') return undefined;
  const text = own('text/plain');
  const subject = analysis.field('subject');
  const images: CarriedImage[] = [];
  const visit = (part: OutlinePart): void => {
    const { contentId: key, mediaType: type, decodedSize: size, name = '' } = part;
    if (key !== undefined) images.push({ key, name, size, type });
    for (const child of part.children) visit(child);
  };
  visit(outline);
  const { bodyStart } = html.first.part;
  return {
    input: {
      html: html.text,
      ...(text ? { text: text.text } : {}),
      ...(subject ? { subject: withWordsDecoded(subject.value.text) } : {}),
      images,
    },
    // Text that can't be read here may well be there.
    without: text ? [] : ['text'],
    place: (where, range) =>
      where === 'html' ? html.place(range) : where === 'text' ? text?.place(range) : subject?.value.range,
    exact: !html.encoded,
    head: { start: bodyStart, end: analysis.lineEnd(bodyStart) },
  };
}

/** Parts as a reader is shown them. */
function oneBelowTheOther(parts: readonly FinishedText[]) {
  const [first] = parts;
  if (!first) return undefined;
  const starts: number[] = [];
  let length = 0;
  for (const { text } of parts) {
    starts.push(length);
    length += text.length + 1;
  }
  return {
    first,
    text: parts.map(({ text }) => text).join('\n'),
    encoded: parts.some(({ encoded }) => encoded),
    place({ start, end }: Range): Range {
      const index = countWhile(parts.length, (at) => starts[at]! <= start) - 1;
      const { text, place } = parts[index]!;
      const from = starts[index]!;
      return place({ start: Math.min(start - from, text.length), end: Math.min(end - from, text.length) });
    },
  };
}
