import * as vscode from 'vscode';
import { contextKeys } from './names.ts';

/** The sends that are under way in this window: who shows them, and who can stop them. */
export class SendActivity implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #running = new Map<AbortController, string | undefined>();

  readonly onDidChange = this.#changed.event;

  get count(): number {
    return this.#running.size;
  }

  isSending(document: vscode.Uri): boolean {
    return [...this.#running.values()].includes(document.toString());
  }

  /**
   * Runs one send, of a document or of another extension's text. `work` rejects or resolves soon after its signal aborted; this
   * stays true to what it does.
   */
  async run<T>(document: vscode.Uri | undefined, work: (controller: AbortController) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#running.set(controller, document?.toString());
    this.#tell();
    try {
      return await work(controller);
    } finally {
      this.#running.delete(controller);
      this.#tell();
    }
  }

  /** Stops the sends of a document; without one, all of them. */
  cancel(document?: vscode.Uri): void {
    for (const [controller, of] of this.#running) {
      if (!document || of === document.toString()) controller.abort();
    }
  }

  dispose(): void {
    this.cancel();
    this.#changed.dispose();
  }

  #tell(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.sending, this.#running.size > 0);
    this.#changed.fire();
  }
}
