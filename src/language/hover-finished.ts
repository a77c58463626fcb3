import { decodeCharset } from '../base/decode-charset.ts';
import { countWhile } from '../base/ordered.ts';
import type { Range } from '../base/problem.ts';
import { visible } from '../base/visible.ts';
import { unfolded } from '../document/mapped.ts';
import type { FieldLike } from '../document/nodes.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import { decodeQuotedPrintable } from '../mime/quoted-printable-text.ts';
import type { Analysis } from './analysis.ts';
import { code, codeBlock, octetsText, paragraphs, sizesText } from './explain.ts';
import type { Hover } from './hover.ts';
import { partAt } from './hover-base64.ts';

/** The header field of a part that the offset stands in. */
export function partField({ outline, text }: Analysis, offset: number): FieldLike | undefined {
  if (!outline) return undefined;
  const field = partAt(outline, offset).fields.find(({ start, end }) => offset >= start && offset < end);
  if (!field) return undefined;
  const { name, start, end } = field;
  const nameRange = { start, end: start + name.length };
  return { name, nameRange, range: { start, end }, value: unfolded(text, text.indexOf(':', nameRange.end) + 1, end) };
}

/** What a boundary line begins or ends. */
export function hoverBoundary(analysis: Analysis, offset: number): Hover | undefined {
  const range = { start: analysis.lineStart(offset), end: analysis.lineEnd(offset) };
  // RFC 2046 section 5.1.1: at most 70 characters, then white space.
  if (range.end - range.start > 400 || !analysis.text.startsWith('--', range.start) || !analysis.outline)
    return undefined;
  const line = analysis.text.slice(range.start + 2, range.end).trimEnd();
  const multipart = pathTo(analysis.outline, range.start).findLast(
    ({ boundary, mediaType }) =>
      boundary !== undefined && mediaType.startsWith('multipart/') && (line === boundary || line === `${boundary}--`),
  );
  if (!multipart) return undefined;
  const { children, mediaType } = multipart;
  if (line !== multipart.boundary) {
    const from = `from line ${analysis.lineOf(multipart.headerStart) + 1} on`;
    const count = children.length === 1 ? '1 part' : `${children.length} parts`;
    return { range, markdown: `Ends the ${code(mediaType)} ${from}, with ${count}.` };
  }
  const next = analysis.nextLine(range.start);
  const index = children.findIndex(({ headerStart }) => headerStart === next);
  const part = children[index];
  if (!part) return undefined;
  const size = analysis.sizesAsSent ? sizesText(part) : octetsText(part.decodedSize);
  const facts = [code(part.mediaType), size, part.disposition ?? '', part.name ? code(part.name) : ''];
  return {
    range,
    markdown: paragraphs(
      `Begins part ${index + 1} of ${children.length} of the ${code(mediaType)}:`,
      facts.filter(Boolean).join(', '),
    ),
  };
}

/** The parts around the offset, from the message itself to the innermost. */
function pathTo(root: OutlinePart, offset: number): readonly OutlinePart[] {
  const child = root.children.find((each) => offset >= each.headerStart && offset <= each.bodyEnd);
  return child ? [root, ...pathTo(child, offset)] : [root];
}

/** So many lines around the cursor are decoded: a character may be split by soft line breaks. */
const around = 4;

/** What the escapes at the offset stand for, and the line that they are in. */
export function hoverQuotedPrintable(analysis: Analysis, offset: number): Hover | undefined {
  const { outline, text, lineStarts } = analysis;
  const part = outline && partAt(outline, offset);
  if (part?.encoding !== 'quoted-printable' || offset < part.bodyStart || offset >= part.bodyEnd) return undefined;
  const line = { start: analysis.lineStart(offset), end: analysis.lineEnd(offset) };
  const written = text.slice(line.start, line.end);
  const run = [...written.matchAll(/(?:=[0-9A-Fa-f]{2})+|=[ \t]*$/g)].find(
    ({ index, 0: found }) => offset >= line.start + index && offset < line.start + index + found.length,
  );
  if (!run) return undefined;
  const start = line.start + run.index;
  const range = { start, end: start + run[0].length };
  if (/^=[ \t]*$/.test(run[0])) return { range, markdown: 'A soft line break (RFC 2045): the line goes on below.' };
  const number = analysis.lineOf(offset);
  const from = Math.max(part.bodyStart, lineStarts[Math.max(0, number - around)]!);
  const to = Math.min(part.bodyEnd, lineStarts[number + around] ?? text.length);
  const { octets, startOf, endOf } = decodeQuotedPrintable(text.slice(from, to));
  const charset = part.charset ?? 'utf-8';
  const utf8 = /^(?:utf-?8|us-ascii)$/.test(charset);
  /** The octets written there; in UTF-8 with those of their characters that a soft line break has split off. */
  const octetsOf = (stretch: Range): Range => {
    let begin = countWhile(octets.length, (octet) => from + startOf(octet) < stretch.start);
    let end = countWhile(octets.length, (octet) => from + startOf(octet) < stretch.end);
    while (utf8 && begin > 0 && isContinuation(octets[begin])) begin--;
    while (utf8 && isContinuation(octets[end])) end++;
    return { start: begin, end };
  };
  const decoded = (of: Range): string | undefined => {
    const found = decodeCharset(octets.subarray(of.start, of.end), charset);
    return found === undefined ? undefined : visible(found);
  };
  const met = octetsOf(range);
  const shown = decoded(met);
  if (shown === undefined) return undefined;
  const whole = run[0].length < written.trim().length ? decoded(octetsOf(line)) : undefined;
  return {
    range: { start: from + startOf(met.start), end: from + endOf(met.end) },
    markdown: paragraphs(
      `Quoted-printable (RFC 2045), in ${code(charset)}. It stands for:`,
      code(shown, 1000) + codePoints(decodeCharset(octets.subarray(met.start, met.end), charset) ?? ''),
      ...(whole === undefined ? [] : ['The line reads:', codeBlock(whole)]),
    ),
  };
}

function isContinuation(octet: number | undefined): boolean {
  return octet !== undefined && (octet & 0xc0) === 0x80;
}

/** The numbers of a few characters: some can't be told by their looks. */
function codePoints(text: string): string {
  const characters = [...text];
  if (characters.length > 4) return '';
  const named = characters.map((each) => `U+${each.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`);
  return ` (${named.join(' ')})`;
}
