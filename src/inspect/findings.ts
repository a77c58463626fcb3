import { lineIndex } from '../base/line-places.ts';
import type { CheckSource } from './check-source.ts';
import type { HtmlProblem } from './checks/problems.ts';
import type { Finding } from './formats.ts';

export interface FindingPlaces {
  /** As it is to be shown. */
  readonly file: string;
  /** The document that the places of `source` count in. */
  readonly text: string;
  readonly source: CheckSource;
  /** Writes the sentence of a problem. */
  readonly sentence: (problem: HtmlProblem) => string;
}

/**
 * Problems of a message with their places in its file. What the file holds encoded, or takes from another file, has no line of its
 * own: it stands at the first line, and its message says where in the HTML it is.
 */
export function findingsOf(problems: readonly HtmlProblem[], places: FindingPlaces): Finding[] {
  const inFile = lineIndex(places.text);
  const inHtml = lineIndex(places.source.input.html ?? '');
  return problems.map((problem) => {
    const range = places.source.place(problem.where, problem.range);
    const start = inFile(range?.start ?? 0);
    const end = range ? inFile(range.end) : undefined;
    const url = problem.code === 'client-support' ? problem.url : problem.code === 'axe' ? problem.helpUrl : undefined;
    const { line, column } = inHtml(problem.range.start);
    const told = places.sentence(problem);
    return {
      file: places.file,
      ...start,
      ...(end ? { endLine: end.line, endColumn: end.column } : {}),
      severity: problem.severity,
      code: problem.code === 'axe' ? problem.rule : problem.code,
      message: range || problem.where !== 'html' ? told : `${told} (HTML, line ${line}, column ${column})`,
      ...(url === undefined ? {} : { url }),
    };
  });
}
