import * as vscode from 'vscode';
import { openFile, openText } from './workbench.ts';

/** Opens a document with the cursor at its only `|`. */
export async function at(marked: string, name?: string) {
  const offset = marked.indexOf('|');
  const text = marked.replace('|', '');
  const editor = name === undefined ? await openText(text) : await openFile(name, text);
  const { document } = editor;
  const position = document.positionAt(offset);
  editor.selection = new vscode.Selection(position, position);
  return { editor, document, uri: document.uri, position };
}

export const codeOf = ({ code }: vscode.Diagnostic): string => String(typeof code === 'object' ? code.value : code);

/** The codes of a document's problems. */
export const codes = (uri: vscode.Uri): string[] => vscode.languages.getDiagnostics(uri).map(codeOf);

/** The quick fixes that the editor offers somewhere. */
export function quickFixes(uri: vscode.Uri, range: vscode.Range): Thenable<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    'vscode.executeCodeActionProvider',
    uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
}
