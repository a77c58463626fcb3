import type { Range } from '../base/problem.ts';
import type { MappedText } from '../document/nodes.ts';

/** RFC 2045 section 6.1. */
export type TransferEncoding = '7bit' | '8bit' | 'binary' | 'quoted-printable' | 'base64';

/** A message as parts, before a file has been read. */
export type Part = LeafPart | MultipartPart;

export interface PartBase {
  /** What it comes from: the whole directive, or the text. */
  readonly range: Range;
  /** The line that declares it; for text outside directives, the text's first character. */
  readonly headRange: Range;
  /** `type/subtype`, lower case. */
  readonly mediaType: string;
  /** Content-Type parameters beyond charset, boundary, name and method, in order. */
  readonly parameters: readonly Parameter[];
  /** `inline`, `attachment` or another token, lower case. */
  readonly disposition?: string;
  /** Content-ID without its angle brackets. */
  readonly contentId?: string;
  readonly description?: MappedText;
  /** Language tags, comma-separated (RFC 3282). */
  readonly language?: string;
  /** Fields that `header.NAME` adds. */
  readonly fields: readonly PartField[];
}

export interface Parameter {
  /** As written. */
  readonly name: string;
  readonly value: string;
  readonly range: Range;
}

export interface PartField {
  readonly name: string;
  readonly value: MappedText;
  readonly range: Range;
}

export interface LeafPart extends PartBase {
  readonly kind: 'leaf';
  readonly content: Content;
  /** As declared, or `utf-8` for typed text; undefined for bytes without one. */
  readonly charset?: string;
  /** Where the charset was declared; undefined for the default. */
  readonly charsetRange?: Range;
  /** The file name that a reader is shown. */
  readonly name?: string;
  readonly nameRange?: Range;
  /** The encoding that was asked for. */
  readonly encoding?: TransferEncoding;
  readonly encodingRange?: Range;
  /** The iTIP method (RFC 5546), upper case. */
  readonly method?: string;
  readonly methodRange?: Range;
  /** `@flowed: on` and plain text: RFC 3676. */
  readonly flowed?: true;
  /** What its content is written in, where that is made into HTML before it is sent; `mediaType` is then text/html. */
  readonly convert?: 'mjml' | 'markdown';
  /** Where the Content-ID was given. */
  readonly idRange?: Range;
}

export interface MultipartPart extends PartBase {
  readonly kind: 'multipart';
  readonly children: readonly Part[];
  /** Written as `<#multipart>`, or made by the rules of assembly. */
  readonly explicit: boolean;
}

export type Content = TextContent | TextFileContent | FileContent | DerivedContent;

/** Typed text, in pieces that stand apart in the document. */
export interface TextContent {
  readonly from: 'text';
  readonly pieces: readonly MappedText[];
  readonly edits?: readonly Replacement[];
}

/** A URL of a picture that becomes its `cid:`; offsets in the pieces put one behind the other, or in the text of the file. */
export interface Replacement {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** `<#part src=…>` of a text type: UTF-8 that is transcoded as if it had been typed. */
export interface TextFileContent {
  readonly from: 'text-file';
  readonly path: string;
  readonly range: Range;
  readonly edits?: readonly Replacement[];
}

/** Bytes of a file, never changed. */
export interface FileContent {
  readonly from: 'file';
  /** Relative to the document, forward slashes. */
  readonly path: string;
  /** Where the path is named: an attribute, or a reference in HTML. */
  readonly range: Range;
}

/** Made from another part when the message is built: the text that `@text: auto` takes from HTML, or Markdown's own source. */
export interface DerivedContent {
  readonly from: 'derived';
  readonly how: 'text-of-html' | 'source-of-markdown';
  readonly source: LeafPart;
}

export interface PartTree {
  readonly root: Part;
  /** The charset of the header's Content-Type: what encoded-words are written in, where it has all characters. */
  readonly charset?: string;
}

/** Every part, depth first, each before its children. */
export function* partsOf(root: Part): Generator<Part> {
  const stack: Part[] = [root];
  while (stack.length > 0) {
    const part = stack.pop()!;
    yield part;
    if (part.kind === 'multipart') for (let i = part.children.length - 1; i >= 0; i--) stack.push(part.children[i]!);
  }
}
