import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { MailReader } from '../../inspect/mail-reader.ts';
import { messageAt, type PreviewModel, type PreviewOptions } from '../../inspect/preview-model.ts';
import type { Spot } from '../../inspect/spots.ts';
import { TypedModel } from '../../inspect/typed-model.ts';
import type { Drafts } from '../drafts.ts';
import { isDraft, nameOf, neverSaved } from '../mail-documents.ts';
import { schemes } from '../names.ts';
import { AttachmentActions } from './attachment-actions.ts';
import { Cursor } from './cursor.ts';
import { openLink, revealRange, revealSource } from './go-to.ts';
import { pageHtml } from './page-html.ts';
import { PageModel } from './page-model.ts';
import { PanelChecks } from './panel-checks.ts';
import { type Previewed, readPreviewed } from './previewed.ts';
import { type FromPage, fromPage, type ToPage } from './protocol.ts';
import { watchSource } from './source-file.ts';

/** After a change of a text that is no draft, in milliseconds. A draft is shown once it is composed. */
const pause = 30;

/** After the document was closed: it may be there again at once, under another name or in another language. Milliseconds. */
const closingPause = 300;

export interface PreviewParts {
  readonly drafts: Drafts;
  readonly reader: MailReader;
  readonly extensionUri: vscode.Uri;
  /** Shows another message in a panel of its own: one that was attached to this one. */
  readonly openOther: (uri: vscode.Uri) => void;
}

/** One panel: a message, the choices made in its page, and what the page asks for. */
export class PreviewPanel implements vscode.Disposable {
  readonly #panel: vscode.WebviewPanel;
  readonly #parts: PreviewParts;
  readonly #attachments = new AttachmentActions();
  readonly #subscriptions: vscode.Disposable[] = [];
  readonly #cursor: Cursor;
  readonly #page = new PageModel();
  #typed = new TypedModel();
  #source: vscode.Uri;
  #file: vscode.Disposable;
  #checks: PanelChecks;
  /** The page shows its findings. */
  #checking = false;
  #options: PreviewOptions = { scheme: 'light', images: true, remote: false, path: [] };
  #previewed: Previewed | undefined;
  #model: PreviewModel | undefined;
  #probeNonce = '';
  #timer: NodeJS.Timeout | undefined;
  #reading = new AbortController();
  #showing = new AbortController();
  /** Something changed while nobody saw the panel. */
  #stale = false;
  #startWithChecks: boolean;

