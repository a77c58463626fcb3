import { lineInput, lineOutput } from '../mime/base64.ts';
import type { BuiltMessage, BuiltPart } from '../mime/built.ts';
import type { OutlinePart } from './outline.ts';

/** Octets of an attachment's body from which on only its beginning and its end are shown. */
const longBody = 64 * 1024;
/** The same for what a person wrote to be read: no more than an editor can take. */
const longText = 8 * 1024 * 1024;
/** Octets of an attached file that goes unencoded, from which on its middle is not even read. */
const longFile = 32 * 1024 * 1024;
const linesShown = 16;
/** Octets in which these lines have to end; where they don't, that many stand for them. */
const longLines = 16 * 1024;
const octetsShown = 4 * 1024;

/** What is left out of the middle of a body. Offsets are octets, half-open. */
export interface Gap {
  readonly start: number;
  readonly end: number;
  /** Line ends in it; undefined where it was not read. */
  readonly lines: number | undefined;
  /** Whether it is made of whole lines. */
  readonly wholeLines: boolean;
}

/** A gap in a message that was not read, with the octets of content that its base64 stands for. */
export interface UnreadGap extends Gap {
  readonly decoded: number;
}

/** What of a message need not be read to be shown: the middle of its large files, in order. */
export function unreadGaps({ root }: BuiltMessage): readonly UnreadGap[] {
  const gaps: UnreadGap[] = [];
  const visit = (part: BuiltPart): void => {
    for (const child of part.children) visit(child);
    if (part.part.kind !== 'leaf' || part.part.content.from !== 'file') return;
    const gap = part.encoding === 'base64' ? inBase64(part) : inFile(part);
    if (gap) gaps.push(gap);
  };
  visit(root);
  return gaps;
}

function inBase64({ bodyStart, bodyEnd }: BuiltPart): UnreadGap | undefined {
  if (bodyEnd - bodyStart <= longBody) return undefined;
  const all = Math.ceil((bodyEnd - bodyStart) / lineOutput);
  const lines = all - 2 * linesShown;
  const start = bodyStart + linesShown * lineOutput;
  const end = start + lines * lineOutput;
  return { start, end, lines, wholeLines: true, decoded: lines * lineInput };
}

function inFile({ bodyStart, bodyEnd }: BuiltPart): UnreadGap | undefined {
  if (bodyEnd - bodyStart <= longFile) return undefined;
  const [start, end] = [bodyStart + octetsShown, bodyEnd - octetsShown];
  return { start, end, lines: undefined, wholeLines: false, decoded: end - start };
}

/** What is left out of a message that was read: the middle of its long bodies, in order. */
export function gapsIn(octets: Uint8Array, root: OutlinePart): readonly Gap[] {
  const gaps: Gap[] = [];
  const visit = (part: OutlinePart): void => {
    for (const child of part.children) visit(child);
    if (part.children.length > 0) return;
    if (part.bodyEnd - part.bodyStart > (isRead(part) ? longText : longBody)) gaps.push(middleOf(octets, part));
  };
  visit(root);
  return gaps;
}

/** Text that is no attachment. */
function isRead({ mediaType, disposition, name }: OutlinePart): boolean {
  return mediaType.startsWith('text/') && disposition !== 'attachment' && name === undefined;
}

function middleOf(octets: Uint8Array, { bodyStart, bodyEnd }: OutlinePart): Gap {
  let start = bodyStart;
  for (let line = 0; line < linesShown && start >= 0; line++) start = octets.indexOf(0x0a, start) + 1 || -1;
  // Its last line end ends the last line.
  let end = bodyEnd - 1;
  for (let line = 0; line < linesShown && end > 0; line++) end = octets.lastIndexOf(0x0a, end - 1);
  end++;
  const wholeLines = start > 0 && start - bodyStart <= longLines && bodyEnd - end <= longLines && end > start;
  if (!wholeLines) {
    start = characterStart(octets, bodyStart + octetsShown);
    end = characterStart(octets, bodyEnd - octetsShown);
  }
  return { start, end, lines: lineEnds(octets, start, end), wholeLines };
}

/** The offset, or the next one at which neither a character of UTF-8 nor a line end is cut in two. */
function characterStart(octets: Uint8Array, at: number): number {
  let found = at;
  while (found < at + 3 && (octets[found]! & 0xc0) === 0x80) found++;
  return octets[found] === 0x0a && octets[found - 1] === 0x0d ? found + 1 : found;
}

/** CRLF, LF and CR, each of which an editor takes for one. */
function lineEnds(octets: Uint8Array, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at++) {
    const octet = octets[at];
    if (octet === 0x0a || (octet === 0x0d && octets[at + 1] !== 0x0a)) count++;
  }
  return count;
}
