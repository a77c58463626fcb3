import { countWhile } from '../base/ordered.ts';

/** What stands in place of octets. */
export interface Stand {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const otherThanPlain = /[\0\x80-\xff]|\r(?!\n)|(?<!\r)\n/;

/**
 * Octets as an editor holds them: every line end is CRLF, a line with octets above 127 is read as UTF-8 or, where it is not
 * that, as Latin-1; NUL is its sign. Linear in the octets; finding a place takes the logarithm of the lines that are not ASCII.
 */
export class ShownText {
  readonly text: string;
  /** Where what was handed in to stand there stands, in code units. */
  readonly stands: readonly { readonly start: number; readonly end: number }[];
  readonly #octets: Buffer;
  /** Stretches: where each begins, in octets and in UTF-16 code units, and how the two run in it. */
  readonly #starts: { readonly octet: number; readonly unit: number; readonly runs: 'in step' | 'as UTF-8' | 'not' }[];

  /** @param stands in order, none in another */
  constructor(octets: Uint8Array, stands: readonly Stand[]) {
    this.#octets = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
    this.#starts = [];
    const texts: string[] = [];
    let unit = 0;
    const put = (octet: number, runs: 'in step' | 'as UTF-8' | 'not', text: string): void => {
      const last = this.#starts[this.#starts.length - 1];
      const goesOn = last?.runs === 'in step' && runs === 'in step' && octet - last.octet === unit - last.unit;
      if (!goesOn) this.#starts.push({ octet, unit, runs });
      texts.push(text);
      unit += text.length;
    };
    let from = 0;
    this.stands = stands.map(({ start, end, text }) => {
      this.#stretch(from, start, put);
      put(start, 'not', text);
      from = end;
      return { start: unit - text.length, end: unit };
    });
    this.#stretch(from, octets.length, put);
    this.#starts.push({ octet: octets.length, unit, runs: 'not' });
    this.text = texts.join('');
  }

  #stretch(from: number, to: number, put: (octet: number, runs: 'in step' | 'as UTF-8', text: string) => void): void {
    const octets = this.#octets;
    const latin1 = octets.toString('latin1', from, to);
    if (!otherThanPlain.test(latin1)) {
      if (to > from) put(from, 'in step', latin1);
      return;
    }
    for (const { 0: line, index } of latin1.matchAll(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g)) {
      const at = from + index;
      // For NUL the sign for it: an editor takes a file that begins with one for no text.
      const text = line.replace(/[\r\n]+$/, '').replaceAll('\0', '\u2400');
      const end = text.length < line.length ? '\r\n' : '';
      const decoded = /[\x80-\xff]/.test(text)
        ? utf8(octets.subarray(at, at + text.length))?.replaceAll('\0', '\u2400')
        : undefined;
      if (decoded === undefined) put(at, 'in step', text + end);
      else put(at, 'as UTF-8', decoded + end);
    }
  }

  /** The code unit that the octet stands at; that of what stands in its place; the end for what lies behind it. */
  unitOf(octet: number): number {
    const starts = this.#starts;
    const last = countWhile(starts.length, (index) => starts[index]!.octet <= octet) - 1;
    const start = starts[last]!;
    const { unit, runs } = start;
    if (runs === 'not') return unit;
    const next = starts[last + 1]!.unit;
    const passed = runs === 'in step' ? octet - start.octet : this.#octets.toString('utf8', start.octet, octet).length;
    return Math.min(unit + passed, next);
  }
}

function utf8(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}
