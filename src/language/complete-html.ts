import { cidUrl } from '../mime/html-references.ts';
import { type Analysis, isMarkup, type TextRegion } from './analysis.ts';
import { completePath, isPicture } from './complete-path.ts';
import type { Suggestion, Surroundings } from './suggestion.ts';

/** How far back a value can begin. */
const REACH = 1000;
const URL_BEFORE =
  /(?:\b(?:src|background|poster|background-url|xlink:href)\s*=\s*(?:"([^"<>]*)|'([^'<>]*)|([^\s"'<>]*))|\burl\(\s*["']?([^\s"')<>]*))$/i;

/** Pictures for `src=`, `background=`, `poster=` and `url(…)` in HTML: the document's cids, then files. */
export function completeHtml(
  analysis: Analysis,
  offset: number,
  region: TextRegion | undefined,
  surroundings: Surroundings,
): readonly Suggestion[] {
  if (!region || !isMarkup(region)) return [];
  const before = analysis.text.slice(Math.max(region.range.start, offset - REACH), offset);
  const match = URL_BEFORE.exec(before);
  if (!match) return [];
  const typed = match[1] ?? match[2] ?? match[3] ?? match[4] ?? '';
  const range = { start: offset - typed.length, end: offset };
  const seen = new Set<string>();
  const suggestions: Suggestion[] = [];
  for (const { id, node } of analysis.cids.definitions) {
    if (seen.has(id)) continue;
    seen.add(id);
    const detail = node && 'path' in node ? (node.path?.text ?? '') : '';
    const picture = isPicture(detail) ? { picture: detail } : {};
    suggestions.push({ label: cidUrl(id), kind: 'cid', range, detail, sort: `0${id}`, ...picture });
  }
  return [...suggestions, ...completePath(surroundings, { range, typed, quoted: true }, 'html')];
}
