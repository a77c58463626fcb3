import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { Turns } from '../../base/steps.ts';
import { systemClock } from '../../base/system-clock.ts';
import { showMessage } from '../../inspect/shown-message.ts';
import type { Composition, Drafts } from '../drafts.ts';
import { isDraft, isPreview, openMail, previewedBy } from '../mail-documents.ts';
import { language } from '../names.ts';
import { MimePreviewCursor } from './cursor.ts';
import { MimePreviewLenses } from './lenses.ts';
import { noDocumentNote, noMessageNote, otherLanguageNote, unreadableNote } from './note.ts';
import { forgetShown, forgetShownUnless, keepShown, lastShown, type ShownPreview } from './shown-previews.ts';

interface PreviewFile {
  readonly octets: Uint8Array;
  readonly changed: number;
}

/** What previews of MIME show, and what goes with it: sizes, the cursor's place. Loaded with the first of them. */
export class MimePreviewViews implements vscode.Disposable {
  readonly #drafts: Drafts;
  readonly #cursor = new MimePreviewCursor();
  readonly #subscriptions: vscode.Disposable[];
  /** What is shown in place of a message whose document can't be opened, by the preview's URI. */
  readonly #notes = new Map<string, string>();
  #changed = 1;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(drafts: Drafts) {
    this.#drafts = drafts;
    this.#subscriptions = [
      this.#cursor,
      new MimePreviewLenses(),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (!isPreview(uri)) return;
        forgetShown(uri);
        this.#notes.delete(uri.toString());
      }),
    ];
  }

  /** The preview as a file: UTF-8, and a number that grows with each change. */
  content(uri: vscode.Uri): Promise<PreviewFile> {
    // One at a time, so that what is made last is what was asked for last.
    const made = this.#queue.catch(() => {}).then(() => this.#content(uri));
    this.#queue = made;
    return made;
  }

  async #content(uri: vscode.Uri): Promise<PreviewFile> {
    const source = previewedBy(uri);
    let document: vscode.TextDocument;
    try {
      document = await openMail(source);
    } catch (error) {
      const gone = await vscode.workspace.fs.stat(source).then(
        () => false,
        () => true,
      );
      return this.#nothing(uri, noDocumentNote(source, gone ? undefined : error));
    }
    if (!isDraft(document)) return this.#nothing(uri, otherLanguageNote(source));
    this.#notes.delete(uri.toString());
    const composition = await this.#drafts.current(document);
    const before = lastShown(uri);
    if (before?.composition.composed !== composition.composed) {
      const shown = await shownOf(composition);
      if (!before)
        forgetShownUnless((each) => vscode.workspace.textDocuments.some((open) => open.uri.toString() === each));
      keepShown(uri, shown);
      // Where the text is the same the editor has nothing to tell.
      this.#cursor.follow();
      if (before?.text !== shown.text) this.#changed++;
    }
    return { octets: Buffer.from(markFor(uri) + (lastShown(uri)?.text ?? '')), changed: this.#changed };
  }

  /** A window that comes back may have a preview whose document is gone meanwhile. */
  #nothing(uri: vscode.Uri, note: string): PreviewFile {
    forgetShown(uri);
    if (this.#notes.get(uri.toString()) !== note) this.#changed++;
    this.#notes.set(uri.toString(), note);
    return { octets: Buffer.from(markFor(uri) + note), changed: this.#changed };
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }
}

/** Files are read in the encoding of the settings: for any other than UTF-8 a byte order mark, which no editor shows, says what this is. */
function markFor(uri: vscode.Uri): string {
  const files = vscode.workspace.getConfiguration('files', { uri, languageId: language });
  return files.get('encoding') === 'utf8' && !files.get('autoGuessEncoding') ? '' : '\ufeff';
}

async function shownOf(composition: Composition): Promise<ShownPreview> {
  const { document, composed } = composition;
  if (!composed.message) return { composition, text: noMessageNote(document, composed) };
  try {
    const message = await showMessage(composed.message, composed.built, new Turns(systemClock, setImmediate));
    return { composition, message, text: message.text };
  } catch (error) {
    return { composition, text: unreadableNote(error) };
  }
}
