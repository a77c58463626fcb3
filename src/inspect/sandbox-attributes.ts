import { trimEndOf } from '../base/trim.ts';
import { attribute, type HtmlElement, tagRange } from './html.ts';
import type { RemoteReference, SandboxOptions } from './sandbox.ts';
import { type AddressBook, normalised } from './sandbox-addresses.ts';
import { cleanDeclarations, cleanMedia } from './sandbox-css.ts';

/** Attributes that act, lead away, or let the mail pose as the preview. */
const removedNames = new Set(
  (
    'srcdoc action formaction formmethod formtarget form ping nonce is autofocus contenteditable accesskey target download ' +
    'popovertarget popovertargetaction commandfor command http-equiv integrity crossorigin referrerpolicy manifest ' +
    'longdesc usemap-ignored attributionsrc autoplay loop-ignored sandbox allow csp loading fetchpriority dynsrc lowsrc ' +
    'codebase classid data archive profile cite xmlns:xlink'
  ).split(' '),
);

/** Named elements would answer to `document.NAME` before the document's own members do (HTML, section 3.1.7). */
const clobbering = new Set(['img', 'form', 'embed', 'object', 'iframe', 'input', 'button', 'select', 'textarea']);

/** Cleans one element's attributes in place. */
export function cleanAttributes(element: HtmlElement, options: SandboxOptions, book: AddressBook): void {
  const range = tagRange(element);
  const kept: HtmlElement['attrs'] = [];
  const put = (name: string, value: string): void => {
    kept.push({ name, value });
  };
  for (const attr of element.attrs) {
    const name = attr.name.toLowerCase();
    const isHref = name === 'href' || (attr.prefix === 'xlink' && name === 'href');
    if (/^on/.test(name) || name.startsWith('data-mailbench-') || removedNames.has(name)) continue;
    if (name === 'name' && clobbering.has(element.tagName) && attribute(element, 'type') !== 'radio') continue;
    if (isHref) cleanHref(element, attr.value, book, put);
    else if (name === 'style') put('style', cleanDeclarations(attr.value, book.rules));
    else if (name === 'media') put('media', cleanMedia(attr.value, book.rules));
    else if (
      name === 'src' ||
      name === 'poster' ||
      name === 'background' ||
      name === 'srcset' ||
      name === 'imagesrcset'
    ) {
      cleanSource(element, name, attr.value, book, put);
    } else if (attr.prefix || /^(xml|xlink):/.test(name)) continue;
    else if (/url\s*\(/i.test(attr.value) && element.namespaceURI.endsWith('svg')) {
      if (/^url\(\s*["']?#[\w-]+["']?\s*\)$/i.test(attr.value.trim())) put(attr.name, attr.value);
    } else put(attr.name, attr.value);
  }
  if (element.tagName === 'video' || element.tagName === 'audio') put('preload', 'none');
  if (options.probe) put('data-mailbench-at', `${range.start}-${range.end}`);
  element.attrs = kept;
}

type Put = (name: string, value: string) => void;

function cleanHref(element: HtmlElement, value: string, book: AddressBook, put: Put): void {
  const url = normalised(value);
  if (element.tagName === 'a' || element.tagName === 'area') {
    // `href` stays, so that the element is a link to styles, to the keyboard and to a screen reader; it leads nowhere.
    put('href', 'about:invalid');
    if (/^#/.test(url)) put('data-mailbench-anchor', url.slice(1));
    else put('data-mailbench-link', String(book.link(url)));
  } else if (element.tagName === 'image' || element.tagName === 'feImage') {
    const address = book.address(url, 'image');
    if (address) put('href', address);
  } else if (/^#/.test(url)) {
    put('href', url);
  }
}

function cleanSource(element: HtmlElement, name: string, value: string, book: AddressBook, put: Put): void {
  const kind: RemoteReference['kind'] = isMedia(element) && name === 'src' ? 'media' : 'image';
  if (name === 'srcset' || name === 'imagesrcset') {
    const candidates = srcsetCandidates(value)
      .map(({ url, rest }) => ({ address: book.address(url, 'image'), rest }))
      .filter((candidate) => candidate.address !== undefined)
      // A comma or space would end the candidate; a data: address may hold both.
      .map(({ address, rest }) => `${address!.replace(/[\s]/g, '%20').replace(/,$/, '%2C')}${rest ? ` ${rest}` : ''}`);
    if (candidates.length > 0) put('srcset', candidates.join(', '));
    return;
  }
  const address = book.address(value, kind, element.tagName === 'img' && isTiny(element));
  if (address !== undefined && address !== '#') put(name, address);
  else if (element.tagName === 'img') {
    // A source that can't be loaded makes the browser show what a client shows for one: the alternative text in a box.
    put('src', 'data:,');
    put('data-mailbench-blocked', '');
  }
}

function isMedia(element: HtmlElement): boolean {
  if (element.tagName === 'video' || element.tagName === 'audio') return true;
  const parent = element.parentNode;
  return (
    element.tagName === 'source' && parent !== null && 'tagName' in parent && /^(video|audio)$/.test(parent.tagName)
  );
}

function isTiny(element: HtmlElement): boolean {
  const style = attribute(element, 'style') ?? '';
  const side = (name: string): string | undefined =>
    attribute(element, name) ?? new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*(\\d+)px`, 'i').exec(style)?.[1];
  const [width, height] = [side('width'), side('height')];
  return (
    width !== undefined && height !== undefined && Number.parseInt(width, 10) <= 1 && Number.parseInt(height, 10) <= 1
  );
}

/** The candidates of a srcset (HTML, section 4.8.4.2.1): addresses end at white space, so that they may hold commas. */
export function srcsetCandidates(text: string): { readonly url: string; readonly rest: string }[] {
  const candidates: { url: string; rest: string }[] = [];
  const pattern = /[\s,]*(\S+)/y;
  let position = 0;
  for (;;) {
    pattern.lastIndex = position;
    const match = pattern.exec(text);
    if (!match) return candidates;
    position = pattern.lastIndex;
    const url = trimEndOf(match[1]!, ',');
    if (url !== match[1]) {
      if (url) candidates.push({ url, rest: '' });
      continue;
    }
    const end = text.indexOf(',', position);
    const rest = text.slice(position, end < 0 ? text.length : end).trim();
    position = end < 0 ? text.length : end + 1;
    candidates.push({ url, rest });
  }
}
