import type { Range } from '../base/problem.ts';
import type { MappedText } from '../document/nodes.ts';

/** Where an offset of a text stands in the document; the start of the template for a rendered text. */
export function placeOf(text: MappedText, offset: number): number {
  if (text.rendered) return text.range.start;
  const segments = text.segments;
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (segments[middle]!.start <= offset) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low];
  return segment ? segment.at + (offset - segment.start) : text.range.start;
}

/** The range of `length` code units of a text from an offset on; all of the template for a rendered text. */
export function rangeIn(text: MappedText, offset: number, length: number): Range {
  if (text.rendered) return text.range;
  const start = placeOf(text, offset);
  // The end by its last code unit: what follows it may stand elsewhere.
  const end = length === 0 ? start : placeOf(text, offset + length - 1) + 1;
  return { start, end: Math.max(start, end) };
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
