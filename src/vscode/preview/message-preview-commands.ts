import * as vscode from 'vscode';
import type { MessageRecord } from '../../capture/message.ts';
import { messageUri } from '../inbox-files.ts';
import { isPreview, previewedBy } from '../mail-documents.ts';
import { commands, language } from '../names.ts';
import type { MessagePreview } from './message-preview.ts';

/**
 * *Preview Message* and *Check Message*. Both take the URI of a menu, a captured message of the tree, or nothing: then they are
 * about the active editor, a MIME preview standing for its document, or about the preview in front.
 */
export function registerMessagePreviewCommands(preview: MessagePreview): vscode.Disposable {
  const run = async (target: unknown, options: { readonly checks?: boolean }): Promise<void> => {
    if (await preview.show(sourceOf(target), options)) return;
    await (await import('../open-sample.ts')).offerSample('Open a mail (.eml) to preview it.');
  };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(commands.preview, (target?: unknown) => run(target, {})),
    vscode.commands.registerCommand(commands.check, (target?: unknown) => run(target, { checks: true })),
  );
}

function sourceOf(target: unknown): vscode.Uri | undefined {
  if (target instanceof vscode.Uri) return isPreview(target) ? previewedBy(target) : target;
  if (isRecord(target)) return messageUri(target);
  const active = vscode.window.activeTextEditor?.document;
  return active?.languageId === language || (active && isPreview(active.uri)) ? sourceOf(active.uri) : undefined;
}

function isRecord(target: unknown): target is MessageRecord {
  return typeof target === 'object' && target !== null && 'id' in target && 'summary' in target;
}
