import type * as vscode from 'vscode';
import { Analysis } from '../../language/analysis.ts';

const latest = new WeakMap<vscode.TextDocument, { readonly version: number; readonly analysis: Analysis }>();

/** The one reading of a document as it stands: whoever asks first for a version makes it, for all. */
export function analysisOf(document: vscode.TextDocument): Analysis {
  const found = latest.get(document);
  if (found?.version === document.version) return found.analysis;
  const analysis = new Analysis(document.getText());
  latest.set(document, { version: document.version, analysis });
  return analysis;
}
