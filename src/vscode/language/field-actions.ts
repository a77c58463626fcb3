import * as vscode from 'vscode';
import { fieldActions } from '../../language/format.ts';
import { analysisOf } from './analyses.ts';
import { toWorkspaceEdit } from './places.ts';

/** What an action does. A list of a megabyte would go over to the window again each time that a light bulb shows. */
const edits = new WeakMap<vscode.CodeAction, () => vscode.WorkspaceEdit>();

/** Fold, unfold, encode, decode; what they change is told once one is chosen. */
export function codeActionsOf(
  document: vscode.TextDocument,
  range: vscode.Range,
  { only }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const kind = vscode.CodeActionKind.RefactorRewrite;
  if (only && !only.contains(kind)) return [];
  return fieldActions(analysisOf(document), document.offsetAt(range.start)).map((found) => {
    const action = new vscode.CodeAction(found.title, kind);
    edits.set(action, () => toWorkspaceEdit(document, found.edits));
    return action;
  });
}

export function resolvedAction(action: vscode.CodeAction): vscode.CodeAction {
  const edit = edits.get(action)?.();
  if (edit) action.edit = edit;
  return action;
}
