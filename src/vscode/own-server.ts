import type * as vscode from 'vscode';

/** The server that a document names itself, with `@server`. */
export async function ownServer(document: vscode.TextDocument): Promise<string | undefined> {
  if (!/^@server:/im.test(document.getText())) return undefined;
  const { analysisOf } = await import('./language/analyses.ts');
  return analysisOf(document).setting('server')?.value.text || undefined;
}
