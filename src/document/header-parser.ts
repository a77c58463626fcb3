import type { Fix, Range, Severity } from '../base/problem.ts';
import { fieldFacts } from './fields.ts';
import { isBlank, type Lines, lineEndOf } from './lines.ts';
import { unfolded } from './mapped.ts';
import type { CommentNode, FieldNode, HeaderNode, SettingNode } from './nodes.ts';
import type { HeaderProblem } from './problems.ts';
import type { Sink } from './sink.ts';

export interface ParsedHeader {
  readonly nodes: readonly HeaderNode[];
  readonly bodyStart: number;
}

/** `ftext` (RFC 5322 section 3.6.8): printable ASCII but the colon. */
function isFieldNameCharacter(code: number): boolean {
  return code > 0x20 && code < 0x7f && code !== 0x3a;
}

const SETTING_NAME = /^[A-Za-z][A-Za-z0-9-]*$/;
/** Anything that no header line may hold (RFC 5322 section 2.2), tab and line ends apart. */
const CONTROL = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;
/** The line that parts messages in an mbox: an address, a date with its time. */
const MBOX_LINE = /^From \S+ .*\d:\d\d/;

/**
 * Reads the header block from `start` on. In a finished message it ends only at an empty line, as everybody who
 * receives it will see it; in a composed document also at a line of spaces, and at whatever is no header line.
 */
export function parseHeader(
  lines: Lines,
  start: number,
  kind: 'composed' | 'finished',
  sink: Sink<HeaderProblem>,
): ParsedHeader {
  return new HeaderParser(lines, kind, sink).parse(start);
}

class HeaderParser {
  readonly #lines: Lines;
  readonly #text: string;
  readonly #finished: boolean;
  readonly #sink: Sink<HeaderProblem>;
  readonly #nodes: HeaderNode[] = [];
  /** The field or setting that a folded line would continue. */
  #open:
    | { type: 'field' | 'setting'; name: string; nameRange: Range; start: number; value: number; end: number }
    | undefined;
  #fieldSeen = false;

  constructor(lines: Lines, kind: 'composed' | 'finished', sink: Sink<HeaderProblem>) {
    this.#lines = lines;
    this.#text = lines.text;
    this.#finished = kind === 'finished';
    this.#sink = sink;
  }

