import type { Range } from '../../base/problem.ts';
import {
  attribute,
  attributeRange,
  elementsOf,
  type HtmlElement,
  isElement,
  tagRange,
  textContent,
  walk,
} from '../html.ts';
import { checkContrast } from './contrast.ts';
import type { ParsedInput } from './input.ts';
import type { AccessibilityProblem } from './problems.ts';

/**
 * What can be told of a mail's accessibility from its source alone. What needs layout and cascade is axe-core's, in the
 * preview; see `axe.ts`.
 */
export function checkAccessibility(input: ParsedInput): AccessibilityProblem[] {
  if (!input.tree) return [];
  const problems: AccessibilityProblem[] = [];
  const elements = elementsOf(input.tree);
  const html = elements.find((element) => element.tagName === 'html');
  if (html) problems.push(...checkLanguage(html, elements));
  const title = elements.find((element) => element.tagName === 'title' && element.namespaceURI.endsWith('xhtml'));
  if (!title || textContent(title).trim() === '') {
    problems.push({ ...base('title-missing', 'hint'), range: title ? tagRange(title) : startOf(html) });
  }
  problems.push(...checkTables(elements));
  for (const element of elements) {
    if (element.tagName === 'a' && attribute(element, 'href') !== undefined && !hasName(element)) {
      problems.push({ ...base('link-without-name', 'warning'), range: tagRange(element) });
    }
  }
  problems.push(...checkTiny(elements), ...checkContrast(input.tree));
  return problems;
}

function base<Code extends AccessibilityProblem['code']>(code: Code, severity: AccessibilityProblem['severity']) {
  return { check: 'accessibility', code, severity, where: 'html' } as const;
}

function startOf(html: HtmlElement | undefined): Range {
  return html ? tagRange(html) : { start: 0, end: 0 };
}

function checkLanguage(html: HtmlElement, elements: readonly HtmlElement[]): AccessibilityProblem[] {
  const bearer = [html, ...elements].find((element) => attribute(element, 'lang') !== undefined);
  if (!bearer) {
    // HTML without an <html> of its own is put into one by many a program on its way.
    const severity = html.sourceCodeLocation ? 'warning' : 'hint';
    return [{ ...base('language-missing', severity), range: startOf(html) }];
  }
  const value = attribute(bearer, 'lang')!;
  try {
    // RFC 5646 well-formedness, as Unicode's canonicalization takes it.
    Intl.getCanonicalLocales(value.trim());
    if (value.trim() !== '') return [];
  } catch {
    // Not a language tag.
  }
  return [{ ...base('language-invalid', 'warning'), range: attributeRange(bearer, 'lang'), value }];
}

/** Tables that only place things: a screen reader would read out their rows and columns. */
function checkTables(elements: readonly HtmlElement[]): AccessibilityProblem[] {
  const bare = elements.filter(
    (element) => element.tagName === 'table' && attribute(element, 'role') === undefined && !holdsData(element),
  );
  const first = bare[0];
  return first ? [{ ...base('table-role', 'information'), range: tagRange(first), uses: bare.length }] : [];
}

function holdsData(table: HtmlElement): boolean {
  let data = false;
  walk(table, (node) => {
    if (!isElement(node)) return undefined;
    if (node.tagName === 'th' || node.tagName === 'caption') data = true;
    return node.tagName === 'table' ? 'skip' : undefined;
  });
  return data;
}

function hasName(link: HtmlElement): boolean {
  if (attribute(link, 'aria-label')?.trim() || attribute(link, 'title')?.trim()) return true;
  let named = textContent(link).trim() !== '';
  walk(link, (node) => {
    // A picture without `alt` has a problem of its own.
    if (isElement(node) && node.tagName === 'img') named = true;
    return undefined;
  });
  return named;
}

function checkTiny(elements: readonly HtmlElement[]): AccessibilityProblem[] {
  let uses = 0;
  let worst: { readonly size: number; readonly range: Range } | undefined;
  for (const element of elements) {
    const style = attribute(element, 'style') ?? '';
    if (/display\s*:\s*none|max-height\s*:\s*0/i.test(style)) continue;
    const match = /(?:^|[;\s])font-size\s*:\s*([\d.]+)(px|pt)/i.exec(style);
    const size = match ? Number.parseFloat(match[1]!) * (match[2]!.toLowerCase() === 'pt' ? 4 / 3 : 1) : Number.NaN;
    // Sizes near nothing are spacers: `font-size:0` closes the gaps between cells.
    if (!(size > 2 && size < 10) || textContent(element).trim() === '') continue;
    uses++;
    if (!worst || size < worst.size)
      worst = { size: Math.round(size * 10) / 10, range: attributeRange(element, 'style') };
  }
  return worst ? [{ ...base('text-tiny', 'information'), range: worst.range, size: worst.size, uses }] : [];
}
