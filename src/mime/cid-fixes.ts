import type { Fix, Range, TextEdit } from '../base/problem.ts';
import type { DraftFile, DraftPart } from '../document/draft.ts';
import { cidUrl } from './html-references.ts';

/** Writes the cid that was meant. None where it would need quotes or escapes that its place may not have. */
export function danglingFixes(range: Range, suggestion: string | undefined): readonly Fix[] {
  if (suggestion === undefined || !/^[\w.@+=/-]+$/.test(suggestion)) return [];
  const text = cidUrl(suggestion);
  return [{ title: `Change to ${text}`, edits: [{ range, text }], preferred: true }];
}

/** What to do with an `id=` that nothing shows: an attachment needs none, and an `<#inline>` may have been meant as one. */
export function unusedFixes(
  node: DraftFile | DraftPart | undefined,
  { inline, loose }: { readonly inline: boolean; readonly loose: boolean },
  documentText: string | undefined,
): readonly Fix[] {
  if (node === undefined || documentText === undefined) return [];
  const id = node.attributes.find(({ name }) => name === 'id')?.range;
  const without: TextEdit[] = id
    ? [{ range: { start: spaceBefore(documentText, id.start), end: id.end }, text: '' }]
    : [];
  if (!inline) return id ? [{ title: 'Take id= out', edits: without, preferred: true }] : [];
  const { start } = node.headRange;
  // An attachment ends the part that it stands in, and the text that it stands in.
  const isLast = /^(?:\s*$|\s*<#)/.test(documentText.slice(node.range.end));
  if (!loose || !isLast || documentText.slice(start, start + 8).toLowerCase() !== '<#inline') return [];
  const keyword = { range: { start: start + 2, end: start + 8 }, text: 'attach' };
  return [{ title: 'Attach it instead', edits: [keyword, ...without] }];
}

function spaceBefore(text: string, at: number): number {
  let start = at;
  while (/[ \t]/.test(text[start - 1] ?? '')) start--;
  return start;
}
