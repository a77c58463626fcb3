import type { CssNode, Declaration, FunctionNode, List, ListItem, WalkContext } from 'css-tree';
import generate from 'css-tree/generator';
import { ident } from 'css-tree/utils';
import walk from 'css-tree/walker';
import { parseDeclarations, parseSheet } from './css.ts';
import type { ColorScheme, RemoteReference } from './sandbox.ts';

/** What to do with an address that a mail names. */
export interface AddressRules {
  /** The address to put in its place, or undefined for nothing at all. */
  address(url: string, kind: RemoteReference['kind'], tracker?: boolean): string | undefined;
  readonly scheme: ColorScheme;
  /** Called for a style that is meant for dark mode. */
  sawDark(declares: boolean): void;
}

/** An empty picture: what stands where an address was taken out. It keeps the declaration around it valid. */
const nothing = 'data:,';

/** A style sheet with addresses, imports and questions about the colour scheme answered; it can't end its element. */
export function cleanSheet(text: string, rules: AddressRules): string {
  return cleaned(text, parseSheet, {
    ...rules,
    // An element of the mail's own, in as many places as the sheet has matches for: see sandbox-references.ts.
    address: (url, kind, tracker) => {
      const address = rules.address(url, kind, tracker);
      return address?.startsWith('#') ? undefined : address;
    },
  });
}

/**
 * The declarations that were cleaned by the same rules before: a mail says the same on each of its cells. Long ones hold a
 * picture, and are asked about each time.
 */
const mostKept = 1000;
const cleanedBefore = new WeakMap<AddressRules, Map<string, string>>();

export function cleanDeclarations(text: string, rules: AddressRules): string {
  let before = cleanedBefore.get(rules);
  if (!before) {
    before = new Map();
    cleanedBefore.set(rules, before);
  }
  let clean = before.get(text);
  if (clean === undefined) {
    clean = cleaned(text, parseDeclarations, rules);
    if (clean.length <= mostKept) before.set(text, clean);
  }
  return clean;
}

/** A media query (of `media=""`) with questions about the colour scheme answered. */
export function cleanMedia(query: string, rules: Pick<AddressRules, 'scheme' | 'sawDark'>): string {
  const sheet = `@media ${query}{}`;
  const result = cleanSheet(sheet, { ...rules, address: () => undefined });
  const match = /^@media ?(.*)\{\}$/s.exec(result);
  return match ? match[1]! : 'not all';
}

function cleaned(text: string, parse: (text: string) => CssNode, rules: AddressRules): string {
  try {
    const ast = parse(text);
    clean(ast, rules);
    // css-tree resolves escapes, so that a string may now hold what would end the element: `content:"\3c/style>"`.
    return generate(ast).replace(/<(?=[/!])/g, '\\3c ');
  } catch {
    // Nesting beyond the stack, which no mail needs. A style that can't be read is not shown rather than trusted.
    return '';
  }
}

function clean(ast: CssNode, rules: AddressRules): void {
  walk(ast, {
    enter(this: WalkContext, node: CssNode, item: ListItem<CssNode>, list: List<CssNode>) {
      switch (node.type) {
        case 'Atrule':
          // Names may be written with escapes: `@\69mport`.
          node.name = ident.decode(node.name).toLowerCase();
          if (node.name === 'import' ? !keepImport(node, rules) : /[^a-z-]|^(charset|namespace)$/.test(node.name)) {
            list?.remove(item);
          }
          break;
        case 'Feature':
          answerFeature(node, rules);
          break;
        case 'Url':
          node.value = rules.address(node.value, kindOf(this.atrule?.name), false) ?? nothing;
          break;
        case 'Function':
          node.name = ident.decode(node.name);
          if (/^(-webkit-)?image-set$|^image$|^src$|^url$/i.test(node.name)) cleanImageSet(node, rules);
          break;
        case 'Declaration':
          cleanDeclaration(node, rules);
          break;
        case 'Raw':
          // What css-tree could not read stands as it was written; an address or a question in it would slip through.
          node.value = cleanRaw(node.value, rules);
          break;
      }
    },
  });
}

