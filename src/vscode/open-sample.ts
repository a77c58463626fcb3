import { cp, readdir, readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { commands } from './names.ts';

/** The order in which the samples lead from the simple to the rest; what is not named comes after, by name. */
const first = ['welcome.eml', 'html-with-picture.eml', 'template.eml'];

/**
 * *Open Sample…*: a copy of one of the extension's samples, to be changed and sent at will. The copies stand together, with the
 * pictures and data that they name, in a folder that an update of the extension leaves alone; what was changed stays.
 *
 * @param storage the extension's own folder on this machine
 */
export async function openSample(extension: vscode.Uri, storage: vscode.Uri): Promise<void> {
  const source = vscode.Uri.joinPath(extension, 'media', 'samples');
  const chosen = await vscode.window.showQuickPick(samplesOf(source.fsPath), {
    title: 'Open Sample',
    placeHolder: 'A copy opens, to be changed and sent at will',
    matchOnDetail: true,
  });
  if (!chosen) return;
  const target = vscode.Uri.joinPath(storage, 'samples');
  try {
    await cp(source.fsPath, target.fsPath, { recursive: true, force: false });
    await vscode.window.showTextDocument(vscode.Uri.joinPath(target, chosen.path), { preview: false });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`The sample could not be copied to ${target.fsPath}: ${reason}`);
  }
}

/** What the commands say that want a mail in front and have none. */
export async function offerSample(words: string): Promise<void> {
  const action = 'Open Sample…';
  if ((await vscode.window.showInformationMessage(words, action)) === action) {
    await vscode.commands.executeCommand(commands.openSample);
  }
}

interface SampleItem extends vscode.QuickPickItem {
  readonly path: string;
}

async function samplesOf(folder: string): Promise<SampleItem[]> {
  const names = (await readdir(folder, { recursive: true })).map((name) => name.replaceAll('\\', '/'));
  const mails = names.filter((name) => /^(?:[^/]+\/)?[^/]+\.eml$/.test(name));
  const rank = (name: string) =>
    `${name.includes('/') ? 1 : 0}${first.includes(name) ? first.indexOf(name) : first.length} ${name}`;
  mails.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  return Promise.all(
    mails.map(async (path): Promise<SampleItem> => {
      const text = await readFile(`${folder}/${path}`, 'utf8');
      return { label: `$(mail) ${path}`, detail: purposeOf(text), path };
    }),
  );
}

/** The first sentence of the remark that a sample begins with. */
function purposeOf(text: string): string {
  const remark = /^(?:#.*\r?\n)+/.exec(text)?.[0] ?? '';
  const lines = remark.split(/\r?\n/).map((line) => line.replace(/^#\s*/, ''));
  // The name of a class in Python's library has dots of its own.
  if (lines[0]?.startsWith('Python: ')) return lines[0].replace(/,$/, '');
  const words = lines.join(' ').trim();
  return /^.*?[.。](?=\s|$)/.exec(words)?.[0] ?? words;
}
