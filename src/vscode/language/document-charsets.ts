import type * as vscode from 'vscode';
import { loadCharsets } from '../../base/decode-charset.ts';

/** Code units of a document that are looked at: the header and the first parts. */
const most = 65_536;

/** Loads what it takes to decode what the document holds in charsets that the platform doesn't know. */
export async function loadCharsetsOf(document: vscode.TextDocument): Promise<void> {
  await loadCharsets(document.getText().slice(0, most));
}
