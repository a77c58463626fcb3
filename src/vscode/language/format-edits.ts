import type * as vscode from 'vscode';
import { formatHeader } from '../../language/format.ts';
import { analysisOf } from './analyses.ts';
import { toTextEdits } from './places.ts';

export function formatEdits(document: vscode.TextDocument, range?: vscode.Range): vscode.TextEdit[] {
  const within = range && { start: document.offsetAt(range.start), end: document.offsetAt(range.end) };
  return toTextEdits(document, formatHeader(analysisOf(document), within));
}
