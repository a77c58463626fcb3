import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { fileNameOf } from '../../inspect/file-name.ts';
import type { AttachmentView } from '../../inspect/message.ts';

/** Opening and saving what a message carries. Files that are opened stand in a folder of their own until the preview closes. */
export class AttachmentActions implements vscode.Disposable {
  #folder: string | undefined;
  #count = 0;

  /** Shows an attachment in an editor; an attached message opens as a preview of its own. */
  async open(attachment: AttachmentView, preview: (uri: vscode.Uri) => void): Promise<void> {
    this.#folder ??= mkdtempSync(join(tmpdir(), 'mailbench-'));
    // Numbered, since two attachments may have one name.
    const path = join(this.#folder, `${++this.#count}-${fileNameOf(attachment)}`);
    await writeFile(path, attachment.content, { mode: 0o600 });
    const uri = vscode.Uri.file(path);
    if (attachment.type === 'message/rfc822') preview(uri);
    else await vscode.commands.executeCommand('vscode.open', uri, { preview: true });
  }

  async save(attachment: AttachmentView, beside: vscode.Uri): Promise<void> {
    const name = fileNameOf(attachment);
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const near =
      beside.scheme === 'file' ? vscode.Uri.joinPath(beside, '..', name) : folder && vscode.Uri.joinPath(folder, name);
    const target = await vscode.window.showSaveDialog({ ...(near ? { defaultUri: near } : {}), title: `Save ${name}` });
    if (!target) return;
    try {
      await vscode.workspace.fs.writeFile(target, attachment.content);
    } catch (error) {
      await vscode.window.showErrorMessage(
        `${name} was not saved: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  dispose(): void {
    if (this.#folder) rmSync(this.#folder, { recursive: true, force: true });
    this.#folder = undefined;
  }
}
