import { mailboxesOf } from '../base/address.ts';
import type { Range } from '../base/problem.ts';
import { fieldKind } from '../document/fields.ts';
import { documentRange } from '../document/mapped.ts';
import type { BodyNode } from '../document/nodes.ts';
import { addressesAround } from './address-window.ts';
import { type Analysis, lastBefore } from './analysis.ts';
import { partAt } from './hover-base64.ts';

const WORD = /[\p{L}\p{N}_-]/u;

/** What a selection at the offset grows to, the smallest first, each within the next. */
export function selections(analysis: Analysis, offset: number): readonly Range[] {
  const { text, document } = analysis;
  const found: Range[] = [{ start: 0, end: text.length }];
  if (offset < document.bodyStart) header(analysis, offset, found);
  else {
    found.push({ start: document.bodyStart, end: text.length });
    if (analysis.outline) {
      const part = partAt(analysis.outline, offset);
      found.push({ start: part.headerStart, end: part.bodyEnd }, { start: part.bodyStart, end: part.bodyEnd });
    } else body(analysis, document.body, offset, found);
    paragraph(analysis, offset, found);
  }
  found.push(word(text, offset));
  return nested(found, offset);
}

function header(analysis: Analysis, offset: number, found: Range[]): void {
  const nodes = analysis.document.header;
  const last = nodes[nodes.length - 1];
  if (last) found.push({ start: nodes[0]!.range.start, end: last.range.end });
  const node = nodes.find(({ range }) => offset >= range.start && offset <= range.end);
  if (!node) return;
  found.push(node.range);
  if (node.type === 'comment') return;
  found.push(offset <= node.nameRange.end ? node.nameRange : node.value.range);
  const kind = fieldKind(node.name);
  if (node.type === 'setting' || !(kind.startsWith('mailbox') || kind === 'address-list')) return;
  const { addresses, value } = addressesAround(node.value, offset);
  const place = (range: Range): number => found.push(documentRange(value, range));
  for (const address of addresses) if (address.type === 'group') place(address.range);
  for (const mailbox of mailboxesOf(addresses)) {
    place(mailbox.range);
    place(mailbox.addressRange);
    if (mailbox.name) place(mailbox.name.range);
  }
}

function body(analysis: Analysis, nodes: readonly BodyNode[], offset: number, found: Range[]): void {
  const node = lastBefore(nodes, offset, ({ range }) => range.start);
  // Behind a node begins the next; the last keeps its end.
  if (!node || offset > node.range.end || (offset === node.range.end && node !== nodes[nodes.length - 1])) return;
  found.push(node.range);
  if (node.type === 'text' || node.type === 'escaped' || node.type === 'note' || node.type === 'unknown') return;
  found.push(node.headRange);
  if (offset <= node.headRange.end) {
    if ('path' in node && node.path) found.push(node.path.range);
    for (const { range, value, nameRange } of node.attributes) {
      found.push(range, nameRange);
      if (value) found.push(value.range, { start: value.range.start + 1, end: value.range.end - 1 });
    }
  } else if ('children' in node) {
    const start = analysis.nextLine(node.headRange.start);
    found.push({ start, end: node.closeRange?.start ?? node.range.end });
    body(analysis, node.children, offset, found);
  }
}

/** The lines around up to the next blank ones, and the line itself. */
function paragraph(analysis: Analysis, offset: number, found: Range[]): void {
  const { text } = analysis;
  const line = { start: analysis.lineStart(offset), end: analysis.lineEnd(offset) };
  found.push(line);
  if (line.start === line.end) return;
  let { start, end } = line;
  const blank = (from: number, to: number): boolean => !/\S/.test(text.slice(from, to));
  while (start > 0) {
    const above = analysis.lineStart(start - (text[start - 1] === '\n' && text[start - 2] === '\r' ? 2 : 1));
    if (blank(above, start)) break;
    start = above;
    if (line.start - start > 20_000) break;
  }
  while (end < text.length) {
    const next = analysis.nextLine(end);
    const stop = analysis.lineEnd(next);
    if (blank(next, stop)) break;
    end = stop;
    if (end - line.end > 20_000) break;
  }
  found.push({ start, end });
}

function word(text: string, offset: number): Range {
  let start = offset;
  let end = offset;
  while (start > 0 && WORD.test(text[start - 1]!)) start--;
  while (end < text.length && WORD.test(text[end]!)) end++;
  return { start, end };
}

/** Those that hold the offset, from the smallest on, each in the next and none twice. */
function nested(ranges: readonly Range[], offset: number): readonly Range[] {
  const around = ranges
    .filter(({ start, end }) => start <= offset && end >= offset && end > start)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
  const chain: Range[] = [];
  for (const range of around) {
    const last = chain[chain.length - 1];
    if (last && (range.start > last.start || range.end < last.end)) continue;
    if (last && range.start === last.start && range.end === last.end) continue;
    chain.push(range);
  }
  return chain;
}
