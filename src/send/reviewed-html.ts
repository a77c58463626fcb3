import type { Range } from '../base/problem.ts';
import type { HtmlProblem, Place } from '../inspect/checks/problems.ts';
import { Analysis } from '../language/analysis.ts';
import { type Shown, shownProblems } from '../language/silence.ts';
import type { ReviewSettings } from './reviewed.ts';

/** What a person calls a finding: axe-core's are known by the names of its rules. */
export function htmlCode(problem: HtmlProblem): string {
  return problem.code === 'axe' ? problem.rule : problem.code;
}

/**
 * What the checks of a message found, as a person wants it shown: by the severities that are set, without what is silenced at
 * its place. None of it keeps a message from being sent, so what a setting made an error may be silenced too. Ranges stay those of the texts.
 */
export function reviewedHtml(
  document: Analysis | string,
  problems: readonly HtmlProblem[],
  place: (where: Place, range: Range) => Range | undefined,
  { severity }: Pick<ReviewSettings, 'severity'>,
): readonly Shown<HtmlProblem>[] {
  const nowhere = { start: -1, end: -1 };
  const placed = problems.map((problem) => ({
    code: htmlCode(problem),
    severity: problem.severity,
    range: place(problem.where, problem.range) ?? nowhere,
    problem,
  }));
  const analysis = typeof document === 'string' ? new Analysis(document) : document;
  return shownProblems(analysis, placed, severity, { stops: false }).map(({ problem, severity, ownSeverity }) =>
    ownSeverity === undefined ? problem : { ...problem, severity, ownSeverity },
  );
}
