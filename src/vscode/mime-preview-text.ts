import type * as vscode from 'vscode';
import type { Composed } from '../send/composed.ts';
import { problemSentence } from '../send/sentences/problem.ts';
import { mimeText } from './mime-text.ts';

/** What the preview shows: the message, or where there is none, why. */
export async function previewText(document: vscode.TextDocument, composed: Composed): Promise<string> {
  if (composed.message) {
    try {
      return await mimeText(composed.message, composed.built);
    } catch (error) {
      // An attachment that changed or went since it was measured: the next composition says so at its place.
      return note([
        'The message could not be read to its end.',
        error instanceof Error ? error.message : String(error),
      ]);
    }
  }
  const errors = composed.problems.filter((problem) => problem.severity === 'error');
  const lines = errors.map((problem) => {
    const { line } = document.positionAt(problem.range.start);
    return `Line ${line + 1}: ${problemSentence(problem)}`;
  });
  return note(['There is no message to show yet.', '', ...lines]);
}

/** As comments, which the grammar dims. */
function note(lines: readonly string[]): string {
  return lines.map((line) => `# ${line}`.trimEnd() + '\r\n').join('');
}
