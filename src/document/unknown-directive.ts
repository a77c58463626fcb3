import type { Fix, Range } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { DIRECTIVE_WORDS, FREEMARKER_WORDS } from './directives.ts';
import type { BodyProblem } from './problems.ts';

type UnknownDirective = Extract<BodyProblem, { code: 'directive-unknown' }> & { readonly fixes: Fix[] };

/** What is said of a line that begins with `<#` at `at` and is no directive; `word` stands at `keyword`. Fixes may be added. */
export function unknownDirective(at: number, word: string, keyword: Range): UnknownDirective {
  const freemarker = FREEMARKER_WORDS.has(word);
  const suggestion = freemarker ? undefined : suggestionFor(word, DIRECTIVE_WORDS);
  const fixes: Fix[] = [];
  if (suggestion === word) {
    // The word is right, what follows it is not.
    const text = word.startsWith('/') ? '>' : ' ';
    const title = text === ' ' ? `Insert a space after <#${word}` : 'Close the directive';
    fixes.push({ title, edits: [{ range: { start: keyword.end, end: keyword.end }, text }], preferred: true });
  } else if (suggestion !== undefined) {
    fixes.push({
      title: `Change to <#${suggestion}`,
      edits: [{ range: keyword, text: suggestion }],
      preferred: true,
    });
  }
  fixes.push({
    title: 'Make the line text',
    edits: [{ range: { start: at + 2, end: at + 2 }, text: '!' }],
    preferred: suggestion === undefined && !freemarker,
  });
  const range = { start: at, end: keyword.end };
  const problem = { code: 'directive-unknown' as const, severity: 'error' as const, range, word, freemarker, fixes };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}
