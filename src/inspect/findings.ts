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
 * Problems of a message with their places in its file. What the file does not hold itself stands at what it comes from, and its
 * message says where in the HTML it is.
 */
export function findingsOf(problems: readonly HtmlProblem[], places: FindingPlaces): Finding[] {
  const inFile = lineIndex(places.text);
  const whereInHtml = htmlPlaces(places.source);
  return problems.map((problem) => {
    const range = places.source.place(problem.where, problem.range);
    const start = inFile(range?.start ?? 0);
    const end = range ? inFile(range.end) : undefined;
    const url = problem.code === 'client-support' ? problem.url : problem.code === 'axe' ? problem.helpUrl : undefined;
    const within = whereInHtml(problem);
    return {
      file: places.file,
      ...start,
      ...(end ? { endLine: end.line, endColumn: end.column } : {}),
      severity: problem.severity,
      code: problem.code === 'axe' ? problem.rule : problem.code,
      message: within ? `${places.sentence(problem)} (HTML, ${within})` : places.sentence(problem),
      ...(url === undefined ? {} : { url }),
    };
  });
}

/** `line 12, column 5` of the HTML for a problem in it that the document holds no place of; undefined for any other. */
export function htmlPlaces({ input, place }: CheckSource): (problem: HtmlProblem) => string | undefined {
  const inHtml = lineIndex(input.html ?? '');
  return ({ where, range }) => {
    if (where !== 'html' || range.end === range.start) return undefined;
    const there = place(where, range);
    if (there && !there.about) return undefined;
    const { line, column } = inHtml(range.start);
    return `line ${line}, column ${column}`;
  };
}
