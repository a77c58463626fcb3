import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Composed } from '../send/composed.ts';
import { type DraftIdentity, DraftSeeds } from '../send/draft-seed.ts';
import type { ComposeChoice } from './compose-document.ts';
import { DraftSchedule } from './draft-schedule.ts';
import { isDraft } from './mail-documents.ts';
import type { MailWork } from './mail-work.ts';
import { Moves, movedUri } from './moves.ts';
import { OutsideFiles } from './outside-files.ts';

export interface Composition {
  readonly document: vscode.TextDocument;
  /** The version of the document that it was made from. */
  readonly version: number;
  readonly composed: Composed;
}

/** Files come and go in bursts: a build writes many. */
const filePause = 400;

/**
 * The open documents, and what each of them becomes: made once for a change, for everybody who shows it (problems,
 * preview).
 */
export class Drafts implements vscode.Disposable {
  readonly #work: MailWork;
  readonly #seeds = new DraftSeeds(randomUUID, Date.now);
  readonly #schedule = new DraftSchedule<vscode.TextDocument, Composition>({
    make: async (document, signal) => {
      const { version } = document;
      return { document, version, composed: await this.compose(document, { signal }) };
    },
    made: (composition) => this.#made.fire(composition),
    ticks: () => performance.now(),
    later,
  });
  readonly #made = new vscode.EventEmitter<Composition>();
  readonly #closed = new vscode.EventEmitter<vscode.Uri>();
  readonly #moves = new Moves();
  readonly #subscriptions: vscode.Disposable[];

  /** An open document was made into a message anew, since it, or a file that it may name, changed. */
  readonly onDidCompose = this.#made.event;
  readonly onDidClose = this.#closed.event;
  /** A document that may be open goes on under another name. */
  readonly onDidMove = this.#moves.onDidMove;

  constructor(work: MailWork) {
    this.#work = work;
    const { workspace } = vscode;
    const files = workspace.createFileSystemWatcher('**/*');
    const fileChanged = (uri: vscode.Uri) => this.#fileChanged(uri);
    this.#subscriptions = [
      this.#made,
      this.#closed,
      this.#moves,
      workspace.onDidOpenTextDocument((document) => this.#changed(document)),
      workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        // Without any, only whether it is saved has changed.
        if (contentChanges.length === 0) this.#changed(document);
        else if (isDraft(document)) this.#schedule.typed(document);
      }),
      // A finished message goes as its bytes stand on disk, once they stand there.
      workspace.onDidSaveTextDocument((document) => this.#changed(document)),
      workspace.onDidCloseTextDocument((document) => this.#close(document)),
      this.onDidMove((move) => {
        this.#seeds.renamed((key) => movedUri(vscode.Uri.parse(key, true), move)?.toString());
        // It may have been composed under its new name before that was known.
        this.refresh();
      }),
      workspace.onDidDeleteFiles(({ files }) => {
        for (const uri of files) this.#seeds.forget(uri.toString());
      }),
      workspace.onDidGrantWorkspaceTrust(() => this.refresh()),
      new OutsideFiles(fileChanged),
      files,
      files.onDidCreate(fileChanged),
      files.onDidChange(fileChanged),
      files.onDidDelete(fileChanged),
    ];
    this.refresh();
  }

  /** What the document, as it stands now, would be sent as. */
  async compose(
    document: vscode.TextDocument,
    choice?: ComposeChoice,
    draft: DraftIdentity = this.draftOf(document),
  ): Promise<Composed> {
    const { composeDocument } = await import('./compose-document.ts');
    return composeDocument(document, draft, this.#work, choice);
  }

  /**
   * The same, made once for everybody who shows it. Rejects where the document was closed meanwhile; where it went on,
   * gives what it became, after the pause that its typing makes.
   */
  current(document: vscode.TextDocument): Promise<Composition> {
    return this.#schedule.current(document);
  }

  draftOf(document: vscode.TextDocument): DraftIdentity {
    return this.#seeds.draftOf(document.uri.toString());
  }

  /** That draft left: the document's next message is another one. */
  sent(document: vscode.TextDocument, seed: string): void {
    this.#seeds.sent(document.uri.toString(), seed);
    this.#changed(document);
  }

  /** Every open document anew. */
  refresh(): void {
    for (const document of vscode.workspace.textDocuments) this.#changed(document);
  }

  dispose(): void {
    this.#schedule.dispose();
    for (const each of this.#subscriptions) each.dispose();
  }

  #changed(document: vscode.TextDocument, delay = 0): void {
    if (isDraft(document)) this.#schedule.changed(document, delay);
  }

  #fileChanged(uri: vscode.Uri): void {
    if (/\/(?:\.git|node_modules)\//.test(uri.path)) return;
    for (const document of vscode.workspace.textDocuments) {
      // Its own text comes by way of the editor. Only settings and directives name files.
      if (document.uri.toString() === uri.toString()) continue;
      if (isDraft(document) && !document.isClosed && namesFiles(document.getText())) this.#changed(document, filePause);
    }
  }

  #close(document: vscode.TextDocument): void {
    this.#schedule.close(document);
    // Its name goes to the next document that nobody has saved yet, which is another draft.
    if (document.isUntitled) this.#seeds.forget(document.uri.toString());
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
