import type { Range } from '../base/problem.ts';
import { hasTemplate } from '../document/markers.ts';
import type { DocumentPlace } from '../inspect/check-source.ts';
import type { HtmlProblem, Place } from '../inspect/checks/problems.ts';
import { advise, DEFAULT_ADVICE } from '../language/advice.ts';
import { Analysis } from '../language/analysis.ts';
import { type Shown, shownProblems } from '../language/silence.ts';
import type { Composed } from './composed.ts';
import type { ReviewSettings } from './reviewed.ts';

/** What a person calls a finding: axe-core's are known by the names of its rules. */
export function htmlCode(problem: HtmlProblem): string {
  return problem.code === 'axe' ? problem.rule : problem.code;
}

/**
 * What the checks of a message found, as a person wants it shown: by the severities that are set, without what is silenced at
 * its place, and without what only a program could change. None of it keeps a message from being sent, so what a setting made an error may be silenced too. Ranges stay those of the texts.
 */
export function reviewedHtml(
  document: Analysis | string,
  problems: readonly HtmlProblem[],
  place: (where: Place, range: Range) => DocumentPlace | undefined,
  { severity }: Pick<ReviewSettings, 'severity'>,
): readonly Shown<HtmlProblem>[] {
  const nowhere: DocumentPlace = { start: -1, end: -1 };
  const placed = problems.flatMap((problem) => {
    const range = place(problem.where, problem.range) ?? nowhere;
    return isOfProgram(problem, range) ? [] : [{ code: htmlCode(problem), severity: problem.severity, range, problem }];
  });
  const analysis = typeof document === 'string' ? new Analysis(document) : document;
  return shownProblems(analysis, placed, severity, { stops: false }).map(({ problem, severity, ownSeverity }) =>
    ownSeverity === undefined ? problem : { ...problem, severity, ownSeverity },
  );
}

/** What nobody can change who writes MJML or Markdown: how a program put it into HTML. */
function isOfProgram({ code }: HtmlProblem, { generated }: DocumentPlace): boolean {
  if (generated === undefined) return false;
  return code === 'client-support' || (generated === 'markdown' && /^(?:language|title)-missing$/.test(code));
}

/**
 * What the document itself does not say of the same cause, silenced or not: it does so at a better place, and with a fix. For
 * where both are shown.
 */
export function notToldBefore(
  document: Analysis | string,
  { problems: told }: Pick<Composed, 'problems'>,
  problems: readonly HtmlProblem[],
): readonly HtmlProblem[] {
  const dangling = new Set(told.flatMap((problem) => (problem.code === 'dangling-cid' ? [problem.id] : [])));
  const withoutData = told.some(({ code }) => code === 'template-without-data');
  const lacksText = (): boolean => {
    const analysis = typeof document === 'string' ? new Analysis(document) : document;
    return advise(analysis, DEFAULT_ADVICE).some(({ code }) => code === 'text-alternative-missing');
  };
  return problems.filter((problem) => {
    switch (problem.code) {
      case 'image-cid-unknown':
        return !dangling.has(problem.cid);
      case 'text-missing':
        return !lacksText();
      case 'placeholder':
        return !withoutData || !hasTemplate(problem.placeholder);
      default:
        return true;
    }
  });
}
