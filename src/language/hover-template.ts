import { splitPath } from '../template/lookup.ts';
import { DOLLAR_VALUES } from '../template/values.ts';
import type { Analysis } from './analysis.ts';
import { shapeOf } from './complete-template.ts';
import { code, codeBlock, paragraphs, shortened } from './explain.ts';
import type { Hover } from './hover.ts';
import type { Place } from './place.ts';
import type { Surroundings } from './suggestion.ts';
import { lookup, openExpression, scopeAt, templateStart } from './template-scope.ts';

const NAME = /[\p{L}\p{N}_$@-]/u;

/** The value of the variable that stands at the offset. */
export function hoverTemplate(
  analysis: Analysis,
  offset: number,
  place: Place,
  surroundings: Surroundings,
): Hover | undefined {
  const start = templateStart(analysis, place, offset);
  if (start === undefined) return undefined;
  const { text } = analysis;
  // Up to and with the name under the cursor, so that all of the expression before it is known.
  let end = offset;
  while (end < text.length && NAME.test(text[end]!)) end++;
  const open = openExpression(text, end, start);
  if (!open || end === offset) return undefined;
  const path = /[\p{L}\p{N}_$@.[\]/-]*$/u.exec(open.before)![0];
  if (path === '') return undefined;
  const last = /[\p{L}\p{N}_$@-]+$/u.exec(path)?.[0] ?? path;
  const range = { start: end - last.length, end };
  if (path.startsWith('$')) {
    const facts = DOLLAR_VALUES.find(({ name }) => name.split('.', 1)[0] === path.split('.', 1)[0]);
    return (
      facts && { range: { start: end - path.length, end }, markdown: paragraphs(`**${facts.name}**`, facts.purpose) }
    );
  }
  if (/^~?\s*[#/]\w*$/.test(open.before) || path.startsWith('@')) return undefined;
  const scope = scopeAt(analysis, start, open.start, surroundings.record);
  const value = path === 'this' ? scope.inner : lookup(scope, splitPath(path));
  if (value === undefined) {
    const known =
      surroundings.record !== undefined || analysis.settings.some(({ name }) => name.toLowerCase() === 'var');
    return {
      range,
      markdown: known ? `The data has no ${code(path)}.` : 'The document names no data: add `@data` or `@var`.',
    };
  }
  if (value === null || typeof value !== 'object')
    return { range, markdown: paragraphs(code(path), codeBlock(shortened(String(value), 1000))) };
  return {
    range,
    markdown: paragraphs(
      `${code(path)}: ${shapeOf(value)}`,
      codeBlock(shortened(JSON.stringify(value, undefined, 2), 1000), 'json'),
    ),
  };
}
