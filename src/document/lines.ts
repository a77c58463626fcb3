/** Finds line ends (LF, CRLF, lone CR) from any place on, in time linear in the text for a walk through it. */
export class Lines {
  readonly text: string;
  /** The CR search that was made last: there is none in [#from, #cr). */
  #from = 0;
  #cr: number;
  /** The same for LF. */
  #lfFrom = 0;
  #lfAt = -1;

  constructor(text: string) {
    this.text = text;
    this.#cr = this.#search(0);
  }

  #search(from: number): number {
    const found = this.text.indexOf('\r', from);
    return found < 0 ? this.text.length : found;
  }

  /** Where the line that `from` is in ends: at its line end, or at the end of the text. */
  end(from: number): number {
    if (from < this.#from || from > this.#cr) {
      this.#from = from;
      this.#cr = this.#search(from);
    }
    return Math.min(this.#cr, this.#lf(from));
  }

  #lf(from: number): number {
    if (from < this.#lfFrom || from > this.#lfAt) {
      const found = this.text.indexOf('\n', from);
      this.#lfFrom = from;
      this.#lfAt = found < 0 ? this.text.length : found;
    }
    return this.#lfAt;
  }

  /** Where the next line starts, after the line end at `end`. */
  next(end: number): number {
    if (end >= this.text.length) return end;
    return this.text.charCodeAt(end) === 0x0d && this.text.charCodeAt(end + 1) === 0x0a ? end + 2 : end + 1;
  }

  /** Whether a line starts there. */
  startsAt(offset: number): boolean {
    if (offset === 0) return true;
    const before = this.text.charCodeAt(offset - 1);
    return before === 0x0a || (before === 0x0d && this.text.charCodeAt(offset) !== 0x0a);
  }
}

/** Whether there is nothing but spaces and tabs in [start, end). */
export function isBlank(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (code !== 0x20 && code !== 0x09) return false;
  }
  return true;
}

export function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}

/** Where the line that `from` is in ends. For a few: {@link Lines} finds many. */
export function endOfLine(text: string, from: number): number {
  let at = from;
  while (at < text.length && !isLineEnd(text.charCodeAt(at))) at++;
  return at;
}

/** The line end that the document uses: that of its first line. */
export function lineEndOf(text: string): string {
  const lf = text.indexOf('\n');
  if (lf > 0 && text.charCodeAt(lf - 1) === 0x0d) return '\r\n';
  return '\n';
}

/** How many carriage returns stand without a line feed, and where the first one does. */
export function loneReturns(text: string): { readonly count: number; readonly first: number } {
  let count = 0;
  let first = -1;
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1)) {
    if (text.charCodeAt(at + 1) === 0x0a) continue;
    if (count++ === 0) first = at;
  }
  return { count, first };
}

/** Past the line end at `end`. */
export function lineAfter(text: string, end: number): number {
  if (text.charCodeAt(end) === 0x0d && text.charCodeAt(end + 1) === 0x0a) return end + 2;
  return Math.min(end + 1, text.length);
}
