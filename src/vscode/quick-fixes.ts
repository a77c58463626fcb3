import * as vscode from 'vscode';
import type { Diagnostics } from './diagnostics.ts';
import type { LanguageFeatures } from './language/language-features.ts';
import { draftSelector } from './mail-documents.ts';

/** The fixes that problems bring along, as quick fixes and as *Fix All*. */
export function registerQuickFixes(diagnostics: Diagnostics, features: LanguageFeatures): vscode.Disposable {
  const kinds = [vscode.CodeActionKind.QuickFix, vscode.CodeActionKind.SourceFixAll.append('mailbench')];
  return vscode.languages.registerCodeActionsProvider(
    draftSelector,
    {
      async provideCodeActions(document, range, context, token) {
        const problems = await diagnostics.problemsOf(document, token);
        if (problems.length === 0) return [];
        const { toCodeActions, toFixAll } = await import('./problem-diagnostics.ts');
        if (context.only?.value.startsWith(vscode.CodeActionKind.Source.value)) {
          const all = toFixAll(document, problems);
          return all ? [all] : [];
        }
        return toCodeActions(document, problems, range, await features.around(document));
      },
    },
    { providedCodeActionKinds: kinds },
  );
}
