import { displayWidth } from '../../base/display-width.ts';
import { KeyReader } from './keys.ts';

/** What came of a key that asks for more than a change of the line. */
export type EditorEvent =
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'interrupt' }
  | { readonly type: 'end' }
  | { readonly type: 'clear-screen' }
  /** Tab, where several words fit. */
  | { readonly type: 'candidates'; readonly words: readonly string[] };

export interface EditorOptions {
  /** The words that what stands before the cursor may become. */
  readonly complete?: (before: string) => readonly string[];
  /** From which offset on a line is not to be shown; its length or more: all of it may be. */
  readonly secretFrom?: (text: string) => number;
  /** Puts colour on the prompt, without changing its width. */
  readonly paint?: (prompt: string) => string;
}

const MOST_HISTORY = 500;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * One line of a terminal being typed: editing, history, completion, and how it is shown. It knows no terminal: keys
 * come in as a terminal sends them, what is to be written goes out as text with control sequences.
 */
export class LineEditor {
  prompt = '';
  /** Nothing of the line is shown. */
  hidden = false;

  readonly #keys = new KeyReader();
  readonly #options: EditorOptions;
  readonly #history: string[] = [];
  #columns: number;
  #text = '';
  #cursor = 0;
  /** Where in the history the line is; the length of the history for a new one. */
  #at = 0;
  /** The new line, while an old one is looked at. */
  #draft = '';

  constructor(columns: number, options: EditorOptions = {}) {
    this.#columns = columns;
    this.#options = options;
  }

  get text(): string {
    return this.#text;
  }

  get cursor(): number {
    return this.#cursor;
  }

  resize(columns: number): void {
    this.#columns = columns;
  }

  feed(data: string): void {
    this.#keys.feed(data);
  }

  /** Puts a line into the history, unless it is the one before. */
  remember(text: string): void {
    if (text.trim() !== '' && this.#history.at(-1) !== text) this.#history.push(text);
    if (this.#history.length > MOST_HISTORY) this.#history.shift();
    this.#at = this.#history.length;
  }

  clear(): void {
    this.#set('');
    this.#at = this.#history.length;
  }

  /** What was typed ahead is forgotten. */
  dropInput(): void {
    this.#keys.clear();
  }

  /** Works through the keys that came, up to one that asks for something; undefined once there are none left. */
  next(): EditorEvent | undefined {
    for (let key = this.#keys.next(); key !== undefined; key = this.#keys.next()) {
      switch (key.name) {
        case 'char':
          this.#insert(key.text);
          break;
        case 'enter': {
          const text = this.#text;
          this.clear();
          return { type: 'line', text };
        }
        case 'interrupt':
          return { type: 'interrupt' };
        case 'end-of-input':
          if (this.#text === '') return { type: 'end' };
          this.#remove(this.#cursor, this.#after());
          break;
        case 'clear-screen':
          return { type: 'clear-screen' };
        case 'tab': {
          const words = this.#complete();
          if (words.length > 1) return { type: 'candidates', words };
          break;
        }
        case 'backspace':
          this.#remove(this.#before(), this.#cursor);
          break;
        case 'delete':
          this.#remove(this.#cursor, this.#after());
          break;
        case 'delete-word':
          this.#remove(this.#wordBefore(), this.#cursor);
          break;
        case 'delete-to-start':
          this.#remove(0, this.#cursor);
          break;
        case 'delete-to-end':
          this.#remove(this.#cursor, this.#text.length);
          break;
        case 'left':
          this.#cursor = this.#before();
          break;
        case 'right':
          this.#cursor = this.#after();
          break;
        case 'word-left':
          this.#cursor = this.#wordBefore();
          break;
        case 'word-right':
          this.#cursor += /^\s*\S*/.exec(this.#text.slice(this.#cursor))?.[0].length ?? 0;
          break;
        case 'home':
          this.#cursor = 0;
          break;
        case 'end':
          this.#cursor = this.#text.length;
          break;
        case 'up':
          this.#recall(this.#at - 1);
          break;
        case 'down':
          this.#recall(this.#at + 1);
          break;
      }
    }
    return undefined;
  }

  /**
   * Draws the line anew, where the cursor's line is: prompt, text, cursor. A line too long for the terminal is shown
   * around the cursor.
   */
  render(): string {
    const room = Math.max(8, this.#columns - displayWidth(this.prompt) - 1);
    const cells = this.#shown();
    const place = cells.findIndex(({ offset }) => offset >= this.#cursor);
    const cursor = place === -1 ? cells.length : place;
    let start = cursor;
    let width = 0;
    while (start > 0 && width + (cells[start - 1]?.width ?? 0) <= room) width += cells[--start]?.width ?? 0;
    const column = width;
    let end = cursor;
    while (end < cells.length && width + (cells[end]?.width ?? 0) <= room) width += cells[end++]?.width ?? 0;
    const visible = cells
      .slice(start, end)
      .map(({ text }) => text)
      .join('');
    const to = displayWidth(this.prompt) + column;
    const prompt = this.#options.paint?.(this.prompt) ?? this.prompt;
    return `\r${prompt}${visible}\x1b[K\r${to > 0 ? `\x1b[${to}C` : ''}`;
  }

  /** Takes the line off the screen. */
  erase(): string {
    return '\r\x1b[K';
  }

  /** The characters as they may be shown, with their places in the text. */
  #shown(): { readonly text: string; readonly offset: number; readonly width: number }[] {
    if (this.hidden) return [];
    const secret = this.#options.secretFrom?.(this.#text) ?? this.#text.length;
    return [...graphemes.segment(this.#text)].map(({ segment, index }) => {
      const text = index >= secret ? '•' : segment;
      return { text, offset: index, width: Math.max(1, displayWidth(text)) };
    });
  }

  #set(text: string): void {
    this.#text = text;
    this.#cursor = text.length;
  }

  #insert(text: string): void {
    this.#text = this.#text.slice(0, this.#cursor) + text + this.#text.slice(this.#cursor);
    this.#cursor += text.length;
  }

  #remove(start: number, end: number): void {
    this.#text = this.#text.slice(0, start) + this.#text.slice(end);
    this.#cursor = start;
  }

  #before(): number {
    return [...graphemes.segment(this.#text.slice(0, this.#cursor))].at(-1)?.index ?? 0;
  }

  #after(): number {
    const next = graphemes.segment(this.#text.slice(this.#cursor))[Symbol.iterator]().next();
    return this.#cursor + (next.done ? 0 : next.value.segment.length);
  }

  #wordBefore(): number {
    return /\S*\s*$/.exec(this.#text.slice(0, this.#cursor))?.index ?? 0;
  }

  #recall(at: number): void {
    if (this.hidden || at < 0 || at > this.#history.length) return;
    if (this.#at === this.#history.length) this.#draft = this.#text;
    this.#at = at;
    this.#set(this.#history[at] ?? this.#draft);
  }

  /** Completes as far as all words that fit agree; answers those words where that is no further than it is. */
  #complete(): readonly string[] {
    const before = this.#text.slice(0, this.#cursor);
    const words = this.hidden ? [] : (this.#options.complete?.(before) ?? []);
    const [first, ...others] = words;
    if (first === undefined) return [];
    let common = first.length;
    for (const word of others) {
      while (word.slice(0, common).toLowerCase() !== first.slice(0, common).toLowerCase()) common--;
    }
    const begun = /\S*$/.exec(before)?.[0].length ?? 0;
    if (common <= begun && others.length > 0) return words;
    this.#remove(this.#cursor - begun, this.#cursor);
    this.#insert(others.length === 0 ? `${first} ` : first.slice(0, common));
    return [];
  }
}
