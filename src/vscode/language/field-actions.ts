import * as vscode from 'vscode';
import { fieldActions } from '../../language/format.ts';
import { analysisOf } from './analyses.ts';
import { toWorkspaceEdit } from './places.ts';

/** Fold, unfold, encode, decode. */
export function codeActionsOf(
  document: vscode.TextDocument,
  range: vscode.Range,
  { only }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const kind = vscode.CodeActionKind.RefactorRewrite;
  if (only && !only.contains(kind)) return [];
  return fieldActions(analysisOf(document), document.offsetAt(range.start)).map(({ title, edits }) => {
    const action = new vscode.CodeAction(title, kind);
    action.edit = toWorkspaceEdit(document, edits);
    return action;
  });
}
