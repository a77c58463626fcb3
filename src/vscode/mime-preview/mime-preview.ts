import * as vscode from 'vscode';
import { setting } from '../configuration.ts';
import type { Drafts } from '../drafts.ts';
import { isDraftUri, isPreview, nameOf, previewedBy } from '../mail-documents.ts';
import { type Move, movedUri } from '../moves.ts';
import { schemes, settings } from '../names.ts';
import { ReadOnlyFiles } from '../read-only-files.ts';
import type { MimePreviewViews } from './views.ts';

/** After a document was closed, in milliseconds. */
const closingPause = 300;

/**
 * *Preview MIME*: the exact bytes that a document would be sent as, in a read-only editor that follows the typing. It is a
 * file to VS Code, which gives files breadcrumbs, and takes of new content only the lines that differ: nothing flickers, and folds
 * and the scroll position stay.
 */
export class MimePreview extends ReadOnlyFiles {
  readonly #drafts: Drafts;
  #views: Promise<MimePreviewViews> | undefined;
  #disposed = false;

  constructor(drafts: Drafts) {
    super(schemes.mime);
    this.#drafts = drafts;
    this.subscriptions.push(
      drafts.onDidCompose(({ document }) => this.#tellChanged(document.uri)),
      // What was not saved is given up. It may be there again at once, in another language.
      drafts.onDidClose((uri) => {
        setTimeout(() => this.#tellChanged(uri), closingPause);
      }),
      drafts.onDidMove((move) => void this.#follow(move)),
    );
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    if (!uri.query) throw vscode.FileSystemError.FileNotFound(uri);
    const { octets, changed } = await (await this.#load()).content(uri);
    return { type: vscode.FileType.File, ctime: 0, mtime: changed, size: octets.length };
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    return (await (await this.#load()).content(uri)).octets;
  }

  /** Shows the preview of a document: in the tab of the one before, else beside the editor. */
  async show(source: vscode.Uri): Promise<void> {
    const uri = previewUri(source);
    const before = previewTabs();
    const preview = await vscode.workspace.openTextDocument(uri);
    const column =
      before[0]?.group.viewColumn ??
      (setting(settings.previewColumn, source) === 'beside' ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active);
    await vscode.window.showTextDocument(preview, { viewColumn: column, preserveFocus: true, preview: false });
    await vscode.window.tabGroups.close(
      before.filter((tab) => tab.uri.toString() !== uri.toString()).map(({ tab }) => tab),
    );
  }

  override dispose(): void {
    this.#disposed = true;
    super.dispose();
  }

  /** The document goes on under another name, and the preview that is to be seen with it. */
  async #follow(move: Move): Promise<void> {
    const shown = previewTabs().find(({ tab }) => tab.isActive);
    const to = shown && movedUri(previewedBy(shown.uri), move);
    if (to && isDraftUri(to)) await this.show(to);
  }

  #tellChanged(source: vscode.Uri): void {
    const uri = previewUri(source);
    const key = uri.toString();
    if (vscode.workspace.textDocuments.some((document) => document.uri.toString() === key))
      this.changed.fire([{ type: vscode.FileChangeType.Changed, uri }]);
  }

  #load(): Promise<MimePreviewViews> {
    this.#views ??= import('./views.ts').then(({ MimePreviewViews }) => {
      const views = new MimePreviewViews(this.#drafts);
      if (this.#disposed) views.dispose();
      else this.subscriptions.push(views);
      return views;
    });
    return this.#views;
  }
}

/** `MIME: welcome.eml`, with the ending that makes it mail for the editor. */
function previewUri(source: vscode.Uri): vscode.Uri {
  const name = nameOf(source);
  const path = `/MIME: ${/\.(?:eml|mail)$/i.test(name) ? name : `${name}.eml`}`;
  return vscode.Uri.from({ scheme: schemes.mime, path, query: source.toString() });
}

function previewTabs() {
  return vscode.window.tabGroups.all.flatMap((group) =>
    group.tabs.flatMap((tab) =>
      tab.input instanceof vscode.TabInputText && isPreview(tab.input.uri) ? [{ tab, group, uri: tab.input.uri }] : [],
    ),
  );
}
