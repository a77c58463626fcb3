import type * as vscode from 'vscode';
import type { Surroundings } from '../../language/suggestion.ts';
import type { Drafts } from '../drafts.ts';
import { HtmlDiagnostics } from '../html-diagnostics.ts';
import type { MailWork } from '../mail-work.ts';
import { attachFile, chooseFile } from './attach-file.ts';
import { definitionOf, highlightsOf, referencesOf, renamed, renamePlace } from './cid-providers.ts';
import { completionItems } from './completion-items.ts';
import { convertDocument } from './convert-document.ts';
import { dropEdits, pasteEdits } from './drop-and-paste.ts';
import { codeActionsOf, resolvedAction } from './field-actions.ts';
import { formatEdits } from './format-edits.ts';
import { hoverOf } from './hovers.ts';
import { Knowledge } from './knowledge.ts';
import { onTypeEdits } from './on-type.ts';
import { foldsOf, linksOf, selectionsOf, symbolsOf } from './structure.ts';
import { toggleComment } from './toggle-comment.ts';

/** What answers the editor, and what it knows beside the document. Loaded when a mail is first opened. */
export class Features implements vscode.Disposable {
  readonly #knowledge: Knowledge;
  readonly #html: HtmlDiagnostics;

  constructor(drafts: Drafts, work: MailWork) {
    this.#knowledge = new Knowledge(drafts);
    this.#html = new HtmlDiagnostics(drafts, work);
  }

  readonly around = (document: vscode.TextDocument): Surroundings => this.#knowledge.around(document);
  readonly completionItems = (document: vscode.TextDocument, position: vscode.Position) =>
    completionItems(document, position, this.#knowledge);
  readonly hover = (document: vscode.TextDocument, position: vscode.Position) =>
    hoverOf(document, position, this.#knowledge);
  readonly symbols = symbolsOf;
  readonly folds = foldsOf;
  readonly links = linksOf;
  readonly selections = selectionsOf;
  readonly definition = definitionOf;
  readonly references = referencesOf;
  readonly highlights = highlightsOf;
  readonly renamePlace = renamePlace;
  readonly renamed = renamed;
  readonly formatEdits = formatEdits;
  readonly onTypeEdits = onTypeEdits;
  readonly codeActions = codeActionsOf;
  readonly resolvedAction = resolvedAction;
  readonly dropEdits = dropEdits;
  readonly pasteEdits = pasteEdits;
  readonly attachFile = attachFile;
  readonly chooseFile = chooseFile;
  readonly toggleComment = toggleComment;
  readonly convert = convertDocument;

  dispose(): void {
    this.#knowledge.dispose();
    this.#html.dispose();
  }
}