  parse(start: number): ParsedHeader {
    const { length } = this.#text;
    let at = start;
    while (at < length) {
      const end = this.#lines.end(at);
      const next = this.#lines.next(end);
      if (end === at) return this.#done(next);
      const code = this.#text.charCodeAt(at);
      if (code === 0x20 || code === 0x09) {
        if (isBlank(this.#text, at, end)) {
          this.#spacesOnly(at, end);
          if (!this.#finished) return this.#done(next);
        }
        if (this.#open) this.#open.end = end;
        else if (!this.#notAField(at, end, 'fold')) return this.#done(at);
      } else if (code === 0x23) {
        this.#comment(at, end, next);
      } else if (code === 0x40) {
        if (!this.#setting(at, end, next) && !this.#notAField(at, end, 'text')) return this.#done(at);
      } else if (!this.#field(at, end) && !this.#mboxLine(at, end, next) && !this.#notAField(at, end)) {
        return this.#done(at);
      }
      at = next;
    }
    return this.#done(length);
  }

  #done(bodyStart: number): ParsedHeader {
    this.#close();
    return { nodes: this.#nodes, bodyStart };
  }

  #close(): void {
    const open = this.#open;
    if (!open) return;
    this.#open = undefined;
    const value = unfolded(this.#text, open.value, open.end);
    const { type, name, nameRange } = open;
    const node: FieldNode | SettingNode = { type, range: { start: open.start, end: open.end }, name, nameRange, value };
    this.#nodes.push(node);
    this.#controlCharacter(node);
  }

  #controlCharacter({ name, value }: FieldNode | SettingNode): void {
    const { start: first, end } = value.range;
    const character = this.#text.slice(first, end).search(CONTROL);
    if (character < 0) return;
    const start = first + character;
    const range = { start, end: start + 1 };
    const fixes = [{ title: 'Remove the character', edits: [{ range, text: '' }], preferred: true }];
    const severity = this.#finished ? 'warning' : 'error';
    this.#sink.add({
      code: 'control-character',
      severity,
      range,
      character: this.#text.charCodeAt(start),
      name,
      fixes,
    });
  }

  #spacesOnly(start: number, end: number): void {
    const range = { start, end };
    const fixes = [{ title: 'Remove the spaces', edits: [{ range, text: '' }], preferred: true }];
    // In a finished message it goes on with the field before it (RFC 5322 section 4.2), against what it looks like.
    this.#sink.add({ code: 'spaces-only-line', severity: this.#finished ? 'warning' : 'hint', range, fixes });
  }

  #comment(start: number, end: number, next: number): void {
    this.#close();
    const node: CommentNode = { type: 'comment', range: { start, end } };
    this.#nodes.push(node);
    if (!this.#finished) return;
    const fixes = [{ title: 'Remove the line', edits: [{ range: { start, end: next }, text: '' }], preferred: true }];
    this.#sink.add({ code: 'comment-in-finished', severity: 'error', range: { start, end }, fixes });
  }

  #setting(start: number, end: number, next: number): boolean {
    const found = this.#text.slice(start, Math.min(end, start + 100)).indexOf(':');
    const colon = found < 0 ? end : start + found;
    const name = this.#text.slice(start + 1, colon);
    const half = colon === end;
    const word = half ? name.trimEnd() : name;
    if (!SETTING_NAME.test(word) && !(half && word === '')) return false;
    this.#close();
    const nameRange = { start, end: start + 1 + word.length };
    this.#open = {
      type: 'setting',
      name: word,
      nameRange,
      start,
      value: half ? end : colon + 1,
      end,
    };
    if (half) {
      const fixes = [
        {
          title: 'Add the colon',
          edits: [{ range: { start: nameRange.end, end: nameRange.end }, text: ':' }],
          preferred: true,
        },
      ];
      this.#sink.add({ code: 'setting-colon-missing', severity: 'error', range: nameRange, name: word, fixes });
    }
    if (this.#finished && this.#fieldSeen) {
      const fixes = [{ title: 'Remove the line', edits: [{ range: { start, end: next }, text: '' }] }];
      this.#sink.add({ code: 'setting-in-finished', severity: 'error', range: { start, end }, name: word, fixes });
    }
    return true;
  }

  #field(start: number, end: number): boolean {
    let at = start;
    while (at < end && isFieldNameCharacter(this.#text.charCodeAt(at))) at++;
    if (at === start || at === end || this.#text.charCodeAt(at) !== 0x3a) return false;
    this.#close();
    this.#fieldSeen = true;
    const name = this.#text.slice(start, at);
    this.#open = { type: 'field', name, nameRange: { start, end: at }, start, value: at + 1, end };
    return true;
  }

  /** The line of an mbox before its first field: to be left out, where it comes with a finished message. */
  #mboxLine(start: number, end: number, next: number): boolean {
    if (this.#fieldSeen || !this.#text.startsWith('From ', start)) return false;
    if (!this.#finished && !MBOX_LINE.test(this.#text.slice(start, Math.min(end, start + 1000)))) return false;
    this.#close();
    if (this.#finished) return true;
    const fixes = [{ title: 'Remove the line', edits: [{ range: { start, end: next }, text: '' }], preferred: true }];
    this.#sink.add({ code: 'mbox-line', severity: 'error', range: { start, end }, fixes });
    return true;
  }

  /** Says what is wrong with the line; true where the header goes on all the same. */
  #notAField(start: number, end: number, line?: 'fold' | 'text'): boolean {
    this.#close();
    const severity: Severity = this.#finished ? 'warning' : 'error';
    if (this.#sink.takes(severity)) {
      const text = this.#text.slice(start, Math.min(end, start + 200));
      const spaced = /^([!-9;-~]+)[ \t]+:/.exec(text);
      const first: Fix[] = [];
      if (spaced) {
        const range = { start: start + spaced[1]!.length, end: start + spaced[0].length - 1 };
        first.push({ title: 'Remove the space before the colon', edits: [{ range, text: '' }], preferred: true });
      } else {
        const word = /^[A-Za-z-]+(?=[ \t]|$)/.exec(text)?.[0];
        const known = word === undefined ? undefined : fieldFacts(word);
        if (word && known) {
          const at = start + word.length;
          first.push({ title: `Add the colon after ${word}`, edits: [{ range: { start: at, end: at }, text: ':' }] });
        }
      }
      const insert = { range: { start, end: start }, text: lineEndOf(this.#text) };
      const fixes: Fix[] = [
        ...first,
        { title: 'Insert the blank line before the body', edits: [insert], preferred: !spaced },
      ];
      const what = line ?? (spaced ? 'space-before-colon' : text.startsWith('<#') ? 'directive' : 'text');
      this.#sink.add({ code: 'header-not-a-field', severity, range: { start, end }, line: what, fixes });
    }
    return this.#finished;
  }
}
