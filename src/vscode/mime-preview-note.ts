import type * as vscode from 'vscode';
import type { Composed } from '../send/composed.ts';
import { problemSentence } from '../send/sentences/problem.ts';

/** What the preview shows where there is no message: why. */
export function noMessageNote(document: vscode.TextDocument, composed: Composed): string {
  const errors = composed.problems.filter((problem) => problem.severity === 'error');
  const lines = errors.map((problem) => {
    const { line } = document.positionAt(problem.range.start);
    return `Line ${line + 1}: ${problemSentence(problem)}`;
  });
  return note(['There is no message to show yet.', '', ...lines]);
}

/** An attachment changed or went since it was measured: the next composition says so at its place. */
export function unreadableNote(error: unknown): string {
  return note(['The message could not be read to its end.', error instanceof Error ? error.message : String(error)]);
}

/** As comments, which the grammar dims. */
function note(lines: readonly string[]): string {
  return lines.map((line) => `# ${line}`.trimEnd() + '\r\n').join('');
}
