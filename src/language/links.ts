import { mailboxesOf } from '../base/address.ts';
import { formatAddress } from '../base/address-write.ts';
import type { Range } from '../base/problem.ts';
import { trimEndOf } from '../base/trim.ts';
import { fieldFacts, fieldKind } from '../document/fields.ts';
import { documentRange } from '../document/mapped.ts';
import { hasTemplate } from '../document/markers.ts';
import type { MappedText } from '../document/nodes.ts';
import { relativePathOf } from '../mime/html-references.ts';
import { pathFault } from '../mime/paths.ts';
import { addressesAround } from './address-window.ts';
import type { Analysis } from './analysis.ts';

export type LinkTarget =
  /** Relative to the document, forward slashes. */
  { readonly path: string } | { readonly url: string };

export interface Link {
  readonly range: Range;
  readonly target: LinkTarget;
}

/** More than anybody follows: a text of many megabytes shall not make a link of each of its words. */
const MOST = 5000;
const URL = /\bhttps?:\/\/[^\s<>"'{}|\\^`]+/g;

/** Where a document leads: attached files, pictures, data, URLs, addresses. In order of place. */
export function links(analysis: Analysis): readonly Link[] {
  const found: Link[] = [];
  const add: Add = (range, target) => {
    if (found.length < MOST && range.end > range.start) found.push({ range, target });
    return found.length < MOST;
  };
  header(analysis, add);
  if (!analysis.finished) files(analysis, add);
  urls(analysis, add);
  return found.sort((a, b) => a.range.start - b.range.start);
}

/** Answers whether there is room for more. */
type Add = (range: Range, target: LinkTarget) => boolean;

function header(analysis: Analysis, add: Add): void {
  for (const { name, value } of analysis.fields) {
    const kind = fieldKind(name);
    if (kind === 'address-list' || kind === 'mailbox-list' || kind === 'mailbox') {
      const literal = analysis.finished ? value : withoutExpressions(value);
      if (!literal) continue;
      const list = addressesAround(literal);
      for (const mailbox of mailboxesOf(list.addresses)) {
        if (mailbox.local === '' || mailbox.domain === '') continue;
        if (literal !== value && !isLiteral(analysis.text, documentRange(list.value, mailbox.addressRange))) continue;
        const address = formatAddress(mailbox.local, mailbox.domain);
        add(documentRange(list.value, mailbox.addressRange), {
          url: `mailto:${encodeURIComponent(address).replace(/%40/g, '@')}`,
        });
      }
    } else if (fieldFacts(name)?.uris) {
      for (const match of value.text.matchAll(/<([A-Za-z][A-Za-z0-9+.-]*:[^<>\s]+)>/g)) {
        const start = match.index + 1;
        add(documentRange(value, { start, end: start + match[1]!.length }), { url: match[1]! });
      }
    }
  }
  const data = analysis.setting('data');
  if (data && !analysis.finished && pathFault(data.value.text) === undefined)
    add(data.value.range, { path: data.value.text });
}

const EXPRESSION = /\{\{\{[^{}]*\}\}\}|\{\{[^{}]*\}\}|\{%[^%]*%\}/g;
const BLOCK = /^(?:\{\{~?\s*(?:[#/^]|else\b)|\{%)/;
const BLOCK_BEGUN = /(?:\{\{~?\s*(?:[#^]|else\b)[^{}]*\}\}|\{%-?\s*(?!end)[^%]*%\})$/;
const BLOCK_ENDED = /^(?:\{\{~?\s*(?:\/|\^|else\b)|\{%-?\s*(?:end|els))/;
/** Expressions are short. Characters. */
const longestExpression = 200;

/**
 * The value with something of the same length for each template expression, so that the addresses around can be read: a word for
 * a value, a separator for where a block begins or ends. Undefined where an expression is not closed.
 */
function withoutExpressions(value: MappedText): MappedText | undefined {
  if (!hasTemplate(value.text)) return value;
  const text = value.text.replace(EXPRESSION, (found) =>
    BLOCK.test(found) ? ','.padEnd(found.length) : 'x'.repeat(found.length),
  );
  return hasTemplate(text) ? undefined : { ...value, text };
}

/** Whether no expression is a part of what stands there, or may come to stand right beside it. */
function isLiteral(text: string, { start, end }: Range): boolean {
  const before = text.slice(Math.max(0, start - longestExpression), start);
  const behind = text.slice(end, end + 20);
  return (
    !hasTemplate(text.slice(start, end)) &&
    (!/[}%]\}$/.test(before) || BLOCK_BEGUN.test(before)) &&
    (!/^\{[{%]/.test(behind) || BLOCK_ENDED.test(behind))
  );
}

function files(analysis: Analysis, add: Add): void {
  for (const node of analysis.directives) {
    for (const value of ['path' in node ? node.path : undefined, node.valueAt('src')]) {
      if (!value || hasTemplate(value.text) || pathFault(value.text) !== undefined) continue;
      const quote = value.quoted ? 1 : 0;
      const range = { start: value.range.start + quote, end: value.range.end - quote };
      if (!add(range, { path: value.text })) return;
    }
  }
  for (const { url, range } of analysis.cids.pictures()) {
    const path = relativePathOf(url);
    if (path !== undefined && pathFault(path) === undefined && !add(range, { path })) return;
  }
}

function urls({ text, document, outline }: Analysis, add: Add): void {
  // A line of base64 holds no URL, and a long attachment is nothing but such lines.
  if (outline && text.length > 2_000_000) return;
  URL.lastIndex = document.bodyStart;
  let count = 0;
  for (let match = URL.exec(text); match && count < MOST; match = URL.exec(text)) {
    count++;
    // What closes a sentence or a bracket around it is no part of it.
    let url = trimEndOf(match[0], '.,:;!?*_~');
    if (url.endsWith(')') && !url.includes('(')) url = trimEndOf(url, ')');
    if (/=$/.test(url) && outline) continue;
    add({ start: match.index, end: match.index + url.length }, { url });
  }
}
