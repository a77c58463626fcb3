import type { Fix, Range } from '../base/problem.ts';
import type { Steps } from '../base/steps.ts';
import type { MappedText } from '../document/nodes.ts';
import { type Charset, charsetOf, loadedCharset, loneSurrogateAt, utf8 } from './charset.ts';
import { flow } from './flowed.ts';
import { fullWidthKana } from './iso-2022-jp.ts';
import { toCrlf, toLf } from './line-ends.ts';
import { rangeInPieces } from './mapped.ts';
import type { LeafPart, Replacement } from './part.ts';
import type { MimeProblem } from './problems.ts';

/** Unmappable characters are told one by one up to this many a part; each tells how many there are in all. */
const mostReported = 20;

/** Text with its URLs replaced by the `cid:` ones; the edits are in order and do not touch. */
export function applyEdits(text: string, edits: readonly Replacement[] | undefined): string {
  if (!edits || edits.length === 0) return text;
  let out = '';
  let from = 0;
  for (const { start, end, text: replacement } of edits) {
    out += text.slice(from, start) + replacement;
    from = end;
  }
  return out + text.slice(from);
}

/** The charset of a part, loaded; UTF-8 where none is declared. */
export function charsetFor(part: LeafPart): Charset | Promise<Charset> {
  if (part.charset === undefined) return utf8;
  return loadedCharset(part.charset) ?? charsetOf(part.charset).then((charset) => charset ?? utf8);
}

/**
 * Checks that every character of a text as typed has a code. A problem stands at each that has none. Returns the charset to send
 * it in: UTF-8 where the declared one will not do, so that the preview shows the text whole.
 */
export function checkedCharsetFor(
  part: LeafPart,
  charset: Charset,
  text: string,
  pieces: readonly MappedText[] | undefined,
  problems: MimeProblem[],
): Charset {
  if (charset.covers(text)) return charset;
  const place = (offset: number, length: number): Range =>
    pieces
      ? rangeInPieces(pieces, offset, length)
      : part.content.from === 'text-file'
        ? part.content.range
        : part.headRange;
  const lone = loneSurrogateAt(text);
  if (lone >= 0) {
    const codeUnit = text.charCodeAt(lone);
    problems.push({ code: 'lone-surrogate', severity: 'error', range: place(lone, 1), codeUnit });
    if (charset === utf8) return utf8;
  }
  const offsets = charset.unmappable(text, Number.POSITIVE_INFINITY);
  for (const offset of offsets.slice(0, mostReported)) {
    const unit = text.charCodeAt(offset);
    if (offset === lone || (unit >= 0xd800 && unit < 0xe000 && loneSurrogateAt(text.slice(offset, offset + 2)) === 0))
      continue;
    const character = String.fromCodePoint(text.codePointAt(offset)!);
    problems.push({
      code: 'unmappable-character',
      severity: 'error',
      range: place(offset, character.length),
      character,
      charset: charset.name,
      count: offsets.length,
      fixes: pieces ? fixesFor(part, charset, text, offset, pieces) : [],
    });
  }
  return utf8;
}

function fixesFor(
  part: LeafPart,
  charset: Charset,
  text: string,
  offset: number,
  pieces: readonly MappedText[],
): readonly Fix[] {
  const fixes: Fix[] = [];
  const kana = charset.name === 'iso-2022-jp' ? fullWidthKana(text, offset) : undefined;
  if (kana && !pieces.some((piece) => piece.rendered))
    fixes.push({
      title: `Change to ${kana.text}`,
      edits: [{ range: rangeInPieces(pieces, offset, kana.length), text: kana.text }],
      preferred: true,
    });
  if (part.charsetRange)
    fixes.push({ title: 'Send this text as UTF-8', edits: [{ range: part.charsetRange, text: 'utf-8' }] });
  return fixes;
}

/** HTML in which every character that the charset lacks is a character reference. */
export function withReferences(html: string, charset: Charset): string {
  if (charset.covers(html)) return html;
  let out = '';
  let from = 0;
  for (const at of charset.unmappable(html, Number.POSITIVE_INFINITY)) {
    const code = html.codePointAt(at)!;
    out += `${html.slice(from, at)}&#${code};`;
    from = at + (code > 0xffff ? 2 : 1);
  }
  return out + html.slice(from);
}

/** Code units that are made octets in one go: some milliseconds' worth. */
const piece = 512 * 1024;

/** The octets of a text, lines ending in CRLF, flowed where the part asks for it. In parts where no line needs to know of another one. */
export function* textOctetSteps(text: string, charset: Charset, flowed: boolean): Steps<Buffer> {
  if (text.length <= piece || flowed || !charset.asciiTransparent)
    return charset.encode(toCrlf(flowed ? flow(toLf(text)) : text));
  const octets: Buffer[] = [];
  for (let at = 0; at < text.length; ) {
    const line = text.indexOf('\n', at + piece);
    const end = line < 0 ? text.length : line + 1;
    octets.push(charset.encode(toCrlf(text.slice(at, end))));
    at = end;
    yield;
  }
  return Buffer.concat(octets);
}
