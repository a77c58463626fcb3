import type { AddressProblem, DisplayName } from './address.ts';
import { isSign, type Token } from './address-tokens.ts';
import { formatLocalPart } from './address-write.ts';
import { asciiDomain } from './domain.ts';
import type { Fix, Range } from './problem.ts';

/** An addr-spec as it was read, lawful or not. */
export interface AddrSpec {
  readonly local: string;
  readonly localRange: Range;
  readonly domain: string;
  readonly domainRange: Range;
  /** Whether anything stands before its `@`. */
  readonly lawfulLocal: boolean;
  /** How many problems there were before it was read. */
  readonly problemsBefore: number;
}

/** Signs that input methods for Chinese and Japanese produce in place of the ASCII ones. */
const FULL_WIDTH: Readonly<Record<string, string>> = {
  '，': ',',
  '、': ',',
  '；': ';',
  '：': ':',
  '＠': '@',
  '＜': '<',
  '＞': '>',
};
const FULL_WIDTH_SIGN = /[，、；：＠＜＞]/g;

/** RFC 5321 sections 4.5.3.1.1 and 4.5.3.1.3 (a path of 256 octets, its angle brackets off). */
const MAX_LOCAL = 64;
const MAX_ADDRESS = 254;

/** The display name that the words make; undefined where there is none. */
export function phraseOf(words: readonly Token[]): DisplayName | undefined {
  const first = words[0];
  const last = words[words.length - 1];
  if (!first || !last) return undefined;
  let text = '';
  let end = first.start;
  for (const word of words) {
    // A dot is no word of a phrase, but everybody takes it in one (RFC 5322 section 4.1).
    if (text !== '' && (word.text !== '.' || word.start > end)) text += ' ';
    if (word.type === 'atom' && text.endsWith('. ') && word.start === end) text = text.slice(0, -1);
    text += word.text;
    end = word.end;
  }
  return { text, range: { start: first.start, end: last.end } };
}

/** Of `Ann Lee ann@a.example`, the last word is the likely local part; it is an error all the same. */
export function likelyLocalPart(words: readonly Token[]): string {
  const gap = words.findLastIndex((word, i) => i > 0 && !isSign(word, '.') && !isSign(words[i - 1], '.'));
  return words
    .slice(Math.max(0, gap))
    .map((word) => word.text)
    .join('');
}

/**
 * What is wrong with the words before an `@`: white space between them, dots that part nothing. `addressEnd` tells where
 * the address ends that follows.
 */
export function localPartProblem(
  text: string,
  words: readonly Token[],
  range: Range,
  addressEnd: () => number | undefined,
): AddressProblem | undefined {
  let wordBefore = false;
  let faulty = false;
  let spaced = false;
  for (const word of words) {
    const dot = isSign(word, '.');
    if (dot !== wordBefore) {
      faulty = true;
      if (!dot) spaced = true;
    }
    wordBefore = !dot;
  }
  // White space beyond ASCII is no word's end by the grammar, and nobody's local part.
  const strange = words.some((word) => word.type === 'atom' && /[\s\u200b\u2060\ufeff]/.test(word.text));
  if (!faulty && wordBefore && !strange) return undefined;
  const value = text.slice(range.start, range.end);
  const fixes: Fix[] = [];
  const last = words[words.length - 1]!;
  if (spaced && last.type === 'atom') {
    const edits = [{ range: { start: last.start, end: last.start }, text: '<' }];
    const end = addressEnd();
    if (end !== undefined) {
      edits.push({ range: { start: end, end }, text: '>' });
      fixes.push({ title: 'Put the address in angle brackets', edits, preferred: true });
    }
  } else if (!spaced) {
    const quoted = formatLocalPart(words.map((word) => word.text).join(''));
    if (quoted !== value) fixes.push({ title: 'Quote the local part', edits: [{ range, text: quoted }] });
  }
  return { code: 'address-local-part', severity: 'error', range, value, fixes };
}

/** Full-width signs in the range, all of them fixed at once. */
export function fullWidthProblem(text: string, range: Range): AddressProblem | undefined {
  const edits = [...text.slice(range.start, range.end).matchAll(FULL_WIDTH_SIGN)].map((sign) => {
    const start = range.start + sign.index;
    return { range: { start, end: start + 1 }, text: FULL_WIDTH[sign[0]]! };
  });
  const [first] = edits;
  if (!first) return undefined;
  const fixes = [{ title: 'Use the ASCII characters', edits, preferred: true }];
  const character = text[first.range.start]!;
  return { code: 'address-full-width', severity: 'error', range: first.range, character, meant: first.text, fixes };
}

/** What is wrong with the domain, with a local part that is lawful in itself, or with the length of it all. */
export function addressProblem(text: string, address: AddrSpec): AddressProblem | undefined {
  const { local, localRange, domain, domainRange } = address;
  const whole = { start: localRange.start, end: domainRange.end };
  const ascii = asciiDomain(domain);
  if (ascii.ascii === undefined) {
    const { fault, meant } = ascii;
    const edits = meant === undefined ? [] : [{ range: domainRange, text: meant }];
    const fixes = meant === undefined ? [] : [{ title: `Use ${meant}`, edits, preferred: true }];
    const problem = { code: 'address-domain' as const, severity: 'error' as const, range: domainRange, value: domain };
    return fullWidthProblem(text, whole) ?? { ...problem, fault, fixes };
  }
  if (/=\?[^?]+\?[bq]\?[^?]*\?=/i.test(local))
    return { code: 'address-encoded-word', severity: 'error', range: localRange, value: local };
  const octets = Buffer.byteLength(formatLocalPart(local));
  if (octets > MAX_LOCAL) {
    return { code: 'address-too-long', severity: 'warning', range: localRange, part: 'local', limit: MAX_LOCAL };
  }
  if (octets + 1 + ascii.ascii.length <= MAX_ADDRESS) return undefined;
  return { code: 'address-too-long', severity: 'warning', range: whole, part: 'whole', limit: MAX_ADDRESS };
}
