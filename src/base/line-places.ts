import { countWhile } from './ordered.ts';

/** Where the lines start, the first at 0; LF, CRLF and a lone CR end them. */
export function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  const find = (lineEnd: string, from: number): number => {
    const at = text.indexOf(lineEnd, from);
    return at < 0 ? Infinity : at;
  };
  let lf = find('\n', 0);
  let cr = find('\r', 0);
  while (lf < Infinity || cr < Infinity) {
    const start = (cr < lf && cr + 1 !== lf ? cr : lf) + 1;
    starts.push(start);
    if (lf < start) lf = find('\n', start);
    if (cr < start) cr = find('\r', start);
  }
  return starts;
}

/** The line, from 0, that begins at the offset or that it is in. */
export function lineAt(starts: readonly number[], offset: number): number {
  return countWhile(starts.length, (line) => starts[line]! <= offset) - 1;
}

/** Line and column, both from 1, of an offset in a text, columns in UTF-16 code units; for many offsets of one text. */
export function lineIndex(text: string): (offset: number) => { readonly line: number; readonly column: number } {
  const starts = lineStartsOf(text);
  return (offset) => {
    const at = Math.max(0, Math.min(offset, text.length));
    const line = lineAt(starts, at);
    return { line: line + 1, column: at - starts[line]! + 1 };
  };
}
