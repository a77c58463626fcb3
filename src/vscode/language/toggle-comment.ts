import * as vscode from 'vscode';
import { type Toggled, toggleComments } from '../../language/toggle-comment.ts';
import { analysisOf } from './analyses.ts';
import { toRange } from './places.ts';

const refusals: Readonly<Record<Extract<Toggled, { refused: string }>['refused'], string>> = {
  finished: 'A finished message is sent as it stands: it has no comments.',
  verbatim: 'In a verbatim part every line is text: it has no comments.',
  close: 'A line that holds the end of a comment can’t stand in one.',
};

/** *Toggle Line Comment* in a mail: `#` in the header, a note in the body, HTML's own in HTML. */
export async function toggleComment(editor: vscode.TextEditor, again = true): Promise<void> {
  const { document } = editor;
  const selections = editor.selections.map(({ start, end }) => ({
    start: document.offsetAt(start),
    end: document.offsetAt(end),
  }));
  const toggled = toggleComments(analysisOf(document), selections);
  if ('refused' in toggled) {
    vscode.window.setStatusBarMessage(`$(info) ${refusals[toggled.refused]}`, 5000);
    return;
  }
  const done = await editor.edit((edit) => {
    for (const { range, text } of toggled.edits) edit.replace(toRange(document, range), text);
  });
  // The text went on between the question and the answer: it is asked anew.
  if (!done && again) await toggleComment(editor, false);
}
