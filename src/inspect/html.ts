import { type DefaultTreeAdapterTypes, parse } from 'parse5';
import type { Range } from '../base/problem.ts';

export type HtmlNode = DefaultTreeAdapterTypes.ChildNode;
export type HtmlElement = DefaultTreeAdapterTypes.Element;
export type HtmlDocument = DefaultTreeAdapterTypes.Document;
export type HtmlText = DefaultTreeAdapterTypes.TextNode;
export type HtmlParent = DefaultTreeAdapterTypes.ParentNode;

/** A parsed HTML text, with the way back to it. */
export interface HtmlTree {
  readonly source: string;
  readonly document: HtmlDocument;
}

/**
 * Parses as a browser whose scripts are off does (HTML Living Standard, section 13.2), any text whatever, keeping where
 * everything stood. The content of `noscript` is therefore markup.
 */
export function parseHtml(source: string): HtmlTree {
  return { source, document: parse(source, { sourceCodeLocationInfo: true, scriptingEnabled: false }) };
}

export function isElement(node: HtmlNode | HtmlParent): node is HtmlElement {
  return 'tagName' in node;
}

export function isText(node: HtmlNode): node is HtmlText {
  return node.nodeName === '#text';
}

/**
 * Visits every node below `root` in document order, without recursion: mail nests as deep as it likes. `enter` may
 * answer `skip` to leave a node's children out. `leave` is called after them.
 */
export function walk(
  root: HtmlParent,
  enter: (node: HtmlNode) => 'skip' | undefined,
  leave?: (node: HtmlNode) => void,
): void {
  const stack: { readonly nodes: readonly HtmlNode[]; next: number; readonly owner?: HtmlNode }[] = [
    { nodes: root.childNodes, next: 0 },
  ];
  for (let frame = stack.at(-1); frame; frame = stack.at(-1)) {
    const node = frame.nodes[frame.next++];
    if (!node) {
      stack.pop();
      if (frame.owner) leave?.(frame.owner);
      continue;
    }
    // Most nodes have nothing below them.
    if (enter(node) !== 'skip' && isElement(node) && node.childNodes.length > 0) {
      stack.push({ nodes: node.childNodes, next: 0, owner: node });
    } else leave?.(node);
  }
}

/** Every element in document order, those inside `template` apart: they are not shown. */
export function elementsOf(tree: HtmlTree): HtmlElement[] {
  const found: HtmlElement[] = [];
  walk(tree.document, (node) => {
    if (isElement(node)) found.push(node);
    return undefined;
  });
  return found;
}

/** The elements that are written in the source, in their order: those that the parser made up are left out. */
export function numberedElements(tree: HtmlTree): HtmlElement[] {
  return elementsOf(tree).filter((element) => element.sourceCodeLocation);
}

/** The attribute's value with character references resolved; undefined where it is not written. */
export function attribute(element: HtmlElement, name: string): string | undefined {
  return element.attrs.find((attr) => (attr.prefix ? `${attr.prefix}:${attr.name}` : attr.name) === name)?.value;
}

/** Where an element's start tag stands, or where its text would have stood had it been written. */
export function tagRange(element: HtmlElement): Range {
  const location = element.sourceCodeLocation;
  if (!location) return { start: 0, end: 0 };
  const tag = 'startTag' in location && location.startTag ? location.startTag : location;
  return { start: tag.startOffset, end: tag.endOffset };
}

/** Where an attribute stands, name and value; the start tag where it can't be told. */
export function attributeRange(element: HtmlElement, name: string): Range {
  const location = element.sourceCodeLocation?.attrs?.[name.toLowerCase()];
  return location ? { start: location.startOffset, end: location.endOffset } : tagRange(element);
}

/**
 * Where an attribute's value stands, without its quotes. `exact` tells whether an offset in the value is the same
 * offset from `start`: it is not where a character reference is written in it.
 */
export function attributeValueRange(tree: HtmlTree, element: HtmlElement, name: string): Range & { exact: boolean } {
  const range = attributeRange(element, name);
  const written = tree.source.slice(range.start, range.end);
  const match = /^[^=]*=[\t\n\f\r ]*(["']?)/.exec(written);
  const value = attribute(element, name);
  if (!match || value === undefined) return { ...range, exact: false };
  const start = range.start + match[0].length;
  const end = match[1] && written.endsWith(match[1]) ? range.end - 1 : range.end;
  return { start, end, exact: tree.source.slice(start, end) === value };
}

/** The text of a node as it stands in the source; empty for nodes that the parser made up. */
export function nodeRange(node: HtmlNode): Range {
  const location = node.sourceCodeLocation;
  return location ? { start: location.startOffset, end: location.endOffset } : { start: 0, end: 0 };
}

/** All text below a node, as it stands, without that of style sheets, scripts and templates. */
export function textContent(root: HtmlElement): string {
  let text = '';
  walk(root, (node) => {
    if (isText(node)) text += node.value;
    else if (isElement(node) && (node.tagName === 'style' || node.tagName === 'script')) return 'skip';
    return undefined;
  });
  return text;
}
