import type { Range } from '../base/problem.ts';
import { type ParsedHead, parseHead } from './directive-parser.ts';
import { attributesOf, type DirectiveName, takesPath } from './directives.ts';
import type { AttributeNode, BodyNode, DirectiveHead, ValueNode } from './nodes.ts';
import type { BodyProblem } from './problems.ts';
import type { Sink } from './sink.ts';

const silent: Sink<BodyProblem> = { takes: () => false, add: () => undefined };

/**
 * Heads that nothing is wrong with, as nearly all are: told by one expression, they need not be read before somebody asks.
 * It may miss some; it must never take one in which {@link parseHead} finds a problem.
 */
const FLAWLESS: Readonly<Record<DirectiveName, RegExp>> = {
  attach: flawless('attach'),
  inline: flawless('inline'),
  part: flawless('part'),
  multipart: flawless('multipart'),
};

function flawless(directive: DirectiveName): RegExp {
  const value = '(?:"[^"\\\\\\r\\n]*"|[^ \\t"<>\\r\\n]+)';
  // Without a `=`, which might make an attribute of it.
  const path = takesPath(directive) ? '[ \\t]+(?:"[^"\\\\\\r\\n]*"|[^ \\t"<>\\\\=\\r\\n]+)' : '';
  // Those that may have any value, and that say nothing of the lines below.
  const names = attributesOf(directive)
    .map(({ name }) => name)
    .filter((name) => !['when', 'template', 'src', 'verbatim'].includes(name));
  const attribute = `[ \\t]+(${names.join('|')})=(?![^\\r\\n]*[ \\t]\\1=)${value}`;
  return new RegExp(`<#${directive}${path}(?:${attribute}){0,4}[ \\t]*>(?=[ \\t]*(?:[\\r\\n]|$))`, 'y');
}

/** Where the head of the directive that begins at `start` ends, past its `>`; -1 where it has to be read to know. */
export function flawlessEnd(text: string, directive: DirectiveName, start: number): number {
  const pattern = FLAWLESS[directive];
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

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
class DirectiveLine implements DirectiveHead {
  readonly range: Range;
  readonly #heads: Heads;
  readonly #keyword: DirectiveName;
  readonly #headEnd: number;
  readonly #lineEnd: number;

  /**
   * @param headEnd past the `>` of the line
   * @param lineEnd the end of the line, its line end apart
   */
  constructor(heads: Heads, keyword: DirectiveName, range: Range, headEnd: number, lineEnd: number) {
    this.range = range;
    this.#heads = heads;
    this.#keyword = keyword;
    this.#headEnd = headEnd;
    this.#lineEnd = lineEnd;
  }

  get headRange(): Range {
    return { start: this.range.start, end: this.#headEnd };
  }

  get keywordRange(): Range {
    const start = this.range.start + 2;
    return { start, end: start + this.#keyword.length };
  }

  get attributes(): readonly AttributeNode[] {
    return this.head.attributes;
  }

  /** A name is written as it is, in any case: what the line does not hold is none of its attributes. */
  lacks(name: string): boolean {
    return !this.#heads.text.slice(this.keywordRange.end, this.#lineEnd).toLowerCase().includes(name);
  }

  protected get head(): ParsedHead {
    return this.#heads.read(this.#keyword, this.keywordRange, this.#lineEnd);
  }
}

/** `<#attach …>` or `<#inline …>`. */
export class FileLine extends DirectiveLine {
  readonly type: 'attach' | 'inline';

  constructor(heads: Heads, type: 'attach' | 'inline', range: Range, headEnd: number, lineEnd: number) {
    super(heads, type, range, headEnd, lineEnd);
    this.type = type;
  }

  get path(): ValueNode | undefined {
    return this.head.path;
  }
}

/** What a `<#part …>` or a `<#multipart …>` holds, and where it is closed. */
export interface Held {
  readonly range: Range;
  readonly children: readonly BodyNode[];
  readonly closeRange: Range | undefined;
}

/** `<#part …>` or `<#multipart …>`. */
export class PartLine<Type extends 'part' | 'multipart'> extends DirectiveLine {
  readonly type: Type;
  readonly children: readonly BodyNode[];
  readonly closeRange: Range | undefined;

  constructor(heads: Heads, type: Type, held: Held, headEnd: number, lineEnd: number) {
    super(heads, type, held.range, headEnd, lineEnd);
    this.type = type;
    this.children = held.children;
    this.closeRange = held.closeRange;
  }
}
