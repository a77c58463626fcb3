import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

const skipped = '**/{node_modules,.git}/**';
/** Milliseconds before each try: while a window starts, the search is not there yet and finds nothing, or fails. */
const pauses = [0, 300, 1000, 3000];

/** The files of the workspace that fit a pattern, at most so many. Never rejects. */
export async function findFiles(pattern: string, most: number): Promise<vscode.Uri[]> {
  for (const pause of pauses) {
    if (pause > 0) await sleep(pause, undefined, { ref: false });
    if (!vscode.workspace.workspaceFolders?.length) return [];
    try {
      const found = await vscode.workspace.findFiles(pattern, skipped, most);
      if (found.length > 0) return found;
    } catch {
      // The next try may do better; without any, the list stays empty.
    }
  }
  return [];
}
