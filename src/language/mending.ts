import type { Fix, ProblemBase } from '../base/problem.ts';
import type { DocumentProblem } from '../document/problems.ts';
import type { MimeProblem } from '../mime/problems.ts';
import type { TemplateProblem } from '../template/problems.ts';
import type { AdviceProblem } from './advice.ts';
import type { Analysis } from './analysis.ts';
import { bodyMending } from './mending-body.ts';
import { headerMending } from './mending-header.ts';
import { without } from './mending-places.ts';

/** What a repair can be worked out for from the document as a whole. */
export type Mendable = DocumentProblem | TemplateProblem | MimeProblem | AdviceProblem | ProblemBase<'unknown-server'>;

/**
 * The repairs that a problem does not bring along: they take more than what was at hand when it was found, and are worked out
 * only when somebody asks for them. None where only the author can know what was meant.
 */
export function mendings(analysis: Analysis, problem: Mendable): readonly Fix[] {
  return headerMending(analysis, problem) ?? bodyMending(analysis, problem) ?? templateMending(analysis, problem) ?? [];
}

function templateMending(analysis: Analysis, problem: Mendable): readonly Fix[] | undefined {
  switch (problem.code) {
    case 'template-unknown-variable':
      return meant(analysis, problem, problem.path);
    case 'template-unknown-helper':
    case 'template-unknown-value':
      return meant(analysis, problem, problem.name);
    case 'lone-surrogate':
    case 'address-control-character': {
      const { start, end } = problem.range;
      const character = analysis.text.slice(start, end);
      // Where data brought it in, all of its expression is marked.
      return /^(?:[\x00-\x1f\x7f]|\p{Surrogate})$/u.test(character)
        ? [{ title: 'Take the character out', edits: [without({ start, end })], preferred: true }]
        : [];
    }
    default:
      return undefined;
  }
}

/** Writes the name that is nearest. */
function meant(
  { text }: Analysis,
  { range, suggestion }: Pick<Mendable, 'range'> & { readonly suggestion?: string },
  name: string,
): readonly Fix[] {
  if (suggestion === undefined) return [];
  const at = text.slice(range.start, range.end).indexOf(name);
  if (at < 0) return [];
  const start = range.start + at;
  const places = [start, ...closeOf(text, start, name)];
  const edits = places.map((each) => ({ range: { start: each, end: each + name.length }, text: suggestion }));
  return [{ title: `Change to ${suggestion}`, edits, preferred: true }];
}

/** Where the name of a Handlebars block stands once more, in its close: none for anything else. */
function closeOf(text: string, start: number, name: string): readonly number[] {
  if (!/\{\{~?#\s*$/.test(text.slice(Math.max(0, start - 10), start))) return [];
  const tag = /\{\{~?\s*([#/])\s*([^\s~}]+)/g;
  tag.lastIndex = start;
  let depth = 1;
  for (let match = tag.exec(text); match; match = tag.exec(text)) {
    if (match[2] !== name) continue;
    depth += match[1] === '#' ? 1 : -1;
    if (depth === 0) return [match.index + match[0].length - name.length];
  }
  return [];
}
