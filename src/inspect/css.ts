import type { CssNode, ParseOptions } from 'css-tree';
import type { Range } from '../base/problem.ts';
import { parseCss } from './css-parser.ts';
import {
  attribute,
  attributeValueRange,
  elementsOf,
  type HtmlElement,
  type HtmlTree,
  isText,
  nodeRange,
} from './html.ts';

/** A style sheet or a style attribute of a mail. */
export interface Style {
  readonly kind: 'sheet' | 'attribute';
  readonly element: HtmlElement;
  readonly text: string;
  readonly ast: CssNode;
  /** Where a node of `ast` stands in the HTML. */
  rangeOf(node: CssNode): Range;
}

const tolerant: ParseOptions = {
  positions: true,
  parseCustomProperty: false,
  // A declaration that can't be read stays in the tree as it was written; the rest is not lost for it.
  onParseError: () => {},
};

/** A style sheet as a tree; total. */
export function parseSheet(text: string): CssNode {
  return parseCss(text, { ...tolerant, context: 'stylesheet' });
}

/** The value of a style attribute as a tree; total. */
export function parseDeclarations(text: string): CssNode {
  return parseCss(text, { ...tolerant, context: 'declarationList' });
}

/** Everything in a mail that is CSS, in document order. */
export function stylesOf(tree: HtmlTree): Style[] {
  const styles: Style[] = [];
  for (const element of elementsOf(tree)) {
    if (element.tagName === 'style') {
      const child = element.childNodes.find(isText);
      if (child) {
        const at = nodeRange(child);
        const exact = tree.source.slice(at.start, at.end) === child.value;
        styles.push(styleFrom('sheet', element, child.value, parseSheet(child.value), { ...at, exact }));
      }
    }
    const inline = attribute(element, 'style');
    if (inline) {
      const at = attributeValueRange(tree, element, 'style');
      styles.push(styleFrom('attribute', element, inline, parseDeclarations(inline), at));
    }
  }
  return styles;
}

function styleFrom(
  kind: Style['kind'],
  element: HtmlElement,
  text: string,
  ast: CssNode,
  at: Range & { exact: boolean },
): Style {
  const rangeOf = (node: CssNode): Range => {
    if (!at.exact || !node.loc) return { start: at.start, end: at.end };
    return { start: at.start + node.loc.start.offset, end: at.start + node.loc.end.offset };
  };
  return { kind, element, text, ast, rangeOf };
}
