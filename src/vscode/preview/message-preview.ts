import * as vscode from 'vscode';
import type { Drafts } from '../drafts.ts';
import { nameOf } from '../mail-documents.ts';
import type { PreviewPanel } from './preview-panel.ts';

/** The type of the panels, by which VS Code brings them back: `onWebviewPanel:mailbench.preview` wakes the extension for it. */
export const previewType = 'mailbench.preview';

/**
 * *Preview Message*: each document's message as its reader would see it, in a panel beside the editor that follows the
 * typing. Works for drafts, finished and captured messages, and mail files of any file system. Construct it once, in
 * `activate`; `show` is what the command `mailbench.preview` calls, with the URI of an explorer's entry or without.
 */
export class MessagePreview implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #drafts: Drafts;
  readonly #extensionUri: vscode.Uri;
  /** The open panels, by the URI of what they show. */
  readonly #panels = new Map<string, PreviewPanel>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: Drafts, extensionUri: vscode.Uri) {
    this.#drafts = drafts;
    this.#extensionUri = extensionUri;
    this.#subscriptions = [vscode.window.registerWebviewPanelSerializer(previewType, this)];
  }

  /**
   * Shows the message of `uri`, else that of the panel in front: in its panel if it has one. `checks` opens it at the findings.
   * Answers false where there is nothing to show.
   */
  async show(uri?: vscode.Uri, options: { readonly checks?: boolean } = {}): Promise<boolean> {
    const source = uri ?? this.#activeSource();
    if (!source) return false;
    const key = source.toString();
    const open = this.#panels.get(key);
    if (open) {
      open.reveal(options);
      return true;
    }
    const beside = vscode.workspace.getConfiguration('mailbench', source).get('preview.column') !== 'active';
    const column = beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    const panel = vscode.window.createWebviewPanel(
      previewType,
      `Preview: ${nameOf(source)}`,
      { viewColumn: column, preserveFocus: true },
      { enableFindWidget: true },
    );
    await this.#adopt(panel, source, options);
    return true;
  }

  /** VS Code brings back a panel of an earlier window. Its state is what the page kept: it is not trusted further than to name a URI. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const uri = typeof state === 'object' && state !== null ? (state as { uri?: unknown }).uri : undefined;
    if (typeof uri !== 'string' || uri === '') {
      panel.dispose();
      return;
    }
    await this.#adopt(panel, vscode.Uri.parse(uri), {});
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
    for (const each of this.#subscriptions) each.dispose();
  }

  async #adopt(panel: vscode.WebviewPanel, source: vscode.Uri, options: { readonly checks?: boolean }): Promise<void> {
    let gone = false;
    panel.onDidDispose(() => {
      gone = true;
    });
    const { PreviewPanel } = await import('./preview-panel.ts');
    if (gone) return;
    const key = source.toString();
    // Two windows' worth of state may name one document.
    this.#panels.get(key)?.dispose();
    const shown = new PreviewPanel(
      panel,
      source,
      this.#drafts,
      this.#extensionUri,
      (uri) => void this.show(uri),
      options,
    );
    this.#panels.set(key, shown);
    panel.onDidDispose(() => {
      if (this.#panels.get(key) === shown) this.#panels.delete(key);
    });
  }

  /** What the panel in front shows, where no editor is: the command then has something to be about. */
  #activeSource(): vscode.Uri | undefined {
    return [...this.#panels.values()].find((panel) => panel.active)?.source;
  }
}
