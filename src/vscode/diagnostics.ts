import * as vscode from 'vscode';
import type { Problem } from '../send/composed.ts';
import { onSettingChange } from './configuration.ts';
import type { Composition, Drafts } from './drafts.ts';
import { settings } from './names.ts';

/** The problems of the open documents: in the editor, in the Problems view, and for quick fixes. */
export class Diagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('mailbench');
  readonly #shown = new Map<string, { version: number; problems: readonly Problem[] }>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: Drafts) {
    this.#subscriptions = [
      this.#collection,
      // A document may name a server that is now there, or no longer.
      onSettingChange([settings.servers], () => drafts.refresh()),
      drafts.onDidCompose((composition) => this.#show(composition)),
      drafts.onDidClose((uri) => {
        this.#shown.delete(uri.toString());
        this.#collection.delete(uri);
      }),
    ];
  }

  /** What is shown for a document, where that was made from its present text. */
  problemsOf(document: vscode.TextDocument): readonly Problem[] {
    const shown = this.#shown.get(document.uri.toString());
    return shown?.version === document.version ? shown.problems : [];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  async #show({ document, version, composed }: Composition): Promise<void> {
    const { problemsOf, toDiagnostic } = await import('./problem-diagnostics.ts');
    if (document.isClosed || document.version !== version) return;
    const problems = problemsOf(document, composed);
    this.#shown.set(document.uri.toString(), { version, problems });
    this.#collection.set(
      document.uri,
      problems.map((problem) => toDiagnostic(document, problem)),
    );
  }
}
