import {
  type HtmlElement,
  type HtmlNode,
  type HtmlParent,
  type HtmlTree,
  isElement,
  isText,
  numberedElements,
  textContent,
} from './html.ts';
import type { RemoteReference, SandboxOptions } from './sandbox.ts';
import { addressBook } from './sandbox-addresses.ts';
import { cleanAttributes } from './sandbox-attributes.ts';
import { cleanMedia, cleanSheet } from './sandbox-css.ts';
import { boundReferences } from './sandbox-references.ts';

const svgNamespace = 'http://www.w3.org/2000/svg';
const mathNamespace = 'http://www.w3.org/1998/Math/MathML';

/** Gone with everything in them: what they hold is not text for a reader. */
export const dropped = new Set(
  'script iframe frame frameset embed applet base template noembed noframes portal fencedframe track param'.split(' '),
);
/** Gone, and what they hold stays: their content is what is shown where they do nothing. */
const unwrapped = new Set(['noscript', 'object', 'form', 'slot']);
/** Raw text to a parser; as an ordinary element its text is text. */
const renamed: Readonly<Record<string, string>> = { xmp: 'pre', plaintext: 'pre', listing: 'pre' };
const droppedInSvg = new Set([
  'script',
  'foreignObject',
  'style',
  'animate',
  'animateMotion',
  'animateTransform',
  'set',
  'handler',
]);
const controls = new Set(['input', 'button', 'select', 'textarea']);

export interface Cleaned {
  readonly remote: readonly RemoteReference[];
  readonly missing: readonly string[];
  readonly leftOut: number;
  readonly undrawn: number;
  readonly links: readonly string[];
  readonly removed: Readonly<Record<string, number>>;
  readonly darkStyles: boolean;
  /** Whether the mail says that its canvas may be dark (`color-scheme`), not only that some rules are for dark mode. */
  readonly declaresDark: boolean;
}

/** Makes the tree harmless, in place; see `sandboxDocument`. */
export function cleanTree(tree: HtmlTree, options: SandboxOptions): Cleaned {
  const book = addressBook(options);
  const removed: Record<string, number> = {};
  const note = (name: string): void => {
    removed[name] = (removed[name] ?? 0) + 1;
  };
  const numbers = options.numbered ? numberedElements(tree) : [];
  const context = { options, book, note };
  // An explicit stack of parents: children are replaced while they are visited.
  const parents: HtmlParent[] = [tree.document];
  for (let parent = parents.pop(); parent; parent = parents.pop()) {
    const kept: HtmlNode[] = [];
    const queue = [...parent.childNodes].reverse();
    for (let node = queue.pop(); node; node = queue.pop()) {
      if (isText(node)) kept.push(node);
      else if (isElement(node)) {
        const answer = cleanElement(node, context);
        if (answer === 'unwrap') for (const child of [...node.childNodes].reverse()) queue.push(child);
        else if (answer === 'keep') {
          kept.push(node);
          parents.push(node);
        }
      }
    }
    for (const node of kept) node.parentNode = parent;
    parent.childNodes = kept;
  }
  boundReferences(tree, note);
  // Last, so that no attribute of the mail's own can stand for it.
  numbers.forEach((element, number) => {
    element.attrs.push({ name: 'data-mailbench-n', value: String(number) });
  });
  return {
    remote: book.remote(),
    missing: book.missing(),
    leftOut: book.leftOut(),
    undrawn: book.undrawn(),
    links: book.links(),
    removed,
    darkStyles: book.darkStyles(),
    declaresDark: book.declaresDark(),
  };
}

interface Context {
  readonly options: SandboxOptions;
  readonly book: ReturnType<typeof addressBook>;
  readonly note: (name: string) => void;
}

function cleanElement(element: HtmlElement, context: Context): 'keep' | 'drop' | 'unwrap' {
  const { book, note } = context;
  const name = element.tagName;
  if (element.namespaceURI === mathNamespace) {
    // Where MathML and HTML meet is where parsers disagree; no client shows it. Its text stays.
    const text = textContent(element);
    element.tagName = element.nodeName = 'span';
    element.namespaceURI = 'http://www.w3.org/1999/xhtml' as HtmlElement['namespaceURI'];
    element.attrs = [];
    element.childNodes = text ? [{ nodeName: '#text', value: text, parentNode: element } as HtmlNode] : [];
    return 'keep';
  }
  if (element.namespaceURI === svgNamespace) {
    if (droppedInSvg.has(name)) {
      note(name);
      return 'drop';
    }
    if (name === 'title' || name === 'desc') {
      const text = textContent(element);
      element.childNodes = text ? [{ nodeName: '#text', value: text, parentNode: element } as HtmlNode] : [];
    }
    cleanAttributes(element, context.options, book);
    return 'keep';
  }
  if (name === 'meta') return cleanMeta(element, context);
  if (name === 'link') return cleanLink(element, context);
  if (dropped.has(name)) {
    if (name !== 'param' && name !== 'track') note(name);
    return 'drop';
  }
  if (unwrapped.has(name)) {
    if (name !== 'noscript' && name !== 'slot') note(name);
    return 'unwrap';
  }
  if (name === 'style') {
    const text = element.childNodes
      .filter(isText)
      .map((child) => child.value)
      .join('');
    const css = cleanSheet(text, book.rules);
    element.childNodes = [{ nodeName: '#text', value: css, parentNode: element } as HtmlNode];
    const media = element.attrs.find((attr) => attr.name === 'media')?.value;
    element.attrs = media ? [{ name: 'media', value: cleanMedia(media, book.rules) }] : [];
    return 'keep';
  }
  if (renamed[name]) element.tagName = element.nodeName = renamed[name];
  cleanAttributes(element, context.options, book);
  if (controls.has(name)) element.attrs.push({ name: 'disabled', value: '' });
  return 'keep';
}

function cleanMeta(element: HtmlElement, { book, note }: Context): 'drop' {
  const get = (name: string): string => element.attrs.find((attr) => attr.name === name)?.value.toLowerCase() ?? '';
  if (/^(supported-)?color-schemes?$/.test(get('name')) && /\bdark\b/.test(get('content'))) book.rules.sawDark(true);
  if (get('http-equiv') === 'refresh') note('meta refresh');
  return 'drop';
}

function cleanLink(element: HtmlElement, { options, book, note }: Context): 'keep' | 'drop' {
  const get = (name: string): string => element.attrs.find((attr) => attr.name === name)?.value ?? '';
  const sheet = get('rel').toLowerCase().split(/\s+/).includes('stylesheet');
  if (!sheet) {
    note('link');
    return 'drop';
  }
  const address = book.address(get('href'), 'style');
  if (!options.remote || !address || !/^https?:/i.test(address)) return 'drop';
  const media = get('media');
  element.attrs = [
    { name: 'rel', value: 'stylesheet' },
    { name: 'href', value: address },
    ...(media ? [{ name: 'media', value: cleanMedia(media, book.rules) }] : []),
  ];
  return 'keep';
}
