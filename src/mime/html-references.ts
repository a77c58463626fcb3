/** A place in HTML (or MJML) where a resource is named. */
export interface Reference {
  /** As a URL: entities and CSS escapes undone. */
  readonly url: string;
  /** Where it stands, half-open, in UTF-16 code units. */
  readonly start: number;
  readonly end: number;
}

/** Attributes that name a picture; `poster` is a video's. `background-url` is MJML's. */
const pictureAttributes = new Set(['src', 'background', 'poster', 'background-url', 'xlink:href']);
/** What the attributes begin with that are looked into: most others are told by that. */
const beginnings: ReadonlySet<number> = new Set([...'sbpx'].map((letter) => letter.charCodeAt(0)));
/** Elements whose `src` is no picture. */
const notPictures = new Set(['script', 'iframe', 'frame', 'embed', 'audio', 'track']);

/**
 * What the HTML shows beside its text: `src=`, `background=`, `poster=`, `srcset=`, and `url(…)` in `style=` and `<style>`. Conditional
 * comments, which Outlook reads, are looked into; other comments are not. One pass, total, linear.
 */
export function htmlReferences(html: string): Reference[] {
  const found: Reference[] = [];
  collect(html, 0, html.length, found);
  return found;
}

/** Characters that are looked through in one go. */
const piece = 64 * 1024;

/** The same, some at a time. */
export function* referencesIn(html: string): Generator<readonly Reference[], void, undefined> {
  for (let at = 0; at < html.length; ) {
    const found: Reference[] = [];
    at = collect(html, at, at + piece, found);
    yield found;
  }
}

/** From where no tag is open up to the first such place from `until` on, which comes back. */
function collect(html: string, from: number, until: number, found: Reference[]): number {
  let at = from;
  while (at < html.length && at < until) {
    const open = html.indexOf('<', at);
    if (open < 0) return html.length;
    if (html.startsWith('<!--', open)) {
      if (/^\[if/i.test(html.slice(open + 4, open + 8))) {
        at = open + 4;
        continue;
      }
      const close = html.indexOf('-->', open + 4);
      if (close < 0) return html.length;
      at = close + 3;
      continue;
    }
    const letter = html.charCodeAt(open + 1) | 0x20;
    if (letter < 0x61 || letter > 0x7a) {
      at = open + 1;
      continue;
    }
    const tag = readTag(html, open, found);
    at = tag.end;
    if (tag.name === 'style' || tag.name === 'mj-style') {
      const close = indexOfClose(html, tag.name, at);
      cssUrls(html, at, close, found);
      at = close;
    } else if (tag.name === 'script') at = indexOfClose(html, 'script', at);
  }
  return at;
}

function indexOfClose(html: string, name: string, from: number): number {
  for (let at = html.indexOf('</', from); at >= 0; at = html.indexOf('</', at + 2))
    if (html.slice(at + 2, at + 2 + name.length).toLowerCase() === name) return at;
  return html.length;
}

const SLASH = 0x2f;
const EQUALS = 0x3d;
const GREATER = 0x3e;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

const isSpace = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d);
const endsTagName = (code: number): boolean => code === GREATER || code === SLASH || isSpace(code);

function readTag(html: string, open: number, found: Reference[]): { name: string; end: number } {
  const { length } = html;
  let at = open + 1;
  while (at < length && !endsTagName(html.charCodeAt(at))) at++;
  const name = html.slice(open + 1, at).toLowerCase();
  while (at < length) {
    let code = html.charCodeAt(at);
    while (isSpace(code) || code === SLASH) code = html.charCodeAt(++at);
    if (at >= length) break;
    if (code === GREATER) return { name, end: at + 1 };
    const nameStart = at;
    const first = code | 0x20;
    do code = html.charCodeAt(++at);
    while (at < length && !isSpace(code) && code !== EQUALS && code !== GREATER && code !== SLASH);
    const nameEnd = at;
    while (isSpace(code)) code = html.charCodeAt(++at);
    if (code !== EQUALS) continue;
    do code = html.charCodeAt(++at);
    while (isSpace(code));
    let start = at;
    let end: number;
    if (code === QUOTE || code === APOSTROPHE) {
      start = at + 1;
      end = html.indexOf(code === QUOTE ? '"' : "'", start);
      if (end < 0) end = length;
      at = end + 1;
    } else {
      while (at < length && !isSpace(code) && code !== GREATER) code = html.charCodeAt(++at);
      end = at;
    }
    if (!beginnings.has(first)) continue;
    const attribute = html.slice(nameStart, nameEnd).toLowerCase();
    if (pictureAttributes.has(attribute)) {
      if (!notPictures.has(name)) push(html, start, end, found, decodeEntities);
    } else if (attribute === 'srcset') sourceSet(html, start, end, found);
    else if (attribute === 'style') cssUrls(html, start, end, found, decodeEntities);
  }
  return { name, end: length };
}

