import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Composed } from '../send/composed.ts';
import { type DraftIdentity, DraftSeeds } from '../send/draft-seed.ts';
import type { ComposeChoice } from './compose-document.ts';
import { isDraft } from './mail-documents.ts';

export interface Composition {
  readonly document: vscode.TextDocument;
  /** The version of the document that it was made from. */
  readonly version: number;
  readonly composed: Composed;
}

/** A composition under way or made. */
interface Making {
  readonly version: number;
  readonly controller: AbortController;
  readonly composition: Promise<Composition>;
  /** The document, or a file that it may name, changed since. */
  stale: boolean;
}

/**
 * After a keystroke: as a multiple of the time that the last composition took, so that composing takes a third of the time at
 * most; in milliseconds at most; and none at all where it took no longer than `free`, as that of a typical mail: half a
 * frame for each letter is less than a third of the time that anybody takes to type one.
 */
const pause = { perComposition: 2, longest: 400, free: 8 };
/** Files come and go in bursts: a build writes many. */
const filePause = 400;

/**
 * The open documents, and what each of them becomes: made once for a change, for everybody who shows it (problems,
 * preview).
 */
export class Drafts implements vscode.Disposable {
  readonly #seeds = new DraftSeeds(randomUUID, Date.now);
  /** What calls off the composition that a document waits for. */
  readonly #waiting = new Map<string, () => void>();
  readonly #makings = new Map<string, Making>();
  /** How long the last composition of a document took, in milliseconds. */
  readonly #took = new Map<string, number>();
  readonly #made = new vscode.EventEmitter<Composition>();
  readonly #closed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];
  #disposed = false;

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
      workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document, this.#pauseOf(document))),
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
    return composeDocument(document, this.draftOf(document), choice);
  }

  /**
   * The same, made once for everybody who shows it. Rejects where the document was closed meanwhile; where it went on,
   * gives what it became.
   */
  async current(document: vscode.TextDocument): Promise<Composition> {
    const made = this.#makings.get(document.uri.toString());
    const making = made && !made.stale && made.version === document.version ? made : this.#make(document);
    try {
      return await making.composition;
    } catch (error) {
      if (!making.controller.signal.aborted || document.isClosed || this.#disposed) throw error;
      return this.current(document);
    }
  }

  draftOf(document: vscode.TextDocument): DraftIdentity {
    return this.#seeds.draftOf(document.uri.toString());
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
    for (const callOff of this.#waiting.values()) callOff();
    this.#waiting.clear();
    this.#disposed = true;
    for (const { controller } of this.#makings.values()) controller.abort();
    for (const each of this.#subscriptions) each.dispose();
  }

  #schedule(document: vscode.TextDocument, delay: number): void {
    if (!isDraft(document)) return;
    const key = document.uri.toString();
    const made = this.#makings.get(key);
    if (made) made.stale = true;
    this.#waiting.get(key)?.();
    this.#waiting.set(
      key,
      later(delay, () => this.#make(document)),
    );
  }

  #pauseOf(document: vscode.TextDocument): number {
    const took = this.#took.get(document.uri.toString()) ?? 0;
    return took <= pause.free ? 0 : Math.min(took * pause.perComposition, pause.longest);
  }

  #make(document: vscode.TextDocument): Making {
    const key = document.uri.toString();
    this.#waiting.get(key)?.();
    this.#waiting.delete(key);
    this.#makings.get(key)?.controller.abort();
    const { version } = document;
    const controller = new AbortController();
    const began = performance.now();
    const composition = this.compose(document, { signal: controller.signal }).then((composed) => {
      controller.signal.throwIfAborted();
      return { document, version, composed };
    });
    const making: Making = { version, controller, composition, stale: false };
    this.#makings.set(key, making);
    void composition.then(
      (made) => {
        this.#took.set(key, performance.now() - began);
        // What was typed meanwhile has its own turn.
        if (!document.isClosed && document.version === version) this.#made.fire(made);
      },
      (error: unknown) => {
        if (!controller.signal.aborted) throw error;
      },
    );
    return making;
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
    this.#waiting.get(key)?.();
    this.#waiting.delete(key);
    this.#makings.get(key)?.controller.abort();
    this.#makings.delete(key);
    this.#took.delete(key);
    // A document that changed its language is closed and opened, too.
    this.#closed.fire(document.uri);
  }
}

/** Runs after so many milliseconds, without any as soon as what is under way is over; answers what calls it off. */
function later(delay: number, run: () => void): () => void {
  if (delay > 0) {
    const timer = setTimeout(run, delay);
    return () => clearTimeout(timer);
  }
  const turn = setImmediate(run);
  return () => clearImmediate(turn);
}

function namesFiles(text: string): boolean {
  return /^(?:<#|@data:)|\b(?:src|srcset|background)=|url\(/m.test(text);
}
