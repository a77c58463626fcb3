import type * as vscode from 'vscode';
import { isIndentedDirective, outdent } from '../../language/outdent.ts';
import { analysisOf } from './analyses.ts';
import { toTextEdits } from './places.ts';

/** What the editor changes behind a `>` or a line end that was typed. */
export function onTypeEdits(document: vscode.TextDocument, at: vscode.Position, typed: string): vscode.TextEdit[] {
  const key = typed === '>' ? '>' : '\n';
  const line = key === '>' ? at.line : at.line - 1;
  // Most of what ends in ">" is a tag: the document need not be read for it.
  if (line < 0 || !isIndentedDirective(document.lineAt(line).text)) return [];
  return toTextEdits(document, outdent(analysisOf(document), document.offsetAt(at), key));
}
