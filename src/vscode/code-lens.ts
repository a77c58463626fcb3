import * as vscode from 'vscode';
import { onSettingChange, setting } from './configuration.ts';
import type { Drafts } from './drafts.ts';
import { draftSelector } from './mail-documents.ts';
import { commands, settings } from './names.ts';
import { ownServer } from './own-server.ts';
import type { SendActivity } from './send-activity.ts';

/** *Send Email | Send to All 3 Records | Preview MIME | Preview Message | server: inbox*, above the first line. */
export class SendLens implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #activity: SendActivity;
  /** How many records the data of a document has, as it was read last. */
  readonly #records = new Map<string, number>();

  readonly onDidChangeCodeLenses = this.#changed.event;

  constructor(activity: SendActivity, drafts: Drafts) {
    this.#activity = activity;
    this.#subscriptions = [
      this.#changed,
      activity.onDidChange(() => this.#changed.fire()),
      onSettingChange([settings.server], () => this.#changed.fire()),
      vscode.languages.registerCodeLensProvider(draftSelector, this),
      drafts.onDidCompose(({ document, composed }) => this.#count(document.uri, composed.record?.count ?? 0)),
      drafts.onDidClose((uri) => this.#records.delete(uri.toString())),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const range = new vscode.Range(0, 0, 0, 0);
    const lens = (title: string, command: string, tooltip: string) =>
      new vscode.CodeLens(range, { title, command, tooltip, arguments: [document.uri] });
    const own = await ownServer(document);
    const server = own ?? setting(settings.server, document.uri);
    const records = this.#records.get(document.uri.toString()) ?? 0;
    const sending = this.#activity.isSending(document.uri);
    return [
      sending
        ? lens('Sending… Cancel', commands.cancel, 'Stop this send')
        : lens('Send Email', commands.send, `Send this mail to the server “${server}”`),
      ...(records > 1 && !sending
        ? [
            lens(
              `Send to All ${records.toLocaleString('en-US')} Records`,
              commands.sendAll,
              'Send one mail for each record of the data',
            ),
          ]
        : []),
      lens('Preview MIME', commands.previewMime, 'Show the exact bytes that would be sent'),
      lens('Preview Message', commands.preview, 'Show the message as its recipient would see it'),
      own === undefined
        ? lens(`server: ${server}`, commands.selectServer, 'Pick the server to send to')
        : lens(`server: ${own} (@server)`, commands.selectServer, 'This document names its server itself'),
    ];
  }

  #count(uri: vscode.Uri, count: number): void {
    const key = uri.toString();
    if ((this.#records.get(key) ?? 0) === count) return;
    this.#records.set(key, count);
    this.#changed.fire();
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }
}
