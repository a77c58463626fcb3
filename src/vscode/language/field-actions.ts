import * as vscode from 'vscode';
import type { Severity } from '../../base/problem.ts';
import { fieldActions } from '../../language/format.ts';
import { silenceFix } from '../../language/silence.ts';
import { commands } from '../names.ts';
import { analysisOf } from './analyses.ts';
import { toWorkspaceEdit } from './places.ts';

const severities: readonly Severity[] = ['error', 'warning', 'information', 'hint'];

/** Problems of finished messages that a composed document has not. */
const convertible: ReadonlySet<string> = new Set([
  'comment-in-finished',
  'setting-in-finished',
  'setting-without-effect',
  'directive-in-finished',
  'finished-nul',
  'finished-line-too-long',
  'finished-bcc-signed',
  'finished-header-charset',
]);

/** Fold, unfold, encode, decode; and for problems: silence, convert, attach. */
export function codeActionsOf(
  document: vscode.TextDocument,
  range: vscode.Range,
  { diagnostics, only }: vscode.CodeActionContext,
): vscode.CodeAction[] {
  const analysis = analysisOf(document);
  const actions: vscode.CodeAction[] = [];
  const wants = (kind: vscode.CodeActionKind): boolean => !only || only.contains(kind);
  if (wants(vscode.CodeActionKind.QuickFix)) {
    const told = new Set<string>();
    for (const diagnostic of diagnostics) {
      const code = codeOf(diagnostic);
      if (code === undefined || told.has(code)) continue;
      told.add(code);
      actions.push(...commandActions(document, diagnostic, code));
      const start = document.offsetAt(diagnostic.range.start);
      const problem = { code, severity: severities[diagnostic.severity]!, range: { start, end: start } };
      const fix = silenceFix(analysis, problem);
      if (!fix) continue;
      const action = new vscode.CodeAction(fix.title, vscode.CodeActionKind.QuickFix);
      action.edit = toWorkspaceEdit(document, fix.edits);
      action.diagnostics = [diagnostic];
      actions.push(action);
    }
  }
  if (wants(vscode.CodeActionKind.RefactorRewrite)) {
    for (const { title, edits } of fieldActions(analysis, document.offsetAt(range.start))) {
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.RefactorRewrite);
      action.edit = toWorkspaceEdit(document, edits);
      actions.push(action);
    }
  }
  return actions;
}

function commandActions(
  document: vscode.TextDocument,
  diagnostic: vscode.Diagnostic,
  code: string,
): vscode.CodeAction[] {
  const make = (title: string, command: string): vscode.CodeAction => {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.command = { title, command, arguments: [document.uri] };
    action.diagnostics = [diagnostic];
    return action;
  };
  if (code === 'attachment-forgotten') return [make('Attach a file…', commands.attachFile)];
  return convertible.has(code) ? [make('Convert to a composed document', commands.convert)] : [];
}

function codeOf({ source, code }: vscode.Diagnostic): string | undefined {
  if (source !== 'mailbench') return undefined;
  return String(typeof code === 'object' ? code.value : code);
}
