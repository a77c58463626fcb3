import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import * as vscode from 'vscode';
import { trimOf } from '../../base/trim.ts';
import { type Converted, convertMessage } from '../../language/convert.ts';
import { nameOf, pathOf } from '../mail-documents.ts';
import { analysisOf } from './analyses.ts';

/**
 * *Convert to Composed Document*: what a finished message says, as a document to be edited, in a new file beside it, its
 * attachments in a new folder. Nothing that is there already is touched. Answers with the new file.
 */
export async function convertDocument(document: vscode.TextDocument): Promise<vscode.Uri | undefined> {
  if (!analysisOf(document).finished) {
    void vscode.window.showInformationMessage('This document is a composed one already: it has no MIME-Version.');
    return undefined;
  }
  const path = pathOf(document);
  const folder = path === undefined ? workspaceFolder() : dirname(path);
  const converted = await convertMessage(await octetsOf(document, path));
  const stem = safeStem(path === undefined ? nameOf(document.uri) : basename(path));
  if (folder === undefined) {
    if (converted.files.length === 0) return openUntitled(converted);
    void vscode.window.showErrorMessage('The attachments need a place: save the message in a folder, or open one.');
    return undefined;
  }
  try {
    const { name: files } = converted.files.length > 0 ? await newFolder(folder, `${stem}-files`) : { name: '' };
    for (const { name, content } of converted.files)
      await writeFile(join(folder, files, name), content, { flag: 'wx' });
    const uri = vscode.Uri.file(await newFile(folder, `${stem}-composed`, converted.text(files)));
    await vscode.window.showTextDocument(uri, { preview: false });
    return uri;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(
      `The composed document could not be written beside the message: ${reason}. The message is as it was.`,
    );
    return undefined;
  }
}

function workspaceFolder(): string | undefined {
  const uri = vscode.workspace.workspaceFolders?.[0]?.uri;
  return uri?.scheme === 'file' ? uri.fsPath : undefined;
}

/** Those of the file, where the editor holds no change: the message need not be UTF-8. */
async function octetsOf(document: vscode.TextDocument, path: string | undefined): Promise<Uint8Array> {
  if (!document.isDirty && path !== undefined) return readFile(path);
  if (!document.isDirty && !document.isUntitled) return vscode.workspace.fs.readFile(document.uri);
  return Buffer.from(document.getText(), 'utf8');
}

function safeStem(name: string): string {
  const stem = name.slice(0, name.length - extname(name).length).replace(/[^\p{L}\p{N}._ -]+/gu, '_');
  return trimOf(stem, '. ').slice(0, 80) || 'message';
}

async function openUntitled(converted: Converted): Promise<vscode.Uri> {
  const made = await vscode.workspace.openTextDocument({ language: 'eml', content: converted.text('') });
  await vscode.window.showTextDocument(made, { preview: false });
  return made.uri;
}

/** Making it fails where something of that name is there, so that nothing is ever overwritten, nor a link followed. */
async function newFolder(parent: string, wanted: string): Promise<{ readonly name: string }> {
  return firstFree(wanted, '', async (name) => {
    await mkdir(join(parent, name));
    return { name };
  });
}

async function newFile(parent: string, wanted: string, text: string): Promise<string> {
  return firstFree(wanted, '.eml', async (name) => {
    await writeFile(join(parent, name), text, { flag: 'wx' });
    return join(parent, name);
  });
}

async function firstFree<T>(stem: string, ending: string, make: (name: string) => Promise<T>): Promise<T> {
  for (let count = 1; ; count++) {
    try {
      return await make(count === 1 ? `${stem}${ending}` : `${stem}-${count}${ending}`);
    } catch (error) {
      if ((error as { code?: unknown }).code !== 'EEXIST' || count >= 1000) throw error;
    }
  }
}
