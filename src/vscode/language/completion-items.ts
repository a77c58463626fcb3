import * as vscode from 'vscode';
import { complete } from '../../language/complete.ts';
import { takesData } from '../../language/complete-template.ts';
import type { Suggestion, SuggestionKind } from '../../language/suggestion.ts';
import { analysisOf } from './analyses.ts';
import type { Knowledge } from './knowledge.ts';
import { folderOf } from './places.ts';

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

export async function completionItems(
  document: vscode.TextDocument,
  position: vscode.Position,
  knowledge: Knowledge,
): Promise<vscode.CompletionList> {
  const { version } = document;
  const offset = document.offsetAt(position);
  const takes = takesData(analysisOf(document), offset);
  // The editor does not ask again for what was missing from a list that it has.
  if (takes) await knowledge.data(document);
  if (document.version !== version) return new vscode.CompletionList([], true);
  const around = knowledge.around(document);
  const found = complete(analysisOf(document), offset, around);
  if (found.length === 0) return new vscode.CompletionList(noWords(document, position));
  // Which addresses still fit is decided anew with each letter, see couldBecome; and data may be there by the next one.
  const asked = found.some(({ kind }) => kind === 'address') || (takes && around.record === undefined);
  return new vscode.CompletionList(
    found.map((suggestion) => toItem(document, position, suggestion)),
    asked,
  );
}

/**
 * Keeps the words of open documents, those of base64 among them, out of the HTML of a mail. They are off for mails, but
 * there VS Code goes by the settings of HTML; it asks for words only where a provider answers nothing, so that this
 * answers with an entry that no text matches, and which is therefore never shown.
 */
function noWords(document: vscode.TextDocument, position: vscode.Position): vscode.CompletionItem[] {
  const before = position.character === 0 ? undefined : position.translate(0, -1);
  if (!before || !/[\p{L}\p{N}_-]/u.test(document.getText(new vscode.Range(before, position)))) return [];
  const item = new vscode.CompletionItem('…', CompletionItemKind.Text);
  item.filterText = '\0';
  item.insertText = '';
  item.range = new vscode.Range(before, position);
  return [item];
}

function toItem(
  document: vscode.TextDocument,
  position: vscode.Position,
  suggestion: Suggestion,
): vscode.CompletionItem {
  const { label, kind, detail, insert, filter, sort, snippet, again } = suggestion;
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
  // Without `detail`, which the panel beside the list would set above the same words, broken in the midst of them.
  const shown = documentationOf(document, suggestion);
  if (shown.value !== '') item.documentation = shown;
  if (again) item.command = { command: 'editor.action.triggerSuggest', title: 'Suggest' };
  return item;
}

/** What the panel beside the list shows: what there is to say in full, and the picture that is to be chosen. */
function documentationOf(document: vscode.TextDocument, suggestion: Suggestion): vscode.MarkdownString {
  const { detail = '', documentation, picture } = suggestion;
  const markdown =
    documentation === undefined
      ? new vscode.MarkdownString().appendText(detail)
      : new vscode.MarkdownString(documentation);
  const folder = picture === undefined ? undefined : folderOf(document);
  if (!folder || picture === undefined || picture.includes('{{')) return markdown;
  return markdown.appendMarkdown(`\n\n![](${vscode.Uri.joinPath(folder, picture).toString()}|height=120)`);
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
