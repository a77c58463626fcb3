import * as vscode from 'vscode';
import type { Drafts } from '../drafts.ts';
import { nameOf } from '../mail-documents.ts';
import type { MailWork } from '../mail-work.ts';
import { type Move, movedUri } from '../moves.ts';
import { schemes, webviews } from '../names.ts';
import type { PreviewPanel } from './preview-panel.ts';

/** Where a captured message is to be seen, where no panel shows one yet. */
export interface CapturedPlace {
  readonly column: vscode.ViewColumn;
  /** The column that somebody writes in, not to be covered. */
  readonly keepFree?: vscode.ViewColumn | undefined;
}

/**
 * *Preview Message*: each document's message as its reader would see it, in a panel beside the editor that follows the
 * typing. Works for drafts, finished and captured messages, and mail files of any file system. Construct it once, in
 * `activate`; `show` is what the command `mailbench.preview` calls, with the URI of an explorer's entry or without.
 */
export class MessagePreview implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #drafts: Drafts;
  readonly #work: MailWork;
  readonly #extensionUri: vscode.Uri;
  /** The open panels, by the URI of what they show. */
  readonly #panels = new Map<string, PreviewPanel>();
  readonly #subscriptions: vscode.Disposable[];
  /** The panel in which captured messages follow one another, as files do in the tab of a preview. */
  #captured: PreviewPanel | undefined;
  /** The captured message before this one is shown. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(drafts: Drafts, work: MailWork, extensionUri: vscode.Uri) {
    this.#drafts = drafts;
    this.#work = work;
    this.#extensionUri = extensionUri;
    this.#subscriptions = [
      vscode.window.registerWebviewPanelSerializer(webviews.preview, this),
      drafts.onDidMove((move) => this.#follow(move)),
    ];
  }

  /**
   * Shows the message of `uri`, else that of the panel in front: in its panel if it has one. `checks` opens it at the findings.
   * Answers false where there is nothing to show.
   */
  async show(uri?: vscode.Uri, options: { readonly checks?: boolean } = {}): Promise<boolean> {
    const source = uri ?? this.activeSource;
    if (!source) return false;
    const key = source.toString();
    const open = this.#panels.get(key);
    if (open) {
      open.reveal(options);
      return true;
    }
    const beside = vscode.workspace.getConfiguration('mailbench', source).get('preview.column') !== 'active';
    const column = beside ? vscode.ViewColumn.Beside : vscode.ViewColumn.Active;
    await this.#adopt(this.#create(source, column), source, options);
    return true;
  }

  /**
   * Shows a captured message: in its panel if it has one, else in that of the captured message before it. The focus stays where it is.
   */
  showCaptured(uri: vscode.Uri, { column, keepFree }: CapturedPlace): Promise<void> {
    const shown = this.#turn.then(async () => {
      const own = this.#panels.get(uri.toString());
      const panel = own ?? this.#captured;
      if (!panel) {
        this.#captured = await this.#adopt(this.#create(uri, column), uri, {});
        return;
      }
      if (!own) this.#turnTo(panel, uri);
      panel.reveal(keepFree !== undefined && panel.column === keepFree ? { column } : {});
    });
    this.#turn = shown.catch(() => undefined);
    return shown;
  }

  /** Closes the panels of messages that are gone. */
  close(isGone: (uri: vscode.Uri) => boolean): void {
    for (const panel of this.#panels.values()) if (isGone(panel.source)) panel.dispose();
  }

  /** What the panel in front shows, where no editor is: a command then has something to be about. */
  get activeSource(): vscode.Uri | undefined {
    return [...this.#panels.values()].find((panel) => panel.active)?.source;
  }

  /** VS Code brings back a panel of an earlier window. Its state is what the page kept: it is not trusted further than to name a URI. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const uri = typeof state === 'object' && state !== null ? (state as { uri?: unknown }).uri : undefined;
    if (typeof uri !== 'string' || uri === '') {
      panel.dispose();
      return;
    }
    const source = vscode.Uri.parse(uri);
    const shown = await this.#adopt(panel, source, {});
    if (source.scheme === schemes.inbox) this.#captured ??= shown;
  }

  dispose(): void {
    for (const panel of this.#panels.values()) panel.dispose();
    for (const each of this.#subscriptions) each.dispose();
  }

  /** Documents go on under other names: so do their panels. */
  #follow(move: Move): void {
    for (const panel of [...this.#panels.values()]) {
      const to = movedUri(panel.source, move);
      if (!to) continue;
      // One was open of the file that this one took the place of.
      this.#panels.get(to.toString())?.dispose();
      this.#turnTo(panel, to);
    }
  }

  #turnTo(panel: PreviewPanel, uri: vscode.Uri): void {
    this.#panels.delete(panel.source.toString());
    this.#panels.set(uri.toString(), panel);
    panel.turnTo(uri);
  }

  #create(source: vscode.Uri, viewColumn: vscode.ViewColumn): vscode.WebviewPanel {
    const place = { viewColumn, preserveFocus: true };
    return vscode.window.createWebviewPanel(webviews.preview, nameOf(source), place, { enableFindWidget: true });
  }

  /** Undefined where the panel was closed meanwhile. */
  async #adopt(
    panel: vscode.WebviewPanel,
    source: vscode.Uri,
    options: { readonly checks?: boolean },
  ): Promise<PreviewPanel | undefined> {
    let gone = false;
    panel.onDidDispose(() => {
      gone = true;
    });
    const [{ PreviewPanel }, reader] = await Promise.all([import('./preview-panel.ts'), this.#work.reader()]);
    if (gone) return undefined;
    // Two windows' worth of state may name one document.
    this.#panels.get(source.toString())?.dispose();
    const parts = {
      drafts: this.#drafts,
      reader,
      extensionUri: this.#extensionUri,
      openOther: (uri: vscode.Uri) => void this.show(uri),
    };
    const shown = new PreviewPanel(panel, source, parts, options);
    this.#panels.set(source.toString(), shown);
    panel.onDidDispose(() => {
      const key = shown.source.toString();
      if (this.#panels.get(key) === shown) this.#panels.delete(key);
      if (this.#captured === shown) this.#captured = undefined;
    });
    return shown;
  }
}
