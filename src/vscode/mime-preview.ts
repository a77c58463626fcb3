import * as vscode from 'vscode';
import { setting } from './configuration.ts';
import type { Drafts } from './drafts.ts';
import { isPreview, nameOf } from './mail-documents.ts';
import type { MimePreviewViews } from './mime-preview-views.ts';
import { schemes, settings } from './names.ts';

/**
 * *Preview MIME*: the exact bytes that a document would be sent as, in a read-only editor that follows the typing. VS
 * Code itself turns new content into the smallest edits, so nothing flickers and the scroll position stays.
 */
export class MimePreview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #drafts: Drafts;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];
  #views: Promise<MimePreviewViews> | undefined;
  #disposed = false;

  readonly onDidChange = this.#changed.event;

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(schemes.mime, this),
      drafts.onDidCompose(({ document }) => this.#changed.fire(previewUri(document.uri))),
    ];
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    this.#views ??= import('./mime-preview-views.ts').then(({ MimePreviewViews }) => {
      const views = new MimePreviewViews(this.#drafts);
      if (this.#disposed) views.dispose();
      else this.#subscriptions.push(views);
      return views;
    });
    return (await this.#views).text(uri);
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

  dispose(): void {
    this.#disposed = true;
    for (const each of this.#subscriptions) each.dispose();
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
