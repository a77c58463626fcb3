import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { MailbenchApi } from '../../../src/send/api.ts';
import { schemes, transcriptLanguage, webviews } from '../../../src/vscode/names.ts';
import { until } from './until.ts';

export const workspace =
  process.env.MAILBENCH_TEST_WORKSPACE ?? vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? '';

export function api(): Thenable<MailbenchApi> {
  const extension = vscode.extensions.getExtension<MailbenchApi>('mailbench.mailbench');
  if (!extension) throw new Error('The extension is not there.');
  return extension.activate();
}

export function fileUri(name: string): vscode.Uri {
  return vscode.Uri.file(join(workspace, name));
}

export function fileBytes(name: string): Buffer {
  return readFileSync(join(workspace, name));
}

/** Opens a file of the workspace, as it stands on disk, in the active editor. */
export async function open(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(fileUri(name), { viewColumn: vscode.ViewColumn.One, preview: false });
}

/** A document that was never saved, in the active editor. */
export async function openText(content: string): Promise<vscode.TextEditor> {
  const document = await vscode.workspace.openTextDocument({ language: 'eml', content });
  return vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
}

/** Writes a document below the workspace and opens it. */
export async function openFile(name: string, content: string): Promise<vscode.TextEditor> {
  await vscode.workspace.fs.writeFile(fileUri(name), Buffer.from(content));
  return open(name);
}

export async function replaceAll(editor: vscode.TextEditor, text: string): Promise<void> {
  const { document } = editor;
  const end = document.lineAt(document.lineCount - 1).range.end;
  await editor.edit((edit) => edit.replace(new vscode.Range(new vscode.Position(0, 0), end), text));
}

export async function closeAll(): Promise<void> {
  for (const document of vscode.workspace.textDocuments) {
    if (!document.isDirty) continue;
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
}

export interface ShownMessage {
  readonly uri: vscode.Uri;
  readonly octets: Uint8Array;
}

/** The tabs in which captured messages are open. */
export function shownUris(): vscode.Uri[] {
  return tabUris().filter((uri) => uri.scheme === schemes.inbox);
}

export function tabUris(): vscode.Uri[] {
  return vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.flatMap(({ input }) => (input instanceof vscode.TabInputText ? [input.uri] : [])),
  );
}

/** The names of the tabs of *Preview Message*. */
export function previewTabs(): string[] {
  return vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.flatMap(({ input, label }) =>
      input instanceof vscode.TabInputWebview && input.viewType.endsWith(webviews.preview) ? [label] : [],
    ),
  );
}

/**
 * Runs *Send Email* on the active editor, and gives the message that it opened from the Local Inbox, which is set to open
 * its messages as text.
 */
export async function sendAndSee(): Promise<ShownMessage> {
  await setSetting('inbox.openAs', 'source');
  const before = new Set(shownUris().map(String));
  await vscode.commands.executeCommand('mailbench.send');
  const uri = await until('the captured message', () => shownUris().find((each) => !before.has(each.toString())));
  return { uri, octets: await vscode.workspace.fs.readFile(uri) };
}

/** What stands in the *Mail Transcript*. */
export async function transcript(): Promise<string> {
  await vscode.commands.executeCommand('mailbench.showTranscript');
  const document = await until('the transcript', () =>
    vscode.workspace.textDocuments.find(({ languageId }) => languageId === transcriptLanguage),
  );
  return document.getText();
}

/** Waits for a piece of the transcript, which reaches the panel a moment after it was written. */
export async function transcriptHolds(piece: string | RegExp): Promise<string> {
  let text = '';
  try {
    return await until(`${piece} in the transcript`, async () => {
      text = await transcript();
      return (typeof piece === 'string' ? text.includes(piece) : piece.test(text)) && text;
    });
  } catch (error) {
    throw new Error(`${error}. It is:\n${text}`);
  }
}

/** Sets a setting of the user's until the end of the test; see `restoreSettings`. */
export async function setSetting(key: string, value: unknown): Promise<void> {
  changed.add(key);
  await vscode.workspace.getConfiguration('mailbench').update(key, value, vscode.ConfigurationTarget.Global);
}

export async function restoreSettings(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('mailbench');
  for (const key of new Set([...changed, 'server', 'servers'])) {
    const found = configuration.inspect(key);
    if (found?.globalValue !== undefined && key !== 'inbox.port') {
      await configuration.update(key, undefined, vscode.ConfigurationTarget.Global);
    }
    if (found?.workspaceValue !== undefined) {
      await configuration.update(key, undefined, vscode.ConfigurationTarget.Workspace);
    }
  }
  changed.clear();
}

const changed = new Set<string>();
