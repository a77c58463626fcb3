import type { Fix, Range } from '../base/problem.ts';
import {
  EmptyPart,
  endsPart,
  FileLine,
  Heads,
  headEndBefore,
  PartLine,
  pastClose,
  pastFlawless,
  pastSound,
  type Soundness,
  TextPart,
} from './directive-line.ts';
import { parseHead } from './directive-parser.ts';
import { DIRECTIVE_WORDS, DIRECTIVES, type DirectiveName } from './directives.ts';
import { isBlank, type Lines, lineEndOf } from './lines.ts';
import { attributeNamed, type BodyNode } from './nodes.ts';
import type { BodyProblem } from './problems.ts';
import type { Sink } from './sink.ts';
import { unknownDirective } from './unknown-directive.ts';

/** Readers give up on deeper ones, and whoever walks the tree by recursion must come back. */
const MAX_DEPTH = 50;

/** The directive that a line begins with, as a rule, by the character behind its `<#`. */
const LIKELY: ReadonlyMap<number, DirectiveName> = new Map(DIRECTIVES.map(({ name }) => [name.charCodeAt(0), name]));
const OPENING: ReadonlySet<string> = new Set(['attach', 'inline', 'part', 'multipart']);
const WORD = /[/A-Za-z][\w-]*/y;
const INK = /[^ \t\r\n]/;

/** Reads the body of a composed document. `leadingType` is the media type of its leading text. */
export function parseBody(
  lines: Lines,
  start: number,
  leadingType: string | undefined,
  sink: Sink<BodyProblem>,
): readonly BodyNode[] {
  return new BodyParser(lines, start, leadingType, sink).parse();
}

/** The body, a part or a multipart that is being filled. */
interface Frame {
  readonly type: 'body' | 'part' | 'multipart';
  readonly start: number;
  /** Where its head ends. */
  readonly headEnd: number;
  /** Whether a part may have an attribute that gives it its text from a file. */
  readonly sourced?: boolean;
  readonly children: BodyNode[];
  /** Where the part is closed that ended last here, by a close of its own, where nothing but text has followed it. */
  closed?: number | undefined;
}

class BodyParser {
  readonly #lines: Lines;
  readonly #text: string;
  readonly #heads: Heads;
  readonly #leadingType: string | undefined;
  readonly #lineEnd: string;
  readonly #sink: Sink<BodyProblem>;
  /** What is being filled, and what that stands in, the body first. */
  #top: Frame;
  readonly #stack: Frame[] = [];
  /** How many multiparts too deep are open. */
  #tooDeep = 0;
  #textStart: number;
  /** Once a search for the end of a note has found none, there is none to be found. */
  #noteEnds = true;
  /** Where the current run of text and what does not end it begins, and the fixes that wait for its end. */
  #runStart: number;
  #waiting: { start: number; fixes: Fix[] }[] = [];

  constructor(lines: Lines, start: number, leadingType: string | undefined, sink: Sink<BodyProblem>) {
    this.#lines = lines;
    this.#text = lines.text;
    this.#heads = new Heads(lines.text);
    this.#leadingType = leadingType;
    this.#lineEnd = lineEndOf(lines.text);
    this.#sink = sink;
    this.#top = { type: 'body', start, headEnd: start, children: [] };
    this.#textStart = start;
    this.#runStart = start;
  }

