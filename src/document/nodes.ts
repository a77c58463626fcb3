import type { Range } from '../base/problem.ts';

/**
 * The tree of a document, as written: every node carries the range it stands at, half-typed input included.
 * Rendering and the building of parts work on {@link file://./draft.ts}, which is made from this.
 */
export interface Document {
  readonly text: string;
  /** `finished`: has MIME-Version, or `@raw: on`; its body is opaque. `composed`: every other document. */
  readonly kind: 'composed' | 'finished';
  /** What stands before the blank line, in order. */
  readonly header: readonly HeaderNode[];
  /** Where the body starts, after the blank line; the length of the text where there is none. */
  readonly bodyStart: number;
  /** The body of a composed document; empty for a finished one. */
  readonly body: readonly BodyNode[];
}

export type HeaderNode = CommentNode | SettingNode | FieldNode;

export interface CommentNode {
  readonly type: 'comment';
  /** The whole line, its line end apart. */
  readonly range: Range;
}

/** A name and what follows its colon, over one or more lines. */
export interface FieldLike {
  /** From the first character of the name (a setting's `@` included) to the end of the last line, its line end apart. */
  readonly range: Range;
  /** As written; a setting's without its `@`. */
  readonly name: string;
  readonly nameRange: Range;
  /** The unfolded value: surrounding white space off, each line end of a fold taken out (RFC 5322 section 2.2.3). */
  readonly value: MappedText;
}

export interface SettingNode extends FieldLike {
  readonly type: 'setting';
}

export interface FieldNode extends FieldLike {
  readonly type: 'field';
}

/**
 * Text taken out of the document, with the way back. `segments` are in order of `start` in `text`; within a segment
 * the offsets run in step, so the offset `o` of `text` stands at `segment.at + (o - segment.start)` in the document.
 */
export interface MappedText {
  readonly text: string;
  readonly segments: readonly { readonly start: number; readonly at: number }[];
  /** Where all of it stands; for a rendered text, where its template stands. */
  readonly range: Range;
  /** Set where a template was rendered: offsets inside `text` then mean nothing in the document; use `range`. */
  readonly rendered?: true;
}

export type BodyNode =
  | TextNode
  | NoteNode
  | EscapedNode
  | AttachNode
  | InlineNode
  | PartNode
  | MultipartNode
  | UnknownNode;

/** A run of lines that are text, their line ends included. */
export interface TextNode {
  readonly type: 'text';
  readonly range: Range;
}

/** `<#-- … -->`, its line end included. */
export interface NoteNode {
  readonly type: 'note';
  readonly range: Range;
}

/** `<#!…`: a line of text of which one `!` comes off, its line end included. */
export interface EscapedNode {
  readonly type: 'escaped';
  readonly range: Range;
  /** Offset of the `!` that comes off. */
  readonly mark: number;
}

/** A value as written and as meant (quotes off, escapes undone). */
export interface ValueNode {
  readonly text: string;
  /** With its quotes. */
  readonly range: Range;
  readonly quoted: boolean;
}

export interface AttributeNode {
  readonly name: string;
  readonly nameRange: Range;
  readonly range: Range;
  readonly value?: ValueNode;
}

/** What a directive's line holds. It is read anew each time that it is asked for: whoever asks twice, keeps the answer. */
export interface DirectiveHead {
  /** The directive's line, from its `<#` past its `>`. */
  readonly headRange: Range;
  /** The word after `<#`. */
  readonly keywordRange: Range;
  readonly attributes: readonly AttributeNode[];
  /** Whether there is no attribute of that name, in lower case, for sure: told without reading them. */
  lacks(name: string): boolean;
  /** What the attribute of that name, in lower case, says; told without reading the others where that can be. */
  valueOf(name: string): string | undefined;
  /** The same, with its place. */
  valueAt(name: string): ValueNode | undefined;
}

export interface AttachNode extends DirectiveHead {
  readonly type: 'attach';
  readonly range: Range;
  /** Undefined where it is still to be typed. */
  readonly path: ValueNode | undefined;
}

export interface InlineNode extends DirectiveHead {
  readonly type: 'inline';
  readonly range: Range;
  readonly path: ValueNode | undefined;
}

export interface PartNode extends DirectiveHead {
  readonly type: 'part';
  readonly range: Range;
  /** Text, notes, escapes and inlines. */
  readonly children: readonly BodyNode[];
  /** From the first text or escape in it to the end of the last; undefined where it has none. */
  readonly textRange: Range | undefined;
  /** Whether it holds one text at most, and nothing else. */
  readonly plain: boolean;
  /** Where `<#/part>` stands, where it was written. */
  readonly closeRange: Range | undefined;
}

export interface MultipartNode extends DirectiveHead {
  readonly type: 'multipart';
  readonly range: Range;
  readonly children: readonly BodyNode[];
  readonly closeRange: Range | undefined;
}

/** A line that begins with `<#` and is no directive, or a close that closes nothing: an error, never text. */
export interface UnknownNode {
  readonly type: 'unknown';
  /** The whole line, its line end included. */
  readonly range: Range;
  /** The word after `<#`; empty where there is none. */
  readonly keywordRange: Range;
}

/** Whether it is sent as text. */
export function isText(node: BodyNode): node is TextNode | EscapedNode {
  return node.type === 'text' || node.type === 'escaped';
}

/** The attribute of that name, in lower case. */
export function attributeNamed(attributes: readonly AttributeNode[], name: string): AttributeNode | undefined {
  return attributes.find((attribute) => attribute.name.toLowerCase() === name);
}
