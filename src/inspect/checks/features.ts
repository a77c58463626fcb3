import type { CssNode } from 'css-tree';
import generate from 'css-tree/generator';
import walkCss from 'css-tree/walker';
import type { Range } from '../../base/problem.ts';
import { type Style, stylesOf } from '../css.ts';
import { attribute, attributeRange, elementsOf, type HtmlElement, type HtmlTree, tagRange } from '../html.ts';
import * as table from './feature-table.ts';

/** A feature of HTML or CSS that a mail uses, by caniemail's name of it. */
export interface FeatureUse {
  readonly slug: string;
  /** The first place. */
  readonly range: Range;
  readonly uses: number;
}

/** What a mail uses of what caniemail has tested, each feature once, in the order of the mail. */
export function featuresOf(tree: HtmlTree): FeatureUse[] {
  const found = new Map<string, { range: Range; uses: number }>();
  const use: Use = (slug, range) => {
    const known = found.get(slug);
    if (!known) found.set(slug, { range, uses: 1 });
    else {
      known.uses++;
      if (range.start < known.range.start) known.range = range;
    }
  };
  for (const element of elementsOf(tree)) elementFeatures(element, use);
  for (const style of stylesOf(tree)) styleFeatures(style, use);
  return [...found].map(([slug, place]) => ({ slug, ...place })).sort((a, b) => a.range.start - b.range.start);
}

type Use = (slug: string, range: Range) => void;

function elementFeatures(element: HtmlElement, use: Use): void {
  // Elements that the parser made up (html, head, tbody) are not the author's.
  if (!element.sourceCodeLocation) return;
  const range = tagRange(element);
  const name = element.tagName;
  const slug = Object.hasOwn(table.elements, name) ? table.elements[name] : undefined;
  if (slug) use(slug, range);
  if (name === 'input' || name === 'button') {
    const type = (attribute(element, 'type') ?? (name === 'button' ? 'submit' : 'text')).toLowerCase();
    const typed = table.inputs[`${name}-${type}`];
    if (typed) use(typed, range);
  }
  for (const { name: attr, value } of element.attrs) {
    const named = Object.hasOwn(table.attributes, attr) ? table.attributes[attr] : undefined;
    if (named) use(named, attributeRange(element, attr));
    if (attr === 'href' && name === 'a') {
      if (value.startsWith('#') && value.length > 1) use('html-anchor-links', attributeRange(element, attr));
      if (/^\s*mailto:/i.test(value)) use('html-mailto-links', attributeRange(element, attr));
    }
    if (attr === 'src' || attr === 'background' || attr === 'srcset')
      imageFeature(value, attributeRange(element, attr), use);
  }
  if (name === 'meta' && attribute(element, 'name')?.toLowerCase() === 'color-scheme')
    use('html-meta-color-scheme', range);
}

function imageFeature(address: string, range: Range, use: Use): void {
  if (/^\s*data:image\//i.test(address)) use('image-base64', range);
  const type =
    /^\s*data:image\/([\w+-]+)/i.exec(address)?.[1] ?? /\.([a-z0-9]+)$/i.exec(address.trim().split(/[?#]/, 1)[0]!)?.[1];
  const slug = type && table.images[type.toLowerCase()];
  if (slug) use(slug, range);
}

function styleFeatures(style: Style, use: Use): void {
  const blocks: CssNode[] = [];
  walkCss(style.ast, {
    enter(node: CssNode) {
      const at = (): Range => style.rangeOf(node);
      switch (node.type) {
        case 'Atrule':
          atruleFeatures(node, headOf(node, style), use);
          break;
        case 'Rule':
          if (blocks.length > 0) use('css-nesting', at());
          blocks.push(node);
          break;
        case 'Comment':
          use('css-comments', at());
          break;
        case 'Declaration':
          declarationFeatures(node, at(), use);
          break;
        case 'PseudoClassSelector':
          pick(table.pseudoClasses, node.name, at, use);
          break;
        case 'PseudoElementSelector':
          pick(table.pseudoElements, node.name, at, use);
          break;
        case 'ClassSelector':
          use('css-selector-class', at());
          break;
        case 'IdSelector':
          use('css-selector-id', at());
          break;
        case 'AttributeSelector':
          use('css-selector-attribute', at());
          break;
        case 'TypeSelector':
          use(node.name === '*' ? 'css-selector-universal' : 'css-selector-type', at());
          break;
        case 'Combinator':
          pick(table.combinators, node.name, at, use);
          break;
        case 'SelectorList':
          if (node.children.size > 1) use('css-selector-grouping', at());
          break;
        case 'Dimension':
          pick(table.units, node.unit.toLowerCase(), at, use);
          break;
        case 'Percentage':
          use('css-unit-percent', at());
          break;
        case 'Function':
          pick(table.functions, node.name.toLowerCase(), at, use);
          break;
        case 'Identifier':
          pick(table.keywords, node.name.toLowerCase(), at, use);
          break;
        case 'Url':
          imageFeature(node.value, at(), use);
          break;
      }
    },
    leave(node: CssNode) {
      if (node.type === 'Rule') blocks.pop();
    },
  });
}

function pick(slugs: Readonly<Record<string, string>>, name: string, at: () => Range, use: Use): void {
  const slug = Object.hasOwn(slugs, name) ? slugs[name] : undefined;
  if (slug) use(slug, at());
}

/** An at-rule without its block: a mark below all that stands in it would say nothing more. */
function headOf(node: Extract<CssNode, { type: 'Atrule' }>, style: Style): Range {
  const { start, end } = style.rangeOf(node);
  if (!node.block) return { start, end };
  return { start, end: node.prelude ? style.rangeOf(node.prelude).end : start + 1 + node.name.length };
}

function atruleFeatures(node: Extract<CssNode, { type: 'Atrule' }>, range: Range, use: Use): void {
  const name = node.name.toLowerCase().replace(/^-webkit-|^-moz-/, '');
  if (name === 'media' && node.prelude) {
    const query = generate(node.prelude).toLowerCase();
    const special = table.mediaFeatures.find(([word]) => query.includes(word));
    use(special ? special[1] : 'css-at-media', range);
  } else {
    pick(table.atrules, name, () => range, use);
  }
}

function declarationFeatures(node: Extract<CssNode, { type: 'Declaration' }>, range: Range, use: Use): void {
  const property = node.property.toLowerCase().replace(/^-(webkit|moz|ms|o)-/, '');
  // Properties of Outlook's own are for Outlook; no other client is to understand them.
  if (/^-?mso-/.test(property)) return;
  if (property.startsWith('--')) {
    use('css-variables', range);
    return;
  }
  const value = generate(node.value).toLowerCase();
  const pair = table.pairs[`${property}:${value}`];
  if (pair) use(pair, range);
  else pick(table.properties, property, () => range, use);
  if (node.important) use('css-important', range);
}
