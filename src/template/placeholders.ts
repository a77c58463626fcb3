import type { Range } from '../base/problem.ts';
import type { DataValue } from './data.ts';

/** A value on its way into a text: what stands for it is put there first, and replaced when it is known where it is. */
export interface Filled {
  readonly value: DataValue | undefined;
  /** Whether the author asked for it not to be escaped (`{{{…}}}`, `| raw`). */
  readonly raw: boolean;
  /** Where its expression stands in the text that is rendered. */
  readonly range: Range;
}

/**
 * Stand-ins for values in the output of an engine, so that no value is ever taken for a part of the template, and
 * where it came to stand is looked at before it is. They are framed by two noncharacters that the text does not hold.
 */
export class Placeholders {
  readonly #open: string;
  readonly #close: string;
  readonly #filled: Filled[];
  readonly pattern: RegExp;

  /** @param filled what stands in the text already, where it goes on from there: see `filled` */
  constructor(text: string, filled: readonly Filled[] = []) {
    this.#filled = [...filled];
    const free: string[] = [];
    for (let code = 0xfdd0; code <= 0xfdef && free.length < 2; code++) {
      const character = String.fromCharCode(code);
      if (!text.includes(character)) free.push(character);
    }
    // Thirty-two kinds of noncharacters in one text: then some of them are lost, and no harm is done.
    this.#open = free[0] ?? '\ufdd0';
    this.#close = free[1] ?? '\ufdd1';
    this.pattern = new RegExp(`${this.#open}(\\d+)${this.#close}`, 'g');
  }

  /** In order of their numbers. */
  get filled(): readonly Filled[] {
    return this.#filled;
  }

  /** What to put in the text for a value; filled up to `length` characters, so that what follows stays in its place. */
  add(value: DataValue | undefined, range: Range, raw = false, length = 0): string {
    const index = String(this.#filled.length);
    this.#filled.push({ value, raw, range });
    return `${this.#open}${index.padStart(length - 2, '0')}${this.#close}`;
  }

  get(index: string): Filled | undefined {
    return this.#filled[Number(index)];
  }

  /** The text with each stand-in replaced; those that an engine cut in two are taken out. */
  replace(text: string, by: (filled: Filled) => string): string {
    const replaced = text.replace(this.pattern, (_, index: string) => {
      const filled = this.get(index);
      return filled ? by(filled) : '';
    });
    return replaced;
  }

  /** What stands for values inside a value (`capture` in Liquid) as the plain text of these. */
  flatten(value: DataValue | undefined): DataValue | undefined {
    if (typeof value !== 'string' || !value.includes(this.#open)) return value;
    return this.replace(value, (filled) => plainText(filled.value));
  }
}

/** A value as text: lists joined by commas; what is no scalar is left out. */
export function plainText(value: DataValue | undefined): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map((item) => plainText(item as DataValue)).join(', ');
  return typeof value === 'object' ? '' : String(value);
}
