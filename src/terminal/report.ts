import type { Problem } from '../send/composed.ts';
import { problemSentence } from '../send/sentences/problem.ts';
import { Positions } from './positions.ts';

/** One problem as `mailbench check --format json` lists it. */
export interface ReportedProblem {
  readonly file: string;
  /** Both counted from 1. */
  readonly line: number;
  readonly column: number;
  readonly severity: Problem['severity'];
  readonly code: string;
  readonly message: string;
}

export function reportOf(file: string, text: string, problems: readonly Problem[]): ReportedProblem[] {
  const positions = new Positions(text);
  return problems.map((problem) => ({
    file,
    ...positions.at(problem.range.start),
    severity: problem.severity,
    code: problem.code,
    message: problemSentence(problem),
  }));
}

/** `file:line:column: severity code: sentence`. */
export function reportLine(problem: ReportedProblem): string {
  const { file, line, column, severity, code, message } = problem;
  return `${file}:${line}:${column}: ${severity} ${code}: ${message.replace(/\s*\n\s*/g, ' ')}`;
}
