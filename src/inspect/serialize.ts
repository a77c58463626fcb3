import type { HtmlElement, HtmlNode, HtmlParent, HtmlText } from './html.ts';
import { isElement, isText, walk } from './html.ts';

const voidElements = new Set(
  'area base basefont bgsound br col embed frame hr img input keygen link meta param source track wbr'.split(' '),
);

/**
 * Writes what stands below `root` as HTML (HTML Living Standard, section 13.3). Comments and processing instructions are
 * left out. It does not recurse, so that no depth of nesting is too much for it.
 *
 * @param onText told of each text that is no style sheet, and where in the answer it begins
 */
export function serializeHtml(root: HtmlParent, onText?: (text: HtmlText, at: number) => void): string {
  let html = '';
  walk(
    root,
    (node) => {
      if (isElement(node)) html += startTag(node);
      else if (!isText(node)) return 'skip';
      else if (isRaw(node.parentNode)) html += node.value;
      else {
        onText?.(node, html.length);
        html += escapeText(node.value);
      }
      return undefined;
    },
    (node) => {
      if (isElement(node) && !isVoid(node)) html += `</${node.tagName}>`;
    },
  );
  return html;
}

function startTag(element: HtmlElement): string {
  let tag = `<${element.tagName}`;
  for (const attr of element.attrs) {
    // A prefix comes from the parser's table of foreign attributes (xlink:href), never from what was written.
    tag += ` ${attr.prefix ? `${attr.prefix}:` : ''}${attr.name}="${escapeAttribute(attr.value)}"`;
  }
  // The parser drops a line feed right after these tags; one more keeps the author's.
  const first = element.childNodes[0];
  const keepsLine = element.tagName === 'pre' || element.tagName === 'textarea' || element.tagName === 'listing';
  return keepsLine && first && isText(first) && first.value.startsWith('\n') ? `${tag}>\n` : `${tag}>`;
}

function isVoid(element: HtmlElement): boolean {
  return element.namespaceURI === 'http://www.w3.org/1999/xhtml' && voidElements.has(element.tagName);
}

/** Only `style` may reach this as raw text: whoever writes its text sees to it that it can't end it. */
function isRaw(parent: HtmlParent | null): boolean {
  return (
    parent !== null &&
    isElement(parent as HtmlNode) &&
    (parent as HtmlElement).tagName === 'style' &&
    (parent as HtmlElement).namespaceURI === 'http://www.w3.org/1999/xhtml'
  );
}

export function escapeText(text: string): string {
  // Most texts need none of it, and looking for all four at once is a third of the work.
  if (!/[&\u00a0<>]/.test(text)) return text;
  return text
    .replace(/&/g, '&amp;')
    .replace(/\u00a0/g, '&nbsp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

/** Escapes `<` and `>` too, which HTML does not ask for: a reader that goes astray then meets no tag inside a value. */
export function escapeAttribute(text: string): string {
  const escaped = escapeText(text);
  return /["']/.test(escaped) ? escaped.replace(/"/g, '&quot;').replace(/'/g, '&#39;') : escaped;
}
