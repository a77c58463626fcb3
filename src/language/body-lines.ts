import { countWhile } from '../base/ordered.ts';
import { decodeOctets } from '../mime/decode-words.ts';

/** A line of what a body says, and where it stands encoded. */
export interface BodyLine {
  readonly text: string;
  /** Offsets in the text of the message, half-open; line ends apart. */
  readonly start: number;
  readonly end: number;
}

export interface EncodedBody {
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly encoding: string;
  readonly charset?: string;
}

/** The lines of a text body, in whatever way it travels. The last is empty where the body ends with a line end. */
export function bodyLines(message: string, body: EncodedBody): readonly BodyLine[] {
  const { bodyStart, bodyEnd, encoding } = body;
  if (encoding === 'base64') return decodedLines(fromBase64(message, body), body.charset);
  if (encoding === 'quoted-printable') return decodedLines(fromQuotedPrintable(message, body), body.charset);
  return linesOf(message, bodyStart, bodyEnd).map(({ start, end }) => ({
    text: message.slice(start, end),
    start,
    end,
  }));
}

interface Line {
  readonly start: number;
  readonly end: number;
}

/** Lines that end in CRLF, as the text of a message that is shown has them. */
function linesOf(text: string, from: number, to: number): Line[] {
  const lines: Line[] = [];
  let start = from;
  for (;;) {
    const feed = text.indexOf('\n', start);
    if (feed < 0 || feed >= to) break;
    lines.push({ start, end: feed > start && text[feed - 1] === '\r' ? feed - 1 : feed });
    start = feed + 1;
  }
  lines.push({ start, end: Math.max(start, to) });
  return lines;
}

interface Decoded {
  readonly octets: Buffer;
  /** Where the character that an octet came from begins; for the end, where the last one ends. */
  readonly startOf: (octet: number) => number;
  readonly endOf: (octet: number) => number;
}

function decodedLines({ octets, startOf, endOf }: Decoded, charset = 'utf-8'): readonly BodyLine[] {
  const lines: BodyLine[] = [];
  // No charset that mail is written in has an octet 10 in any other character.
  for (let from = 0; from <= octets.length; ) {
    const feed = octets.indexOf(0x0a, from);
    const next = feed < 0 ? octets.length + 1 : feed + 1;
    const last = feed < 0 ? octets.length : feed > from && octets[feed - 1] === 0x0d ? feed - 1 : feed;
    const line = octets.subarray(from, last);
    const start = startOf(from);
    const text = decodeOctets(line, charset) ?? line.toString('latin1');
    lines.push({ text, start, end: last > from ? endOf(last) : start });
    from = next;
  }
  return lines;
}

function fromBase64(message: string, { bodyStart, bodyEnd }: EncodedBody): Decoded {
  const lines = linesOf(message, bodyStart, bodyEnd);
  /** Characters of base64 before each line. */
  const before: number[] = [];
  const pieces: string[] = [];
  let count = 0;
  for (const { start, end } of lines) {
    before.push(count);
    const data = message.slice(start, end).replace(/[^A-Za-z0-9+/]+/g, '');
    pieces.push(data);
    count += data.length;
  }
  const place = (character: number, after: boolean): number => {
    const isBefore = (line: number) => (after ? before[line]! < character : before[line]! <= character);
    const last = Math.max(0, countWhile(lines.length, isBefore) - 1);
    const { start, end } = lines[last]!;
    return Math.min(start + character - before[last]!, end);
  };
  return {
    octets: Buffer.from(pieces.join(''), 'base64'),
    startOf: (octet) => place(Math.floor((octet * 4) / 3), false),
    endOf: (octet) => place(Math.ceil((octet * 4) / 3), true),
  };
}

function fromQuotedPrintable(message: string, { bodyStart, bodyEnd }: EncodedBody): Decoded {
  // Decoding makes nothing longer.
  const octets = Buffer.alloc(Buffer.byteLength(message.slice(bodyStart, bodyEnd)));
  const starts = new Uint32Array(octets.length + 1);
  const ends = new Uint32Array(octets.length + 1);
  let count = 0;
  const put = (value: number, start: number, end: number): void => {
    octets[count] = value;
    starts[count] = start;
    ends[count++] = end;
  };
  const lines = linesOf(message, bodyStart, bodyEnd);
  for (const [index, { start, end }] of lines.entries()) {
    let last = end;
    // White space at the end was put there on the way (RFC 2045 section 6.7).
    while (last > start && (message[last - 1] === ' ' || message[last - 1] === '\t')) last--;
    const soft = last > start && message[last - 1] === '=';
    if (soft) last--;
    for (let at = start; at < last; at++) {
      const code = message.charCodeAt(at);
      const escaped = code === 0x3d && /^[\dA-Fa-f]{2}$/.test(message.slice(at + 1, at + 3));
      if (escaped) {
        put(Number.parseInt(message.slice(at + 1, at + 3), 16), at, at + 3);
        at += 2;
      } else if (code < 0x80) put(code, at, at + 1);
      else for (const octet of Buffer.from(message[at]!)) put(octet, at, at + 1);
    }
    if (!soft && index < lines.length - 1) {
      put(0x0d, end, end);
      put(0x0a, end, end);
    }
  }
  const close = Math.max(bodyStart, bodyEnd);
  return {
    octets: octets.subarray(0, count),
    startOf: (octet) => (octet < count ? starts[octet]! : close),
    endOf: (octet) => (octet > 0 ? ends[octet - 1]! : bodyStart),
  };
}
