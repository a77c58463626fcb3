import { decodeCharset, isFromTables } from '../base/decode-charset.ts';
import { countWhile } from '../base/ordered.ts';

/** Octets out of a transfer encoding, with the way back to where each is written. */
export interface DecodedOctets {
  readonly octets: Buffer;
  /** Where the characters that an octet came from begin; for the end of the octets, the end of the source. */
  startOf(octet: number): number;
  /** Where the characters that the octet before it came from end; for the first one, the start of the source. */
  endOf(octet: number): number;
}

/** Text out of a transfer encoding, with the way back to where each of its characters is written. */
export interface DecodedText {
  readonly text: string;
  /** Where a stretch of the text (half-open, UTF-16 code units) is written, line ends of the encoding inside of it included. */
  place(start: number, end: number): { readonly start: number; readonly end: number };
}

/** Longer lines are not looked into character by character: all of one is the place of what stands in it. Octets. */
const longestLine = 1_000_000;

/** Text of ASCII as it stands: for charsets that are written in ASCII, as ISO-2022-JP is. */
export function octetsAsWritten(source: string): DecodedOctets {
  const octets = Buffer.from(source, 'latin1');
  return { octets, startOf: (octet) => Math.min(octet, octets.length), endOf: (octet) => octet };
}

/**
 * The text that octets stand for in a charset, read as the WHATWG Encoding Standard reads it; one that is not known there counts as
 * windows-1252. Characters are counted only in the lines that are asked about, and once in each.
 */
export function decodedText({ octets, startOf, endOf }: DecodedOctets, charset = 'utf-8'): DecodedText {
  const reader = readerOf(charset);
  const text = reader.decode(octets);
  const lines = linesOf(octets, reader, text);
  const counted = new Map<Line, Uint32Array | undefined>();
  /** The line of a code unit, and where in the octets the character of each of its code units begins. */
  const lineAt = (unit: number): readonly [Line, Uint32Array | undefined] => {
    const line = lines[Math.max(0, countWhile(lines.length, (index) => lines[index]!.start <= unit) - 1)]!;
    if (!counted.has(line))
      counted.set(line, characterStarts(octets.subarray(line.at, line.at + line.size), line, reader));
    return [line, counted.get(line)];
  };
  return {
    text,
    place(start, end) {
      const [first, starts] = lineAt(Math.min(start, text.length));
      const unit = Math.min(start - first.start, first.length);
      const from = startOf(first.at + (starts ? starts[unit]! : unit < first.length ? 0 : first.size));
      if (end <= start) return { start: from, end: from };
      // The last character tells: the end of a line is the start of the next one.
      const [last, ends] = lineAt(Math.min(end, text.length) - 1);
      if (!ends) return { start: from, end: endOf(last.at + last.size) };
      let behind = Math.min(end, text.length) - last.start;
      // Not between the two halves of a character.
      while (behind < last.length && ends[behind] === ends[behind - 1]) behind++;
      return { start: from, end: endOf(last.at + ends[behind]!) };
    },
  };
}

/** A line, its line end included. */
interface Line {
  /** In the text. */
  readonly start: number;
  readonly length: number;
  /** In the octets. */
  readonly at: number;
  readonly size: number;
}

function linesOf(octets: Buffer, { label, decode }: Reader, text: string): readonly Line[] {
  const whole = [{ start: 0, length: text.length, at: 0, size: octets.length }];
  // Half a character of these may look like a line end.
  if (label?.startsWith('utf-16')) return whole;
  const lines: Line[] = [];
  let start = 0;
  for (let at = 0; at < octets.length; ) {
    const feed = octets.indexOf(0x0a, at);
    const next = feed < 0 ? octets.length : feed + 1;
    const { length } = decode(octets.subarray(at, next));
    lines.push({ start, length, at, size: next - at });
    start += length;
    at = next;
  }
  // A character that a line end was put into is told apart only in the whole.
  return lines.length === 0 || start !== text.length ? whole : lines;
}

/** Where the character of each code unit of a line begins, and the line ends; undefined for a line that is too long to tell. */
function characterStarts(line: Buffer, { length }: Line, { label }: Reader): Uint32Array | undefined {
  if (line.length > longestLine) return undefined;
  const starts = new Uint32Array(length + 1);
  starts[length] = line.length;
  if (label === 'utf-8') {
    const count = countUtf8(line, starts);
    if (count === length) return starts;
  }
  if (label === undefined) {
    // Tables read all of a text. Where it has as many code units as octets, each is one of them.
    return length === line.length ? starts.map((_, unit) => unit) : undefined;
  }
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  let unit = 0;
  let begin = 0;
  for (let octet = 0; octet < line.length; octet++) {
    const told = decoder.decode(line.subarray(octet, octet + 1), { stream: true }).length;
    // Octets that tell nothing yet belong to the character that they begin.
    if (told === 0) continue;
    starts.fill(begin, unit, Math.min(unit + told, length));
    unit += told;
    begin = octet + 1;
  }
  if (unit < length) starts.fill(begin, unit, length);
  return starts;
}

/** The same for UTF-8 that is well formed; how many code units there are, which tells whether it is. */
function countUtf8(line: Buffer, starts: Uint32Array): number {
  let unit = 0;
  for (let at = 0; at < line.length; ) {
    const first = line[at]!;
    const size = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (unit < starts.length - 1) starts[unit] = at;
    unit++;
    if (size === 4) {
      if (unit < starts.length - 1) starts[unit] = at;
      unit++;
    }
    at += size;
  }
  return unit;
}

/** How octets become text. */
interface Reader {
  /** What the platform calls the charset; undefined for one that only tables know. */
  readonly label?: string;
  decode(octets: Uint8Array): string;
}

function readerOf(charset: string): Reader {
  if (isFromTables(charset)) return { decode: (octets) => decodeCharset(octets, charset) ?? '' };
  const label = labelOf(charset.trim().toLowerCase());
  const decoder = new TextDecoder(label, { ignoreBOM: true });
  return { label, decode: (octets) => decoder.decode(octets) };
}

function labelOf(name: string): string {
  // The standard has it by its other name only.
  if (/^(?:cp949|uhc)$/.test(name)) return 'euc-kr';
  try {
    return new TextDecoder(name).encoding;
  } catch {
    return 'windows-1252';
  }
}
