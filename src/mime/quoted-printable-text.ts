/** Text out of quoted-printable, with the way back to where each of its characters is written. */
export interface DecodedText {
  readonly text: string;
  /** Where a stretch of the text (half-open, UTF-16 code units) is written, soft line breaks inside of it included. */
  place(start: number, end: number): { readonly start: number; readonly end: number };
}

/**
 * Undoes quoted-printable (RFC 2045 section 6.7) in text as an editor holds it. UTF-8 is put together, the octets of another
 * charset are read one by one: in all of those that hold ASCII as it is, markup keeps its shape. Total and linear; what is no
 * escape stays as it stands.
 */
export function decodeQuotedPrintableText(source: string, charset = 'utf-8'): DecodedText {
  const utf8 = /^(?:utf-?8|us-ascii)$/i.test(charset);
  const pieces: string[] = [];
  // For each code unit of the text where it begins and ends in the source.
  const starts = new Int32Array(source.length);
  const ends = new Int32Array(source.length);
  let length = 0;
  const add = (text: string, start: number, end: number): void => {
    pieces.push(text);
    for (let unit = 0; unit < text.length; unit++, length++) {
      starts[length] = start;
      ends[length] = end;
    }
  };
  /** What stands for itself. */
  const copy = (end: number): void => {
    pieces.push(source.slice(at, end));
    for (; at < end; length++) {
      starts[length] = at++;
      ends[length] = at;
    }
  };
  let at = 0;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === 0x20 || code === 0x09) {
      // White space at the end of a line was put there on the way.
      let end = at + 1;
      while (source.charCodeAt(end) === 0x20 || source.charCodeAt(end) === 0x09) end++;
      const next = source.charCodeAt(end);
      if (next !== 0x0a && next !== 0x0d && end < source.length) copy(end);
      at = end;
    } else if (code === 0x3d) {
      const soft = softBreak(source, at);
      if (soft > at) {
        at = soft;
        continue;
      }
      const octets = escaped(source, at, utf8);
      if (octets.length === 0) add('=', at, ++at);
      else {
        const end = octets[octets.length - 1]!.end;
        add(character(octets, utf8), at, end);
        at = end;
      }
    } else {
      let end = at + 1;
      while (end < source.length && source[end] !== '=' && source[end] !== ' ' && source[end] !== '\t') end++;
      copy(end);
    }
  }
  return {
    text: pieces.join(''),
    place: (start, end) => {
      const first = start < length ? starts[start]! : source.length;
      if (end <= start) return { start: first, end: first };
      return { start: first, end: end <= length ? ends[end - 1]! : source.length };
    },
  };
}

/** Behind the soft line break at `at`, `=` and white space and a line end; `at` where there is none. */
function softBreak(source: string, at: number): number {
  let end = at + 1;
  while (source.charCodeAt(end) === 0x20 || source.charCodeAt(end) === 0x09) end++;
  if (source.charCodeAt(end) === 0x0d) return source.charCodeAt(end + 1) === 0x0a ? end + 2 : end + 1;
  return source.charCodeAt(end) === 0x0a ? end + 1 : at;
}

interface Escape {
  readonly octet: number;
  readonly end: number;
}

/** The escapes at `at` that make one character: in UTF-8 as many as its first octet announces, be it over soft line breaks. */
function escaped(source: string, at: number, utf8: boolean): readonly Escape[] {
  const first = escapeAt(source, at);
  if (!first) return [];
  const { octet } = first;
  const more = !utf8 || octet < 0xc2 ? 0 : octet < 0xe0 ? 1 : octet < 0xf0 ? 2 : octet < 0xf5 ? 3 : 0;
  const found = [first];
  let next = first.end;
  while (found.length <= more) {
    for (let soft = softBreak(source, next); source[next] === '=' && soft > next; soft = softBreak(source, next))
      next = soft;
    const continued = escapeAt(source, next);
    if (!continued || (continued.octet & 0xc0) !== 0x80) return [first];
    found.push(continued);
    next = continued.end;
  }
  return found;
}

function escapeAt(source: string, at: number): Escape | undefined {
  if (source[at] !== '=' || !/^[0-9A-Fa-f]{2}$/.test(source.slice(at + 1, at + 3))) return undefined;
  return { octet: Number.parseInt(source.slice(at + 1, at + 3), 16), end: at + 3 };
}

function character(octets: readonly Escape[], utf8: boolean): string {
  const [first] = octets;
  if (!utf8 || octets.length === 1) return first!.octet < 0x80 || !utf8 ? String.fromCharCode(first!.octet) : '\ufffd';
  return Buffer.from(octets.map(({ octet }) => octet)).toString('utf8');
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
