import { attribute, type HtmlElement, type HtmlParent, isElement, isText, walk } from './html.ts';
import { canComeFrom, hasExpression, writesNothing } from './template-text.ts';

/** Of a text as much as tells one element from another. Code units. */
const enough = 200;

/** How many siblings, or lines, are looked at in either direction. */
const reach = 60;

/**
 * Finds the element of `written` that each element of `shown` came from: what is shown went through a template, had paths
 * made `cid:` and styles made inline. Where both have the same elements in the same order that is told at once; elsewhere
 * children are matched below their parents, in order, going back where a loop repeated them. A guess, where it has to be.
 */
export function elementOrigins(
  shown: readonly HtmlElement[],
  written: readonly HtmlElement[],
): Map<HtmlElement, HtmlElement> {
  const pairs = new Map<HtmlElement, HtmlElement>();
  if (shown.length === written.length && shown.every((each, index) => each.tagName === written[index]!.tagName)) {
    shown.forEach((each, index) => {
      pairs.set(each, written[index]!);
    });
    return pairs;
  }
  const roots = (elements: readonly HtmlElement[]): HtmlElement[] => {
    const all = new Set<HtmlParent>(elements);
    return elements.filter((each) => !all.has(each.parentNode!));
  };
  const textOf = beginnings();
  const work = [{ ours: roots(shown), theirs: roots(written) }];
  for (let next = work.pop(); next; next = work.pop()) {
    const { ours, theirs } = next;
    let at = -1;
    for (const each of ours) {
      const found = mostLike(each, theirs, at, textOf);
      if (found === undefined) continue;
      at = found;
      pairs.set(each, theirs[at]!);
      work.push({ ours: childElements(each), theirs: childElements(theirs[at]!) });
    }
  }
  return pairs;
}

/** The index of the sibling that an element came from, `at` being that of the one before. */
function mostLike(
  element: HtmlElement,
  siblings: readonly HtmlElement[],
  at: number,
  textOf: (element: HtmlElement) => string,
): number | undefined {
  let best: number | undefined;
  let bestScore = -1;
  for (const index of around(at, siblings.length)) {
    const score = likeness(element, siblings[index]!, textOf);
    if (score > bestScore) [best, bestScore] = [index, score];
    if (score === alike) break;
  }
  return best;
}

/** Forward first, so that of equals the next one is taken; then back, to where a loop may have begun. */
function* around(at: number, length: number): Generator<number> {
  for (let index = at + 1; index < Math.min(length, at + 1 + reach); index++) yield index;
  for (let index = at; index >= Math.max(0, at - reach); index--) yield index;
}

const alike = 3;

/** -1 for what is another element altogether; up to 3 for one that has the same names and says the same. */
function likeness(ours: HtmlElement, theirs: HtmlElement, textOf: (element: HtmlElement) => string): number {
  if (ours.tagName !== theirs.tagName) return -1;
  let score = 0;
  const same = ['id', 'class', 'align', 'href', 'alt'].every((name) => {
    const value = attribute(theirs, name) ?? '';
    return hasExpression(value) || value === (attribute(ours, name) ?? '');
  });
  if (same) score++;
  if (canComeFrom(textOf(ours), textOf(theirs))) score += 2;
  return score;
}

/** Answers the beginning of an element's text, each worked out once. */
function beginnings(): (element: HtmlElement) => string {
  const known = new Map<HtmlElement, string>();
  return (element) => {
    let text = known.get(element);
    if (text !== undefined) return text;
    text = '';
    walk(element, (node) => {
      if (text!.length > 4 * enough) return 'skip';
      if (isText(node)) text += node.value;
      return isElement(node) && node.tagName === 'style' ? 'skip' : undefined;
    });
    text = text.replace(/\s+/g, ' ').trim().slice(0, enough);
    known.set(element, text);
    return text;
  };
}

function childElements(element: HtmlElement): HtmlElement[] {
  return element.childNodes.filter(isElement);
}

/**
 * For each line that is shown, the line it was written in, by index; -1 where there is none. The same guess as for elements. What goes
 * by common words (language/line-alignment.ts) serves for what was made of another language; it never goes back, as a loop of a template does.
 */
export function lineOrigins(shown: readonly string[], written: readonly string[]): number[] {
  let at = -1;
  return shown.map((line) => {
    const text = line.trimEnd();
    // A blank line tells nothing but that it follows the one before.
    const candidates = text === '' ? [at + 1] : around(at, written.length);
    for (const index of candidates) {
      const theirs = written[index]?.trimEnd();
      if (
        theirs === undefined ||
        (text === '') !== (theirs === '') ||
        writesNothing(theirs) ||
        !canComeFrom(text, theirs)
      )
        continue;
      at = index;
      return index;
    }
    return -1;
  });
}
