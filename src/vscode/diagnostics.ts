import * as vscode from 'vscode';
import { Turns } from '../base/steps.ts';
import type { Shown } from '../language/silence.ts';
import type { Problem } from '../send/composed.ts';
import { comesTrue } from './comes-true.ts';
import { onSettingChange } from './configuration.ts';
import type { Composition, Drafts } from './drafts.ts';
import { settings } from './names.ts';

/** Milliseconds after which problems of a text that is being typed are shown: what is half written is wrong all the time. */
const pause = 150;

/** How long whoever asks for fixes waits for the problems of what was just typed. Milliseconds. */
const patience = 2000;

/** The problems of the open documents: in the editor, in the Problems view, and for quick fixes. */
export class Diagnostics implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection('mailbench');
  readonly #shown = new Map<string, { version: number; problems: readonly Shown<Problem>[] }>();
  /** What is to be shown last. */
  readonly #newest = new Map<string, Composition>();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #onDidShow = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: Drafts) {
    this.#subscriptions = [
      this.#collection,
      this.#onDidShow,
      // A document may name a server that is now there, or no longer.
      onSettingChange(
        [
          settings.servers,
          settings.checkSeverity,
          settings.checkAttachmentWords,
          settings.checkMessageSize,
          settings.checkLineLength,
        ],
        () => drafts.refresh(),
      ),
      drafts.onDidCompose((composition) => this.#schedule(composition)),
      drafts.onDidClose((uri) => {
        clearTimeout(this.#timers.get(uri.toString()));
        this.#timers.delete(uri.toString());
        this.#newest.delete(uri.toString());
        this.#shown.delete(uri.toString());
        this.#collection.delete(uri);
        this.#onDidShow.fire();
      }),
    ];
  }

  /**
   * What is shown for the present text of a document. The marks of the text before stand until then, and whoever asks at one
   * of them for its fixes is not to hear that there are none. Nothing once nobody waits for it any more.
   */
  async problemsOf(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<readonly Shown<Problem>[]> {
    const key = document.uri.toString();
    const present = () => {
      const shown = this.#shown.get(key);
      return shown?.version === document.version ? shown.problems : undefined;
    };
    // Without an entry it is no draft of ours, or its first problems are not there yet, and no marks either.
    const isSettled = () => present() !== undefined || !this.#shown.has(key);
    await comesTrue(isSettled, this.#onDidShow.event, token, patience);
    return present() ?? [];
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    for (const each of this.#subscriptions) each.dispose();
  }

  #schedule(composition: Composition): void {
    const key = composition.document.uri.toString();
    clearTimeout(this.#timers.get(key));
    this.#newest.set(key, composition);
    // The first ones, and those of another file than the one that is typed in, are awaited.
    const typed = this.#shown.has(key) && this.#shown.get(key)?.version !== composition.version;
    this.#timers.set(
      key,
      setTimeout(() => void this.#show(composition), typed ? pause : 0),
    );
  }

  async #show(composition: Composition): Promise<void> {
    const { document, version, composed } = composition;
    const key = document.uri.toString();
    const { problemSteps, toDiagnostic } = await import('./problem-diagnostics.ts');
    const isPast = () => document.version !== version || this.#newest.get(key) !== composition;
    if (isPast()) return;
    const turns = new Turns({ ticks: () => performance.now() }, () => new Promise((resolve) => setImmediate(resolve)));
    const problems = await turns.run(problemSteps(document, composed));
    const diagnostics: vscode.Diagnostic[] = [];
    for (const problem of problems) {
      if (turns.over) await turns.pause();
      if (isPast()) return;
      diagnostics.push(toDiagnostic(document, problem));
    }
    if (isPast()) return;
    this.#shown.set(key, { version, problems });
    this.#collection.set(document.uri, diagnostics);
    this.#onDidShow.fire();
  }
}
