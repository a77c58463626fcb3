import { decodeCharset } from '../base/decode-charset.ts';
import { decodeBase64 } from '../mime/base64-text.ts';
import type { DecodedOctets } from '../mime/decoded-text.ts';
import { decodeQuotedPrintable } from '../mime/quoted-printable-text.ts';

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
  if (encoding === 'base64') return decodedLines(within(message, body, decodeBase64), body.charset);
  if (encoding === 'quoted-printable') return decodedLines(within(message, body, decodeQuotedPrintable), body.charset);
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

function decodedLines({ octets, startOf, endOf }: DecodedOctets, charset = 'utf-8'): readonly BodyLine[] {
  const lines: BodyLine[] = [];
  // No charset that mail is written in has an octet 10 in any other character.
  for (let from = 0; from <= octets.length; ) {
    const feed = octets.indexOf(0x0a, from);
    const next = feed < 0 ? octets.length + 1 : feed + 1;
    const last = feed < 0 ? octets.length : feed > from && octets[feed - 1] === 0x0d ? feed - 1 : feed;
    const line = octets.subarray(from, last);
    const start = startOf(from);
    const text = decodeCharset(line, charset) ?? line.toString('latin1');
    lines.push({ text, start, end: last > from ? endOf(last) : start });
    from = next;
  }
  return lines;
}

function within(
  message: string,
  { bodyStart, bodyEnd }: EncodedBody,
  decode: (source: string) => DecodedOctets,
): DecodedOctets {
  const { octets, startOf, endOf } = decode(message.slice(bodyStart, bodyEnd));
  return { octets, startOf: (octet) => bodyStart + startOf(octet), endOf: (octet) => bodyStart + endOf(octet) };
}
