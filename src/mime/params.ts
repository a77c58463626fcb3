import { isAscii, utf8 } from './charset.ts';
import { encodedWords, needsEncoding } from './encoded-word.ts';
import { foldAt, foldEncodedAt } from './fold.ts';

/** RFC 2045 section 5.1. */
const token = /^[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+$/;

/** Whether it can stand as a token of MIME: a type, a parameter's name, a disposition. */
export function isToken(text: string): boolean {
  return token.test(text);
}

/** What a parameter comes to behind its `;`, in pieces of which each can stand on a line of its own. */
export type WrittenParameter = readonly string[];

/** A quoted value that is longer goes in segments. */
const longestQuoted = 66;

/** A value that every reader takes from a quoted-string as it is: no escapes, no white space at an end. */
function isPlain(value: string): boolean {
  return (
    value.length <= longestQuoted && !needsEncoding(value) && !/["\\\t]|^ | $| {2}/.test(value) && value.length > 0
  );
}

/** `name=value` as a token or quoted-string where that is safe, else as RFC 2231 has it. */
export function parameter(name: string, value: string): WrittenParameter {
  if (value.length <= longestQuoted && isToken(value) && !needsEncoding(value)) return [`${name}=${value}`];
  if (isPlain(value) || value === '') return [`${name}="${value}"`];
  return extendedParameter(name, value);
}

/**
 * RFC 2231: `name*=utf-8''…`, or segments `name*0*=…` where it is long, each of them starred and none of them splitting
 * a character, so that a reader that decodes one by one gets it right too.
 */
function extendedParameter(name: string, value: string): WrittenParameter {
  const whole = `${name}*=utf-8''${percent(value)}`;
  if (whole.length <= 76) return [whole];
  const written: string[] = [];
  let segment = `${name}*0*=utf-8''`;
  let empty = true;
  for (const character of value) {
    const encoded = percent(character);
    if (!empty && segment.length + encoded.length > 75) {
      written.push(segment);
      segment = `${name}*${written.length}*=`;
    }
    segment += encoded;
    empty = false;
  }
  written.push(segment);
  return written;
}

/** attribute-char of RFC 2231 section 7 stands for itself. */
function percent(text: string): string {
  let out = '';
  const octets = utf8.encode(text);
  for (let i = 0; i < octets.length; i++) {
    const octet = octets[i]!;
    const plain =
      (octet >= 0x30 && octet <= 0x39) ||
      (octet >= 0x41 && octet <= 0x5a) ||
      (octet >= 0x61 && octet <= 0x7a) ||
      octet === 0x2d ||
      octet === 0x2e ||
      octet === 0x5f;
    out += plain ? String.fromCharCode(octet) : `%${octet < 16 ? '0' : ''}${octet.toString(16).toUpperCase()}`;
  }
  return out;
}

/** The file name for Content-Disposition (RFC 2183), by RFC 2231 where it needs that. */
export function fileNameParameter(name: string): WrittenParameter {
  return isPlain(name) ? [`filename="${name}"`] : extendedParameter('filename', name);
}

/**
 * The file name for Content-Type, for readers that know no RFC 2231: encoded-words in quotes, which RFC 2047 section 5 forbids and
 * everybody reads. The right name stands in Content-Disposition.
 */
export function legacyNameParameter(name: string): WrittenParameter {
  if (isPlain(name)) return [`name="${name}"`];
  const words = encodedWords(name, utf8, 'phrase', 68, 74);
  return [words.map((word, i) => `${i === 0 ? 'name="' : ' '}${word}`).join('\r\n') + '"'];
}

/** `Name: value; parameters` with its CRLF, folded before parameters that do not fit. */
export function parameterField(name: string, value: string, parameters: readonly WrittenParameter[]): string {
  let out = `${name}: ${value}`;
  let column = out.length;
  for (const written of parameters)
    for (const piece of written) {
      const breaks = piece.indexOf('\r\n');
      const first = breaks < 0 ? piece.length : breaks;
      // One place for the `;` that may follow; lines with encoded-words are shorter (RFC 2047 section 2).
      if (column + 3 + first > (piece.includes('=?') ? foldEncodedAt : foldAt) || breaks >= 0) {
        out += `;\r\n ${piece}`;
        column = breaks < 0 ? 1 + piece.length : piece.length - piece.lastIndexOf('\r\n') - 2;
      } else {
        out += `; ${piece}`;
        column += 2 + piece.length;
      }
    }
  return `${out}\r\n`;
}

/** Offsets in the text that was parsed; `valueStart` to `valueEnd` holds the value without its quotes. */
export interface ParsedParameter {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  /** Whether the value was decoded by RFC 2231. */
  readonly extended?: true;
}

/** A value parsed by the rules of RFC 2045 section 5.1 and RFC 2231. */
export interface ParameterValue {
  /** What stands before the first `;`, white space and comments off. */
  readonly value: string;
  /** In order, names as written, values decoded. */
  readonly parameters: readonly ParsedParameter[];
  /** Where something is that is no parameter; undefined where all is well. */
  readonly fault?: { readonly start: number; readonly end: number };
}

/**
 * `type/subtype; name=value; …`, total and linear. Values may be tokens, quoted strings, or anything up to the next `;`, as people type
 * them. `name*=utf-8''…` is decoded; segments (`name*0=`) are left as they are.
 */
export function parseParameters(text: string): ParameterValue {
  const semicolon = text.indexOf(';');
  const value = (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
  const parameters: ParsedParameter[] = [];
  let fault: { start: number; end: number } | undefined;
  let at = semicolon < 0 ? text.length : semicolon + 1;
  while (at < text.length) {
    while (at < text.length && (text[at] === ' ' || text[at] === '\t' || text[at] === ';')) at++;
    if (at >= text.length) break;
    const start = at;
    while (at < text.length && text[at] !== '=' && text[at] !== ';') at++;
    const name = text.slice(start, at).trim();
    if (text[at] !== '=' || !isToken(name)) {
      while (at < text.length && text[at] !== ';') at++;
      fault ??= { start, end: at };
      continue;
    }
    at++;
    while (text[at] === ' ' || text[at] === '\t') at++;
    let found = '';
    let valueStart = at;
    let valueEnd: number;
    if (text[at] === '"') {
      at++;
      valueStart = at;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === '\\' && at + 1 < text.length) at++;
        found += text[at++];
      }
      valueEnd = at;
      if (at >= text.length) fault ??= { start, end: at };
      else at++;
      const after = at;
      while (at < text.length && text[at] !== ';') at++;
      if (text.slice(after, at).trim() !== '') fault ??= { start: after, end: at };
    } else {
      while (at < text.length && text[at] !== ';') at++;
      found = text.slice(valueStart, at).trim();
      valueEnd = valueStart + found.length;
    }
    const extended = name.endsWith('*') && !/\*\d+\*$/.test(name) ? decodeExtended(found) : undefined;
    parameters.push({
      name: extended === undefined ? name : name.slice(0, -1),
      value: extended ?? found,
      start,
      end: start + text.slice(start, at).trimEnd().length,
      valueStart,
      valueEnd,
      ...(extended === undefined ? {} : { extended: true }),
    });
  }
  return fault ? { value, parameters, fault } : { value, parameters };
}

function decodeExtended(value: string): string | undefined {
  const match = /^utf-8'[^']*'(.*)$/i.exec(value);
  if (!match || !isAscii(value)) return undefined;
  try {
    return decodeURIComponent(match[1]!);
  } catch {
    return undefined;
  }
}
