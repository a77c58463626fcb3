import type { Irregularity } from './message.ts';

const CR = 13;
const LF = 10;
const DOT = 46;
const crlfDot = Buffer.from('\r\n.');

/** What the octets before the present one mean for it. */
type Place = 'line-start' | 'dot' | 'dot-cr' | 'cr' | 'middle';

/**
 * The text between 354 and the final dot (RFC 5321 section 4.1.1.4). Only CRLF "." CRLF ends it: a bare CR or LF is
 * text like any other and is kept, so that no two readers of one stream can disagree about where a message ends.
 * What is kept stays under `limit`; beyond it the text is read to its end and thrown away.
 */
export class TextReader {
  readonly pieces: Uint8Array[] = [];
  readonly audit = new TextAudit();
  /** Octets of the text so far, stuffed dots not counted, those thrown away included. */
  size = 0;
  readonly #limit: number;
  #block: Uint8Array = Buffer.alloc(0);
  #blockStart = 0;
  #blockEnd = 0;
  #blockIsLast = false;
  // The CRLF that ends the DATA command line begins the first line of the text.
  #place: Place = 'line-start';

  constructor(limit: number) {
    this.#limit = limit;
  }

  get tooLarge(): boolean {
    return this.size > this.#limit;
  }

  /** Takes octets from `start`; gives the index after the final dot's CRLF, or -1 where the text goes on. */
  push(octets: Buffer, start = 0): number {
    let at = start;
    // Where the octets begin that are text and not yet handed on; stuffed dots lie between two such spans.
    let from = start;
    const end = octets.length;
    while (at < end) {
      switch (this.#place) {
        case 'middle': {
          const found = octets.indexOf(crlfDot, at);
          if (found !== -1) {
            this.#keep(octets, from, found + 2);
            at = found + 3;
            from = at;
            this.#place = 'dot';
            break;
          }
          at = end;
          this.#place = octets[end - 1] === CR ? 'cr' : endsLine(octets, from) ? 'line-start' : 'middle';
          break;
        }
        case 'line-start':
          if (octets[at] === DOT) {
            this.#keep(octets, from, at);
            from = ++at;
            this.#place = 'dot';
          } else this.#place = 'middle';
          break;
        case 'dot':
          // Held back, since only the octet after it tells an end from the text ".CR…".
          if (octets[at] === CR) {
            from = ++at;
            this.#place = 'dot-cr';
          } else this.#place = 'middle';
          break;
        case 'dot-cr':
          if (octets[at] === LF) return at + 1;
          // RFC 5321 section 4.5.2: other characters follow on the line, so the dot goes and they stay.
          this.#keep(carriageReturn, 0, 1);
          this.#place = 'cr';
          break;
        case 'cr':
          if (octets[at] === LF) {
            at++;
            this.#place = 'line-start';
          } else this.#place = 'middle';
          break;
      }
    }
    this.#keep(octets, from, end);
    return -1;
  }

  /** Octets of a chunk (RFC 3030), which has neither dots nor an end of its own. */
  pushPlain(octets: Buffer, start: number, end: number): void {
    this.#keep(octets, start, end);
  }

  #keep(octets: Buffer, start: number, end: number): void {
    if (end <= start) return;
    this.size += end - start;
    if (this.tooLarge) {
      this.pieces.length = 0;
      this.#blockIsLast = false;
      return;
    }
    const piece = octets.subarray(start, end);
    this.audit.push(piece);
    if (piece.length < SMALL) this.#copy(piece);
    else {
      this.pieces.push(piece);
      this.#blockIsLast = false;
    }
  }

  /** Small pieces (a text full of stuffed dots, octets that trickle in) share a block, lest each cost an object. */
  #copy(piece: Uint8Array): void {
    if (this.#blockEnd + piece.length > this.#block.length) {
      this.#block = Buffer.allocUnsafe(BLOCK);
      this.#blockStart = this.#blockEnd = 0;
      this.#blockIsLast = false;
    }
    if (!this.#blockIsLast) this.#blockStart = this.#blockEnd;
    this.#block.set(piece, this.#blockEnd);
    this.#blockEnd += piece.length;
    const joined = this.#block.subarray(this.#blockStart, this.#blockEnd);
    if (this.#blockIsLast) this.pieces[this.pieces.length - 1] = joined;
    else this.pieces.push(joined);
    this.#blockIsLast = true;
  }
}

/** Octets below which a piece is copied. */
const SMALL = 512;
const BLOCK = 8192;

const carriageReturn = Buffer.from('\r');

function endsLine(octets: Buffer, from: number): boolean {
  const end = octets.length;
  return end - from >= 2 && octets[end - 2] === CR && octets[end - 1] === LF;
}

/** Notes, octet by octet, what RFC 5321 does not allow in a text. */
export class TextAudit {
  #previous = LF;
  #column = 0;
  #longest = 0;
  #bareCr = false;
  #bareLf = false;
  #nul = false;
  #eightBit = false;

  push(octets: Uint8Array): void {
    let previous = this.#previous;
    let column = this.#column;
    for (let i = 0; i < octets.length; i++) {
      const octet = octets[i]!;
      column++;
      if (octet === LF) {
        if (previous === CR) column--;
        else this.#bareLf = true;
        if (column - 1 > this.#longest) this.#longest = column - 1;
        column = 0;
      } else {
        if (previous === CR) this.#bareCr = true;
        if (octet === 0) this.#nul = true;
        else if (octet > 127) this.#eightBit = true;
      }
      previous = octet;
    }
    this.#previous = previous;
    this.#column = column;
  }

  /** What there was, once all octets have been seen. */
  irregularities(eightBitAnnounced: boolean): Irregularity[] {
    const found: Irregularity[] = [];
    if (this.#bareCr || this.#previous === CR) found.push('bare-cr');
    if (this.#bareLf) found.push('bare-lf');
    if (Math.max(this.#longest, this.#column) > 998) found.push('long-line');
    if (this.#nul) found.push('nul');
    if (this.#eightBit && !eightBitAnnounced) found.push('unannounced-8bit');
    if (this.#column > 0) found.push('no-final-newline');
    return found;
  }
}
