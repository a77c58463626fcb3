import { type HtmlElement, type HtmlTree, isElement, walk } from './html.ts';

/**
 * Elements that a document may be drawn with by way of references: `use`, a pattern, a mask, a marker stand for all that is in
 * their target, and that may refer on. Ten to each of ten, twenty times over, are some kilobytes that no window comes back from.
 */
const mostDrawn = 10_000;

/** A reference to another element of the document, and how to take it out. */
interface Reference {
  readonly target: HtmlElement;
  remove(): void;
}

interface Visit {
  readonly element: HtmlElement;
  readonly references: readonly Reference[];
  /** Children, then references, that are counted already. */
  next: number;
}

/**
 * Takes out references that lead in a circle, and those that would draw more than {@link mostDrawn} elements; in place. `note` is
 * called for each with what it stood in.
 */
export function boundReferences(tree: HtmlTree, note: (name: string) => void): void {
  const byId = new Map<string, HtmlElement>();
  const elements: HtmlElement[] = [];
  walk(tree.document, (node) => {
    if (!isElement(node)) return undefined;
    elements.push(node);
    const id = node.attrs.find(({ name }) => name === 'id')?.value;
    if (id && !byId.has(id)) byId.set(id, node);
    return undefined;
  });
  const referring = new Map<HtmlElement, Reference[]>();
  for (const element of elements) {
    const references = referencesOf(element, byId, note);
    if (references.length > 0) referring.set(element, references);
  }
  if (referring.size === 0) return;
  const drawn = countDrawn(elements, referring);
  let sum = 0;
  for (const references of referring.values()) {
    for (const reference of references) {
      const count = drawn.get(reference.target) ?? 0;
      if (sum + count > mostDrawn) reference.remove();
      else sum += count;
    }
  }
}

/** How many elements are drawn for one: itself, those in it, and those that they refer to. Circles are taken out. */
function countDrawn(
  elements: readonly HtmlElement[],
  referring: ReadonlyMap<HtmlElement, Reference[]>,
): ReadonlyMap<HtmlElement, number> {
  const drawn = new Map<HtmlElement, number>();
  const underWay = new Set<HtmlElement>();
  const begin = (element: HtmlElement): Visit => {
    underWay.add(element);
    return { element, references: referring.get(element) ?? [], next: 0 };
  };
  for (const root of elements) {
    if (drawn.has(root)) continue;
    // No recursion: a mail nests as deep as it likes.
    const stack = [begin(root)];
    for (let visit = stack.at(-1); visit; visit = stack.at(-1)) {
      const { element, references } = visit;
      const children = element.childNodes;
      const at = visit.next++;
      if (at < children.length) {
        const child = children[at]!;
        if (isElement(child) && !drawn.has(child)) stack.push(begin(child));
      } else if (at < children.length + references.length) {
        const reference = references[at - children.length]!;
        if (underWay.has(reference.target)) reference.remove();
        else if (!drawn.has(reference.target)) stack.push(begin(reference.target));
      } else {
        stack.pop();
        underWay.delete(element);
        let count = 1;
        for (const child of children) if (isElement(child)) count += drawn.get(child) ?? 0;
        for (const { target } of references) count += drawn.get(target) ?? 0;
        drawn.set(element, Math.min(count, Number.MAX_SAFE_INTEGER));
      }
    }
  }
  return drawn;
}

function referencesOf(
  element: HtmlElement,
  byId: ReadonlyMap<string, HtmlElement>,
  note: (name: string) => void,
): Reference[] {
  const inSvg = element.namespaceURI.endsWith('svg');
  return element.attrs.flatMap((attr) => {
    const ids =
      attr.name === 'href' && inSvg && attr.value.startsWith('#')
        ? [decoded(attr.value.slice(1))]
        : attr.name === 'style' || inSvg
          ? Array.from(attr.value.matchAll(/url\(\s*["']?#([^"')]*)/gi), ([, id = '']) => decoded(id.trim()))
          : [];
    return ids.flatMap((id): Reference[] => {
      const target = byId.get(id);
      if (!target) return [];
      const remove = (): void => {
        const at = element.attrs.indexOf(attr);
        if (at < 0) return;
        element.attrs.splice(at, 1);
        note(attr.name === 'href' ? element.tagName : attr.name);
      };
      return [{ target, remove }];
    });
  });
}

/** A fragment names an id with its octets escaped or not (HTML, section 7.4.6.4). */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
