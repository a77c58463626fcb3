import * as vscode from 'vscode';
import { complete } from '../../language/complete.ts';
import type { Suggestion, SuggestionKind } from '../../language/suggestion.ts';
import { analysisOf } from './analyses.ts';
import type { Knowledge } from './knowledge.ts';

const { CompletionItemKind } = vscode;
const kinds: Readonly<Record<SuggestionKind, vscode.CompletionItemKind>> = {
  field: CompletionItemKind.Field,
  setting: CompletionItemKind.Property,
  value: CompletionItemKind.EnumMember,
  address: CompletionItemKind.User,
  directive: CompletionItemKind.Keyword,
  attribute: CompletionItemKind.Property,
  file: CompletionItemKind.File,
  picture: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
  cid: CompletionItemKind.Reference,
  variable: CompletionItemKind.Variable,
  helper: CompletionItemKind.Function,
  server: CompletionItemKind.Constant,
};

export function completionItems(
  document: vscode.TextDocument,
  position: vscode.Position,
  knowledge: Knowledge,
): vscode.CompletionItem[] {
  const found = complete(analysisOf(document), document.offsetAt(position), knowledge.around(document));
  return found.map((suggestion) => toItem(document, position, suggestion));
}

function toItem(
  document: vscode.TextDocument,
  position: vscode.Position,
  suggestion: Suggestion,
): vscode.CompletionItem {
  const { label, kind, detail, documentation, insert, filter, sort, snippet, again } = suggestion;
  const item = new vscode.CompletionItem(
    detail === undefined ? label : { label, description: short(detail) },
    kinds[kind],
  );
  const start = document.positionAt(suggestion.range.start);
  const line = document.lineAt(position.line).range;
  // A completion replaces text of its own line only.
  const from = start.line === position.line ? start : line.start;
  const end = document.positionAt(suggestion.range.end);
  const to = end.line === position.line ? end : line.end;
  const replacing = new vscode.Range(from, to.isBefore(position) ? position : to);
  // A directive brings its own ">": the one that the editor closed "<" with has to go, whatever the mode.
  item.range = kind === 'directive' ? replacing : { inserting: new vscode.Range(from, position), replacing };
  item.insertText = snippet ? new vscode.SnippetString(insert ?? label) : (insert ?? label);
  item.filterText = filter ?? label;
  if (sort !== undefined) item.sortText = sort;
  if (detail !== undefined && kind !== 'variable') item.detail = detail;
  if (documentation !== undefined) item.documentation = new vscode.MarkdownString(documentation);
  if (again) item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  return item;
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
