import * as vscode from 'vscode';
import type { PathPlace } from '../../language/file-fixes.ts';
import type { Surroundings } from '../../language/suggestion.ts';
import type { Drafts } from '../drafts.ts';
import { draftSelector, isDraft, isPreview } from '../mail-documents.ts';
import type { MailWork } from '../mail-work.ts';
import { commands, language, schemes } from '../names.ts';
import { documentOf } from '../send-commands.ts';
import type { Features } from './features.ts';

/** Previews and captured messages have a structure too; only drafts are written. */
const anySelector: vscode.DocumentSelector = { language };
const completionTriggers = ['<', '#', '/', '@', ':', ' ', '"', "'", '=', '.', '{', '$', '%', ',', '('];

/** The language features of mail documents: each a registration here, its work in a module that is loaded with the first mail. */
export class LanguageFeatures implements vscode.Disposable {
  readonly #drafts: Drafts;
  readonly #work: MailWork;
  readonly #subscriptions: vscode.Disposable[];
  #features: Promise<Features> | undefined;
  #disposed = false;

  constructor(drafts: Drafts, work: MailWork, extension: vscode.Uri) {
    this.#drafts = drafts;
    this.#work = work;
    const { languages, workspace, CodeActionKind, DocumentDropOrPasteEditKind } = vscode;
    const mailKind = DocumentDropOrPasteEditKind.Empty.append('mailbench');
    const filed = ['text/uri-list', 'files', 'image/*'];
    this.#subscriptions = [
      workspace.onDidOpenTextDocument((document) => this.#warm(document)),
      workspace.registerTextDocumentContentProvider(schemes.help, {
        provideTextDocumentContent: async (uri) => (await import('./help-documents.ts')).helpText(extension, uri),
      }),
      languages.registerCompletionItemProvider(
        draftSelector,
        { provideCompletionItems: async (document, at) => (await this.#load()).completionItems(document, at) },
        ...completionTriggers,
      ),
      languages.registerHoverProvider(anySelector, {
        provideHover: async (document, at) => (await this.#load()).hover(document, at),
      }),
      languages.registerDocumentSymbolProvider(
        anySelector,
        { provideDocumentSymbols: async (document) => (await this.#load()).symbols(document) },
        { label: 'Mailbench' },
      ),
      languages.registerFoldingRangeProvider(anySelector, {
        provideFoldingRanges: async (document) => (await this.#load()).folds(document),
      }),
      languages.registerDocumentLinkProvider(anySelector, {
        provideDocumentLinks: async (document) => (await this.#load()).links(document),
      }),
      languages.registerSelectionRangeProvider(anySelector, {
        provideSelectionRanges: async (document, at) => (await this.#load()).selections(document, at),
      }),
      languages.registerDefinitionProvider(draftSelector, {
        provideDefinition: async (document, at) => (await this.#load()).definition(document, at),
      }),
      languages.registerReferenceProvider(draftSelector, {
        provideReferences: async (document, at, context) => (await this.#load()).references(document, at, context),
      }),
      languages.registerDocumentHighlightProvider(draftSelector, {
        provideDocumentHighlights: async (document, at) => (await this.#load()).highlights(document, at),
      }),
      languages.registerRenameProvider(draftSelector, {
        prepareRename: async (document, at) => (await this.#load()).renamePlace(document, at),
        provideRenameEdits: async (document, at, name) => (await this.#load()).renamed(document, at, name),
      }),
      languages.registerDocumentFormattingEditProvider(draftSelector, {
        provideDocumentFormattingEdits: async (document) => (await this.#load()).formatEdits(document),
      }),
      languages.registerDocumentRangeFormattingEditProvider(draftSelector, {
        provideDocumentRangeFormattingEdits: async (document, range) =>
          (await this.#load()).formatEdits(document, range),
      }),
      languages.registerOnTypeFormattingEditProvider(
        draftSelector,
        {
          provideOnTypeFormattingEdits: async (document, at, typed) =>
            (await this.#load()).onTypeEdits(document, at, typed),
        },
        '>',
        '\n',
      ),
      languages.registerCodeActionsProvider(
        draftSelector,
        {
          provideCodeActions: async (document, range, context) =>
            (await this.#load()).codeActions(document, range, context),
          resolveCodeAction: async (action) => (await this.#load()).resolvedAction(action),
        },
        { providedCodeActionKinds: [CodeActionKind.RefactorRewrite] },
      ),
      languages.registerDocumentDropEditProvider(
        draftSelector,
        {
          provideDocumentDropEdits: async (document, at, transfer) =>
            (await this.#load()).dropEdits(document, at, transfer),
        },
        { dropMimeTypes: filed, providedDropEditKinds: [mailKind] },
      ),
      languages.registerDocumentPasteEditProvider(
        draftSelector,
        {
          provideDocumentPasteEdits: async (document, ranges, transfer) =>
            (await this.#load()).pasteEdits(document, ranges, transfer),
        },
        { pasteMimeTypes: filed, providedPasteEditKinds: [mailKind] },
      ),
      vscode.commands.registerCommand(commands.attachFile, async (target?: unknown, instead?: PathPlace) =>
        this.#with(await documentOf(target), (features, document) =>
          instead ? features.chooseFile(document, instead) : features.attachFile(document),
        ),
      ),
      vscode.commands.registerCommand(commands.toggleComment, async () => {
        const editor = vscode.window.activeTextEditor;
        if (editor?.document.languageId === language) await (await this.#load()).toggleComment(editor);
      }),
      vscode.commands.registerCommand(commands.convert, async (target?: unknown) =>
        this.#with(await mailOf(target), (features, document) => features.convert(document)),
      ),
    ];
    for (const document of workspace.textDocuments) this.#warm(document);
  }

  /** What is known beside a document. */
  async around(document: vscode.TextDocument): Promise<Surroundings> {
    return (await this.#load()).around(document);
  }

  dispose(): void {
    this.#disposed = true;
    for (const each of this.#subscriptions) each.dispose();
    void this.#features?.then((features) => features.dispose());
  }

  /** Loads ahead of the first question, once activation is over. */
  #warm(document: vscode.TextDocument): void {
    if (this.#features || !isDraft(document)) return;
    setTimeout(() => {
      if (!this.#disposed) void this.#load();
    }, 50);
  }

  #load(): Promise<Features> {
    this.#features ??= import('./features.ts').then(({ Features }) => new Features(this.#drafts, this.#work));
    return this.#features;
  }

  async #with<T>(
    document: vscode.TextDocument | undefined,
    run: (features: Features, document: vscode.TextDocument) => T | Promise<T>,
  ) {
    if (document) return run(await this.#load(), document);
    void vscode.window.showInformationMessage('Open a mail (.eml) first.');
    return undefined;
  }
}

/** A draft, or a captured message: that can be converted too. */
async function mailOf(target: unknown): Promise<vscode.TextDocument | undefined> {
  const uri = target instanceof vscode.Uri ? target : vscode.window.activeTextEditor?.document.uri;
  if (!uri || isPreview(uri)) return documentOf(target);
  const document = await vscode.workspace.openTextDocument(uri);
  return document.languageId === language ? document : undefined;
}