function push(html: string, from: number, to: number, found: Reference[], decode: (text: string) => string): void {
  let start = from;
  let end = to;
  while (start < end && isSpace(html.charCodeAt(start))) start++;
  while (end > start && isSpace(html.charCodeAt(end - 1))) end--;
  if (start < end) found.push({ url: decode(html.slice(start, end)), start, end });
}

/** `url 1x, url 2x` (HTML, "Parse a srcset attribute"); a `data:` URL there may hold a comma and ends at white space. */
function sourceSet(html: string, from: number, to: number, found: Reference[]): void {
  let at = from;
  while (at < to) {
    while (at < to && (isSpace(html.charCodeAt(at)) || html[at] === ',')) at++;
    const start = at;
    while (at < to && !isSpace(html.charCodeAt(at))) at++;
    let end = at;
    if (html[end - 1] === ',') {
      while (end > start && html[end - 1] === ',') end--;
    } else while (at < to && html[at] !== ',') at++;
    push(html, start, end, found, decodeEntities);
  }
}

function cssUrls(html: string, from: number, to: number, found: Reference[], decode = (text: string) => text): void {
  // A copy, so that no search runs past it.
  const css = html.slice(from, to);
  let at = 0;
  while (at < css.length) {
    const paren = css.indexOf('(', at);
    if (paren < 0) return;
    at = paren + 1;
    if (css.slice(Math.max(0, paren - 3), paren).toLowerCase() !== 'url') continue;
    while (at < css.length && isSpace(css.charCodeAt(at))) at++;
    // In an attribute the quotes may be written as entities.
    const entity = /^&(?:quot|apos|#34|#39);/i.exec(css.slice(at, at + 6));
    const quote = entity ? entity[0] : css[at] === '"' || css[at] === "'" ? css[at]! : undefined;
    const start = quote ? at + quote.length : at;
    let end = css.indexOf(quote ?? ')', start);
    if (end < 0) end = css.length;
    push(html, from + start, from + end, found, (text) => decode(text).replace(/\\([^0-9a-fA-F])/g, '$1'));
    at = end + 1;
  }
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(
    /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi,
    (whole, decimal, hexadecimal, name) => {
      if (name) return entities[name.toLowerCase()]!;
      const code = decimal ? Number(decimal) : Number.parseInt(hexadecimal, 16);
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole;
    },
  );
}

/** The Content-ID that a `cid:` URL names (RFC 2392), percent-encoding undone; undefined for any other URL. */
export function cidOf(url: string): string | undefined {
  if (!/^cid:/i.test(url)) return undefined;
  return decodePercent(url.slice(4));
}

/** The path that a relative URL names, query and fragment off; undefined for an absolute one, and where a template is left in it. */
export function relativePathOf(url: string): string | undefined {
  // As nearly all are written: nothing in it means anything else.
  if (/^[\w.][\w./-]*$/.test(url)) return url.endsWith('/') ? undefined : url;
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|\\|#|\?|$)/i.test(url) || /\{\{|\{%/.test(url)) return undefined;
  const path = decodePercent(url.replace(/[?#].*$/s, ''));
  return path === '' || path.endsWith('/') ? undefined : path;
}

function decodePercent(text: string): string {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The URL of a Content-ID. */
export function cidUrl(id: string): string {
  return `cid:${id.replace(/[^A-Za-z0-9!$'*+\-./=_~@]/g, (character) => encodeURIComponent(character))}`;
}
