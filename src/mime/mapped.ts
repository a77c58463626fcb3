import type { Range } from '../base/problem.ts';
import { documentRange } from '../document/mapped.ts';
import type { MappedText } from '../document/nodes.ts';

/** The range of `length` code units of a text from an offset on; all of the template for a rendered text. */
export function rangeIn(text: MappedText, offset: number, length: number): Range {
  return documentRange(text, { start: offset, end: offset + length });
}

/** The same, for an offset into the texts of `pieces` put one behind the other. */
export function rangeInPieces(pieces: readonly MappedText[], offset: number, length: number): Range {
  let before = 0;
  for (const piece of pieces) {
    if (offset < before + piece.text.length || piece === pieces[pieces.length - 1])
      return rangeIn(piece, offset - before, Math.max(0, Math.min(length, piece.text.length - (offset - before))));
    before += piece.text.length;
  }
  return { start: 0, end: 0 };
}

/** The texts put one behind the other. */
export function textOf(pieces: readonly MappedText[]): string {
  if (pieces.length === 1) return pieces[0]!.text;
  let text = '';
  for (const piece of pieces) text += piece.text;
  return text;
}
