import * as vscode from 'vscode';
import { cidAt, renameCid } from '../../language/cids.ts';
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
  if (!found) throw new Error('Only the id of a part can be renamed: put the cursor in id=… or cid:….');
  return { range: toRange(document, found.range), placeholder: found.id };
}

export function renamed(document: vscode.TextDocument, position: vscode.Position, name: string): vscode.WorkspaceEdit {
  const renaming = renameCid(analysisOf(document), document.offsetAt(position), name);
  if (renaming && 'edits' in renaming) return toWorkspaceEdit(document, renaming.edits);
  throw new Error(
    renaming?.refused === 'taken'
      ? `Another part has the id “${name}” already.`
      : 'An id is printable ASCII without spaces and angle brackets.',
  );
}
