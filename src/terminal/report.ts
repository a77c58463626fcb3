import { lineIndex } from '../base/line-places.ts';
import type { Finding } from '../inspect/formats.ts';
import type { Problem } from '../send/composed.ts';
import { problemSentence } from '../send/sentences/problem.ts';

/** The problems of a document as findings. */
export function reportOf(file: string, text: string, problems: readonly Problem[]): Finding[] {
  const places = lineIndex(text);
  return problems.map((problem) => {
    const end = places(problem.range.end);
    return {
      file,
      ...places(problem.range.start),
      endLine: end.line,
      endColumn: end.column,
      severity: problem.severity,
      code: problem.code,
      message: problemSentence(problem),
    };
  });
}
