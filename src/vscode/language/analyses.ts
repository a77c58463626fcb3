import type * as vscode from 'vscode';
import { parseDocument } from '../../document/parse.ts';
import { Analysis } from '../../language/analysis.ts';
import { isCaptured, isPreview } from '../mail-documents.ts';
import { shownIn } from '../mime-preview/shown-previews.ts';

const latest = new WeakMap<vscode.TextDocument, { readonly version: number; readonly analysis: Analysis }>();

/** The one reading of a document as it stands: whoever asks first for a version makes it, for all. */
export function analysisOf(document: vscode.TextDocument): Analysis {
  const found = latest.get(document);
  if (found?.version === document.version) return found.analysis;
  const message = isPreview(document.uri) ? shownIn(document)?.message : undefined;
  const text = document.getText();
  // Its header may lack the field that tells a finished message: it is one because it goes, or came, as it stands.
  const known = message || isCaptured(document.uri) ? 'finished' : undefined;
  const analysis = new Analysis(text, parseDocument(text, known), message);
  latest.set(document, { version: document.version, analysis });
  return analysis;
}
