import { atOnce, type Steps } from '../base/steps.ts';
import { base64Length, encodeBase64 } from './base64.ts';
import { maxLine } from './fold.ts';
import type { TransferEncoding } from './part.ts';
import { encodeQuotedPrintable, quotedPrintableEstimate } from './quoted-printable.ts';

/** What octets hold that decides how they can travel. */
export interface Shape {
  readonly eightBit: boolean;
  readonly nul: boolean;
  /** Octets of the longest line, its line end apart. */
  readonly longest: number;
  /** A CR or LF that is not half of a CRLF. */
  readonly bareBreak: boolean;
  /** White space at a line's end, `From ` at its start, a lone `.`: what relays change or misread. */
  readonly fragile: boolean;
}

/** Looks through octets once. */
export function shapeOf(octets: Uint8Array): Shape {
  const size = octets.length;
  let eightBit = false;
  let nul = false;
  let bareBreak = false;
  let fragile = false;
  let longest = 0;
  let lineStart = 0;
  for (let i = 0; i < size; i++) {
    const octet = octets[i]!;
    if (octet > 0x20 && octet < 0x80) continue;
    if (octet === 0x20) {
      // "From " at the start of a line.
      if (
        i - lineStart === 4 &&
        octets[lineStart] === 0x46 &&
        octets[lineStart + 1] === 0x72 &&
        octets[lineStart + 2] === 0x6f &&
        octets[lineStart + 3] === 0x6d
      )
        fragile = true;
    } else if (octet >= 0x80) eightBit = true;
    else if (octet === 0x0d || octet === 0x0a) {
      if (octet === 0x0a || octets[i + 1] !== 0x0a) bareBreak = true;
      if (endsFragile(octets, lineStart, i)) fragile = true;
      if (i - lineStart > longest) longest = i - lineStart;
      if (octet === 0x0d && octets[i + 1] === 0x0a) i++;
      lineStart = i + 1;
    } else if (octet === 0) nul = true;
  }
  if (endsFragile(octets, lineStart, size)) fragile = true;
  if (size - lineStart > longest) longest = size - lineStart;
  return { eightBit, nul, longest, bareBreak, fragile };
}

function endsFragile(octets: Uint8Array, start: number, end: number): boolean {
  if (end === start) return false;
  const last = octets[end - 1];
  return last === 0x20 || last === 0x09 || (last === 0x2e && end - start === 1);
}

export interface EncodedBody {
  readonly encoding: TransferEncoding;
  readonly octets: Uint8Array;
  /** Why it could not go as it was asked to. */
  readonly unfit?: Unfit;
}

/** Why octets can't travel unencoded as somebody asked for. */
export type Unfit = '8bit' | 'long-line' | 'nul' | 'line-ends';

export function unfitFor(encoding: '7bit' | '8bit', shape: Omit<Shape, 'fragile'>): Unfit | undefined {
  if (shape.nul) return 'nul';
  if (encoding === '7bit' && shape.eightBit) return '8bit';
  if (shape.longest > maxLine) return 'long-line';
  return shape.bareBreak ? 'line-ends' : undefined;
}

/**
 * Encodes text whose lines end in CRLF. `limit` is how much of an octet's range the message may use; within it the
 * lightest encoding that keeps the text unchanged on its way, and of quoted-printable and base64 about the shorter. `keepsSpaces`: trailing
 * spaces mean something and are no reason to encode (format=flowed, RFC 3676 section 4.2).
 */
export function encodeText(octets: Uint8Array, limit: '7bit' | '8bit' | 'binary', keepsSpaces = false): EncodedBody {
  return atOnce(encodeTextSteps(octets, limit, keepsSpaces));
}

/** The same in parts. */
export function* encodeTextSteps(
  octets: Uint8Array,
  limit: '7bit' | '8bit' | 'binary',
  keepsSpaces: boolean,
): Steps<EncodedBody> {
  const shape = yield* shapeSteps(octets);
  const sturdy = keepsSpaces || !shape.fragile;
  if (sturdy && !shape.nul && shape.longest <= maxLine) {
    if (!shape.eightBit) return { encoding: '7bit', octets };
    if (limit !== '7bit') return { encoding: '8bit', octets };
  } else if (limit === 'binary' && sturdy) return { encoding: 'binary', octets };
  // A text that a person can read as it travels is worth a few octets.
  const readable = quotedPrintableEstimate(octets) <= base64Length(octets.length) + 16;
  yield;
  return readable
    ? { encoding: 'quoted-printable', octets: yield* quotedPrintableSteps(octets) }
    : { encoding: 'base64', octets: encodeBase64(octets) };
}

/** Octets that are gone through in one go: some milliseconds' worth. */
const piece = 256 * 1024;

/** Whole lines each: no line knows of another one, so that what is done line by line comes out as it does in one go. */
function* wholeLines(octets: Uint8Array): Generator<Uint8Array> {
  const source = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  let at = 0;
  while (at + piece < source.length) {
    const line = source.indexOf('\r\n', at + piece);
    if (line < 0) break;
    yield source.subarray(at, line + 2);
    at = line + 2;
  }
  yield source.subarray(at);
}

/** What decides between encodings: line ends have been made what they have to be. */
type LineShape = Omit<Shape, 'bareBreak'>;

function* shapeSteps(octets: Uint8Array): Steps<LineShape> {
  let shape: LineShape = { eightBit: false, nul: false, longest: 0, fragile: false };
  for (const lines of wholeLines(octets)) {
    const { eightBit, nul, longest, fragile } = shapeOf(lines);
    shape = {
      eightBit: shape.eightBit || eightBit,
      nul: shape.nul || nul,
      longest: Math.max(shape.longest, longest),
      fragile: shape.fragile || fragile,
    };
    yield;
  }
  return shape;
}

function* quotedPrintableSteps(octets: Uint8Array): Steps<Uint8Array> {
  const encoded: Uint8Array[] = [];
  for (const lines of wholeLines(octets)) {
    encoded.push(encodeQuotedPrintable(lines));
    yield;
  }
  return encoded.length === 1 ? encoded[0]! : Buffer.concat(encoded);
}

/** Encodes as asked for; `unfit` says why it can't go unencoded, and then it is encoded after all. */
export function encodeAs(octets: Uint8Array, encoding: TransferEncoding, isText: boolean): EncodedBody {
  switch (encoding) {
    case 'base64':
      return { encoding, octets: encodeBase64(octets) };
    case 'quoted-printable':
      return { encoding, octets: encodeQuotedPrintable(octets, !isText) };
    case 'binary':
      return { encoding, octets };
    case '7bit':
    case '8bit': {
      const unfit = unfitFor(encoding, shapeOf(octets));
      if (!unfit) return { encoding, octets };
      return { ...(isText ? encodeText(octets, '7bit') : { encoding: 'base64', octets: encodeBase64(octets) }), unfit };
    }
  }
}
