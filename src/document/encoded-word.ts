import { decodeCharset } from '../base/decode-charset.ts';
import type { Range } from '../base/problem.ts';

export interface EncodedRun {
  readonly range: Range;
  readonly decoded: string;
}

/** An encoded-word (RFC 2047 section 2), a language (RFC 2231 section 5) allowed. */
const ENCODED_WORD = /=\?([^?*\s()<>@,;:"/[\].=]+)(?:\*[^?\s]*)?\?([bBqQ])\?([^?\s]*)\?=/g;

/**
 * The encoded-words in a text, decoded. Those with only white space between them make one run (RFC 2047 section 6.2),
 * whose octets are put together before they are decoded where the charset is the same, since writers do split
 * characters. Runs that can't be decoded are left out.
 */
export function encodedWords(text: string): readonly EncodedRun[] {
  if (!text.includes('=?')) return [];
  const words = [...text.matchAll(ENCODED_WORD)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    charset: match[1]!.toLowerCase(),
    octets: match[2]!.toLowerCase() === 'b' ? Buffer.from(match[3]!, 'base64') : quotedOctets(match[3]!),
  }));
  const runs: EncodedRun[] = [];
  for (let i = 0; i < words.length; ) {
    let last = i;
    while (last + 1 < words.length && /^\s+$/.test(text.slice(words[last]!.end, words[last + 1]!.start))) last++;
    const decoded = decodeRun(words.slice(i, last + 1));
    if (decoded !== undefined) runs.push({ range: { start: words[i]!.start, end: words[last]!.end }, decoded });
    i = last + 1;
  }
  return runs;
}

/** A text as it is read: its encoded-words decoded, all else as it stands. */
export function withWordsDecoded(text: string): string {
  let result = '';
  let at = 0;
  for (const { range, decoded } of encodedWords(text)) {
    result += text.slice(at, range.start) + decoded;
    at = range.end;
  }
  return result + text.slice(at);
}

function decodeRun(words: readonly { readonly charset: string; readonly octets: Buffer }[]): string | undefined {
  let decoded = '';
  for (let i = 0; i < words.length; ) {
    const { charset } = words[i]!;
    let last = i;
    while (last + 1 < words.length && words[last + 1]!.charset === charset) last++;
    const octets = Buffer.concat(words.slice(i, last + 1).map((word) => word.octets));
    const text = decodeCharset(octets, charset, { fatal: true });
    if (text === undefined) return undefined;
    decoded += text;
    i = last + 1;
  }
  return decoded;
}

function quotedOctets(text: string): Buffer {
  const plain = text
    .replace(/_/g, ' ')
    .replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  return Buffer.from(plain, 'latin1');
}
