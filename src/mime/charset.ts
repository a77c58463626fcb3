import { type CharsetRule, charsetRule } from './charset-names.ts';
import { coverageBy } from './coverage.ts';
import { iso2022jpCodec } from './iso-2022-jp.ts';

/**
 * Text to octets in one charset. Nothing is ever replaced: where a character has no code the offset comes back
 * instead, and `encode` leaves it out.
 */
export interface Charset {
  /** The preferred MIME name, which goes into the message. */
  readonly name: string;
  /** Whether every character of ASCII is its own octet, in any context. */
  readonly asciiTransparent: boolean;
  /** Whether its octets are all below 0x80. */
  readonly sevenBit: boolean;
  /** The octets of `text`. Unmappable characters are left out: ask `unmappable` first, or compare lengths by it. */
  encode(text: string): Buffer;
  /** Offsets of the characters (UTF-16 code units, first of each) that have no code; at most `limit` of them. */
  unmappable(text: string, limit: number): number[];
  /** Whether every character has a code. */
  covers(text: string): boolean;
}

/** The offset of the first lone surrogate at or after `from`; -1 where there is none. */
export function loneSurrogateAt(text: string, from = 0): number {
  if (from === 0 && text.isWellFormed()) return -1;
  for (let i = from; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(i + 1);
    if (unit < 0xdc00 && next >= 0xdc00 && next <= 0xdfff) i++;
    else return i;
  }
  return -1;
}

function loneSurrogates(text: string, limit: number): number[] {
  const found: number[] = [];
  for (let at = loneSurrogateAt(text); at >= 0 && found.length < limit; at = loneSurrogateAt(text, at + 1))
    found.push(at);
  return found;
}

export const utf8: Charset = {
  name: 'utf-8',
  asciiTransparent: true,
  sevenBit: false,
  encode: (text) => Buffer.from(text, 'utf8'),
  unmappable: loneSurrogates,
  covers: (text) => text.isWellFormed(),
};

const nonAscii = /[^\x00-\x7f]/;

/** Whether all of it is ASCII. */
export function isAscii(text: string): boolean {
  return !nonAscii.test(text);
}

const usAscii: Charset = {
  name: 'us-ascii',
  asciiTransparent: true,
  sevenBit: true,
  encode: (text) => Buffer.from(isAscii(text) ? text : text.replace(/[^\x00-\x7f]+/g, ''), 'latin1'),
  ...coverageBy((unit) => unit < 0x80),
  covers: isAscii,
};

const loaded = new Map<string, Charset>([
  ['utf-8', utf8],
  ['us-ascii', usAscii],
]);

/** The charset of that name, if it needs no loading or has been loaded. */
export function loadedCharset(name: string): Charset | undefined {
  const rule = charsetRule(name);
  return rule && loaded.get(rule.name);
}

/** The charset of that name (or alias, in any case); undefined where there is none such. Tables load on first use. */
export async function charsetOf(name: string): Promise<Charset | undefined> {
  const rule = charsetRule(name);
  if (!rule) return undefined;
  const known = loaded.get(rule.name);
  if (known) return known;
  const { default: iconv } = await import('iconv-lite');
  const made = makeCharset(rule, iconv);
  loaded.set(rule.name, made);
  return made;
}

type Iconv = Pick<typeof import('iconv-lite'), 'decode' | 'encode'>;

function makeCharset(rule: CharsetRule, iconv: Iconv): Charset {
  switch (rule.form) {
    case 'utf-8':
      return utf8;
    case 'us-ascii':
      return usAscii;
    case 'gb18030':
      return gb18030(iconv);
    case 'iso-2022-jp':
      return iso2022jpCodec(tableOf(charsetRule('euc-jp')!, iconv));
    case 'single':
    case 'double':
      return tableCharset(rule.name, tableOf(rule, iconv));
  }
}

/** Codes by UTF-16 code unit: 0 for none (but U+0000 is ASCII), else one to three octets, most significant first. */
function tableOf(rule: CharsetRule, iconv: Iconv): Uint32Array {
  const codes = new Uint32Array(0x10000);
  for (let i = 1; i < 0x80; i++) codes[i] = i;
  const put = (unit: number, code: number): void => {
    // The first code wins: tables list duplicates (NEC and IBM rows) after the standard's own.
    if (unit >= 0x80 && unit !== 0xfffd && codes[unit] === 0) codes[unit] = code;
  };
  const [firstSingle, lastSingle] = rule.form === 'single' ? [0x80, 0xff] : (rule.singles ?? [1, 0]);
  const octets: number[] = [];
  const keys: number[] = [];
  for (let octet = firstSingle; octet <= lastSingle; octet++) {
    octets.push(octet, 0x0a);
    keys.push(octet);
  }
  if (rule.form === 'double') {
    for (let lead = 0x81; lead <= 0xfe; lead++)
      for (let trail = 0x40; trail <= 0xfe; trail++) {
        if (trail === 0x7f) continue;
        octets.push(lead, trail, 0x0a);
        keys.push((lead << 8) | trail);
        if (rule.eucJp && lead >= 0xa1 && trail >= 0xa1) {
          octets.push(0x8f, lead, trail, 0x0a);
          keys.push(0x8f0000 | (lead << 8) | trail);
        }
      }
  }
  // One call for the whole table: each code on a line of its own, so that one that is none spoils nothing after it.
  const lines = iconv.decode(Buffer.from(octets), rule.table!).split('\n');
  for (let i = 0; i < keys.length; i++) {
    const code = keys[i]!;
    const text = lines[i]!;
    if (text.length !== 1) continue;
    const unit = text.charCodeAt(0);
    if (code > 0xffff || code < 0x100) put(unit, code);
    else if (rule.eucJp && code >> 8 === 0x8e) put(unit, code);
    else if (!rule.has || rule.has(code >> 8, code & 0xff, unit)) put(unit, code);
  }
  for (const [unit, code] of rule.also ?? []) if (codes[unit] === 0 || rule.eucJp) codes[unit] = code;
  return codes;
}

function tableCharset(name: string, codes: Uint32Array): Charset {
  return {
    name,
    asciiTransparent: true,
    sevenBit: false,
    encode(text) {
      const out = Buffer.allocUnsafe(text.length * 3);
      let length = 0;
      for (let i = 0; i < text.length; i++) {
        const unit = text.charCodeAt(i);
        const code = codes[unit]!;
        if (code === 0 && unit !== 0) continue;
        if (code > 0xff) {
          if (code > 0xffff) out[length++] = code >> 16;
          out[length++] = (code >> 8) & 0xff;
        }
        out[length++] = code & 0xff;
      }
      return out.subarray(0, length);
    },
    ...coverageBy((unit) => unit === 0 || codes[unit] !== 0),
  };
}

/** All of Unicode, in one, two or four octets. One private-use character (U+E5E5) has no code (WHATWG Encoding, gb18030 encoder). */
function gb18030(iconv: Iconv): Charset {
  const lacking = /\uE5E5/;
  return {
    name: 'gb18030',
    asciiTransparent: true,
    sevenBit: false,
    encode: (text) => iconv.encode(lacking.test(text) ? text.replaceAll('\uE5E5', '') : text, 'gb18030') as Buffer,
    covers: (text) => text.isWellFormed() && !lacking.test(text),
    unmappable(text, limit) {
      const found = loneSurrogates(text, limit);
      for (let at = text.indexOf('\uE5E5'); at >= 0; at = text.indexOf('\uE5E5', at + 1)) found.push(at);
      return found.sort((a, b) => a - b).slice(0, limit);
    },
  };
}
