import type { Range } from '../base/problem.ts';
import { type ParsedHead, parseHead } from './directive-parser.ts';
import { attributesOf, type DirectiveName, takesPath } from './directives.ts';
import { endOfLine, lineAfter } from './lines.ts';
import { type AttributeNode, type BodyNode, type DirectiveHead, isText, type ValueNode } from './nodes.ts';
import type { BodyProblem } from './problems.ts';
import type { Sink } from './sink.ts';

/** Attributes that may not have any value, and those that say something of the lines below: no flawless head has one. */
const UNCOMMON: ReadonlySet<string> = new Set(['when', 'template', 'src', 'verbatim']);
/** What closes a part. */
const PART_CLOSE = '<#/part>';
const CLOSE_LINE = /<#\/part>[ \t]*(?:\r\n?|\n|$)/y;
/** What ends a part that is not closed. */
const ENDING = /<#(?:attach|part|multipart)(?=[ \t>\r\n]|$)/y;

const silent: Sink<BodyProblem> = { takes: () => false, add: () => undefined };

const VALUE = '(?:"[^"\\\\\\r\\n]*"|[^ \\t"<>\\r\\n]+)';
// Without a `=`, which might make an attribute of it.
const PATH = '[ \\t]+(?:"[^"\\\\\\r\\n]*"|[^ \\t"<>\\\\=\\r\\n]+)';

/**
 * Heads that nothing is wrong with, as nearly all are: told by one expression, they need not be read before somebody asks.
 * It may miss some; it must never take one in which {@link parseHead} finds a problem.
 */
const FLAWLESS = flawless((name) => !UNCOMMON.has(name));
/** The same, with attributes that may not have any value, and `src`. */
const SOUND = flawless((name) => name !== 'verbatim');

function flawless(takes: (name: string) => boolean): Readonly<Record<DirectiveName, RegExp>> {
  const once = (name: string): string => `=(?![^\\r\\n]*[ \\t]${name}=)`;
  const pattern = (directive: DirectiveName): RegExp => {
    const path = takesPath(directive) ? PATH : '';
    const names = attributesOf(directive)
      .map(({ name }) => name)
      .filter(takes);
    const free = names.filter((name) => name !== 'when' && name !== 'template');
    const choices = [`(${free.join('|')})${once('\\1')}${VALUE}`];
    if (names.includes('when')) choices.push(`when${once('when')}!?\\w[\\w.]*`);
    if (names.includes('template')) choices.push(`template${once('template')}off`);
    const attribute = `[ \\t]+(?:${choices.join('|')})`;
    return new RegExp(`<#${directive}${path}(?:${attribute}){0,4}[ \\t]*>[ \\t]*(?:\\r\\n?|\\n|$)`, 'y');
  };
  return {
    attach: pattern('attach'),
    inline: pattern('inline'),
    part: pattern('part'),
    multipart: pattern('multipart'),
  };
}

/** Past the line of the directive that begins at `start`, its line end included; -1 where its head has to be read. */
export function pastFlawless(text: string, directive: DirectiveName, start: number): number {
  return past(FLAWLESS[directive], text, start);
}

/** The same where it has one of the attributes that are not common, `verbatim` apart. */
export function pastSound(text: string, directive: DirectiveName, start: number): number {
  return past(SOUND[directive], text, start);
}

/** Past the line at `at`, its line end included, if it is `<#/part>` and no more; else -1. */
export function pastClose(text: string, at: number): number {
  return past(CLOSE_LINE, text, at);
}

/** Whether the line at `at` begins what ends a part that is open. */
export function endsPart(text: string, at: number): boolean {
  // A look at two characters spares nearly all others the expression.
  return text.charCodeAt(at + 1) === 0x23 && text.charCodeAt(at) === 0x3c && past(ENDING, text, at) >= 0;
}

/** Where the head of such a line ends, past its `>`. */
export function headEndBefore(text: string, past: number): number {
  return text.lastIndexOf('>', past - 1) + 1;
}

