import type * as vscode from 'vscode';
import { visible } from '../../base/visible.ts';
import type { Composed } from '../../send/composed.ts';
import { problemSentence } from '../../send/sentences/problem.ts';
import { nameOf, neverSaved } from '../mail-documents.ts';

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

/**
 * The document that was previewed can't be opened, as when it was deleted while the window was closed.
 *
 * @param error why; undefined where it is not there
 */
export function noDocumentNote(source: vscode.Uri, error: unknown): string {
  const name = nameOf(source);
  if (source.scheme === 'untitled') return note([`There is nothing to preview: ${neverSaved(source)}`]);
  const reason = error instanceof Error ? error.message : String(error);
  return note([
    `There is nothing to preview: ${name} ${error === undefined ? 'is no longer there.' : 'can’t be opened.'}`,
    ...(error === undefined ? [] : [visible(reason)]),
    '',
    `Open ${name} once it is there again: its preview comes back here.`,
  ]);
}

/** The document's language was changed: there is no telling what of it would be a message. */
export function otherLanguageNote(source: vscode.Uri): string {
  const name = nameOf(source);
  return note([
    `There is nothing to preview: the language of ${name} is another than Email.`,
    '',
    'Choose Email in the status bar: the preview comes back here.',
  ]);
}

/** As comments, which the grammar dims. */
function note(lines: readonly string[]): string {
  return lines.map((line) => `# ${line}`.trimEnd() + '\r\n').join('');
}
