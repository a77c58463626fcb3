import * as vscode from 'vscode';
import { showMessage } from '../inspect/shown-message.ts';
import type { Composition, Drafts } from './drafts.ts';
import { isPreview, previewedBy } from './mail-documents.ts';
import { MimePreviewCursor } from './mime-preview-cursor.ts';
import { MimePreviewLenses } from './mime-preview-lenses.ts';
import { noMessageNote, unreadableNote } from './mime-preview-note.ts';
import { forgetShown, keepShown, lastShown, type ShownPreview } from './shown-previews.ts';

/** What previews of MIME show, and what goes with it: sizes, the cursor's place. Loaded with the first of them. */
export class MimePreviewViews implements vscode.Disposable {
  readonly #drafts: Drafts;
  readonly #cursor = new MimePreviewCursor();
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
    this.#subscriptions = [
      this.#cursor,
      new MimePreviewLenses(),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (isPreview(uri)) forgetShown(uri);
      }),
    ];
  }

  async text(uri: vscode.Uri): Promise<string> {
    const document = await vscode.workspace.openTextDocument(previewedBy(uri));
    const composition = await this.#drafts.current(document);
    const before = lastShown(uri);
    if (before?.composition.composed === composition.composed) return before.text;
    const shown = await shownOf(composition);
    keepShown(uri, shown);
    // Where the text is the same the editor has nothing to tell.
    this.#cursor.follow();
    return shown.text;
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }
}

async function shownOf(composition: Composition): Promise<ShownPreview> {
  const { document, composed } = composition;
  if (!composed.message) return { composition, text: noMessageNote(document, composed) };
  try {
    const message = await showMessage(composed.message, composed.built);
    return { composition, message, text: message.text };
  } catch (error) {
    return { composition, text: unreadableNote(error) };
  }
}
