import type { TextEdit } from '../base/problem.ts';
import type { LeafItem } from './grouping.ts';
import { alternativeRank } from './media-type.ts';
import type { MimeProblem } from './problems.ts';

/** A converted part counts as what it was written as. */
function typeOf(item: LeafItem): string {
  return item.part.convert ? `text/${item.part.convert}` : item.part.mediaType;
}

const rankOf = (item: LeafItem): number => alternativeRank(typeOf(item)) ?? 3;

/** RFC 2046 section 5.1.4: alternatives in increasing faithfulness; a reader shows the last that it can. */
export function checkAlternatives(
  run: readonly LeafItem[],
  documentText: string | undefined,
  problems: MimeProblem[],
): void {
  for (let i = 1; i < run.length; i++) {
    if (rankOf(run[i]!) >= rankOf(run[i - 1]!)) continue;
    const later = run[i]!;
    const edits = documentText === undefined ? undefined : sortingEdits(run, documentText);
    problems.push({
      code: 'alternatives-order',
      severity: 'warning',
      range: later.part.headRange,
      earlier: typeOf(run[i - 1]!),
      later: typeOf(later),
      ...(edits ? { fixes: [{ title: 'Put the plainest form first', edits, preferred: true }] } : {}),
    });
    break;
  }
  const seen = new Set<string>();
  for (const item of run) {
    const type = typeOf(item);
    if (seen.has(type) && type !== 'text/calendar')
      problems.push({
        code: 'alternative-twice',
        severity: 'warning',
        range: item.part.headRange,
        mediaType: type,
      });
    seen.add(type);
  }
}

/** Each `<#part>` into the place that its rank gives it. The leading text has no directive to be moved with. */
function sortingEdits(run: readonly LeafItem[], documentText: string): TextEdit[] | undefined {
  if (run.some((item) => item.node?.type !== 'part')) return undefined;
  const sorted = run
    .map((item, index) => ({ item, index }))
    .sort((a, b) => rankOf(a.item) - rankOf(b.item) || a.index - b.index);
  const edits: TextEdit[] = [];
  for (let i = 0; i < run.length; i++) {
    const from = sorted[i]!.item.part.range;
    const to = run[i]!.part.range;
    if (from === to) continue;
    let text = documentText.slice(from.start, from.end);
    // The last part of a document may lack the line end that has to part it from the next one.
    if (to.end < documentText.length && !/[\r\n]$/.test(text)) text += '\n';
    edits.push({ range: to, text });
  }
  return edits;
}
