import type { DecodedOctets, DecodedText } from './decoded-text.ts';

/**
 * Undoes quoted-printable (RFC 2045 section 6.7) in text as an editor holds it; what is no ASCII in it counts as UTF-8. Total and
 * linear; what is no escape stays as it stands, and the end of the source ends a line.
 */
export function decodeQuotedPrintable(source: string): DecodedOctets {
  // Decoding makes nothing longer.
  const octets = Buffer.allocUnsafe(Buffer.byteLength(source));
  const starts = new Uint32Array(octets.length);
  let count = 0;
  const put = (octet: number, start: number): void => {
    starts[count] = start;
    octets[count++] = octet;
  };
  for (let at = 0; at < source.length; ) {
    const code = source.charCodeAt(at);
    if (code === 0x20 || code === 0x09) {
      const end = behindBlanks(source, at);
      // White space at the end of a line was put there on the way.
      if (lineEndLength(source, end) >= 0) at = end;
      while (at < end) put(source.charCodeAt(at), at++);
    } else if (code === 0x3d) {
      const end = behindBlanks(source, at + 1);
      const lineEnd = lineEndLength(source, end);
      const escaped = lineEnd >= 0 ? undefined : escapeAt(source, at);
      // A soft line break is nothing.
      if (lineEnd < 0) put(escaped ?? code, at);
      at = lineEnd >= 0 ? end + lineEnd : at + (escaped === undefined ? 1 : 3);
    } else if (code < 0x80) put(code, at++);
    else {
      const character = String.fromCodePoint(source.codePointAt(at)!);
      for (const octet of Buffer.from(character)) put(octet, at);
      at += character.length;
    }
  }
  const widthAt = (start: number): number => {
    if (source[start] === '=' && escapeAt(source, start) !== undefined) return 3;
    return source.codePointAt(start)! > 0xffff ? 2 : 1;
  };
  return {
    octets: octets.subarray(0, count),
    startOf: (octet) => (octet < count ? starts[octet]! : source.length),
    endOf: (octet) => (octet > 0 ? starts[octet - 1]! + widthAt(starts[octet - 1]!) : 0),
  };
}

function behindBlanks(source: string, at: number): number {
  let end = at;
  while (source.charCodeAt(end) === 0x20 || source.charCodeAt(end) === 0x09) end++;
  return end;
}

/** The length of the line end that stands there, 0 for the end of the source; -1 where there is none. */
function lineEndLength(source: string, at: number): number {
  if (at >= source.length) return 0;
  const code = source.charCodeAt(at);
  if (code === 0x0a) return 1;
  return code === 0x0d ? (source.charCodeAt(at + 1) === 0x0a ? 2 : 1) : -1;
}

function escapeAt(source: string, at: number): number | undefined {
  const digits = source.slice(at + 1, at + 3);
  return /^[0-9A-Fa-f]{2}$/.test(digits) ? Number.parseInt(digits, 16) : undefined;
}

/**
 * The text that the octets stand for. UTF-8 is put together, be it over soft line breaks; the octets of another charset are read one
 * by one: in all of those that hold ASCII as it is, markup keeps its shape.
 */
export function decodeQuotedPrintableText(source: string, charset = 'utf-8'): DecodedText {
  const utf8 = /^(?:utf-?8|us-ascii)$/i.test(charset);
  const { octets, startOf, endOf } = decodeQuotedPrintable(source);
  const pieces: string[] = [];
  /** The octet that the character of each code unit begins with. */
  const firsts = new Uint32Array(octets.length + 1);
  let length = 0;
  for (let at = 0; at < octets.length; ) {
    let end = at;
    while (end < octets.length && (!utf8 || octets[end]! < 0x80)) firsts[length++] = end++;
    pieces.push(octets.toString('latin1', at, end));
    if (end < octets.length) {
      const size = characterSize(octets, end);
      const character = size === 1 ? '\ufffd' : octets.toString('utf8', end, end + size);
      pieces.push(character);
      firsts.fill(end, length, length + character.length);
      length += character.length;
      end += size;
    }
    at = end;
  }
  firsts[length] = octets.length;
  return {
    text: pieces.join(''),
    place: (start, end) => {
      const first = startOf(firsts[Math.min(start, length)]!);
      if (end <= start) return { start: first, end: first };
      let behind = Math.min(end, length);
      // Not between the two halves of a character.
      while (behind > 0 && behind < length && firsts[behind] === firsts[behind - 1]) behind++;
      return { start: first, end: end <= length ? endOf(firsts[behind]!) : source.length };
    },
  };
}

/** How many octets the character that begins at `at` has in UTF-8: as many as the first one announces, or 1 where they do not follow. */
function characterSize(octets: Uint8Array, at: number): number {
  const first = octets[at]!;
  const size = first < 0xc2 || first > 0xf4 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  for (let next = at + 1; next < at + size; next++) if ((octets[next]! & 0xc0) !== 0x80) return 1;
  return size;
}

/** Octets of a line of quoted-printable at most, its line end apart. */
const longest = 76;

/**
 * What to write in the place of `start` to `end` (which stand on no escape's inside) so that `text`, printable ASCII, is read
 * there, and no line gets longer than it may be. Undefined where the text is too long for a line.
 */
export function quotedPrintableEdit(source: string, start: number, end: number, text: string): string | undefined {
  const written = text.replaceAll('=', '=3D');
  const lineEnd = /[\r\n]|$/g;
  lineEnd.lastIndex = end;
  const before = start - Math.max(source.lastIndexOf('\n', start - 1), source.lastIndexOf('\r', start - 1)) - 1;
  const behind = lineEnd.exec(source)!.index - end;
  if (before + written.length + behind <= longest) return written;
  if (written.length >= longest) return undefined;
  const eol = source.includes('\r\n') ? '\r\n' : '\n';
  const head = before > 0 ? `=${eol}` : '';
  return `${head}${written}${written.length + behind <= longest ? '' : `=${eol}`}`;
}
