import type { Range } from '../base/problem.ts';
import type { AttributeNode, FieldNode, SettingNode, ValueNode } from '../document/nodes.ts';
import type { Analysis, DirectiveNode, TextRegion } from './analysis.ts';

/** What an offset of a document stands in, half-typed documents included. Ranges are what a completion replaces. */
export type Place =
  /** The name of a field or setting, or a header line with nothing on it yet. `named`: a colon follows it. */
  | { readonly kind: 'header-name'; readonly range: Range; readonly named: boolean }
  | { readonly kind: 'field-value'; readonly field: FieldNode }
  | { readonly kind: 'setting-value'; readonly setting: SettingNode }
  /** A `#` line of the header. */
  | { readonly kind: 'comment'; readonly range: Range }
  /**
   * The word behind `<#`, or a `<` where a directive could begin. The range takes in the `<`, a `>` put there for it, and spaces
   * before it: at column 0 alone it is a directive.
   */
  | { readonly kind: 'directive-word'; readonly range: Range; readonly region?: TextRegion }
  | { readonly kind: 'attribute-name'; readonly node: DirectiveNode; readonly range: Range; readonly valued: boolean }
  | {
      readonly kind: 'attribute-value';
      readonly node: DirectiveNode;
      readonly attribute: AttributeNode;
      readonly value: TypedValue;
    }
  | { readonly kind: 'path'; readonly node: DirectiveNode; readonly value: TypedValue }
  | { readonly kind: 'text'; readonly region?: TextRegion }
  | { readonly kind: 'note' };

/** A value up to the cursor. */
export interface TypedValue {
  /** From its first character, behind a quotation mark, to the cursor. */
  readonly range: Range;
  readonly typed: string;
  readonly quoted: boolean;
}

/** Where the offset stands. Total, in time that does not grow with the document. */
export function placeAt(analysis: Analysis, offset: number): Place {
  const { document, text } = analysis;
  if (offset < document.bodyStart || isHeaderLine(analysis, offset)) return headerPlace(analysis, offset);
  if (analysis.finished) return { kind: 'text' };
  const node = analysis.directiveAt(offset);
  if (node && offset > node.headRange.start + 1) return directivePlace(analysis, node, offset);
  const start = analysis.lineStart(offset);
  const region = analysis.regionAt(offset);
  const line = text.slice(start, offset);
  const word = /^<(?:#[\w/!-]*)?$/.exec(line);
  // In HTML a `<` begins a tag far more often than a directive.
  const end = text[offset] === '>' ? offset + 1 : offset;
  const directiveWord: Place = { kind: 'directive-word', range: { start, end }, ...(region && { region }) };
  if (word && (line.length > 1 || !region || region.mediaType === 'text/plain')) return directiveWord;
  if (analysis.notes.some((note) => offset > note.start && offset < note.end)) return { kind: 'note' };
  if (/^[ \t]+<#[\w/-]*$/.test(line)) return directiveWord;
  return { kind: 'text', ...(region && { region }) };
}

/** A line that ended the header because it is half a field: still to be completed as one. */
function isHeaderLine(analysis: Analysis, offset: number): boolean {
  const { bodyStart } = analysis.document;
  const { text } = analysis;
  if (bodyStart > 0) {
    let end = bodyStart;
    if (text.charCodeAt(end - 1) === 0x0a) end--;
    if (end > 0 && text.charCodeAt(end - 1) === 0x0d) end--;
    if (end === bodyStart || /^[ \t]*$/.test(text.slice(analysis.lineStart(end), end))) {
      // Behind the blank line; but the last line of a header without one is a header line.
      return end === bodyStart && bodyStart === text.length;
    }
  }
  return /^@?[A-Za-z0-9-]*$/.test(text.slice(bodyStart, offset));
}

function headerPlace(analysis: Analysis, offset: number): Place {
  const { text } = analysis;
  const node = analysis.document.header.find(({ range }) => offset >= range.start && offset <= range.end);
  if (node?.type === 'comment') return { kind: 'comment', range: node.range };
  if (node && offset <= node.nameRange.end) {
    return { kind: 'header-name', range: node.nameRange, named: text[node.nameRange.end] === ':' };
  }
  if (node)
    return node.type === 'field' ? { kind: 'field-value', field: node } : { kind: 'setting-value', setting: node };
  const start = analysis.lineStart(offset);
  const end = /^[@A-Za-z0-9-]*/.exec(text.slice(start, analysis.lineEnd(offset)))![0].length + start;
  return { kind: 'header-name', range: { start, end: Math.max(end, offset) }, named: text[end] === ':' };
}

function directivePlace(analysis: Analysis, node: DirectiveNode, offset: number): Place {
  const { text } = analysis;
  if (offset <= node.keywordRange.end) {
    const end = text[node.keywordRange.end] === '>' ? node.keywordRange.end + 1 : node.keywordRange.end;
    return { kind: 'directive-word', range: { start: node.headRange.start, end } };
  }
  const closed = text[node.headRange.end - 1] === '>';
  if (closed && offset >= node.headRange.end) return { kind: 'note' };
  const path = 'path' in node ? node.path : undefined;
  if (path && offset >= path.range.start && offset <= path.range.end) {
    if (path.quoted && offset === path.range.start) return { kind: 'note' };
    return { kind: 'path', node, value: typedValue(text, path, offset) };
  }
  for (const attribute of node.attributes) {
    if (offset < attribute.range.start || offset > attribute.range.end) continue;
    const { value, nameRange } = attribute;
    // Before an opening quotation mark nothing can be put.
    if (value?.quoted && offset === value.range.start) return { kind: 'note' };
    if (value && offset >= value.range.start)
      return { kind: 'attribute-value', node, attribute, value: typedValue(text, value, offset) };
    return { kind: 'attribute-name', node, range: nameRange, valued: value !== undefined };
  }
  const range = { start: offset, end: offset };
  if ((node.type === 'attach' || node.type === 'inline') && !path)
    return { kind: 'path', node, value: { range, typed: '', quoted: false } };
  return { kind: 'attribute-name', node, range, valued: false };
}

function typedValue(text: string, value: ValueNode, offset: number): TypedValue {
  const start = value.range.start + (value.quoted ? 1 : 0);
  const range = { start, end: Math.max(start, offset) };
  return { range, typed: text.slice(range.start, range.end), quoted: value.quoted };
}