function kindOf(atrule: string | undefined): RemoteReference['kind'] {
  return atrule?.toLowerCase() === 'font-face' ? 'font' : 'image';
}

function keepImport(node: Extract<CssNode, { type: 'Atrule' }>, rules: AddressRules): boolean {
  const first = node.prelude?.type === 'AtrulePrelude' ? node.prelude.children.first : null;
  if (first?.type !== 'String' && first?.type !== 'Url') return false;
  const address = rules.address(first.value, 'style');
  // Only what comes from elsewhere can be imported at all; a sheet inside a data: address would escape the cleaning.
  if (!address || !/^https?:/i.test(address)) return false;
  first.value = address;
  return true;
}

const always = '(min-width:0)';
const never = '(max-width:-1px)';

/** Answers `prefers-color-scheme` as the emulated client would; a page can't set it for a frame. */
function answerFeature(node: Extract<CssNode, { type: 'Feature' }>, rules: AddressRules): void {
  if (node.name.toLowerCase() !== 'prefers-color-scheme') return;
  const asked = node.value?.type === 'Identifier' ? node.value.name.toLowerCase() : '';
  if (asked === 'dark') rules.sawDark(false);
  const holds = asked === '' || asked === (rules.scheme === 'dark' ? 'dark' : 'light');
  node.name = holds ? 'min-width' : 'max-width';
  node.value = holds ? { type: 'Number', value: '0' } : { type: 'Dimension', value: '-1', unit: 'px' };
}

function cleanImageSet(node: FunctionNode, rules: AddressRules): void {
  node.children.forEach((child) => {
    if (child.type === 'String') child.value = rules.address(child.value, 'image') ?? nothing;
  });
}

function cleanDeclaration(node: Declaration, rules: AddressRules): void {
  const property = node.property.toLowerCase();
  if (property === 'color-scheme') {
    const words = generate(node.value).toLowerCase().split(/\s+/);
    if (words.includes('dark')) rules.sawDark(true);
    if (words.includes('dark') && words.includes('light')) {
      node.value = { type: 'Raw', value: rules.scheme === 'dark' ? 'dark' : 'light' };
    }
  }
}

/** Text that css-tree left as it was: custom properties, and what it could not read. */
function cleanRaw(text: string, rules: AddressRules): string {
  const plain = text.replace(/\\([0-9a-f]{1,6})\s?|\\([^\n])/gi, (_, hex?: string, char?: string) =>
    hex ? String.fromCodePoint(Math.min(Number.parseInt(hex, 16), 0x10ffff)) : (char ?? ''),
  );
  // A word written with escapes that turns out to be one that loads: there is no honest use for that.
  if (plain !== text && /(url|image-set|image|src)\s*\(|@import|prefers-color/i.test(plain)) return '';
  if (!/url|image|src|prefers-color-scheme|\/\//i.test(text)) return text;
  const put = (url: string): string => {
    // What a variable refers to is drawn wherever somebody uses it.
    const named = rules.address(url.trim(), 'image') ?? nothing;
    const address = named.startsWith('#') ? nothing : named;
    return `"${address.replace(/["\\\n<]/g, encodeURIComponent)}"`;
  };
  return (
    text
      .replace(/\(\s*prefers-color-scheme\s*(?::\s*(\w+)\s*)?\)/gi, (_, asked: string | undefined) => {
        if (asked?.toLowerCase() === 'dark') rules.sawDark(false);
        const holds = !asked || asked.toLowerCase() === (rules.scheme === 'dark' ? 'dark' : 'light');
        return holds ? always : never;
      })
      // No opening bracket in it, where the search for the closing one would begin again and again; no white space of its own before
      // what is not quoted, which may hold the same.
      .replace(/url\((?:\s*"([^"]*)"\s*|\s*'([^']*)'\s*|([^"'()]*))\)/gi, (_, a?: string, b?: string, c?: string) => {
        return `url(${put(a ?? b ?? c ?? '')})`;
      })
      .replace(/(["'])\s*((?:https?:)?\/\/[^"']*)\1/gi, (_, __, url: string) => put(url))
  );
}
