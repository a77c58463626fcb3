import type * as vscode from 'vscode';
import type { ShownMessage } from '../../inspect/shown-message.ts';
import type { Composition } from '../drafts.ts';

/** What a preview shows, and what it was made of. */
export interface ShownPreview {
  readonly text: string;
  readonly composition: Composition;
  /** Undefined where there is no message. */
  readonly message?: ShownMessage;
}

/** By the preview's URI, the newest last: an editor may still hold the one before. */
const kept = new Map<string, readonly ShownPreview[]>();
const found = new WeakMap<
  vscode.TextDocument,
  { readonly version: number; readonly shown: ShownPreview | undefined }
>();

export function keepShown(uri: vscode.Uri, shown: ShownPreview): void {
  const key = uri.toString();
  kept.set(key, [...(kept.get(key) ?? []).slice(-1), shown]);
}

export function lastShown(uri: vscode.Uri): ShownPreview | undefined {
  return kept.get(uri.toString())?.at(-1);
}

/** Previews that may have been asked for, and closed before they were there: of those nobody tells that they closed. */
export function forgetShownUnless(isWanted: (uri: string) => boolean): void {
  for (const key of kept.keys()) if (!isWanted(key)) kept.delete(key);
}

export function forgetShown(uri: vscode.Uri): void {
  kept.delete(uri.toString());
}

/** What an editor's preview shows; undefined while its text is on its way. Compared once for a version of it. */
export function shownIn(preview: vscode.TextDocument): ShownPreview | undefined {
  const last = lastShown(preview.uri);
  const before = found.get(preview);
  // The same text may be made of another composition.
  if (before?.version === preview.version && before.shown && before.shown.text === last?.text) return last;
  const text = preview.getText();
  const shown = kept.get(preview.uri.toString())?.findLast((each) => each.text === text);
  found.set(preview, { version: preview.version, shown });
  return shown;
}
