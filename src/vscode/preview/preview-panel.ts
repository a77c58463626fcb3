import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { messageAt, type PreviewModel, type PreviewOptions, previewModel } from '../../inspect/preview-model.ts';
import type { Drafts } from '../drafts.ts';
import { nameOf } from '../mail-documents.ts';
import { AttachmentActions } from './attachment-actions.ts';
import { openLink, revealRange, revealSource } from './go-to.ts';
import { pageHtml } from './page-html.ts';
import { PanelChecks } from './panel-checks.ts';
import { type Previewed, readPreviewed } from './previewed.ts';
import { type FromPage, fromPage, type ToPage } from './protocol.ts';

/** After the last keystroke. Composing and reading a typical mail take a few milliseconds more. */
const pause = 30;

/** One panel: a message, the choices made in its page, and what the page asks for. */
export class PreviewPanel implements vscode.Disposable {
  readonly source: vscode.Uri;
  readonly #panel: vscode.WebviewPanel;
  readonly #drafts: Drafts;
  readonly #extensionUri: vscode.Uri;
  readonly #openOther: (uri: vscode.Uri) => void;
  readonly #attachments = new AttachmentActions();
  readonly #checks: PanelChecks;
  readonly #subscriptions: vscode.Disposable[] = [];
  #options: PreviewOptions = { scheme: 'light', images: true, remote: false, path: [] };
  #previewed: Previewed | undefined;
  #model: PreviewModel | undefined;
  #probeNonce = '';
  #timer: NodeJS.Timeout | undefined;
  #reading = new AbortController();
  /** The version of the document that the page shows. */
  #shownVersion = -1;
  /** Something changed while nobody saw the panel. */
  #stale = false;
  #startWithChecks: boolean;

  constructor(
    panel: vscode.WebviewPanel,
    source: vscode.Uri,
    drafts: Drafts,
    extensionUri: vscode.Uri,
    openOther: (uri: vscode.Uri) => void,
    options: { readonly checks?: boolean },
  ) {
    this.source = source;
    this.#panel = panel;
    this.#drafts = drafts;
    this.#extensionUri = extensionUri;
    this.#openOther = openOther;
    this.#startWithChecks = options.checks ?? false;
    this.#checks = new PanelChecks(
      source,
      (message) => this.#post(message),
      () => this.#probeNonce,
    );
    panel.title = `Preview: ${nameOf(source)}`;
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media/icons/eml-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media/icons/eml-dark.svg'),
    };
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'media/preview')],
    };
    const isSource = (uri: vscode.Uri) => uri.toString() === source.toString();
    this.#subscriptions.push(
      panel.webview.onDidReceiveMessage((message) => this.#receive(fromPage(message))),
      panel.onDidChangeViewState(() => {
        if (panel.visible && this.#stale) this.#refresh(0);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (isSource(document.uri) && contentChanges.length > 0) this.#refresh(pause);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (isSource(document.uri)) this.#refresh(0);
      }),
      // A file that the document names changed, or its seed did.
      drafts.onDidCompose(({ document, version }) => {
        if (isSource(document.uri) && version === this.#shownVersion) this.#refresh(pause);
      }),
    );
    panel.onDidDispose(() => this.#end());
    this.#loadPage();
  }

  get active(): boolean {
    return this.#panel.active;
  }

  reveal(options: { readonly checks?: boolean }): void {
    this.#panel.reveal(undefined, true);
    if (options.checks) this.#showChecks();
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#reading.abort();
    this.#checks.dispose();
    this.#attachments.dispose();
    for (const each of this.#subscriptions) each.dispose();
  }

  /** A page anew: its policy says whether remote content may be loaded, and can't be changed from within. */
  #loadPage(): void {
    const { webview } = this.#panel;
    const asset = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extensionUri, 'media/preview', name)).toString();
    this.#probeNonce = randomBytes(18).toString('base64url');
    webview.html = pageHtml({
      cspSource: webview.cspSource,
      nonce: randomBytes(18).toString('base64url'),
      probeNonce: this.#probeNonce,
      script: asset('preview.js'),
      style: asset('preview.css'),
      remote: this.#options.remote,
    });
  }

  #post(message: ToPage): void {
    void this.#panel.webview.postMessage(message);
  }

  #refresh(delay: number): void {
    clearTimeout(this.#timer);
    this.#reading.abort();
    if (!this.#panel.visible) {
      this.#stale = true;
      return;
    }
    this.#timer = setTimeout(() => void this.#read(), delay);
  }

  async #read(): Promise<void> {
    this.#stale = false;
    const controller = new AbortController();
    this.#reading = controller;
    try {
      const previewed = await readPreviewed(this.source, this.#drafts, controller.signal);
      if (controller.signal.aborted) return;
      this.#previewed = previewed;
      this.#shownVersion = previewed.document?.version ?? -1;
    } catch (error) {
      if (controller.signal.aborted) return;
      const message = `The message can’t be read: ${error instanceof Error ? error.message : String(error)}`;
      this.#previewed = { problems: [{ index: 0, severity: 'error', code: 'unreadable', message, line: 0 }] };
    }
    this.#show();
    this.#checks.changed(this.#previewed);
  }

  #show(): void {
    const previewed = this.#previewed;
    if (!previewed) return;
    if (previewed.view) this.#model = previewModel(previewed.view, this.#options);
    if (this.#model) this.#options = { ...this.#options, path: this.#model.options.path };
    this.#post({
      type: 'show',
      title: nameOf(this.source),
      uri: this.source.toString(),
      problems: previewed.problems.map(({ index, severity, code, message, line }) => ({
        index,
        severity,
        code,
        message,
        line,
      })),
      ...(previewed.view && this.#model ? { model: this.#model } : {}),
    });
  }

  #showChecks(): void {
    this.#startWithChecks = false;
    this.#post({ type: 'tab', tab: 'checks' });
  }

  #receive(message: FromPage | undefined): void {
    switch (message?.type) {
      case undefined:
        return;
      case 'ready':
        // A page that comes back begins with nothing.
        if (this.#previewed && !this.#stale) this.#show();
        else this.#refresh(0);
        if (this.#startWithChecks) this.#showChecks();
        return;
      case 'options':
        this.#options = { ...this.#options, scheme: message.scheme, images: message.images, path: message.path };
        this.#show();
        return;
      case 'remote':
        this.#options = { ...this.#options, remote: message.allow };
        this.#loadPage();
        return;
      case 'source':
        void revealSource(this.source);
        return;
      case 'link':
        void openLink(this.#model?.html?.links[message.index]);
        return;
      case 'problem':
        void revealRange(this.#previewed?.document, this.#previewed?.problems[message.index]?.range);
        return;
      case 'finding':
        void revealRange(this.#previewed?.document, this.#checks.rangeOf(message.index));
        return;
      case 'attachment': {
        const shown = this.#previewed?.view && messageAt(this.#previewed.view, this.#options.path).message;
        const attachment = shown?.attachments[message.index];
        if (!attachment) return;
        if (message.action === 'save') void this.#attachments.save(attachment, this.source);
        else void this.#attachments.open(attachment, this.#openOther);
        return;
      }
      case 'checking':
        this.#checks.turn(message.on, this.#previewed);
        return;
      case 'reach':
        this.#checks.reach();
        return;
      case 'report':
        void this.#checks.report();
        return;
      case 'probed':
        this.#checks.probed(message.id, message.findings);
        return;
    }
  }
}
