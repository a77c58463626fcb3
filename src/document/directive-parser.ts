import type { Fix, Range } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { ATTRIBUTES, attributeFacts, attributesOf, type DirectiveName, takesPath } from './directives.ts';
import { isBlank } from './lines.ts';
import type { AttributeNode, DirectiveHead, ValueNode } from './nodes.ts';
import type { BodyProblem } from './problems.ts';
import type { Sink } from './sink.ts';

export interface ParsedHead extends Omit<DirectiveHead, 'lacks' | 'valueOf' | 'valueAt'> {
  readonly path: ValueNode | undefined;
}

const TAB = 0x09;
const SPACE = 0x20;
const QUOTE = 0x22;
const LESS = 0x3c;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const BACKSLASH = 0x5c;

/** Attributes that are compared one by one: to keep a set of their names costs more. */
const FEW = 8;

/** A path of the data, its segments parted by dots; `!` before it turns the answer round. */
const WHEN = /^!?[^\s!.{}][^\s{}]*$/;
/** `token` (RFC 2045 section 5.1) without what RFC 2231 makes special, and `ftext` (RFC 5322 section 3.6.8). */
const PARAMETER_NAME = /^[!#$&+\-.^_`{|}~0-9A-Za-z]+$/;
const FIELD_NAME = /^[!-9;-~]+$/;

/** Reads the head of a directive: one line, from its `<#` to `end`, the end of that line. */
export function parseHead(
  text: string,
  directive: DirectiveName,
  keyword: Range,
  end: number,
  lineEnd: string,
  sink: Sink<BodyProblem>,
): ParsedHead {
  return new HeadParser(text, directive, keyword, end, lineEnd, sink).parse();
}

class HeadParser {
  readonly #text: string;
  readonly #directive: DirectiveName;
  readonly #keyword: Range;
  readonly #end: number;
  readonly #lineEnd: string;
  readonly #sink: Sink<BodyProblem>;
  #attributes: AttributeNode[] = [];
  /** Lower case; made where there are many. */
  #names: Set<string> | undefined;
  #at: number;
  /** Set where a quoted value that nothing closes has taken the rest of the line, the `>` included. */
  #closedAt = -1;

  constructor(
    text: string,
    directive: DirectiveName,
    keyword: Range,
    end: number,
    lineEnd: string,
    sink: Sink<BodyProblem>,
  ) {
    this.#text = text;
    this.#directive = directive;
    this.#keyword = keyword;
    this.#end = end;
    this.#lineEnd = lineEnd;
    this.#sink = sink;
    this.#at = keyword.end;
  }

  parse(): ParsedHead {
    const start = this.#keyword.start - 2;
    let path: ValueNode | undefined;
    this.#skipSpace();
    if (takesPath(this.#directive)) {
      path = this.#path();
      this.#skipSpace();
    }
    while (this.#at < this.#end && this.#code() !== GREATER) {
      this.#attribute();
      this.#skipSpace();
    }
    const headRange = { start, end: this.#close() };
    if (takesPath(this.#directive) && path === undefined) {
      const range = { start, end: this.#keyword.end };
      this.#sink.add({ code: 'path-missing', severity: 'error', range, directive: this.#directive });
    }
    return { headRange, keywordRange: this.#keyword, attributes: this.#attributes, path };
  }

  #code(): number {
    return this.#at < this.#end ? this.#text.charCodeAt(this.#at) : -1;
  }

  #skipSpace(): void {
    while (this.#code() === SPACE || this.#code() === TAB) this.#at++;
  }

  /** The first place from `start` on whose character ends what is read; else the end of the line. */
  #past(start: number, ends: (code: number) => boolean): number {
    const text = this.#text;
    const end = this.#end;
    let at = start;
    while (at < end && !ends(text.charCodeAt(at))) at++;
    return at;
  }

  /** Reads the `>` and what stands behind it; gives the end of the head. */
  #close(): number {
    if (this.#closedAt >= 0) return this.#closedAt;
    if (this.#code() !== GREATER) {
      let last = this.#end;
      while (isBlank(this.#text, last - 1, last)) last--;
      const fixes = [
        { title: 'Close the directive', edits: [{ range: { start: last, end: last }, text: '>' }], preferred: true },
      ];
      const range = { start: this.#keyword.start - 2, end: last };
      this.#sink.add({ code: 'directive-unclosed', severity: 'error', range, directive: this.#directive, fixes });
      return last;
    }
    const end = ++this.#at;
    this.#skipSpace();
    if (this.#at < this.#end) {
      const range = { start: this.#at, end: this.#end };
      const edits = [{ range: { start: end, end: this.#at }, text: this.#lineEnd }];
      const fixes = [{ title: 'Move the text to the next line', edits, preferred: true }];
      this.#sink.add({ code: 'text-after-directive', severity: 'error', range, directive: this.#directive, fixes });
    }
    return end;
  }

  #path(): ValueNode | undefined {
    if (this.#at >= this.#end || this.#code() === GREATER) return undefined;
    if (this.#attributeStarts()) return undefined;
    const value = this.#value();
    if (!value.quoted && value.text.includes('\\')) {
      const text = value.text.replaceAll('\\', '/');
      const fixes = [{ title: 'Use forward slashes', edits: [{ range: value.range, text }], preferred: true }];
      this.#sink.add({ code: 'path-backslash', severity: 'error', range: value.range, path: value.text, fixes });
    }
    return value;
  }

  /** Whether what stands here is an attribute, though a path is expected. */
  #attributeStarts(): boolean {
    if (!isLetter(this.#code())) return false;
    const word = /^([A-Za-z][\w.-]*)=/.exec(this.#text.slice(this.#at, Math.min(this.#end, this.#at + 64)))?.[1];
    if (word === undefined) return false;
    return attributeFacts(word.toLowerCase()) !== undefined || /^(?:param|header)\./.test(word);
  }

  #attribute(): void {
    const start = this.#at;
    this.#at = this.#past(start, endsName);
    const nameRange = { start, end: this.#at };
    if (this.#at === start) {
      // A value without a name, a stray sign: one problem for all of it.
      if (this.#code() === QUOTE) this.#value();
      else
        while (this.#at < this.#end && this.#code() !== SPACE && this.#code() !== TAB && this.#code() !== GREATER)
          this.#at++;
      const range = { start, end: this.#at };
      const text = this.#text.slice(start, Math.min(this.#at, start + 200));
      this.#sink.add({ code: 'attribute-syntax', severity: 'error', range, text, fixes: [this.#removal(range)] });
      return;
    }
    const name = this.#text.slice(start, this.#at);
    let value: ValueNode | undefined;
    if (this.#code() === EQUALS) {
      this.#at++;
      value = this.#value();
    }
    const range = { start, end: this.#at };
    const attribute = value ? { name, nameRange, range, value } : { name, nameRange, range };
    // A literal takes room for one: most have no more.
    if (this.#attributes.length === 0) this.#attributes = [attribute];
    else this.#attributes.push(attribute);
    this.#check(attribute);
  }

  /** A bare or quoted value at the current place; empty where it is still to be typed. */
  #value(): ValueNode {
    if (this.#code() === QUOTE) return this.#quoted();
    const start = this.#at;
    this.#at = this.#past(start, endsBare);
    if (this.#at < this.#end && (this.#code() === QUOTE || this.#code() === LESS)) this.#wildValue(start);
    const range = { start, end: this.#at };
    return { text: this.#text.slice(start, this.#at), range, quoted: false };
  }

  /** A bare value with `"` or `<` in it: `id=<a@b>`, `name=a"b`. What is meant ends at the next space. */
  #wildValue(start: number): void {
    let open = 0;
    for (; this.#at < this.#end && this.#code() !== SPACE && this.#code() !== TAB; this.#at++) {
      if (this.#code() === LESS) open++;
      if (this.#code() === GREATER && open-- === 0) break;
    }
    const range = { start, end: this.#at };
    const text = `"${this.#text.slice(start, this.#at).replace(/["\\]/g, '\\$&')}"`;
    const fixes = [{ title: 'Put the value in quotes', edits: [{ range, text }], preferred: true }];
    this.#sink.add({ code: 'value-quote', severity: 'error', range, fixes });
  }

  #quoted(): ValueNode {
    const start = this.#at;
    const document = this.#text;
    let text = '';
    let from = ++this.#at;
    for (; ; this.#at++) {
      this.#at = this.#past(this.#at, endsQuoted);
      if (this.#code() !== BACKSLASH) break;
      const next = this.#at + 1 < this.#end ? document.charCodeAt(this.#at + 1) : -1;
      if (next === QUOTE || next === BACKSLASH) {
        text += document.slice(from, this.#at);
        from = ++this.#at;
      } else this.#badEscape();
    }
    text += document.slice(from, this.#at);
    if (this.#at >= this.#end) return this.#unclosed(start);
    this.#at++;
    if (this.#at < this.#end && this.#code() !== SPACE && this.#code() !== TAB && this.#code() !== GREATER) {
      const edits = [{ range: { start: this.#at, end: this.#at }, text: ' ' }];
      const fixes = [{ title: 'Insert a space', edits, preferred: true }];
      this.#sink.add({ code: 'value-quote', severity: 'error', range: { start: this.#at, end: this.#at + 1 }, fixes });
    }
    return { text, range: { start, end: this.#at }, quoted: true };
  }

  #badEscape(): void {
    const range = { start: this.#at, end: Math.min(this.#at + 2, this.#end) };
    const character = this.#text.slice(this.#at + 1, range.end);
    const fixes: Fix[] = [
      { title: 'Use /', edits: [{ range: { start: this.#at, end: this.#at + 1 }, text: '/' }], preferred: true },
      { title: 'Double the backslash', edits: [{ range: { start: this.#at, end: this.#at + 1 }, text: '\\\\' }] },
    ];
    this.#sink.add({ code: 'value-escape', severity: 'error', range, character, fixes });
  }

  /** A quote that nothing closes: the value takes the rest of the line, but for the `>` at its end. */
  #unclosed(start: number): ValueNode {
    let end = this.#end;
    while (end > start + 1 && isBlank(this.#text, end - 1, end)) end--;
    if (end > start + 1 && this.#text.charCodeAt(end - 1) === GREATER) {
      this.#closedAt = end;
      end--;
    }
    this.#at = this.#end;
    const range = { start, end };
    const fixes = [{ title: 'Close the quote', edits: [{ range: { start: end, end }, text: '"' }], preferred: true }];
    this.#sink.add({ code: 'value-unclosed', severity: 'error', range, fixes });
    return { text: this.#text.slice(start + 1, end), range, quoted: true };
  }

  #check(attribute: AttributeNode): void {
    const { name, nameRange, range, value } = attribute;
    const exact = attributeFacts(name);
    const lower = exact ? name : name.toLowerCase();
    const prefix = exact ? undefined : /^(param|header)\./.exec(lower)?.[1];
    const facts = exact ?? attributeFacts(lower);
    if (this.#repeats(lower)) {
      this.#sink.add({
        code: 'attribute-repeated',
        severity: 'error',
        range: nameRange,
        name,
        fixes: [this.#removal(range)],
      });
    }
    if (prefix) {
      const rest = name.slice(prefix.length + 1);
      if (!(prefix === 'param' ? PARAMETER_NAME : FIELD_NAME).test(rest)) {
        this.#sink.add({ code: 'attribute-name-invalid', severity: 'error', range: nameRange, name });
      }
    } else if (!facts) {
      this.#unknown(attribute);
      return;
    } else if (!facts.on.includes(this.#directive)) {
      const directive = this.#directive;
      const fixes = [this.#removal(range)];
      this.#sink.add({ code: 'attribute-misplaced', severity: 'error', range: nameRange, directive, name, fixes });
    }
    if (facts?.flag) {
      if (value) {
        const extra = { start: nameRange.end, end: range.end };
        const fixes = [{ title: 'Remove the value', edits: [{ range: extra, text: '' }], preferred: true }];
        this.#sink.add({ code: 'attribute-value-unexpected', severity: 'error', range: extra, name, fixes });
      }
    } else if (!value || (value.text === '' && !value.quoted)) {
      this.#sink.add({ code: 'attribute-value-missing', severity: 'error', range, name });
    } else if (lower === 'template' && value.text !== 'off') this.#badValue(name, value, ['off']);
    else if (lower === 'when' && !WHEN.test(value.text)) {
      this.#sink.add({ code: 'when-invalid', severity: 'error', range: value.range, value: value.text });
    }
  }

  /** Whether an attribute before the one that was read last has that name. */
  #repeats(lower: string): boolean {
    const before = this.#attributes.length - 1;
    if (before <= FEW) {
      for (let i = 0; i < before; i++) if (this.#attributes[i]!.name.toLowerCase() === lower) return true;
      return false;
    }
    this.#names ??= new Set(this.#attributes.slice(0, before).map(({ name }) => name.toLowerCase()));
    if (this.#names.has(lower)) return true;
    this.#names.add(lower);
    return false;
  }

  #badValue(name: string, value: ValueNode, expected: readonly string[]): void {
    const { range, text } = value;
    this.#sink.add({ code: 'attribute-value-invalid', severity: 'error', range, name, value: text, expected });
  }

  #unknown({ name, nameRange, range }: AttributeNode): void {
    if (!this.#sink.takes('error')) return;
    const directive = this.#directive;
    const near = suggestionFor(
      name,
      attributesOf(directive).map((attribute) => attribute.name),
    );
    const suggestion =
      near ??
      suggestionFor(
        name,
        ATTRIBUTES.map((attribute) => attribute.name),
      );
    const problem = {
      code: 'attribute-unknown' as const,
      severity: 'error' as const,
      range: nameRange,
      directive,
      name,
    };
    if (suggestion === undefined) this.#sink.add({ ...problem, fixes: [this.#removal(range)] });
    else {
      const rename = {
        title: `Change to ${suggestion}`,
        edits: [{ range: nameRange, text: suggestion }],
        preferred: true,
      };
      this.#sink.add({ ...problem, suggestion, fixes: [rename, this.#removal(range)] });
    }
  }

  #removal(range: Range): Fix {
    let { start } = range;
    while (start > this.#keyword.end && isBlank(this.#text, start - 1, start)) start--;
    return { title: 'Remove it', edits: [{ range: { start, end: range.end }, text: '' }] };
  }
}

function isLetter(code: number): boolean {
  return (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function endsName(code: number): boolean {
  return code === SPACE || code === TAB || code === EQUALS || code === QUOTE || code === LESS || code === GREATER;
}

function endsQuoted(code: number): boolean {
  return code === QUOTE || code === BACKSLASH;
}

function endsBare(code: number): boolean {
  return code === SPACE || code === TAB || code === QUOTE || code === LESS || code === GREATER;
}
