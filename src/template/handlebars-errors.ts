import type { RenderProblem } from './problems.ts';

/** Handlebars counts CR LF, LF and CR as one line end each. */
export function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const match of text.matchAll(/\r\n?|\n/g)) starts.push(match.index + match[0].length);
  return starts;
}

export function syntaxProblem(text: string, lines: readonly number[], error: unknown): RenderProblem {
  const message = error instanceof Error ? error.message : String(error);
  const hash = (
    error as { hash?: { loc?: { first_line: number; first_column: number; last_line: number; last_column: number } } }
  ).hash;
  const line = Number(/(?:on|at) line (\d+)/.exec(message)?.[1] ?? Number.NaN);
  let range = { start: 0, end: text.length };
  if (hash?.loc) {
    const start = (lines[hash.loc.first_line - 1] ?? 0) + hash.loc.first_column;
    const end = (lines[hash.loc.last_line - 1] ?? 0) + hash.loc.last_column;
    range = { start, end: Math.max(start, end) };
  } else if (lines[line - 1] !== undefined) range = { start: lines[line - 1]!, end: lines[line] ?? text.length };
  return { code: 'template-syntax', severity: 'error', range, detail: detailOf(error) };
}

/** What the grammar of Handlebars calls what a person has typed. */
const tokens: Readonly<Record<string, string>> = {
  CLOSE: '}}',
  CLOSE_RAW_BLOCK: '}}}}',
  CLOSE_SEXPR: ')',
  CLOSE_UNESCAPED: '}}}',
  EQUALS: '=',
  INVERSE: '{{else}}',
  OPEN: '{{',
  OPEN_BLOCK: '{{#',
  OPEN_ENDBLOCK: '{{/',
  OPEN_INVERSE: '{{^',
  OPEN_INVERSE_CHAIN: '{{else',
  OPEN_SEXPR: '(',
  OPEN_UNESCAPED: '{{{',
  SEP: '.',
};

/** A list of every token that might have stood there tells a person nothing; what does stand there does. */
function unexpected(token: string): string {
  if (token === 'EOF') return 'it ends before an expression or a block does';
  const typed = tokens[token];
  return typed ? `"${typed}" can’t stand here` : 'what stands here is no expression';
}

/** The engine's own word: its last line, without positions. */
export function detailOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  const lines = message
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^[-.]*\^/.test(line) && !/^\.{3}/.test(line));
  const got = lines.map((line) => /^Expecting .*, got '(\w+)'/.exec(line)?.[1]).find(Boolean);
  if (got) return unexpected(got);
  const said = lines[0] ?? message;
  return said
    .replace(/ - \d+:\d+$/, '')
    .replace(/^(?:Parse|Lexical) error on line \d+[:.]?\s*/, '')
    .slice(0, 300);
}
