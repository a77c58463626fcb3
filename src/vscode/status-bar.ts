import * as vscode from 'vscode';
import { onSettingChange, setting } from './configuration.ts';
import type { Drafts } from './drafts.ts';
import type { LocalInbox } from './local-inbox.ts';
import { isDraft, isPreview } from './mail-documents.ts';
import { commands, settings } from './names.ts';
import { ownServer } from './own-server.ts';
import type { SendActivity } from './send-activity.ts';

/** The server that *Send Email* uses, while mail is being written; and where the Local Inbox listens, while it does. */
export class StatusBar implements vscode.Disposable {
  readonly #server = vscode.window.createStatusBarItem('mailbench.server', vscode.StatusBarAlignment.Right, 100);
  readonly #port = vscode.window.createStatusBarItem('mailbench.inbox', vscode.StatusBarAlignment.Right, 99);
  readonly #inbox: LocalInbox;
  readonly #activity: SendActivity;
  readonly #subscriptions: vscode.Disposable[];

  constructor(drafts: Drafts, inbox: LocalInbox, activity: SendActivity) {
    this.#inbox = inbox;
    this.#activity = activity;
    this.#server.name = 'Mail Server';
    this.#port.name = 'Local Inbox';
    this.#port.command = commands.showInbox;
    const refresh = () => void this.#refresh();
    this.#subscriptions = [
      this.#server,
      this.#port,
      vscode.window.onDidChangeActiveTextEditor(refresh),
      vscode.workspace.onDidOpenTextDocument(refresh),
      drafts.onDidCompose(({ document }) => {
        if (document === vscode.window.activeTextEditor?.document) refresh();
      }),
      onSettingChange([settings.server], refresh),
      inbox.onDidChangeState(refresh),
      activity.onDidChange(refresh),
    ];
    refresh();
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  async #refresh(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const draft = document && draftOf(document);
    const own = draft && (await ownServer(draft));
    // Another editor came to the front meanwhile, and has a turn of its own.
    if (document !== vscode.window.activeTextEditor?.document) return;
    const sending = this.#activity.count > 0;
    if (sending) {
      this.#server.text = '$(sync~spin) Sending…';
      this.#server.tooltip = 'Click to cancel sending';
      this.#server.command = commands.cancel;
    } else {
      const name = own ?? setting(settings.server, document?.uri);
      this.#server.text = `$(send) ${name}`;
      this.#server.tooltip = own
        ? `This document names its server itself: “${name}”.`
        : `Mail goes to the server “${name}”. Click to pick another one.`;
      this.#server.command = commands.selectServer;
    }
    if (sending || draft) this.#server.show();
    else this.#server.hide();

    const { address } = this.#inbox;
    if (address) {
      this.#port.text = `$(inbox) ${address.port}`;
      this.#port.tooltip = `The Local Inbox listens on ${address.host}:${address.port}. Click to show its messages.`;
      this.#port.show();
    } else this.#port.hide();
  }
}

/** The mail that an editor is about: its own, or the one that it shows the preview of. */
function draftOf(document: vscode.TextDocument): vscode.TextDocument | undefined {
  if (isDraft(document)) return document;
  if (!isPreview(document.uri)) return undefined;
  return vscode.workspace.textDocuments.find(({ uri }) => uri.toString() === document.uri.query);
}
