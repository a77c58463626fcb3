import * as vscode from 'vscode';
import { cidAt, type Refusal, renameCid } from '../../language/cids.ts';
import { analysisOf } from './analyses.ts';
import { toRange, toWorkspaceEdit } from './places.ts';

export function definitionOf(document: vscode.TextDocument, position: vscode.Position): vscode.Location[] {
  const found = cidAt(analysisOf(document), document.offsetAt(position));
  return (found?.definitions ?? []).map((range) => new vscode.Location(document.uri, toRange(document, range)));
}

export function referencesOf(
  document: vscode.TextDocument,
  position: vscode.Position,
  { includeDeclaration }: vscode.ReferenceContext,
): vscode.Location[] {
  const found = cidAt(analysisOf(document), document.offsetAt(position));
  if (!found) return [];
  const ranges = includeDeclaration ? [...found.definitions, ...found.references] : found.references;
  return ranges.map((range) => new vscode.Location(document.uri, toRange(document, range)));
}

export function highlightsOf(document: vscode.TextDocument, position: vscode.Position): vscode.DocumentHighlight[] {
  const found = cidAt(analysisOf(document), document.offsetAt(position));
  const { Write, Read } = vscode.DocumentHighlightKind;
  return [
    ...(found?.definitions ?? []).map((range) => new vscode.DocumentHighlight(toRange(document, range), Write)),
    ...(found?.references ?? []).map((range) => new vscode.DocumentHighlight(toRange(document, range), Read)),
  ];
}

export function renamePlace(document: vscode.TextDocument, position: vscode.Position) {
  const found = cidAt(analysisOf(document), document.offsetAt(position));
  if (!found) throw new Error('Only the id of a part can be renamed: put the cursor in id=…, cid:… or Content-ID.');
  return { range: toRange(document, found.range), placeholder: found.id };
}

export function renamed(document: vscode.TextDocument, position: vscode.Position, name: string): vscode.WorkspaceEdit {
  const renaming = renameCid(analysisOf(document), document.offsetAt(position), name);
  if (renaming && 'edits' in renaming) return toWorkspaceEdit(document, renaming.edits);
  throw new Error(refusals[renaming?.refused ?? 'invalid'](name));
}

const convertFirst = 'Convert to Composed Document makes a text of it that can be edited.';

const refusals: Readonly<Record<Refusal, (name: string) => string>> = {
  invalid: () => 'An id is printable ASCII without spaces and angle brackets.',
  taken: (name) => `Another part has the id “${name}” already.`,
  long: (name) => `“${name}” does not fit into a line of the quoted-printable HTML.`,
  signed: () => `The message is signed, and a new id would break its signature. ${convertFirst}`,
  base64: () => `HTML of the message is in base64, where its cid: links can’t be renamed. ${convertFirst}`,
  charset: () =>
    `HTML of the message is in a charset in which its cid: links can’t be told by their octets. ${convertFirst}`,
};
