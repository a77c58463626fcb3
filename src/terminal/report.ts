import { lineIndex } from '../base/line-places.ts';
import type { Finding } from '../inspect/formats.ts';
import type { Problem } from '../send/composed.ts';
import { problemSentence } from '../send/sentences/problem.ts';

/** The problems of a document as findings, where they begin. */
export function reportOf(file: string, text: string, problems: readonly Problem[]): Finding[] {
  const places = lineIndex(text);
  return problems.map((problem) => ({
    file,
    ...places(problem.range.start),
    severity: problem.severity,
    code: problem.code,
    message: problemSentence(problem),
  }));
}
