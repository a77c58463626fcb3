import * as vscode from 'vscode';
import { language, schemes } from './names.ts';

/** Whether a document is one to be written and sent, and not a preview or a captured message. */
export function isDraft(document: vscode.TextDocument): boolean {
  return document.languageId === language && isDraftUri(document.uri);
}

/** Others are the left sides of comparisons (`git:`), outputs, or what is shown read-only. */
const draftSchemes = ['file', 'untitled', 'vscode-vfs'];

export function isDraftUri(uri: vscode.Uri): boolean {
  return draftSchemes.includes(uri.scheme);
}

/** Whether a document is a mail to be looked at, as it was written: another version, or one that an extension shows. */
export function isOtherVersion(document: vscode.TextDocument): boolean {
  return (
    document.languageId === language && !isDraft(document) && !isPreview(document.uri) && !isCaptured(document.uri)
  );
}

export function isPreview(uri: vscode.Uri): boolean {
  return uri.scheme === schemes.mime;
}

export function isCaptured(uri: vscode.Uri): boolean {
  return uri.scheme === schemes.inbox;
}

/** The document that a preview is of. */
export function previewedBy(preview: vscode.Uri): vscode.Uri {
  return vscode.Uri.parse(preview.query, true);
}

/**
 * Opens the document of a mail that may have gone. One that was never saved is only there while it is open: asked for
 * another time, VS Code would make an empty one of that name.
 */
export async function openMail(uri: vscode.Uri): Promise<vscode.TextDocument> {
  const key = uri.toString();
  const open = vscode.workspace.textDocuments.find((each) => each.uri.toString() === key);
  if (open) return open;
  if (uri.scheme === 'untitled') throw vscode.FileSystemError.FileNotFound(uri);
  return vscode.workspace.openTextDocument(uri);
}

/** For providers of language features. */
export const draftSelector: vscode.DocumentSelector = draftSchemes.map((scheme) => ({ language, scheme }));

/** The document of the active editor, where that is a draft. */
export function activeDraft(): vscode.TextDocument | undefined {
  const document = vscode.window.activeTextEditor?.document;
  return document && isDraft(document) ? document : undefined;
}

/** What people call it: the name of its file. */
export function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf('/') + 1);
}

/** Why nothing is to be seen of an untitled document that is not open. */
export function neverSaved(source: vscode.Uri): string {
  return `${nameOf(source)} was closed and never saved.`;
}

/** The path of the document on disk; undefined for one that was never saved. */
export function pathOf(document: vscode.TextDocument): string | undefined {
  return document.uri.scheme === 'file' ? document.uri.fsPath : undefined;
}

/** The path that those in the document count from: its own, or that of the file whose earlier version it is. */
export function basePathOf(document: vscode.TextDocument): string | undefined {
  return document.uri.scheme === 'git' ? document.uri.fsPath : pathOf(document);
}

/** What no file may stand outside of: the workspace's folder that holds the document. */
export function workspaceRootOf(document: vscode.TextDocument): string | undefined {
  const path = basePathOf(document);
  const own = vscode.workspace.getWorkspaceFolder(path === undefined ? document.uri : vscode.Uri.file(path));
  const folder = own ?? vscode.workspace.workspaceFolders?.[0];
  if (folder?.uri.scheme !== 'file') return undefined;
  // A document outside of every folder has a root of its own: the folder that it stands in.
  const untitled = document.uri.scheme === 'untitled';
  return untitled || own ? folder.uri.fsPath : undefined;
}
