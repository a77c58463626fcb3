import type { Steps } from '../base/steps.ts';
import type { Draft } from '../document/draft.ts';
import type { Problem } from './composed.ts';

const FILE_ERRORS: ReadonlySet<string> = new Set([
  'bad-path',
  'file-outside',
  'file-missing',
  'file-is-directory',
  'file-not-regular',
  'file-unreadable',
  'path-without-document',
]);

/** One mistake, one message: leaves out what is said only because of an error that is told already. */
export function* oneCause(problems: readonly Problem[]): Steps<readonly Problem[]> {
  // Without an author nobody can tell the sender either, and none of two counts.
  let authorless = false;
  const pathless: Problem[] = [];
  const unusable = new Set<string>();
  for (const problem of problems) {
    yield;
    authorless ||=
      problem.code === 'from-missing' ||
      problem.code === 'sender-missing' ||
      (problem.code === 'field-repeated' && /^(?:resent-)?(?:from|sender)$/i.test(problem.name));
    if (problem.code === 'path-missing') pathless.push(problem);
    else if (FILE_ERRORS.has(problem.code)) unusable.add(placeOf(problem));
  }
  const follows = (problem: Problem): boolean => {
    switch (problem.code) {
      case 'sender-unknown':
        return authorless;
      case 'bad-path':
        return problem.fault === 'empty' && pathless.some((other) => isInside(problem, other));
      case 'unknown-file-type':
        return unusable.has(placeOf(problem));
      default:
        return false;
    }
  };
  const told: Problem[] = [];
  for (const problem of problems) {
    yield;
    if (!follows(problem)) told.push(problem);
  }
  return told;
}

/**
 * What checks say of a draft, but for what follows from a value that a template could not put in: the field then lacks
 * it, or is empty, and the template's error tells why.
 */
export function unlessUnrendered<P extends Problem>(
  checked: readonly P[],
  draft: Pick<Draft, 'fields'>,
  rendering: readonly Problem[],
): readonly P[] {
  const errors = rendering.filter(({ severity }) => severity === 'error');
  const failed = draft.fields.filter((field) => errors.some((error) => isInside(error, field)));
  if (failed.length === 0) return checked;
  const concerns = (pattern: RegExp) => failed.some(({ name }) => pattern.test(name));
  const noRecipients = concerns(/^(?:resent-)?(?:to|cc|bcc)$/i);
  const noAuthor = concerns(/^(?:resent-)?(?:from|sender)$/i);
  return checked.filter((problem) => {
    if (problem.code === 'recipients-missing') return !noRecipients;
    if (problem.code === 'sender-unknown') return !noAuthor;
    return !failed.some((field) => isInside(problem, field));
  });
}

type Placed = Pick<Problem, 'range'>;

function isInside({ range }: Placed, outer: Placed): boolean {
  return range.start >= outer.range.start && range.end <= outer.range.end;
}

function placeOf({ range }: Placed): string {
  return `${range.start} ${range.end}`;
}
