import * as vscode from 'vscode';
import { setting } from '../configuration.ts';
import { settings } from '../names.ts';
import type { Previewed } from './previewed.ts';
import type { ToPage } from './protocol.ts';

/** A cursor that moves on has no place to show yet. Milliseconds. */
const pause = 60;

/** Code units of a document up to which the preview goes where the cursor is: finding that takes some 20 ms, once after each change. */
const limit = 64 * 1024;

/** Shows in the page of a preview what the cursor of its document stands in. */
export class Cursor implements vscode.Disposable {
  readonly #post: (message: ToPage) => void;
  readonly #subscription: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;
  #previewed: Previewed | undefined;
  /** Where it went while the text was newer than what is shown. */
  #due: vscode.Position | undefined;
  /** The version of the document in which it was last seen. */
  #seenIn: number | undefined;

  constructor(isSource: (uri: vscode.Uri) => boolean, post: (message: ToPage) => void) {
    this.#post = post;
    this.#subscription = vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      const { document } = textEditor;
      const [first] = selections;
      if (!first || !isSource(document.uri)) return;
      // Who types sees what changes; a mark on it would be in the way.
      const typed = this.#seenIn !== document.version;
      this.#seenIn = document.version;
      clearTimeout(this.#timer);
      if (!setting(settings.previewSyncCursor, document.uri)) return;
      this.#timer = setTimeout(() => this.#moved(document, first.active, !typed), pause);
    });
  }

  /** Something new is shown. */
  shown(previewed: Previewed): void {
    if (previewed.document !== this.#previewed?.document) this.#seenIn = previewed.version;
    this.#previewed = previewed;
    const due = this.#due;
    this.#due = undefined;
    if (due) this.#point(due, false);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
  }

  #moved(document: vscode.TextDocument, position: vscode.Position, mark: boolean): void {
    if (this.#previewed?.version === document.version) this.#point(position, mark);
    else this.#due = position;
  }

  #point(position: vscode.Position, mark: boolean): void {
    const { document, spots, version } = this.#previewed ?? {};
    if (!document || document.isClosed || document.version !== version || document.getText().length > limit) return;
    const spot = spots?.spotAt(document.offsetAt(position));
    if (spot) this.#post({ type: 'point', spot, mark });
  }
}
