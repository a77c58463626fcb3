import type { Steps } from '../base/steps.ts';
import { sortingEdits, twiceFixes } from './alternative-fixes.ts';
import type { LeafItem } from './grouping.ts';
import { alternativeRank } from './media-type.ts';
import type { MimeProblem } from './problems.ts';

/** A converted part counts as what it was written as. */
function typeOf(item: LeafItem): string {
  return item.part.convert ? `text/${item.part.convert}` : item.part.mediaType;
}

const rankOf = (item: LeafItem): number => alternativeRank(typeOf(item)) ?? 3;

/** RFC 2046 section 5.1.4: alternatives in increasing faithfulness; a reader shows the last that it can. */
export function* checkAlternatives(
  run: readonly LeafItem[],
  documentText: string | undefined,
  problems: MimeProblem[],
): Steps<void> {
  for (let i = 1; i < run.length; i++) {
    yield;
    if (rankOf(run[i]!) >= rankOf(run[i - 1]!)) continue;
    const later = run[i]!;
    const sorted = [...run].sort((a, b) => rankOf(a) - rankOf(b));
    const edits = documentText === undefined ? undefined : sortingEdits(run, sorted, documentText);
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
  const seen = new Map<string, number>();
  for (const [index, item] of run.entries()) {
    yield;
    const type = typeOf(item);
    const earlier = seen.get(type);
    if (earlier !== undefined && type !== 'text/calendar') {
      const fixes = documentText === undefined ? [] : twiceFixes(run, earlier, index, documentText);
      problems.push({
        code: 'alternative-twice',
        severity: 'warning',
        range: item.part.headRange,
        mediaType: type,
        ...(fixes.length > 0 ? { fixes } : {}),
      });
    }
    seen.set(type, index);
  }
}