  constructor(
    panel: vscode.WebviewPanel,
    source: vscode.Uri,
    parts: PreviewParts,
    options: { readonly checks?: boolean },
  ) {
    this.#source = source;
    this.#file = this.#fileOf(source);
    this.#panel = panel;
    this.#parts = parts;
    this.#startWithChecks = options.checks ?? false;
    this.#checks = this.#checksOf(source);
    panel.title = titleOf(source);
    panel.iconPath = {
      light: vscode.Uri.joinPath(parts.extensionUri, 'media/icons/eml-light.svg'),
      dark: vscode.Uri.joinPath(parts.extensionUri, 'media/icons/eml-dark.svg'),
    };
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [vscode.Uri.joinPath(parts.extensionUri, 'media/preview')],
    };
    const isSource = (uri: vscode.Uri) => uri.toString() === this.#source.toString();
    this.#cursor = new Cursor(isSource, (message) => {
      // What is shown of an attached message stands nowhere in the document.
      if (panel.visible && this.#options.path.length === 0) this.#post(message);
    });
    this.#subscriptions.push(
      this.#cursor,
      panel.webview.onDidReceiveMessage((message) => this.#receive(fromPage(message))),
      panel.onDidChangeViewState(() => {
        if (panel.visible && this.#stale) this.#refresh(0);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (isSource(document.uri) && !isDraft(document) && contentChanges.length > 0) this.#refresh(pause);
      }),
      vscode.workspace.onDidSaveTextDocument((document) => {
        if (isSource(document.uri) && !isDraft(document)) this.#refresh(0);
      }),
      parts.drafts.onDidCompose(({ document, composed }) => {
        if (isSource(document.uri) && composed !== this.#previewed?.composed) this.#refresh(0);
      }),
      // What was not saved is given up, and what becomes of the file is told by nobody else.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (isSource(uri)) this.#refresh(closingPause);
      }),
    );
    panel.onDidDispose(() => this.#end());
    this.#loadPage();
  }

  get source(): vscode.Uri {
    return this.#source;
  }

  get active(): boolean {
    return this.#panel.active;
  }

  /** The column that it stands in. */
  get column(): vscode.ViewColumn | undefined {
    return this.#panel.viewColumn;
  }

  /** Brings it to the front, where it stands by default, and leaves the focus where it is. */
  reveal(options: { readonly checks?: boolean; readonly column?: vscode.ViewColumn } = {}): void {
    this.#panel.reveal(options.column, true);
    if (options.checks) this.#showChecks();
  }

  /** Shows another message in place of this one. What was chosen for the page stays; what was allowed to the message doesn't. */
  turnTo(source: vscode.Uri): void {
    // A message that is still being read would come up as this one.
    clearTimeout(this.#timer);
    this.#reading.abort();
    this.#source = source;
    this.#file.dispose();
    this.#file = this.#fileOf(source);
    this.#panel.title = titleOf(source);
    this.#previewed = undefined;
    this.#model = undefined;
    this.#page.forget();
    this.#typed = new TypedModel();
    this.#showing.abort();
    this.#checks.dispose();
    this.#checks = this.#checksOf(source);
    this.#checks.turn(this.#checking, undefined);
    const { remote } = this.#options;
    this.#options = { ...this.#options, remote: false, path: [] };
    if (remote) this.#loadPage();
    else this.#refresh(0);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#reading.abort();
    this.#showing.abort();
    this.#checks.dispose();
    this.#file.dispose();
    this.#attachments.dispose();
    for (const each of this.#subscriptions) each.dispose();
  }

  #fileOf(source: vscode.Uri): vscode.Disposable {
    return watchSource(source, () => this.#refresh(pause));
  }

  #checksOf(source: vscode.Uri): PanelChecks {
    return new PanelChecks(
      source,
      this.#parts.reader,
      (message) => this.#post(message),
      () => this.#probeNonce,
    );
  }

  /** A page anew: its policy says whether remote content may be loaded, and can't be changed from within. */
  #loadPage(): void {
    const { webview } = this.#panel;
    const asset = (name: string) =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#parts.extensionUri, 'media/preview', name)).toString();
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
    if (delay > 0) this.#timer = setTimeout(() => void this.#read(), delay);
    else void this.#read();
  }

  async #read(): Promise<void> {
    this.#stale = false;
    const controller = new AbortController();
    this.#reading = controller;
    try {
      const previewed = await readPreviewed(this.#source, this.#parts.drafts, this.#parts.reader, controller.signal);
      if (controller.signal.aborted) return;
      this.#previewed = previewed;
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#previewed = unreadable(this.#source, error);
    }
    void this.#show();
    this.#checks.changed(this.#previewed);
  }

  /** Shows what was read as the options want it: the newest of both, where a large one took a while. */
  async #show(): Promise<void> {
    this.#showing.abort();
    let previewed = this.#previewed;
    if (!previewed) return;
    const controller = new AbortController();
    this.#showing = controller;
    try {
      if (previewed.view) {
        const model = await this.#parts.reader.model(previewed.view, this.#options, controller.signal, this.#typed);
        if (controller.signal.aborted) return;
        this.#model = model;
      }
    } catch (error) {
      if (controller.signal.aborted) return;
      previewed = unreadable(this.#source, error);
    }
    if (this.#model) this.#options = { ...this.#options, path: this.#model.options.path };
    this.#post({
      type: 'show',
      title: nameOf(this.#source),
      uri: this.#source.toString(),
      problems: previewed.problems.map(({ index, severity, code, message, line }) => ({
        index,
        severity,
        code,
        message,
        line,
      })),
      errors: previewed.errors,
      left: previewed.left,
      ...(previewed.view && this.#model ? { news: this.#page.tell(this.#model) } : {}),
      unread: previewed.unread ?? false,
    });
    this.#cursor.shown(previewed);
  }

  #showChecks(): void {
    this.#startWithChecks = false;
    this.#post({ type: 'tab', tab: 'checks' });
  }

  #goTo(range: vscode.Range | undefined): void {
    void revealRange(this.#previewed?.document, range, this.#panel.viewColumn);
  }

  /** To where a spot was written; to the document as a whole where it holds nothing of it as it is read. */
  async #goToSource(spot: Spot | undefined): Promise<void> {
    const { document, spots } = this.#previewed ?? {};
    const offset = spot && this.#options.path.length === 0 ? spots?.offsetOf(spot) : undefined;
    if (document && offset !== undefined) {
      const position = document.positionAt(offset);
      this.#goTo(new vscode.Range(position, position));
      return;
    }
    await revealSource(this.#source, this.#panel.viewColumn);
    if (spot) vscode.window.setStatusBarMessage('$(info) The source holds this text encoded, or not at all', 5000);
  }

  #receive(message: FromPage | undefined): void {
    switch (message?.type) {
      case undefined:
        return;
      case 'ready':
        // A page that comes back begins with nothing.
        this.#page.forget();
        if (this.#previewed && !this.#stale) void this.#show();
        else this.#refresh(0);
        if (this.#startWithChecks) this.#showChecks();
        return;
      case 'options':
        this.#options = { ...this.#options, scheme: message.scheme, images: message.images, path: message.path };
        void this.#show();
        return;
      case 'remote':
        this.#options = { ...this.#options, remote: message.allow };
        this.#loadPage();
        return;
      case 'source':
        void this.#goToSource(message.spot);
        return;
      case 'link':
        void openLink(this.#model?.html?.links[message.index]);
        return;
      case 'problem':
        this.#goTo(this.#previewed?.problems[message.index]?.range);
        return;
      case 'finding':
        this.#goTo(this.#checks.rangeOf(message.index));
        return;
      case 'attachment': {
        const shown = this.#previewed?.view && messageAt(this.#previewed.view, this.#options.path).message;
        const attachment = shown?.attachments[message.index];
        if (!attachment) return;
        if (message.action === 'save') void this.#attachments.save(attachment, this.#source);
        else void this.#attachments.open(attachment, this.#parts.openOther);
        return;
      }
      case 'checking':
        this.#checking = message.on;
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

function unreadable(source: vscode.Uri, error: unknown): Previewed {
  const gone = error instanceof vscode.FileSystemError && error.code === 'FileNotFound';
  const reason = (error instanceof Error ? error.message : String(error)).replace(/^Error: |\.$/g, '');
  const message = gone
    ? source.scheme === 'untitled'
      ? `${neverSaved(source)} Nothing of it is left to show.`
      : `${nameOf(source)} is no longer there. Once it is back, it is shown here again.`
    : `${reason}. To try again, change the message or open the preview again.`;
  const problem = { index: 0, severity: 'error', code: 'unreadable', message, line: 0 } as const;
  return { unread: true, problems: [problem], errors: 1, left: 0 };
}

/** A captured message goes by its subject; what is written, by its file. */
function titleOf(source: vscode.Uri): string {
  const name = nameOf(source);
  return source.scheme === schemes.inbox ? name.replace(/\.eml$/, '') : `Preview: ${name}`;
}
