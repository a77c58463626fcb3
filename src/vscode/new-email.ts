import * as vscode from 'vscode';
import { language } from './names.ts';

/** *New Email*: an untitled document with the fields that every mail has, the cursor in the first to fill in. */
export async function newEmail(): Promise<void> {
  // Given a name, VS Code would save it at that path of the file system without a question.
  const document = await vscode.workspace.openTextDocument({ language });
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
