import {
  attribute,
  type HtmlElement,
  type HtmlNode,
  type HtmlTree,
  isElement,
  isText,
  tagRange,
  walk,
} from '../html.ts';
import { colorOf, contrastRatio, hexOf, inlineColors, type Rgb } from './colors.ts';
import type { AccessibilityProblem } from './problems.ts';

interface Look {
  /** Undefined where a style sheet or a picture may have the say. */
  readonly color: Rgb | undefined;
  readonly ground: Rgb | undefined;
  readonly size: number;
  readonly bold: boolean;
  readonly hidden: boolean;
}

/**
 * Contrast of text against its ground where both stand in the elements themselves, as they do in most mail. An element that
 * a style sheet may colour is left to axe-core, which sees the cascade. Each pair of colours is told once.
 */
export function checkContrast(tree: HtmlTree): AccessibilityProblem[] {
  const problems: AccessibilityProblem[] = [];
  const told = new Set<string>();
  const sheets = /<style\b/i.test(tree.source);
  const looks: Look[] = [{ color: undefined, ground: undefined, size: 16, bold: false, hidden: false }];
  const enter = (node: HtmlNode): 'skip' | undefined => {
    if (isElement(node)) {
      if (/^(style|script|head|template)$/.test(node.tagName)) return 'skip';
      looks.push(lookOf(node, looks.at(-1)!, sheets));
    } else if (isText(node) && node.value.trim() !== '' && node.parentNode && isElement(node.parentNode)) {
      const problem = problemOf(node.parentNode, looks.at(-1)!);
      const key = problem && `${problem.foreground} ${problem.background}`;
      if (problem && !told.has(key!)) {
        told.add(key!);
        problems.push(problem);
      }
    }
    return undefined;
  };
  walk(tree.document, enter, (node) => {
    if (isElement(node) && !/^(style|script|head|template)$/.test(node.tagName)) looks.pop();
  });
  return problems;
}

function lookOf(element: HtmlElement, parent: Look, sheets: boolean): Look {
  const inline = inlineColors(attribute(element, 'style') ?? '');
  const styled = sheets && (attribute(element, 'class') !== undefined || attribute(element, 'id') !== undefined);
  const ground = inline.background ?? attribute(element, 'bgcolor');
  const color =
    inline.color ?? (element.tagName === 'font' ? attribute(element, 'color') : undefined) ?? bodyText(element);
  const covered = inline.image || attribute(element, 'background') !== undefined || styled;
  return {
    // A link that says nothing has the client's own colour.
    color: color !== undefined ? colorOf(color) : styled || element.tagName === 'a' ? undefined : parent.color,
    ground: covered ? undefined : ground !== undefined ? colorOf(ground) : parent.ground,
    size: inline.size ?? (/^h[12]$/.test(element.tagName) ? 24 : parent.size),
    bold: inline.bold ?? (/^(b|strong|h[1-6]|th)$/.test(element.tagName) || parent.bold),
    hidden: parent.hidden || inline.hidden,
  };
}

function bodyText(element: HtmlElement): string | undefined {
  return element.tagName === 'body' ? attribute(element, 'text') : undefined;
}

function problemOf(element: HtmlElement, look: Look) {
  if (!look.color || !look.ground || look.hidden || look.size < 2) return undefined;
  // WCAG 2.2, 1.4.3: large text is 24 px, or 18.66 px and bold.
  const needed = look.size >= 24 || (look.size >= 18.66 && look.bold) ? 3 : 4.5;
  const ratio = contrastRatio(look.color, look.ground);
  if (ratio >= needed) return undefined;
  return {
    check: 'accessibility',
    code: 'contrast',
    severity: 'warning',
    where: 'html',
    range: tagRange(element),
    foreground: hexOf(look.color),
    background: hexOf(look.ground),
    ratio: Math.floor(ratio * 10) / 10,
    needed,
  } as const;
}
