import * as vscode from 'vscode';
import { commands } from '../names.ts';
import { documentOf } from '../send-commands.ts';
import type { MimePreview } from './mime-preview.ts';

export function registerMimePreviewCommands(preview: MimePreview): vscode.Disposable {
  return vscode.commands.registerCommand(commands.previewMime, async (target?: unknown) => {
    const document = await documentOf(target);
    if (document) await preview.show(document.uri);
    else await (await import('../open-sample.ts')).offerSample('Open a mail (.eml) to preview it.');
  });
}
