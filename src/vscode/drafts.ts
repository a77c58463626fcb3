import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Composed } from '../send/composed.ts';
import { DraftSeeds } from '../send/draft-seed.ts';
import type { ComposeChoice } from './compose-document.ts';
import { isDraft } from './mail-documents.ts';

export interface Composition {
  readonly document: vscode.TextDocument;
  /** The version of the document that it was made from. */
  readonly version: number;
  readonly composed: Composed;
}

/** Long enough to take a burst of typing in one go, short enough to look like at once. Milliseconds. */
const pause = 120;
/** Files come and go in bursts: a build writes many. */
const filePause = 400;

/**
 * The open documents, and what each of them becomes: made once for a change, for everybody who shows it (problems,
 * preview).
 */
export class Drafts implements vscode.Disposable {
  readonly #seeds = new DraftSeeds(randomUUID);
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #composing = new Map<string, AbortController>();
  readonly #made = new vscode.EventEmitter<Composition>();
  readonly #closed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];

  /** An open document was made into a message anew, since it, or a file that it may name, changed. */
  readonly onDidCompose = this.#made.event;
  readonly onDidClose = this.#closed.event;

  constructor() {
    const { workspace } = vscode;
    const files = workspace.createFileSystemWatcher('**/*');
    const fileChanged = (uri: vscode.Uri) => this.#fileChanged(uri);
    this.#subscriptions = [
      this.#made,
      this.#closed,
      workspace.onDidOpenTextDocument((document) => this.#schedule(document, 0)),
      workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, pause)),
      // A finished message goes as its bytes stand on disk, once they stand there.
      workspace.onDidSaveTextDocument((document) => this.#schedule(document, 0)),
      workspace.onDidCloseTextDocument((document) => this.#close(document)),
      workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) this.#seeds.renamed(oldUri.toString(), newUri.toString());
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      files,
      files.onDidCreate(fileChanged),
      files.onDidChange(fileChanged),
      files.onDidDelete(fileChanged),
    ];
    this.refresh();
  }

  /** What the document, as it stands now, would be sent as. */
  async compose(document: vscode.TextDocument, choice?: ComposeChoice): Promise<Composed> {
    const { composeDocument } = await import('./compose-document.ts');
    return composeDocument(document, this.seedOf(document), choice);
  }

  seedOf(document: vscode.TextDocument): string {
    return this.#seeds.seedOf(document.uri.toString());
  }

  /** That draft left: the document's next message is another one. */
  sent(document: vscode.TextDocument, seed: string): void {
    this.#seeds.sent(document.uri.toString(), seed);
    this.#schedule(document, 0);
  }

  /** Every open document anew. */
  refresh(): void {
    for (const document of vscode.workspace.textDocuments) this.#schedule(document, 0);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    for (const controller of this.#composing.values()) controller.abort();
    for (const each of this.#subscriptions) each.dispose();
  }

  #schedule(document: vscode.TextDocument, delay: number): void {
    if (!isDraft(document)) return;
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        void this.#make(document);
      }, delay),
    );
  }

  async #make(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const { version } = document;
    const controller = new AbortController();
    this.#composing.get(key)?.abort();
    this.#composing.set(key, controller);
    try {
      const composed = await this.compose(document, { signal: controller.signal });
      // What was typed meanwhile has its own turn.
      if (document.isClosed || document.version !== version || controller.signal.aborted) return;
      this.#made.fire({ document, version, composed });
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    } finally {
      if (this.#composing.get(key) === controller) this.#composing.delete(key);
    }
  }

  #fileChanged(uri: vscode.Uri): void {
    if (/\/(?:\.git|node_modules)\//.test(uri.path)) return;
    for (const document of vscode.workspace.textDocuments) {
      // Its own text comes by way of the editor. Only settings and directives name files.
      if (document.uri.toString() === uri.toString()) continue;
      if (isDraft(document) && !document.isClosed && namesFiles(document.getText()))
        this.#schedule(document, filePause);
    }
  }

  #close(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
    this.#composing.get(key)?.abort();
    // A document that changed its language is closed and opened, too.
    this.#closed.fire(document.uri);
  }
}

function namesFiles(text: string): boolean {
  return /^(?:<#|@data:)|\b(?:src|srcset|background)=|url\(/m.test(text);
}
