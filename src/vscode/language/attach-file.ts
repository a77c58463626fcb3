import * as vscode from 'vscode';
import { fileInsertions } from '../../language/insert-files.ts';
import { analysisOf } from './analyses.ts';
import { relativePath } from './drop-and-paste.ts';
import { folderOf, toWorkspaceEdit } from './places.ts';

/** *Attach File…*: asks for files of the workspace and attaches them. */
export async function attachFile(document: vscode.TextDocument): Promise<void> {
  const folder = folderOf(document);
  if (!folder) {
    void vscode.window.showErrorMessage('Paths count from the document’s folder: save the document first.');
    return;
  }
  const chosen = await vscode.window.showOpenDialog({
    title: 'Attach files',
    openLabel: 'Attach',
    canSelectMany: true,
    defaultUri: folder,
  });
  if (!chosen?.length) return;
  const paths = chosen.flatMap((uri) => relativePath(folder, uri) ?? []);
  if (paths.length < chosen.length) {
    void vscode.window.showErrorMessage('Only files of the workspace can be attached: copy the file into it first.');
    return;
  }
  const way = fileInsertions(analysisOf(document), document.getText().length, paths).find(
    ({ how }) => how === 'attach',
  );
  if (way) await vscode.workspace.applyEdit(toWorkspaceEdit(document, way.edits));
  else
    void vscode.window.showErrorMessage(
      'A finished message is sent as it stands: convert it to a composed document to attach files.',
    );
}
