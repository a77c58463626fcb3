import * as vscode from 'vscode';
import { onSettingChange, setting } from './configuration.ts';
import { draftSelector } from './mail-documents.ts';
import { commands, settings } from './names.ts';
import { ownServer } from './own-server.ts';
import type { SendActivity } from './send-activity.ts';

/** *Send Email | Preview MIME | Preview Message | server: inbox*, above the first line. */
export class SendLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #activity: SendActivity;

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(activity: SendActivity) {
    this.#activity = activity;
    this.#subscriptions = [
      this.#changed,
      activity.onDidChange(() => this.#changed.fire()),
      onSettingChange([settings.server], () => this.#changed.fire()),
      vscode.languages.registerCodeLensProvider(draftSelector, this),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const range = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string, tooltip: string) =>
      new vscode.CodeLens(range, { title, command, tooltip, arguments: [document.uri] });
    const own = await ownServer(document);
    const server = own ?? setting(settings.server, document.uri);
    return [
      this.#activity.isSending(document.uri)
        ? lens('Sending… Cancel', commands.cancel, 'Stop this send')
        : lens('Send Email', commands.send, `Send this mail to the server “${server}”`),
      lens('Preview MIME', commands.previewMime, 'Show the exact bytes that would be sent'),
      lens('Preview Message', commands.preview, 'Show the message as its recipient would see it'),
      own === undefined
        ? lens(`server: ${server}`, commands.selectServer, 'Pick the server to send to')
        : lens(`server: ${own} (@server)`, commands.selectServer, 'This document names its server itself'),
    ];
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }
}
