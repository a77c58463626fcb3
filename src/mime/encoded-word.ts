import type { Charset } from './charset.ts';

/** RFC 2047 section 2: an encoded-word is at most 75 characters long. */
export const maxEncodedWord = 75;

/**
 * What may stand as itself in Q encoding, by octet. In a phrase that is letters, digits and `!*+-/` (RFC 2047 section 5, rule 3); in
 * unstructured text everything printable but `=`, `?`, `_` and space.
 */
const phraseSafe = new Uint8Array(256);
const textSafe = new Uint8Array(256);
for (let octet = 0x21; octet < 0x7f; octet++) {
  const character = String.fromCharCode(octet);
  if (/[A-Za-z0-9!*+\-/]/.test(character)) phraseSafe[octet] = 1;
  if (!'=?_'.includes(character)) textSafe[octet] = 1;
}

const hex = '0123456789ABCDEF';

function qLength(octets: Uint8Array, safe: Uint8Array): number {
  let length = 0;
  for (let i = 0; i < octets.length; i++) length += safe[octets[i]!] === 1 || octets[i] === 0x20 ? 1 : 3;
  return length;
}

function qEncode(octets: Uint8Array, safe: Uint8Array): string {
  let out = '';
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i]!;
    if (safe[octet] === 1) out += String.fromCharCode(octet);
    else if (octet === 0x20) out += '_';
    else out += `=${hex[octet >> 4]}${hex[octet & 15]}`;
  }
  return out;
}

/**
 * `text` as encoded-words (RFC 2047), to be written with a space or a fold between them; a reader joins them without it.
 * None is empty, none is over 75 characters, none splits a character, and each starts and ends in the charset's initial state. B
 * or Q by which is shorter in all. The first one is at most `firstRoom` long where that leaves room for one character, the others
 * at most `room`.
 *
 * The charset has to cover the text.
 */
export function encodedWords(
  text: string,
  charset: Charset,
  context: 'text' | 'phrase',
  firstRoom: number,
  wordRoom = maxEncodedWord,
): string[] {
  const safe = context === 'phrase' ? phraseSafe : textSafe;
  const octets = charset.encode(text);
  const useB = 4 * Math.ceil(octets.length / 3) < qLength(octets, safe);
  const open = `=?${charset.name}?${useB ? 'B' : 'Q'}?`;
  const overhead = open.length + 2;
  const measure = (part: Uint8Array): number => (useB ? 4 * Math.ceil(part.length / 3) : qLength(part, safe));
  const words: string[] = [];
  const push = (part: Buffer): void => {
    words.push(`${open}${useB ? part.toString('base64') : qEncode(part, safe)}?=`);
  };
  const fullRoom = wordRoom - overhead;
  let room = Math.min(firstRoom - overhead, fullRoom);
  if (measure(octets) <= room) {
    push(octets);
    return words;
  }
  let start = 0;
  let at = 0;
  // What the characters from `start` to `at` come to: octets for B, characters for Q, where each character's add up.
  let used = 0;
  while (at < text.length) {
    const next = at + characterLength(text, at);
    let length: number;
    let total: number;
    if (charset.asciiTransparent) {
      const part = charset.encode(text.slice(at, next));
      total = used + (useB ? part.length : qLength(part, safe));
      length = useB ? 4 * Math.ceil(total / 3) : total;
    } else {
      // A stateful charset: what a character costs depends on its neighbours.
      total = 0;
      length = measure(charset.encode(text.slice(start, next)));
    }
    if (length > room && at > start) {
      push(charset.encode(text.slice(start, at)));
      start = at;
      used = 0;
      room = fullRoom;
      continue;
    }
    if (length > room && room < fullRoom) {
      // Not even one character fits behind what stands before: the caller has to fold first.
      room = fullRoom;
      continue;
    }
    used = total;
    at = next;
  }
  push(charset.encode(text.slice(start)));
  return words;
}

/** Code units of the character at `at`: two for a surrogate pair. */
function characterLength(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  return unit >= 0xd800 && unit < 0xdc00 && at + 1 < text.length ? 2 : 1;
}

/** Whether a reader could take some of it for an encoded-word, or a writer can't put it on a line as it is. */
export function needsEncoding(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7e || (unit < 0x20 && unit !== 0x09)) return true;
    if (unit === 0x3d && text.charCodeAt(i + 1) === 0x3f) return true;
  }
  return false;
}
