import * as vscode from 'vscode';
import { language } from './names.ts';

/** *New Email*: an untitled document with the fields that every mail has, the cursor in the first to fill in. */
export async function newEmail(): Promise<void> {
  const opened = await vscode.workspace.openTextDocument(freeName());
  const document = await vscode.languages.setTextDocumentLanguage(opened, language);
  const editor = await vscode.window.showTextDocument(document);
  const snippet = new vscode.SnippetString()
    .appendText('From: ')
    .appendPlaceholder('Your Name <you@example.com>')
    .appendText('\nTo: ')
    .appendPlaceholder('someone@example.com')
    .appendText('\nSubject: ')
    .appendPlaceholder('Hello')
    .appendText('\n\n')
    .appendTabstop(0);
  await editor.insertSnippet(snippet);
}

/** Without one, VS Code would name the tab after the first line. */
function freeName(): vscode.Uri {
  const taken = new Set(vscode.workspace.textDocuments.map(({ uri }) => uri.toString()));
  for (let count = 1; ; count++) {
    const uri = vscode.Uri.from({ scheme: 'untitled', path: count === 1 ? 'New email.eml' : `New email ${count}.eml` });
    if (!taken.has(uri.toString())) return uri;
  }
}
