import { lineAt, lineStartsOf } from '../base/line-places.ts';
import { countWhile } from '../base/ordered.ts';
import type { Range } from '../base/problem.ts';
import {
  type AttachNode,
  type AttributeNode,
  type BodyNode,
  type Document,
  type EscapedNode,
  type FieldNode,
  type InlineNode,
  isText,
  type MultipartNode,
  type PartNode,
  type SettingNode,
  type TextNode,
  type UnknownNode,
} from '../document/nodes.ts';
import { type ParseResult, parseDocument } from '../document/parse.ts';
import type { OutlinePart } from '../inspect/outline.ts';
import { outlineOfText } from '../inspect/outline-of-text.ts';
import type { ShownGap, ShownMessage } from '../inspect/shown-message.ts';
import { type CidIndex, ComposedCids } from './cid-index.ts';
import { finishedCidIndex } from './cid-index-finished.ts';

export type DirectiveNode = AttachNode | InlineNode | PartNode | MultipartNode;

/** A run of typed text that becomes one part: the leading text, the text of a `<#part>`, text between files. */
export interface TextRegion {
  /** Lower case, without parameters. */
  readonly mediaType: string;
  /** From its first piece to the end of the last. */
  readonly range: Range;
  /** The text and escaped lines in it, in order; notes and inlines stand between them. */
  readonly pieces: readonly (TextNode | EscapedNode)[];
  readonly part?: PartNode;
  /** Whether template expressions in it are evaluated. */
  readonly template: boolean;
}

/** Types whose text is markup with `src`, `href` and styles in it. */
const MARKUP = /^(?:text\/(?:html|x-amp-html|mjml)|application\/xhtml\+xml)$/;

/**
 * One reading of a document, for every feature of the editor: the tree and the problems of the parser, and what is worked
 * out from them when it is first asked for. Offsets count UTF-16 code units, as editors do.
 */
export class Analysis {
  readonly text: string;
  readonly document: Document;
  readonly problems: ParseResult['problems'];
  /** Where the text leaves out octets of the message. */
  readonly gaps: readonly ShownGap[];
  /** Whether sizes are those of the message as it is sent; else they count the characters that an editor holds. */
  readonly sizesAsSent: boolean;
  #directives: readonly DirectiveNode[] | undefined;
  #unknown: readonly UnknownNode[] = [];
  #notes: readonly Range[] = [];
  #regions: readonly TextRegion[] | undefined;
  #cids: CidIndex | undefined;
  #outline: OutlinePart | undefined;
  #lineStarts: readonly number[] | undefined;
  /** The line that was asked for last. */
  #line = 0;

  /** @param shown of a message that is shown in part: what the text alone does not tell */
  constructor(text: string, parsed: ParseResult = parseDocument(text), shown?: Pick<ShownMessage, 'root' | 'gaps'>) {
    const { document, problems } = parsed;
    this.text = text;
    this.document = document;
    this.problems = problems;
    this.gaps = shown?.gaps ?? [];
    this.sizesAsSent = shown !== undefined;
    this.#outline = shown?.root;
  }

  get finished(): boolean {
    return this.document.kind === 'finished';
  }

  get fields(): readonly FieldNode[] {
    return this.document.header.filter((node): node is FieldNode => node.type === 'field');
  }

  get settings(): readonly SettingNode[] {
    return this.document.header.filter((node): node is SettingNode => node.type === 'setting');
  }

  /** The first field of that name, in any case. */
  field(name: string): FieldNode | undefined {
    const wanted = name.toLowerCase();
    return this.fields.find((node) => node.name.toLowerCase() === wanted);
  }

  setting(name: string): SettingNode | undefined {
    return this.settings.find((node) => node.name.toLowerCase() === name);
  }

  /** Every directive of a composed document, in order of place, nested ones behind those they stand in. */
  get directives(): readonly DirectiveNode[] {
    this.#walk();
    return this.#directives!;
  }

  /** Lines that begin with `<#` and are no directive. */
  get unknown(): readonly UnknownNode[] {
    this.#walk();
    return this.#unknown;
  }

  /** Remarks to the author, line ends included. */
  get notes(): readonly Range[] {
    this.#walk();
    return this.#notes;
  }

  /** The texts of a composed document, in order of place. */
  get regions(): readonly TextRegion[] {
    this.#regions ??= textRegions(this.document);
    return this.#regions;
  }

  get cids(): CidIndex {
    this.#cids ??= this.finished ? finishedCidIndex(this) : new ComposedCids(this);
    return this.#cids;
  }

  /** The parts of a finished message, offsets as in the text; undefined for a composed one. */
  get outline(): OutlinePart | undefined {
    if (!this.finished) return undefined;
    this.#outline ??= outlineOfText(this.text);
    return this.#outline;
  }

  regionAt(offset: number): TextRegion | undefined {
    return within(this.regions, offset);
  }

  /** The directive on whose line, its `<#…>`, the offset stands. */
  directiveAt(offset: number): DirectiveNode | undefined {
    const node = lastBefore(this.directives, offset, ({ headRange }) => headRange.start);
    return node && offset <= this.lineEnd(node.headRange.start) ? node : undefined;
  }

  /** Where the lines start; LF, CRLF and a lone CR end them. */
  get lineStarts(): readonly number[] {
    this.#lineStarts ??= lineStartsOf(this.text);
    return this.#lineStarts;
  }

