import type { Range } from '../../base/problem.ts';
import {
  attribute,
  attributeRange,
  elementsOf,
  type HtmlElement,
  type HtmlTree,
  tagRange,
  textContent,
} from '../html.ts';
import { normalised } from '../sandbox-addresses.ts';
import type { ParsedInput } from './input.ts';
import { hasPlaceholder } from './placeholders.ts';
import type { LinkProblem } from './problems.ts';

/** Where an HTML text leads, and where in it that stands. */
export interface LinkPlace {
  readonly url: string;
  readonly range: Range;
}

/** The same, with the element that leads there. */
export interface FoundLink extends LinkPlace {
  readonly element: HtmlElement;
}

/** The links that lead to an address, in the order of the mail. */
export function linksOf(tree: HtmlTree): FoundLink[] {
  return elementsOf(tree).flatMap((element) => {
    const href = isLink(element) ? attribute(element, 'href') : undefined;
    return href === undefined ? [] : [{ url: normalised(href), range: attributeRange(element, 'href'), element }];
  });
}

/** Syntax of links and whether the anchors they name exist. Nothing is fetched. */
export function checkLinks(input: ParsedInput): LinkProblem[] {
  if (!input.tree) return [];
  const anchors = new Set<string>();
  for (const element of elementsOf(input.tree)) {
    const id = attribute(element, 'id');
    if (id) anchors.add(id);
    const name = element.tagName === 'a' ? attribute(element, 'name') : undefined;
    if (name) anchors.add(name);
  }
  const problems: LinkProblem[] = [];
  for (const element of elementsOf(input.tree)) {
    if (!isLink(element) || attribute(element, 'href') !== undefined) continue;
    // `<a name>` is an anchor, not a link.
    if (attribute(element, 'name') !== undefined || attribute(element, 'id') !== undefined) continue;
    if (textContent(element).trim() !== '')
      problems.push({ ...base('link-empty', 'warning'), range: tagRange(element) });
  }
  for (const link of linksOf(input.tree)) {
    if (hasPlaceholder(link.url)) continue;
    const problem = checkAddress(link.url, anchors);
    if (problem) problems.push({ ...problem, range: link.range } as LinkProblem);
  }
  return problems;
}

function isLink(element: HtmlElement): boolean {
  return element.tagName === 'a' || element.tagName === 'area';
}

type WithoutRange<T> = T extends LinkProblem ? Omit<T, 'range'> : never;

function base<Code extends LinkProblem['code']>(code: Code, severity: LinkProblem['severity']) {
  return { check: 'links', code, severity, where: 'html' } as const;
}

function checkAddress(url: string, anchors: ReadonlySet<string>): WithoutRange<LinkProblem> | undefined {
  if (url === '' || url === '#') return base('link-empty', 'warning');
  if (url.startsWith('#')) {
    const anchor = decode(url.slice(1));
    // "#top" is the top of the page even where nothing is called that (HTML, section 7.4.6.4).
    if (anchors.has(anchor) || anchors.has(url.slice(1)) || anchor.toLowerCase() === 'top') return undefined;
    return { ...base('link-anchor-missing', 'warning'), anchor };
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(url)?.[1]?.toLowerCase();
  if (!scheme) return { ...base('link-relative', 'warning'), url };
  if (/^(javascript|vbscript|data|file|blob|about|filesystem)$/.test(scheme)) {
    return { ...base('link-scheme', 'warning'), url, scheme };
  }
  if (scheme === 'mailto') return isMailto(url) ? undefined : { ...base('link-mailto-invalid', 'warning'), url };
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  const parsed = /\s/.test(url) ? null : URL.parse(url);
  if (!parsed || !/^https?:\/\/[^/]/i.test(url)) return { ...base('link-invalid', 'warning'), url };
  if (isLocal(parsed.hostname)) return { ...base('link-local', 'warning'), url, host: parsed.hostname };
  return scheme === 'http' ? { ...base('link-insecure', 'information'), url } : undefined;
}

/** RFC 6068: addresses, separated by commas, may be left out where the fields name some. */
export function isMailto(url: string): boolean {
  const [addresses = '', fields = ''] = url.slice('mailto:'.length).split('?', 2);
  if (addresses === '') return /(^|&)(to|subject|body|cc|bcc)=/i.test(fields);
  return addresses.split(',').every((address) => /^[^\s@<>]+@[^\s@<>]+$/.test(decode(address).trim()));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Names and addresses that only the author's own machine or network knows. */
export function isLocal(host: string): boolean {
  if (/^\[/.test(host)) return /^\[(::1|f[cd]|fe[89ab])/i.test(host);
  if (/^\d+\.\d+\.\d+\.\d+$/.test(host)) {
    return /^(0|10|127)\.|^169\.254\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\./.test(host);
  }
  return !host.includes('.') || /\.(local|localhost|internal|test|invalid|lan|home\.arpa)$/i.test(host);
}