function past(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** The attribute of a flawless head: the names before it, each with its value, then its own, in quotes or without. */
const ATTRIBUTE = new Map<string, RegExp>();

function attributeIn(directive: DirectiveName, name: string): RegExp {
  const key = `${directive} ${name}`;
  let pattern = ATTRIBUTE.get(key);
  if (!pattern) {
    const before = `<#${directive}${takesPath(directive) ? PATH : ''}(?:[ \\t]+[a-z]+=${VALUE})*?`;
    pattern = new RegExp(`${before}[ \\t]+${name}=(?:"([^"]*)"|([^ \\t">]+))`, 'y');
    ATTRIBUTE.set(key, pattern);
  }
  return pattern;
}

/** The path of a flawless or sound head, in quotes or without. */
const WRITTEN_PATH = /<#(?:attach|inline)[ \t]+(?:"([^"]*)"|([^ \t">]+))/y;

/** The value that the pattern, whose two groups it is in quotes and without, finds from `start` on. */
function valueBy(pattern: RegExp, text: string, start: number): ValueNode | undefined {
  pattern.lastIndex = start;
  const found = pattern.exec(text);
  const value = found?.[1] ?? found?.[2];
  if (value === undefined) return undefined;
  const end = pattern.lastIndex;
  const quoted = found?.[1] !== undefined;
  return { text: value, range: { start: end - value.length - (quoted ? 2 : 0), end }, quoted };
}

/** What is known of a head: that {@link pastFlawless} told so, or {@link pastSound}, or nothing. */
export type Soundness = 'flawless' | 'sound' | 'unknown';

/** Reads the heads of one document's lines. Keeps the last: whoever asks for a path asks for the attributes next. */
export class Heads {
  readonly text: string;
  #last: ParsedHead | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** The head of the line that its keyword stands in, which ends at `lineEnd`. */
  read(directive: DirectiveName, keyword: Range, lineEnd: number): ParsedHead {
    if (this.#last?.keywordRange.start !== keyword.start) {
      this.#last = parseHead(this.text, directive, keyword, lineEnd, '\n', silent);
    }
    return this.#last;
  }
}

/**
 * A directive's line. It holds no more than where it stands; its path and attributes are read when they are asked for, each
 * time anew: a document of a megabyte may have twenty thousand, and to keep what is in them costs more than to read it.
 */
class DirectiveLine<Type extends DirectiveName> implements DirectiveHead {
  readonly type: Type;
  readonly #heads: Heads;
  readonly #start: number;
  readonly #end: number;
  readonly #headEnd: number;
  readonly #soundness: Soundness;

  /**
   * @param end of all that it holds, the line end included
   * @param headEnd past the `>` of the line
   */
  constructor(heads: Heads, type: Type, start: number, end: number, headEnd: number, soundness: Soundness) {
    this.type = type;
    this.#heads = heads;
    this.#start = start;
    this.#end = end;
    this.#headEnd = headEnd;
    this.#soundness = soundness;
  }

  get range(): Range {
    return { start: this.#start, end: this.#end };
  }

  get headRange(): Range {
    return { start: this.#start, end: this.#headEnd };
  }

  get keywordRange(): Range {
    const start = this.#start + 2;
    return { start, end: start + this.type.length };
  }

  get attributes(): readonly AttributeNode[] {
    return this.head.attributes;
  }

  /** A name is written as it is, in any case: what the line does not hold is none of its attributes. */
  lacks(name: string): boolean {
    if (this.#soundness === 'flawless' && UNCOMMON.has(name)) return true;
    const known = this.#soundness !== 'unknown';
    const attributes = this.text.slice(this.#start + 2 + this.type.length, known ? this.#headEnd : this.lineEnd);
    return !(known ? attributes : attributes.toLowerCase()).includes(name);
  }

  valueOf(name: string): string | undefined {
    return this.valueAt(name)?.text;
  }

  valueAt(name: string): ValueNode | undefined {
    if (this.#soundness === 'unknown') return this.attributes.find((each) => each.name.toLowerCase() === name)?.value;
    if (this.lacks(name)) return undefined;
    return valueBy(attributeIn(this.type, name), this.text, this.#start);
  }

  protected get writtenPath(): ValueNode | undefined {
    return this.#soundness === 'unknown' ? this.head.path : valueBy(WRITTEN_PATH, this.text, this.#start);
  }

  protected get text(): string {
    return this.#heads.text;
  }

  /** The end of its line, the line end apart. */
  protected get lineEnd(): number {
    return endOfLine(this.text, this.#headEnd);
  }

  protected get head(): ParsedHead {
    return this.#heads.read(this.type, this.keywordRange, this.lineEnd);
  }
}

/** `<#attach …>` or `<#inline …>`. */
export class FileLine extends DirectiveLine<'attach' | 'inline'> {
  get path(): ValueNode | undefined {
    return this.writtenPath;
  }
}

/** What a `<#part …>` or a `<#multipart …>` holds, and where it is closed. */
export interface Held {
  readonly range: Range;
  readonly children: readonly BodyNode[];
  readonly closeRange: Range | undefined;
}

/** `<#part …>` or `<#multipart …>`. */
export class PartLine<Type extends 'part' | 'multipart'> extends DirectiveLine<Type> {
  readonly children: readonly BodyNode[];
  readonly closeRange: Range | undefined;
  readonly plain = false;

  constructor(heads: Heads, type: Type, { range, children, closeRange }: Held, headEnd: number) {
    super(heads, type, range.start, range.end, headEnd, 'unknown');
    this.children = children;
    this.closeRange = closeRange;
  }

  get textRange(): Range | undefined {
    const first = this.children.find(isText);
    return first && { start: first.range.start, end: this.children.findLast(isText)!.range.end };
  }
}

/** `<#part …>`, a text, `<#/part>`: as nearly all are. What it holds is told from where it stands. */
export class TextPart extends DirectiveLine<'part'> {
  readonly #close: number;

  /** @param close where `<#/part>` stands, which ends the text */
  constructor(heads: Heads, start: number, end: number, headEnd: number, close: number) {
    super(heads, 'part', start, end, headEnd, 'flawless');
    this.#close = close;
  }

  get plain(): boolean {
    return true;
  }

  get closeRange(): Range {
    return { start: this.#close, end: this.#close + PART_CLOSE.length };
  }

  get children(): readonly BodyNode[] {
    const range = this.textRange;
    return range ? [{ type: 'text', range }] : [];
  }

  get textRange(): Range | undefined {
    const start = lineAfter(this.text, this.lineEnd);
    return start < this.#close ? { start, end: this.#close } : undefined;
  }
}

/** `<#part …>` with nothing below it, as one is that takes its text from a file. */
export class EmptyPart extends DirectiveLine<'part'> {
  get plain(): boolean {
    return true;
  }

  get closeRange(): undefined {
    return undefined;
  }

  get textRange(): undefined {
    return undefined;
  }

  get children(): readonly BodyNode[] {
    return [];
  }
}
