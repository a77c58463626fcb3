import * as vscode from 'vscode';
import { type PathPlace, pathEdit } from '../../language/file-fixes.ts';
import { fileInsertions } from '../../language/insert-files.ts';
import { analysisOf } from './analyses.ts';
import { relativePath } from './drop-and-paste.ts';
import { folderOf, toWorkspaceEdit } from './places.ts';

/** *Attach File…*: asks for files of the workspace and attaches them. */
export async function attachFile(document: vscode.TextDocument): Promise<void> {
  const paths = await askForPaths(document, { title: 'Attach files', openLabel: 'Attach', canSelectMany: true });
  if (!paths) return;
  const way = fileInsertions(analysisOf(document), document.getText().length, paths).find(
    ({ how }) => how === 'attach',
  );
  if (way) await vscode.workspace.applyEdit(toWorkspaceEdit(document, way.edits));
  else
    void vscode.window.showErrorMessage(
      'A finished message is sent as it stands: convert it to a composed document to attach files.',
    );
}

/** Asks for a file to be named where the document names one that is not there. */
export async function chooseFile(document: vscode.TextDocument, place: PathPlace): Promise<void> {
  const { version } = document;
  const [path] =
    (await askForPaths(document, {
      title: place.path === '' ? 'The file to be put in' : `A file in place of ${place.path}`,
      openLabel: 'Choose',
    })) ?? [];
  if (path === undefined) return;
  const edit = document.version === version ? pathEdit(analysisOf(document), place, path) : undefined;
  if (edit) await vscode.workspace.applyEdit(toWorkspaceEdit(document, [edit]));
  else
    void vscode.window.showErrorMessage(
      `The document was changed meanwhile, and is left as it is: write the path ${path} yourself, or choose again.`,
    );
}

/** Paths from the document's folder; undefined where none was chosen, or, with a word about it, none that can be sent. */
async function askForPaths(
  document: vscode.TextDocument,
  options: vscode.OpenDialogOptions,
): Promise<readonly string[] | undefined> {
  const folder = folderOf(document);
  if (!folder) {
    void vscode.window.showErrorMessage('Paths count from the document’s folder: save the document first.');
    return undefined;
  }
  const chosen = await vscode.window.showOpenDialog({ defaultUri: folder, ...options });
  if (!chosen?.length) return undefined;
  const paths = chosen.flatMap((uri) => relativePath(folder, uri) ?? []);
  if (paths.length === chosen.length) return paths;
  void vscode.window.showErrorMessage('Only files of the workspace can be attached: copy the file into it first.');
  return undefined;
}
