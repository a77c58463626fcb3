import * as vscode from 'vscode';
import { type FileInsertion, fileInsertions } from '../../language/insert-files.ts';
import { analysisOf } from './analyses.ts';
import { folderOf, toWorkspaceEdit } from './places.ts';

const { DocumentDropOrPasteEditKind } = vscode;
const uriList = 'text/uri-list';
const kindOf = {
  attach: DocumentDropOrPasteEditKind.Empty.append('mailbench', 'attach'),
  inline: DocumentDropOrPasteEditKind.Empty.append('mailbench', 'inline'),
  picture: DocumentDropOrPasteEditKind.Empty.append('mailbench', 'picture'),
} as const;
/** Pictures of the clipboard, with the ending that their file gets. */
const pictures: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/gif': 'gif',
  'image/webp': 'webp',
};

interface Brought {
  /** Relative to the document. */
  readonly paths: readonly string[];
  /** Files that have to be written for it. */
  readonly created: readonly { readonly uri: vscode.Uri; readonly file: vscode.DataTransferFile }[];
}

export async function dropEdits(
  document: vscode.TextDocument,
  position: vscode.Position,
  transfer: vscode.DataTransfer,
): Promise<vscode.DocumentDropEdit[]> {
  const brought = await filesOf(document, transfer);
  if (!brought) return [];
  return insertions(document, position, brought).map(({ way, additional }) => {
    const edit = new vscode.DocumentDropEdit(plain(way.text), way.title, kindOf[way.how]);
    edit.additionalEdit = additional;
    return edit;
  });
}

export async function pasteEdits(
  document: vscode.TextDocument,
  ranges: readonly vscode.Range[],
  transfer: vscode.DataTransfer,
): Promise<vscode.DocumentPasteEdit[]> {
  const place = ranges[0];
  const brought = place && (await filesOf(document, transfer));
  if (!place || !brought) return [];
  return insertions(document, place.start, brought).map(({ way, additional }) => {
    const edit = new vscode.DocumentPasteEdit(plain(way.text), way.title, kindOf[way.how]);
    edit.additionalEdit = additional;
    return edit;
  });
}

/** A file's name may hold what a snippet would take for a place. */
function plain(text: string): vscode.SnippetString {
  return new vscode.SnippetString().appendText(text);
}

function insertions(document: vscode.TextDocument, position: vscode.Position, { paths, created }: Brought) {
  return fileInsertions(analysisOf(document), document.offsetAt(position), paths).map((way: FileInsertion) => {
    const additional = toWorkspaceEdit(document, way.edits);
    for (const { uri, file } of created) additional.createFile(uri, { ignoreIfExists: false, contents: file });
    return { way, additional };
  });
}

async function filesOf(document: vscode.TextDocument, transfer: vscode.DataTransfer): Promise<Brought | undefined> {
  const folder = folderOf(document);
  if (!folder) return undefined;
  const list = await transfer.get(uriList)?.asString();
  const uris = (list ?? '')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => parsed(line));
  const paths = uris.flatMap((uri) => relativePath(folder, uri) ?? []);
  if (paths.length > 0) return paths.length === uris.length ? { paths, created: [] } : undefined;
  if (uris.some(({ scheme }) => scheme !== 'file')) return undefined;
  // Not in the workspace, where nothing outside is read from, or never a file: a copy goes beside the document.
  const created: { uri: vscode.Uri; file: vscode.DataTransferFile }[] = [];
  for (const [type, item] of transfer) {
    const file = item.asFile();
    if (!file) continue;
    const ending = pictures[type];
    const clipboard = ending !== undefined && /^image\.\w+$/.test(file.name);
    const name = clipboard || file.name === '' ? `picture.${ending ?? 'bin'}` : file.name.replace(/^.*[\\/]/, '');
    created.push({
      uri: await freeUri(
        folder,
        name,
        created.map(({ uri }) => uri.path),
      ),
      file,
    });
  }
  if (created.length === 0) return undefined;
  return { paths: created.map(({ uri }) => `./${uri.path.slice(uri.path.lastIndexOf('/') + 1)}`), created };
}

function parsed(line: string): vscode.Uri[] {
  try {
    return [vscode.Uri.parse(line, true)];
  } catch {
    return [];
  }
}

/** The path from the document's folder, where the file is in the workspace (or beside a document outside of it). */
export function relativePath(folder: vscode.Uri, uri: vscode.Uri): string | undefined {
  if (uri.scheme !== folder.scheme || uri.authority !== folder.authority) return undefined;
  const root = vscode.workspace.getWorkspaceFolder(folder)?.uri ?? folder;
  if (!uri.path.startsWith(`${root.path.replace(/\/$/, '')}/`)) return undefined;
  const from = folder.path.split('/').filter((part) => part !== '');
  const to = uri.path.split('/').filter((part) => part !== '');
  let same = 0;
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++;
  const up = from.length - same;
  return `${up === 0 ? './' : '../'.repeat(up)}${to.slice(same).join('/')}`;
}

async function freeUri(folder: vscode.Uri, name: string, taken: readonly string[]): Promise<vscode.Uri> {
  const dot = name.lastIndexOf('.');
  const [stem, ending] = dot > 0 ? [name.slice(0, dot), name.slice(dot)] : [name, ''];
  for (let count = 1; ; count++) {
    const uri = vscode.Uri.joinPath(folder, count === 1 ? name : `${stem}-${count}${ending}`);
    if (!taken.includes(uri.path) && !(await exists(uri))) return uri;
  }
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
