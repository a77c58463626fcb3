import type { Range } from '../base/problem.ts';

/** Compiling that much takes some milliseconds. */
const usual = 8 * 1024;

/**
 * A text for Handlebars in pieces, in order and without gaps, that rendered one by one give what the whole gives, as long as each
 * of them is a template by itself: whoever renders them finds out whether it is. Cuts stand at starts of lines outside of every
 * block, with something other than white space between them and the tags on either side, so that what tags take away from
 * the lines around them (`{{~x~}}`, a block's tag alone on its line) stays within a piece. A piece ends at the first such place
 * after `wanted` characters. Total.
 */
export function* handlebarsPieces(text: string, wanted: number = usual): Generator<Range, void, undefined> {
  let start = 0;
  // What is literal since then: text between two tags.
  let literal = 0;
  let depth = 0;
  let at = 0;
  while (depth >= 0) {
    const open = text.indexOf('{{', at);
    if (depth === 0) {
      const end = open < 0 ? text.length : open;
      for (let cut = cutIn(text, literal, end, start + wanted); cut > 0; cut = cutIn(text, cut, end, start + wanted)) {
        yield { start, end: cut };
        start = cut;
      }
    }
    if (open < 0) break;
    if (text[open - 1] === '\\' && text[open - 2] !== '\\') {
      literal = open;
      at = open + 2;
      continue;
    }
    const tag = tagAt(text, open);
    if (!tag) break;
    depth += tag.depth;
    literal = tag.end;
    at = tag.end;
  }
  if (start < text.length || start === 0) yield { start, end: text.length };
}

/** The first start of a line from `from` on with something to see between it and either end of the literal text; 0 where there is none. */
function cutIn(text: string, start: number, end: number, from: number): number {
  if (end <= from) return 0;
  let first = start;
  while (first < end && isSpace(text, first)) first++;
  let last = end - 1;
  while (last > first && isSpace(text, last)) last--;
  const line = text.indexOf('\n', Math.max(first, from));
  return line < 0 || line >= last ? 0 : line + 1;
}

function isSpace(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code <= 0x20 || (code >= 0x80 && /\s/.test(text[at]!));
}

/** Where a tag ends, and how many blocks more are open behind it; undefined where that can't be told. */
function tagAt(text: string, open: number): { readonly end: number; readonly depth: number } | undefined {
  // A raw block.
  if (text.startsWith('{{{{', open)) return undefined;
  let at = open + 2;
  if (text[at] === '~') at++;
  const sign = text[at]!;
  if (sign === '!' && text.startsWith('--', at + 1)) {
    const close = /--~?\}\}/g;
    close.lastIndex = at + 1;
    return close.test(text) ? { end: close.lastIndex, depth: 0 } : undefined;
  }
  const close = text.indexOf('}}', at);
  if (close < 0) return undefined;
  const end = text[close + 2] === '}' ? close + 3 : close + 2;
  if (sign === '#') return { end, depth: 1 };
  if (sign === '/') return { end, depth: -1 };
  // `{{^}}` is the else of a block, and `{{^name}}` opens one.
  return { end, depth: sign === '^' && /[^\s~}]/.test(text.slice(at + 1, close)) ? 1 : 0 };
}
