import type { Fix, Range, TextEdit } from '../base/problem.ts';
import { lineAfter, lineEndOf } from '../document/lines.ts';
import type { LeafItem } from './grouping.ts';

/** Types of which two texts make one, written one behind the other. A page, a calendar and MJML have one root. */
const joinable = new Set(['text/plain', 'text/html', 'text/markdown']);

/**
 * Each form into the place that its rank gives it: `run` as it should be in `sorted`. The leading text becomes a `<#part>`,
 * with what the header says of it. Undefined where a form can't be moved as it stands.
 */
export function sortingEdits(
  run: readonly LeafItem[],
  sorted: readonly LeafItem[],
  documentText: string,
): TextEdit[] | undefined {
  const slots: Range[] = [];
  const blocks = new Map<LeafItem, string>();
  const edits: TextEdit[] = [];
  for (const [index, item] of run.entries()) {
    const leading = item.leading ? leadingBlock(item, run[index + 1], documentText) : undefined;
    if (!leading && item.node?.type !== 'part') return undefined;
    const slot = leading?.slot ?? item.part.range;
    slots.push(slot);
    blocks.set(item, leading?.block ?? documentText.slice(slot.start, slot.end));
    edits.push(...(leading?.edits ?? []));
  }
  for (const [index, item] of sorted.entries()) {
    if (run[index] === item) continue;
    const range = slots[index]!;
    let text = blocks.get(item)!;
    // The last part of a document may lack the line end that has to part it from the next one.
    if (range.end < documentText.length && !/[\r\n]$/.test(text)) text += lineEndOf(documentText);
    edits.push({ range, text });
  }
  return edits;
}

interface LeadingBlock {
  /** From its first character to the part behind it: notes and `<#inline>`s that stand in between go along. */
  readonly slot: Range;
  /** As a `<#part>`. */
  readonly block: string;
  /** Take out of the header what the part says now. */
  readonly edits: readonly TextEdit[];
}

function leadingBlock(item: LeafItem, next: LeafItem | undefined, documentText: string): LeadingBlock | undefined {
  const { part, leading = [] } = item;
  const told = leading.every(({ name, value }) => /^content-(?:type|language)$/i.test(name) && !value.rendered);
  if (!next || !told || part.parameters.length > 0) return undefined;
  const slot = { start: part.range.start, end: next.part.range.start };
  const eol = lineEndOf(documentText);
  const charset = part.charset === undefined || part.charset === 'utf-8' ? '' : ` charset=${part.charset}`;
  const language = part.language === undefined ? '' : ` language="${part.language}"`;
  const text = documentText.slice(slot.start, slot.end);
  return {
    slot,
    block: `<#part type=${part.mediaType}${charset}${language}>${eol}${text}<#/part>${eol}`,
    edits: headerEdits(item, documentText),
  };
}

/** The fields that are about the leading text out of the header. */
function headerEdits({ leading = [] }: LeafItem, documentText: string): TextEdit[] {
  return leading.map(({ range: { start, end } }) => ({
    range: { start, end: lineAfter(documentText, end) },
    text: '',
  }));
}

/** What to do about a second text of the same type, `earlier` being the first of the two. */
export function twiceFixes(run: readonly LeafItem[], earlier: number, later: number, documentText: string): Fix[] {
  const [one, other] = [run[earlier]!, run[later]!];
  const join = later === earlier + 1 ? joiningEdits(one, other, documentText) : undefined;
  const removal = removingEdits(one, run[earlier + 1]!, documentText);
  return [
    ...(join ? [{ title: 'Join it to the one before', edits: join }] : []),
    ...(removal ? [{ title: 'Take out the first, which nobody sees', edits: removal }] : []),
  ];
}

/** Undefined where the two say different things of themselves, or something stands between them. */
function joiningEdits(one: LeafItem, other: LeafItem, documentText: string): TextEdit[] | undefined {
  const { range, headRange, mediaType, charset, content } = other.part;
  if (!isPlainlyTyped(one) || !isPlainlyTyped(other) || !joinable.has(mediaType)) return undefined;
  if (content.from !== 'text' || charset !== one.part.charset) return undefined;
  const close = /<#\/part>[ \t]*(?:\r\n|\r|\n)?$/;
  const ownClose = close.exec(documentText.slice(range.start, range.end));
  const before = documentText.slice(one.part.range.start, one.leading ? range.start : one.part.range.end);
  const from = one.part.range.start + (one.leading ? before.length : (close.exec(before)?.index ?? before.length));
  const between = documentText.slice(from, headRange.start).replace(/^<#\/part>/, '');
  const texts = documentText.slice(one.part.headRange.end, from) + documentText.slice(headRange.end, range.end);
  if (/\S/.test(between) || (mediaType === 'text/html' && /<(?:!doctype|html|head|body)\b/i.test(texts)))
    return undefined;
  const edits: TextEdit[] = [{ range: { start: from, end: lineOfHead(headRange, documentText) }, text: '' }];
  if (one.leading && ownClose) edits.push({ range: { start: range.start + ownClose.index, end: range.end }, text: '' });
  return edits;
}

/** Past the line that a directive stands on. */
function lineOfHead({ end }: Range, documentText: string): number {
  return /[\r\n]/.test(documentText[end - 1] ?? '')
    ? end
    : end + /^[ \t]*(?:\r\n|\r|\n)?/.exec(documentText.slice(end))![0].length;
}

/** Nothing is said of it but its type and its charset. */
function isPlainlyTyped({ node, leading, part }: LeafItem): boolean {
  if (part.parameters.length > 0) return false;
  if (leading) return leading.every(({ name }) => /^content-type$/i.test(name));
  return node?.type === 'part' && node.attributes.every(({ name }) => name === 'type' || name === 'charset');
}

/** Undefined where pictures would go with it. */
function removingEdits(item: LeafItem, next: LeafItem, documentText: string): TextEdit[] | undefined {
  const range = item.leading ? { start: item.part.range.start, end: next.part.range.start } : item.part.range;
  if (/^<#inline/m.test(documentText.slice(range.start, range.end))) return undefined;
  return [...headerEdits(item, documentText), { range, text: '' }];
}
