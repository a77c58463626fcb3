import type { DataValue } from '../template/data.ts';
import { splitPath } from '../template/lookup.ts';
import { DOLLAR_VALUES } from '../template/values.ts';
import type { Analysis } from './analysis.ts';
import { code } from './explain.ts';
import { type Place, placeAt } from './place.ts';
import type { Suggestion, Surroundings } from './suggestion.ts';
import { lookup, openExpression, type Scope, scopeAt, templateStart } from './template-scope.ts';

const BLOCKS: readonly (readonly [name: string, purpose: string])[] = [
  ['if', 'Keeps what follows where the value is there.'],
  ['unless', 'Keeps what follows where the value is not there.'],
  ['each', 'Repeats what follows for each entry of a list.'],
  ['with', 'Takes names from one object.'],
];
const LOOP_NAMES: readonly (readonly [name: string, purpose: string])[] = [
  ['this', 'The entry itself.'],
  ['@index', 'Its place in the list, from 0.'],
  ['@first', 'Whether it is the first.'],
  ['@last', 'Whether it is the last.'],
  ['@key', 'Its name, in an object.'],
];
const TAGS: readonly (readonly [snippet: string, label: string])[] = [
  ['if $1 %}$0{% endif %}', 'if'],
  ['for $1 in $2 %}$0{% endfor %}', 'for'],
  ['unless $1 %}$0{% endunless %}', 'unless'],
  ['assign $1 = $2 %}', 'assign'],
  ['raw %}$0{% endraw %}', 'raw'],
];

/** Names for the template expression at the offset; undefined where there is none. */
export function completeTemplate(
  analysis: Analysis,
  offset: number,
  place: Place,
  surroundings: Surroundings,
): readonly Suggestion[] | undefined {
  const start = templateStart(analysis, place, offset);
  if (start === undefined) return undefined;
  const open = openExpression(analysis.text, offset, start);
  if (!open) return undefined;
  const liquid = analysis.setting('template')?.value.text.toLowerCase() === 'liquid';
  const scope = scopeAt(analysis, start, open.start, surroundings.record);
  if (open.kind === 'tag') {
    const word = /^-?\s*(\w*)$/.exec(open.before);
    if (word) {
      const range = { start: offset - word[1]!.length, end: offset };
      const closed = analysis.text.slice(offset, analysis.lineEnd(offset)).includes('%}');
      return TAGS.map(([snippet, label]) => ({
        label,
        kind: 'helper' as const,
        range,
        ...(closed ? {} : { insert: snippet, snippet: true as const }),
      }));
    }
    return names(scope, open.before, offset, false);
  }
  const block = /^~?\s*#(\w*)$/.exec(open.before);
  if (block) {
    const range = { start: offset - block[1]!.length, end: offset };
    return BLOCKS.map(([label, detail]) => ({
      label,
      kind: 'helper' as const,
      range,
      detail,
      insert: `${label} `,
      again: true as const,
    }));
  }
  const closing = /^~?\s*\/(\w*)$/.exec(open.before);
  if (closing) return [];
  const dollar = /^~?\s*(\$[\w.]*)$/.exec(open.before);
  const values = DOLLAR_VALUES.map(
    ({ name, purpose }): Suggestion => ({
      label: name,
      kind: 'helper',
      range: { start: offset - (dollar?.[1]?.length ?? 0), end: offset },
      insert: name === '$env.NAME' ? '$env.' : name,
      detail: purpose,
      sort: `2${name}`,
    }),
  );
  if (dollar) return values;
  const first = /^~?\s*$/.test(open.before);
  return [...names(scope, open.before, offset, !liquid), ...(first ? values : [])];
}

/** Whether what could stand at the offset comes from data that the document names. */
export function takesData(analysis: Analysis, offset: number): boolean {
  if (analysis.finished || !analysis.setting('data')?.value.text) return false;
  const start = templateStart(analysis, placeAt(analysis, offset), offset);
  return start !== undefined && openExpression(analysis.text, offset, start) !== undefined;
}

/** The names that may stand where the text before ends in half a path. */
function names(scope: Scope, before: string, offset: number, handlebars: boolean): readonly Suggestion[] {
  const typed = /[\p{L}\p{N}_$@.[\]/-]*$/u.exec(before)![0];
  const dot = Math.max(typed.lastIndexOf('.'), typed.lastIndexOf('/'));
  const range = { start: offset - (typed.length - dot - 1), end: offset };
  if (dot >= 0) {
    const steps = typed.slice(0, dot);
    const target = /^this$/.test(steps) ? scope.inner : lookup(scope, splitPath(steps.replace(/^this[./]/, '')));
    return entries(target, range, '0');
  }
  const suggestions = [...entries(scope.inner, range, '0'), ...entries(scope.record, range, '1')];
  if (handlebars && scope.inLoop) {
    for (const [label, detail] of LOOP_NAMES)
      suggestions.push({ label, kind: 'variable', range, detail, sort: `3${label}` });
  }
  const seen = new Set<string>();
  return suggestions.filter(({ label }) => !seen.has(label) && seen.add(label));
}

function entries(value: DataValue | undefined, range: Suggestion['range'], sort: string): Suggestion[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [];
  return Object.entries(value)
    .slice(0, 500)
    .map(([label, inner]) => ({
      label,
      kind: 'variable' as const,
      range,
      detail: shapeOf(inner),
      ...(inner !== null && typeof inner !== 'object' && { documentation: code(String(inner)) }),
      sort: `${sort}${label}`,
    }));
}

/** What a value is, in a few words. */
export function shapeOf(value: DataValue): string {
  if (value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'an object';
  const text = String(value);
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
