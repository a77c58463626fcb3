import { type HtmlElement, type HtmlTree, isElement, parseHtml, walk } from './html.ts';

/**
 * Elements that a document may be drawn with by way of references: `use`, a pattern, a mask, a marker stand for all that is in
 * their target, and that may refer on. Ten to each of ten, twenty times over, are some kilobytes that no window comes back from.
 */
const mostDrawn = 50_000;

/** Octets of a picture in SVG that are read while somebody waits. No mail has drawings of that size. */
const longestPicture = 512 * 1024;

/** A reference to another element of the document, and how to take it out. */
interface Reference {
  readonly target: HtmlElement;
  /** Whether what is in the element has it too: a pattern to fill with, a marker. */
  readonly inherited: boolean;
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
  bound(tree, note, ({ namespaceURI }) => namespaceURI.endsWith('svg'));
}

/**
 * Whether a picture in SVG may be drawn: a file of its own, whose style sheets a browser obeys. False as well for what would have
 * to be read as a browser does to be sure: entities, styles with escapes or variables, pictures within it; and for what is long.
 */
export function isDrawable(svg: Uint8Array): boolean {
  if (svg.length > longestPicture) return false;
  const encoding =
    svg[0] === 0xff && svg[1] === 0xfe ? 'utf-16le' : svg[0] === 0xfe && svg[1] === 0xff ? 'utf-16be' : 'utf-8';
  const text = new TextDecoder(encoding).decode(svg);
  if (/<!ENTITY|<!DOCTYPE[^<>[]*\[|<\?xml-stylesheet/i.test(text)) return false;
  // Another encoding could hide anything.
  if (
    /^<\?xml[^>]*encoding/i.test(text) &&
    !/^<\?xml[^>]*encoding\s*=\s*["'](?:utf-?8|utf-?16|us-ascii|iso-8859-1)["']/i.test(text)
  )
    return false;
  // Nothing in it refers to anything: most pictures.
  if (!/url\s*\(|href|[&\\]/i.test(text)) return true;
  const tree = parseHtml(text);
  let sound = true;
  const bySheet = new Set<string>();
  walk(tree.document, (node) => {
    if (!isElement(node)) return undefined;
    const values = node.attrs.map(({ value }) => value);
    if (/(?:^|:)style$/i.test(node.tagName)) {
      const sheet = node.childNodes.map((child) => ('value' in child ? child.value : '')).join('');
      if (/\\|var\s*\(|@import/i.test(sheet)) sound = false;
      for (const id of urlIds(sheet)) bySheet.add(id);
      values.push(sheet);
    }
    if (node.attrs.some(({ name, value }) => name === 'style' && /\\|var\s*\(/.test(value))) sound = false;
    if (values.some((value) => /data:\s*image\/svg/i.test(value))) sound = false;
    return undefined;
  });
  // How often a sheet refers to something nobody can tell: to what holds nothing it may.
  walk(tree.document, (node) => {
    const id = isElement(node) && node.attrs.find(({ name }) => name === 'id')?.value;
    if (id && bySheet.has(id) && isElement(node) && !/(?:^|:)(?:linear|radial)gradient$/i.test(node.tagName))
      sound = false;
    return undefined;
  });
  if (!sound) return false;
  bound(
    tree,
    () => {
      sound = false;
    },
    () => true,
  );
  return sound;
}

function bound(tree: HtmlTree, note: (name: string) => void, isSvg: (element: HtmlElement) => boolean): void {
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
    const references = referencesOf(element, byId, note, isSvg(element));
    if (references.length > 0) referring.set(element, references);
  }
  if (referring.size === 0) return;
  const { drawn, within } = countDrawn(elements, referring);
  let sum = 0;
  for (const [element, references] of referring) {
    for (const reference of references) {
      const times = reference.inherited ? (within.get(element) ?? 1) : 1;
      const count = times * (drawn.get(reference.target) ?? 0);
      if (sum + count > mostDrawn) reference.remove();
      else sum += count;
    }
  }
}

/**
 * How many elements are drawn for one: itself, those in it, and those that they refer to; `within`: without those that it hands
 * down to what is in it. Circles are taken out.
 */
function countDrawn(
  elements: readonly HtmlElement[],
  referring: ReadonlyMap<HtmlElement, Reference[]>,
): { readonly drawn: ReadonlyMap<HtmlElement, number>; readonly within: ReadonlyMap<HtmlElement, number> } {
  const drawn = new Map<HtmlElement, number>();
  const within = new Map<HtmlElement, number>();
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
        for (const { target, inherited } of references) if (!inherited) count += drawn.get(target) ?? 0;
        if (references.length > 0) within.set(element, count);
        const own = count;
        for (const { target, inherited } of references) if (inherited) count += own * (drawn.get(target) ?? 0);
        drawn.set(element, Math.min(count, Number.MAX_SAFE_INTEGER));
      }
    }
  }
  return { drawn, within };
}

function referencesOf(
  element: HtmlElement,
  byId: ReadonlyMap<string, HtmlElement>,
  note: (name: string) => void,
  inSvg: boolean,
): Reference[] {
  return element.attrs.flatMap((attr) => {
    const isHref = inSvg && /(?:^|:)href$/.test(attr.name) && /^\s*#/.test(attr.value);
    const ids = isHref
      ? [decoded(attr.value.trim().slice(1))]
      : attr.name === 'style' || inSvg
        ? urlIds(attr.value)
        : [];
    return ids.flatMap((id): Reference[] => {
      const target = byId.get(id);
      if (!target) return [];
      const remove = (): void => {
        const at = element.attrs.indexOf(attr);
        if (at < 0) return;
        element.attrs.splice(at, 1);
        note(isHref ? element.tagName : attr.name);
      };
      return [{ target, inherited: !isHref, remove }];
    });
  });
}

/** The ids that `url(#id)` names in a value or a sheet. */
function urlIds(text: string): string[] {
  return Array.from(text.matchAll(/url\(\s*(?:["']\s*)?#([^"')]*)/gi), ([, id = '']) => decoded(id.trim()));
}

/** A fragment names an id with its octets escaped or not (HTML, section 7.4.6.4). */
function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
