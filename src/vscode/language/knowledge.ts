import * as vscode from 'vscode';
import { systemClock } from '../../base/system-clock.ts';
import type { Surroundings } from '../../language/suggestion.ts';
import type { Drafts } from '../drafts.ts';
import { knownServers } from '../servers.ts';
import { relativePath } from './drop-and-paste.ts';
import { KnownAddresses } from './known-addresses.ts';
import { KnownData } from './known-data.ts';
import { folderOf } from './places.ts';
import { WorkspaceFiles } from './workspace-files.ts';

/** What the features know beside the document, gathered in the background. */
export class Knowledge implements vscode.Disposable {
  readonly #files = new WorkspaceFiles();
  readonly #addresses = new KnownAddresses();
  readonly #data: KnownData;

  constructor(drafts: Drafts) {
    this.#data = new KnownData(drafts);
  }

  around(document: vscode.TextDocument): Surroundings {
    const { record, count } = this.#data.of(document);
    const base = folderOf(document);
    const now = systemClock.now();
    return {
      addresses: this.#addresses.all,
      servers: knownServers(document.uri),
      folder: (path) => (base ? this.#files.entries(vscode.Uri.joinPath(base, path)) : []),
      named: (name) => (base ? this.#files.named(name).flatMap((uri) => relativePath(base, uri) ?? []) : []),
      now: { epochMs: now, offset: systemClock.offsetMinutes(now) },
      ...(record === undefined ? {} : { record }),
      ...(count === undefined ? {} : { records: count }),
    };
  }

  /** Resolves once the data of a document is known, and soon in any case. */
  data(document: vscode.TextDocument): Promise<void> {
    return this.#data.read(document);
  }

  dispose(): void {
    this.#files.dispose();
    this.#addresses.dispose();
    this.#data.dispose();
  }
}
