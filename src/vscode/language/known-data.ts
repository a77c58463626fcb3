import * as vscode from 'vscode';
import { nodeFiles } from '../../base/node-files.ts';
import { type DataFound, readData } from '../../send/data-file.ts';
import type { Drafts } from '../drafts.ts';
import { isDraft, pathOf, workspaceRootOf } from '../mail-documents.ts';
import { analysisOf } from './analyses.ts';

/** How long a list of names waits for data that was never read. Milliseconds. */
const patience = 300;

/** The data that open documents name, as it was read last: behind the typing, never before an answer to it. */
export class KnownData implements vscode.Disposable {
  readonly #found = new Map<string, Pick<DataFound, 'record' | 'count'>>();
  /** What is read, or was read last, by the document: the path, and when that is done. */
  readonly #reading = new Map<string, { readonly path: string | undefined; readonly done: Promise<void> }>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: Drafts) {
    this.#subscriptions = [
      drafts.onDidCompose(({ document }) => this.#begin(document)),
      drafts.onDidClose((uri) => {
        this.#found.delete(uri.toString());
        this.#reading.delete(uri.toString());
      }),
    ];
    for (const document of vscode.workspace.textDocuments) if (isDraft(document)) this.#begin(document);
  }

  of(document: vscode.TextDocument): Pick<DataFound, 'record' | 'count'> {
    return this.#found.get(document.uri.toString()) ?? {};
  }

  /** Resolves once some data of the document is known, or can't be had; soon, in any case. */
  async read(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    if (this.#found.has(key)) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patience);
    });
    const last = this.#reading.get(key);
    await Promise.race([last && last.path === pathIn(document) ? last.done : this.#begin(document), late]);
    clearTimeout(timer);
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  #begin(document: vscode.TextDocument): Promise<void> {
    const done = this.#read(document);
    this.#reading.set(document.uri.toString(), { path: pathIn(document), done });
    return done;
  }

  async #read(document: vscode.TextDocument): Promise<void> {
    const key = document.uri.toString();
    const analysis = analysisOf(document);
    const data = analysis.setting('data');
    if (!data?.value.text || analysis.finished) {
      this.#found.delete(key);
      return;
    }
    const record = analysis.setting('record')?.value.text;
    const documentPath = pathOf(document);
    const workspaceRoot = workspaceRootOf(document);
    const found = await readData(
      {
        path: data.value.text,
        confined: true,
        range: data.value.range,
        ...(documentPath === undefined ? {} : { documentPath }),
        ...(workspaceRoot === undefined ? {} : { workspaceRoot }),
        ...(record ? { record } : {}),
      },
      nodeFiles,
    );
    // Half-typed data has no record: the one before serves until it has.
    if (found.record && !document.isClosed) this.#found.set(key, found);
  }
}

function pathIn(document: vscode.TextDocument): string | undefined {
  return analysisOf(document).setting('data')?.value.text;
}