  #open(frame: Frame): void {
    this.#stack.push(this.#top);
    this.#top = frame;
  }

  /** The frame that is closed; on top is then what it stands in. */
  #close(): Frame {
    const frame = this.#top;
    this.#top = this.#stack.pop()!;
    return frame;
  }

  parse(): readonly BodyNode[] {
    const { length } = this.#text;
    for (let at = this.#text.indexOf('<#', this.#textStart); at >= 0; at = this.#text.indexOf('<#', at)) {
      // What follows a directive begins a line.
      if (at === this.#textStart || this.#lines.startsAt(at)) {
        if (at > this.#textStart) this.#flush(at);
        at = this.#line(at);
        this.#textStart = at;
      } else {
        this.#indented(at);
        at += 2;
      }
    }
    this.#flush(length);
    this.#endRun(length);
    if (this.#top.type === 'part') this.#closePart(length);
    while (this.#stack.length > 0) {
      const frame = this.#top;
      const before = length > 0 && !/[\r\n]/.test(this.#text[length - 1]!) ? this.#lineEnd : '';
      const edits = [{ range: { start: length, end: length }, text: `${before}<#/multipart>${this.#lineEnd}` }];
      const fixes = [{ title: 'Close the multipart', edits, preferred: true }];
      const range = { start: frame.start, end: frame.headEnd };
      this.#sink.add({ code: 'multipart-unclosed', severity: 'error', range, fixes });
      this.#closeMultipart(length);
    }
    return this.#top.children;
  }

  /** Takes in the text from the last directive to `end`. */
  #flush(end: number): void {
    const start = this.#textStart;
    if (end <= start) return;
    this.#top.children.push({ type: 'text', range: { start, end } });
    this.#strayText(start, end);
  }

  /** Text that follows a closed part belongs to none. */
  #strayText(start: number, end: number): void {
    const { closed } = this.#top;
    if (closed === undefined) return;
    const text = this.#text.slice(start, end);
    const ink = text.search(INK);
    if (ink < 0) return;
    const moved = /[\r\n]$/.test(text) ? text : text + this.#lineEnd;
    const edits = [
      { range: { start: closed, end: closed }, text: moved },
      { range: { start, end }, text: '' },
    ];
    const fixes = [{ title: 'Move the text into the part', edits, preferred: true }];
    const range = { start: start + ink, end: start + text.trimEnd().length };
    this.#sink.add({ code: 'text-after-part', severity: 'error', range, fixes });
  }

  /** Reads the line that begins with `<#` at `at`, and gives the start of what follows. */
  #line(at: number): number {
    const code = this.#text.charCodeAt(at + 2);
    const likely = LIKELY.get(code);
    if (likely) {
      const next = pastFlawless(this.#text, likely, at);
      if (next >= 0) return this.#flawless(likely, at, next, true);
      const sound = pastSound(this.#text, likely, at);
      if (sound >= 0) return this.#flawless(likely, at, sound, false);
    }
    const end = this.#lines.end(at);
    const next = this.#lines.next(end);
    if (code === 0x21) {
      this.#top.children.push({ type: 'escaped', range: { start: at, end: next }, mark: at + 2 });
      this.#strayText(at, next);
      return next;
    }
    if (code === 0x2d && this.#text.charCodeAt(at + 3) === 0x2d) return this.#note(at, end, next);
    WORD.lastIndex = at + 2;
    const word = WORD.exec(this.#text)?.[0] ?? '';
    const keyword = { start: at + 2, end: at + 2 + word.length };
    if (OPENING.has(word) && endsWord(this.#text.charCodeAt(keyword.end), keyword.end === end)) {
      return this.#directive(word as DirectiveName, keyword, end, next);
    }
    if (word === '/part' || word === '/multipart') {
      if (this.#text.charCodeAt(keyword.end) === 0x3e)
        return this.#closing(word.slice(1) as 'part' | 'multipart', keyword, end, next);
      if (isBlank(this.#text, keyword.end, end)) {
        const range = { start: at, end: keyword.end };
        const edits = [{ range: { start: keyword.end, end: keyword.end }, text: '>' }];
        const fixes = [{ title: 'Close the directive', edits, preferred: true }];
        this.#sink.add({ code: 'directive-unclosed', severity: 'error', range, directive: word, fixes });
        return this.#closing(word.slice(1) as 'part' | 'multipart', keyword, end, next);
      }
    }
    this.#unknown(at, word, keyword, next);
    return next;
  }

  #directive(word: DirectiveName, keyword: Range, end: number, next: number): number {
    const start = keyword.start - 2;
    this.#begin(word, start, next);
    const { headRange, attributes } = parseHead(this.#text, word, keyword, end, this.#lineEnd, this.#sink);
    if (word !== 'part') return this.#opened(word, start, headRange.end, next, 'unknown');
    const sourced = attributeNamed(attributes, 'src') !== undefined;
    this.#open({ type: 'part', start, headEnd: headRange.end, sourced, children: [] });
    return attributeNamed(attributes, 'verbatim') ? this.#verbatim(next) : next;
  }

  /** The same for a line whose head nothing is wrong with, nor anything behind it; `common` as its attributes are. */
  #flawless(word: DirectiveName, start: number, next: number, common: boolean): number {
    const headEnd = headEndBefore(this.#text, next);
    this.#begin(word, start, next);
    const soundness = common ? 'flawless' : 'sound';
    if (word !== 'part') return this.#opened(word, start, headEnd, next, soundness);
    if (endsPart(this.#text, next)) {
      this.#top.children.push(new EmptyPart(this.#heads, 'part', start, next, headEnd, soundness));
      return next;
    }
    const close = common ? this.#text.indexOf('<#', next) : -1;
    const end = close >= 0 && this.#lines.startsAt(close) ? pastClose(this.#text, close) : -1;
    if (end < 0) {
      this.#open({ type: 'part', start, headEnd, sourced: !common, children: [] });
      return next;
    }
    this.#top.children.push(new TextPart(this.#heads, start, end, headEnd, close));
    this.#top.closed = close;
    this.#runStart = end;
    return end;
  }

  /** A part ends where the next part, file or multipart begins. */
  #begin(word: DirectiveName, start: number, next: number): void {
    if (word === 'inline') return;
    if (this.#waiting.length > 0) this.#endRun(start);
    if (this.#top.type === 'part') this.#closePart(start);
    this.#top.closed = undefined;
    this.#runStart = next;
  }

  #opened(
    word: Exclude<DirectiveName, 'part'>,
    start: number,
    headEnd: number,
    next: number,
    soundness: Soundness,
  ): number {
    if (word !== 'multipart') {
      this.#top.children.push(new FileLine(this.#heads, word, start, next, headEnd, soundness));
    } else if (this.#stack.length >= MAX_DEPTH) {
      this.#tooDeep++;
      const problem = { code: 'multipart-too-deep' as const, severity: 'error' as const, limit: MAX_DEPTH };
      this.#sink.add({ ...problem, range: { start, end: headEnd } });
    } else this.#open({ type: 'multipart', start, headEnd, children: [] });
    return next;
  }

  /** Everything up to the line `<#/part>` is text. */
  #verbatim(start: number): number {
    let at = this.#text.indexOf('<#/part>', start);
    while (at >= 0) {
      const end = this.#lines.startsAt(at) ? this.#lines.end(at) : -1;
      if (end >= 0 && isBlank(this.#text, at + 8, end)) break;
      at = this.#text.indexOf('<#/part>', at + 8);
    }
    const stop = at < 0 ? this.#text.length : at;
    if (stop > start) this.#top.children.push({ type: 'text', range: { start, end: stop } });
    if (at >= 0) return at;
    const before = /[\r\n]$/.test(this.#text.slice(-1)) ? '' : this.#lineEnd;
    const edits = [{ range: { start: stop, end: stop }, text: `${before}<#/part>${this.#lineEnd}` }];
    const fixes = [{ title: 'Close the part at the end', edits, preferred: true }];
    const range = { start: this.#top.start, end: this.#top.headEnd };
    this.#sink.add({ code: 'verbatim-unclosed', severity: 'warning', range, fixes });
    return stop;
  }

  #closing(word: 'part' | 'multipart', keyword: Range, end: number, next: number): number {
    const start = keyword.start - 2;
    const closeEnd = Math.min(keyword.end + 1, end);
    if (!isBlank(this.#text, closeEnd, end)) {
      const edits = [{ range: { start: closeEnd, end: closeEnd }, text: this.#lineEnd }];
      const fixes = [{ title: 'Move the text to the next line', edits, preferred: true }];
      const range = { start: closeEnd, end };
      this.#sink.add({ code: 'text-after-directive', severity: 'error', range, directive: `/${word}`, fixes });
    }
    const closeRange = { start, end: closeEnd };
    this.#endRun(start);
    this.#runStart = next;
    if (word === 'part' && this.#top.type === 'part') {
      this.#closePart(next, closeRange);
      return next;
    }
    if (word === 'multipart') {
      if (this.#top.type === 'part') this.#closePart(start);
      if (this.#tooDeep > 0) {
        this.#tooDeep--;
        this.#top.children.push({ type: 'unknown', range: { start, end: next }, keywordRange: keyword });
        return next;
      }
      if (this.#top.type === 'multipart') {
        this.#closeMultipart(next, closeRange);
        return next;
      }
    }
    const fixes: Fix[] = [
      { title: 'Remove the line', edits: [{ range: { start, end: next }, text: '' }], preferred: true },
    ];
    this.#sink.add({ code: 'close-unmatched', severity: 'error', range: closeRange, directive: word, fixes });
    this.#top.children.push({ type: 'unknown', range: { start, end: next }, keywordRange: keyword });
    return next;
  }

  #closePart(end: number, closeRange?: Range): void {
    const { start, children, headEnd, sourced } = this.#close();
    // Copied, it holds no room for more: there may be thousands.
    const held = { range: { start, end }, children: children.slice(), closeRange };
    const part = new PartLine(this.#heads, 'part', held, headEnd);
    this.#top.children.push(part);
    this.#top.closed = closeRange?.start;
    if (!sourced) return;
    const text = children.find(
      (child) =>
        (child.type === 'text' || child.type === 'escaped') &&
        INK.test(this.#text.slice(child.range.start, child.range.end)),
    );
    const src = text && attributeNamed(part.attributes, 'src');
    if (!text || !src) return;
    const fixes = [
      { title: 'Remove the text', edits: [{ range: text.range, text: '' }] },
      { title: 'Remove src', edits: [{ range: { start: src.range.start - 1, end: src.range.end }, text: '' }] },
    ];
    this.#sink.add({ code: 'src-and-text', severity: 'error', range: src.range, fixes });
  }

  #closeMultipart(end: number, closeRange?: Range): void {
    const { start, children, headEnd } = this.#close();
    const held = { range: { start, end }, children, closeRange };
    this.#top.children.push(new PartLine(this.#heads, 'multipart', held, headEnd));
  }

  #note(at: number, end: number, next: number): number {
    let close = this.#noteEnds ? this.#text.indexOf('-->', at + 4) : -1;
    if (close < 0) {
      this.#noteEnds = false;
      const fixes = [
        { title: 'Close the note', edits: [{ range: { start: end, end }, text: ' -->' }], preferred: true },
      ];
      this.#sink.add({ code: 'note-unclosed', severity: 'error', range: { start: at, end }, fixes });
      this.#top.children.push({ type: 'note', range: { start: at, end: next } });
      return next;
    }
    close += 3;
    const lineEnd = this.#lines.end(close);
    const after = this.#lines.next(lineEnd);
    if (!isBlank(this.#text, close, lineEnd)) {
      const edits = [{ range: { start: close, end: close }, text: this.#lineEnd }];
      const fixes = [{ title: 'Move the text to the next line', edits, preferred: true }];
      this.#sink.add({ code: 'text-after-note', severity: 'error', range: { start: close, end: lineEnd }, fixes });
    }
    this.#top.children.push({ type: 'note', range: { start: at, end: after } });
    return after;
  }

  #unknown(at: number, word: string, keyword: Range, next: number): void {
    this.#top.children.push({ type: 'unknown', range: { start: at, end: next }, keywordRange: keyword });
    if (!this.#sink.takes('error')) return;
    const problem = unknownDirective(at, word, keyword);
    if (problem.freemarker) this.#waiting.push({ start: this.#runStart, fixes: problem.fixes });
    this.#sink.add(problem);
  }

  /** The fix for FreeMarker's words is known once it is known where the text around them ends. */
  #endRun(end: number): void {
    if (this.#waiting.length === 0) return;
    const frame = this.#top;
    const title = 'Take every line of the part as text';
    const gap = /[\r\n]$/.test(this.#text.slice(Math.max(0, end - 1), end)) ? '' : this.#lineEnd;
    const close = { range: { start: end, end }, text: `${gap}<#/part>${this.#lineEnd}` };
    for (const { start, fixes } of this.#waiting) {
      if (frame.type === 'part') {
        const at = frame.headEnd - (this.#text.charCodeAt(frame.headEnd - 1) === 0x3e ? 1 : 0);
        const edits = [{ range: { start: at, end: at }, text: ' verbatim' }];
        const closed = this.#text.startsWith('<#/part>', end);
        fixes.unshift({ title, edits: closed ? edits : [...edits, close], preferred: true });
      } else {
        const type = this.#leadingType && this.#leadingType !== 'text/plain' ? ` type=${this.#leadingType}` : '';
        const open = { range: { start, end: start }, text: `<#part${type} verbatim>${this.#lineEnd}` };
        fixes.unshift({ title, edits: [open, close], preferred: true });
      }
    }
    this.#waiting = [];
  }

  /** A directive with spaces before it is text, and hardly meant so. */
  #indented(at: number): void {
    let start = at;
    while (start > this.#textStart && isBlank(this.#text, start - 1, start)) start--;
    if (start === at || !this.#lines.startsAt(start) || !this.#sink.takes('hint')) return;
    WORD.lastIndex = at + 2;
    const word = WORD.exec(this.#text)?.[0] ?? '';
    if (!DIRECTIVE_WORDS.includes(word)) return;
    const fixes = [{ title: 'Remove the spaces', edits: [{ range: { start, end: at }, text: '' }], preferred: true }];
    const range = { start: at, end: at + 2 + word.length };
    this.#sink.add({ code: 'directive-indented', severity: 'hint', range, directive: word, fixes });
  }
}

function endsWord(code: number, atEnd: boolean): boolean {
  return atEnd || code === 0x20 || code === 0x09 || code === 0x3e;
}
