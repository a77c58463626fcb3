import type { TextEdit } from '../../../src/base/problem.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { complete } from '../../../src/language/complete.ts';
import { hover } from '../../../src/language/hover.ts';
import { NO_SURROUNDINGS, type Suggestion, type Surroundings } from '../../../src/language/suggestion.ts';

/** A document with the cursor at its only `|`. */
export function cursor(marked: string): {
  readonly analysis: Analysis;
  readonly offset: number;
  readonly text: string;
} {
  const offset = marked.indexOf('|');
  if (offset < 0) throw new Error(`no | in ${marked}`);
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  return { analysis: new Analysis(text), offset, text };
}

/** What the tests' workspace holds. */
export const surroundings: Surroundings = {
  ...NO_SURROUNDINGS,
  addresses: [
    { text: 'Ann Zoë <ann@a.example>', address: 'ann@a.example', uses: 3 },
    { text: '"Doe, Jo" <jo@a.example>', address: 'jo@a.example', uses: 1 },
  ],
  servers: ['inbox', 'staging'],
  record: {
    user: { name: 'Jo', email: 'jo@a.example' },
    lines: [{ title: 'Pen', price: 2 }],
    invoice: null,
  },
  records: 2,
  folder: (path) =>
    ({
      '': [
        { name: 'a b.png', folder: false },
        { name: 'data.json', folder: false },
        { name: 'images', folder: true },
        { name: 'report.pdf', folder: false },
      ],
      'images/': [{ name: 'logo.png', folder: false }],
    })[path] ?? [],
  now: { epochMs: Date.UTC(2025, 6, 1, 8), offset: 120 },
};

export function suggestions(marked: string): readonly Suggestion[] {
  const { analysis, offset } = cursor(marked);
  return [...complete(analysis, offset, surroundings)].sort((a, b) => order(a).localeCompare(order(b), 'en'));
}

const order = (each: Suggestion): string => each.sort ?? each.label;

/** The labels in their order; those of a kind only, where one is given. */
export function labels(marked: string, kind?: Suggestion['kind']): readonly string[] {
  return suggestions(marked)
    .filter((each) => kind === undefined || each.kind === kind)
    .map(({ label }) => label);
}

/** The document after the suggestion with that label was taken; a snippet's places stand as they are written. */
export function taken(marked: string, label: string): string {
  const { text } = cursor(marked);
  const found = suggestions(marked).find((each) => each.label === label);
  if (!found) throw new Error(`no suggestion ${label} in ${labels(marked).join(' ')}`);
  return applied(text, [{ range: found.range, text: found.insert ?? found.label }]);
}

/** `«what it is about» what it says`, on one line. */
export function hovered(marked: string): string | undefined {
  const { analysis, offset, text } = cursor(marked);
  const found = hover(analysis, offset, surroundings);
  if (!found) return undefined;
  const file = found.file === undefined ? '' : `[file ${found.file}]`;
  return `«${text.slice(found.range.start, found.range.end)}» ${found.markdown.replace(/\s*\n\s*/g, ' / ')}${file}`;
}

export function applied(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start || b.range.end - a.range.end)
    .reduce((result, { range, text: insert }) => result.slice(0, range.start) + insert + result.slice(range.end), text);
}
