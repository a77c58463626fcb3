/** One key, as a terminal sends it. `text` comes with `char` only: one or more characters that were typed or pasted. */
export type Key =
  | { readonly name: 'char'; readonly text: string }
  | { readonly name: KeyName; readonly text?: undefined };

export type KeyName =
  | 'enter'
  | 'backspace'
  | 'delete'
  | 'tab'
  | 'left'
  | 'right'
  | 'up'
  | 'down'
  | 'home'
  | 'end'
  | 'word-left'
  | 'word-right'
  | 'delete-word'
  | 'delete-to-start'
  | 'delete-to-end'
  | 'clear-screen'
  | 'interrupt'
  | 'end-of-input';

/** As readline and every shell have them. */
const CONTROLS: Readonly<Record<string, KeyName>> = {
  '\x01': 'home',
  '\x02': 'left',
  '\x03': 'interrupt',
  '\x04': 'end-of-input',
  '\x05': 'end',
  '\x06': 'right',
  '\x08': 'backspace',
  '\x09': 'tab',
  '\x0b': 'delete-to-end',
  '\x0c': 'clear-screen',
  '\x0d': 'enter',
  '\x0e': 'down',
  '\x10': 'up',
  '\x15': 'delete-to-start',
  '\x17': 'delete-word',
  '\x7f': 'backspace',
};

/** What follows ESC [ or ESC O (ECMA-48 section 5.4, xterm). */
const SEQUENCES: Readonly<Record<string, KeyName>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  '1~': 'home',
  '3~': 'delete',
  '4~': 'end',
  '7~': 'home',
  '8~': 'end',
  '1;3C': 'word-right',
  '1;3D': 'word-left',
  '1;5C': 'word-right',
  '1;5D': 'word-left',
};

const AFTER_ESCAPE: Readonly<Record<string, KeyName>> = {
  b: 'word-left',
  f: 'word-right',
  '\x7f': 'delete-word',
};

/** Longer than any sequence that a terminal sends for a key. */
const LONGEST = 32;

/** Reads keys out of what a terminal sends, in pieces of any size. */
export class KeyReader {
  #pending = '';
  #afterReturn = false;

  feed(data: string): void {
    this.#pending += data;
  }

  /** The next key; undefined where more has to come first. */
  next(): Key | undefined {
    while (this.#pending !== '') {
      const first = this.#pending.charAt(0);
      // A pasted CRLF is one Enter.
      const skipped = first === '\n' && this.#afterReturn;
      this.#afterReturn = first === '\r';
      if (skipped) {
        this.#take(1);
        continue;
      }
      if (first === '\x1b') {
        const found = this.#escape();
        if (found === 'incomplete') return undefined;
        if (found) return { name: found };
        continue;
      }
      if (first === '\n') {
        this.#take(1);
        return { name: 'enter' };
      }
      if (/[\0-\x1f\x7f-\x9f]/.test(first)) {
        this.#take(1);
        const name = CONTROLS[first];
        if (name) return { name };
        continue;
      }
      const text = /^[^\0-\x1f\x7f-\x9f]+/.exec(this.#pending)?.[0] ?? first;
      // Half of a character: the other half is on its way.
      const whole = text.length === this.#pending.length && /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
      if (whole === '') return undefined;
      this.#take(whole.length);
      return { name: 'char', text: whole };
    }
    return undefined;
  }

  /** What was typed ahead is dropped. */
  clear(): void {
    this.#pending = '';
  }

  #take(length: number): void {
    this.#pending = this.#pending.slice(length);
  }

  #escape(): KeyName | 'incomplete' | undefined {
    const rest = this.#pending.slice(1);
    if (rest === '') return 'incomplete';
    const introduced = /^[[O]([0-9;:<=>?]*)([^0-9;:<=>?])?/.exec(rest);
    if (!introduced) {
      this.#take(2);
      return AFTER_ESCAPE[rest.charAt(0)];
    }
    if (introduced[2] === undefined) {
      if (rest.length < LONGEST) return 'incomplete';
      this.#take(1 + rest.length);
      return undefined;
    }
    this.#take(1 + introduced[0].length);
    return SEQUENCES[`${introduced[1]}${introduced[2]}`];
  }
}