  /** The line that the offset is in, from 0. */
  lineOf(offset: number): number {
    const starts = this.lineStarts;
    // Who asks for many asks for one behind the other.
    const near = this.#line + 8;
    let line = this.#line;
    if (offset < starts[line]!) line = near;
    while (line < near && offset >= (starts[line + 1] ?? Infinity)) line++;
    this.#line = line < near ? line : lineAt(starts, offset);
    return this.#line;
  }

  lineStart(offset: number): number {
    return lineStartIn(this.text, offset);
  }

  /** The end of the line, its line end apart. */
  lineEnd(offset: number): number {
    return lineEndIn(this.text, offset);
  }

  /** The start of the line behind the one that the offset is in; the length of the text where there is none. */
  nextLine(offset: number): number {
    const end = this.lineEnd(offset);
    if (end >= this.text.length) return end;
    return this.text.charCodeAt(end) === 0x0d && this.text.charCodeAt(end + 1) === 0x0a ? end + 2 : end + 1;
  }

  #walk(): void {
    if (this.#directives) return;
    const directives: DirectiveNode[] = [];
    const unknown: UnknownNode[] = [];
    const notes: Range[] = [];
    const visit = (nodes: readonly BodyNode[]): void => {
      for (const node of nodes) {
        if (node.type === 'unknown') unknown.push(node);
        else if (node.type === 'note') notes.push(node.range);
        else if (!isText(node)) directives.push(node);
        if (node.type === 'multipart' || (node.type === 'part' && !node.plain)) visit(node.children);
      }
    };
    visit(this.document.body);
    this.#directives = directives;
    this.#unknown = unknown;
    this.#notes = notes;
  }
}

export function isMarkup(region: TextRegion): boolean {
  return MARKUP.test(region.mediaType);
}

/** The attribute of that name, in lower case, on a directive. */
export function attributeOf(node: DirectiveNode, name: string): AttributeNode | undefined {
  return node.lacks(name) ? undefined : named(node.attributes, name);
}

/** The attribute of that name, in lower case, among those that were read. */
export function named(attributes: DirectiveNode['attributes'], name: string): AttributeNode | undefined {
  for (const attribute of attributes) {
    if (attribute.name === name || attribute.name.toLowerCase() === name) return attribute;
  }
  return undefined;
}

/** The last item whose start is at or before the offset. Items are in order of start. */
export function lastBefore<T>(items: readonly T[], offset: number, start: (item: T) => number): T | undefined {
  return items[countWhile(items.length, (index) => start(items[index]!) <= offset) - 1];
}

/** The item that the offset touches, its end included. */
export function within<T extends { readonly range: Range }>(items: readonly T[], offset: number): T | undefined {
  const item = lastBefore(items, offset, ({ range }) => range.start);
  return item && offset <= item.range.end ? item : undefined;
}

function lineStartIn(text: string, offset: number): number {
  let at = offset;
  while (at > 0 && text.charCodeAt(at - 1) !== 0x0a && text.charCodeAt(at - 1) !== 0x0d) at--;
  return at;
}

function lineEndIn(text: string, offset: number): number {
  let at = offset;
  while (at < text.length && text.charCodeAt(at) !== 0x0a && text.charCodeAt(at) !== 0x0d) at++;
  return at;
}

function textRegions(document: Document): readonly TextRegion[] {
  const regions: TextRegion[] = [];
  const visit = (nodes: readonly BodyNode[], leading: string): void => {
    let type = leading;
    let run: (TextNode | EscapedNode)[] = [];
    const endRun = (): void => {
      const [first] = run;
      if (first) {
        const range = { start: first.range.start, end: run[run.length - 1]!.range.end };
        regions.push({ mediaType: type, range, pieces: run, template: true });
        run = [];
      }
      type = 'text/plain';
    };
    for (const node of nodes) {
      if (isText(node)) run.push(node);
      else if (node.type === 'attach' || node.type === 'part' || node.type === 'multipart') {
        endRun();
        if (node.type === 'multipart') visit(node.children, 'text/plain');
        else if (node.type === 'part' && node.textRange) regions.push(new PartRegion(node));
      }
    }
    endRun();
  };
  visit(document.body, leadingType(document));
  return regions;
}

/** The text of a `<#part>`. What thousands of them hold is read one by one, and only where it matters. */
class PartRegion implements TextRegion {
  readonly part: PartNode;
  #mediaType: string | undefined;

  constructor(part: PartNode) {
    this.part = part;
  }

  get range(): Range {
    return this.part.textRange!;
  }

  get pieces(): readonly (TextNode | EscapedNode)[] {
    return this.part.children.filter(isText);
  }

  get mediaType(): string {
    this.#mediaType ??= partType(this.part);
    return this.#mediaType;
  }

  get template(): boolean {
    return this.part.valueOf('template') !== 'off';
  }
}

function leadingType(document: Document): string {
  const field = document.header.find((node) => node.type === 'field' && /^content-type$/i.test(node.name));
  return (field?.type === 'field' && typeOf(field.value.text)) || 'text/plain';
}

function partType(node: PartNode): string {
  return typeOf(node.valueOf('type') ?? '') || 'text/plain';
}

function typeOf(value: string): string {
  return value.split(';', 1)[0]!.trim().toLowerCase();
}
