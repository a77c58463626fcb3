import * as vscode from 'vscode';
import { schemes } from '../names.ts';

/**
 * Opens the document behind a preview, in the group where it already stands if it does. A captured message, which nobody
 * writes, opens where its preview is.
 */
export async function revealSource(source: vscode.Uri, previewColumn: vscode.ViewColumn | undefined): Promise<void> {
  await vscode.window.showTextDocument(source, placeOf(source, previewColumn));
}

/** Goes to a place in the document. */
export async function revealRange(
  document: vscode.TextDocument | undefined,
  range: vscode.Range | undefined,
  previewColumn: vscode.ViewColumn | undefined,
): Promise<void> {
  if (!document || !range) return;
  const selection = new vscode.Range(range.start, range.end.line - range.start.line > 20 ? range.start : range.end);
  await vscode.window.showTextDocument(document, { ...placeOf(document.uri, previewColumn), selection });
}

function placeOf(source: vscode.Uri, previewColumn: vscode.ViewColumn | undefined): vscode.TextDocumentShowOptions {
  const captured = source.scheme === schemes.inbox;
  const otherwise = (captured ? previewColumn : undefined) ?? vscode.ViewColumn.One;
  return { viewColumn: columnOf(source) ?? otherwise, preview: captured };
}

function columnOf(uri: vscode.Uri): vscode.ViewColumn | undefined {
  const group = vscode.window.tabGroups.all.find((each) =>
    each.tabs.some((tab) => tab.input instanceof vscode.TabInputText && tab.input.uri.toString() === uri.toString()),
  );
  return group?.viewColumn;
}

/** Leaves the editor for a link of a mail, where a person pressed it; VS Code asks about hosts that are not trusted. */
export async function openLink(url: string | undefined): Promise<void> {
  if (url === undefined) return;
  if (!/^(https?|mailto|tel):/i.test(url)) {
    await vscode.window.showInformationMessage(`This link is not followed: ${url || '(empty)'}`);
    return;
  }
  // As text: VS Code's own Uri writes escapes anew, and the link would lead elsewhere.
  await vscode.env.openExternal(url as unknown as vscode.Uri);
}
