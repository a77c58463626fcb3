import * as vscode from 'vscode';
import type { MessageRecord } from '../capture/message.ts';
import { setting } from './configuration.ts';
import { idOf, messageUri } from './inbox-files.ts';
import type { InboxTree } from './inbox-tree.ts';
import type { LocalInbox } from './local-inbox.ts';
import { commands, schemes, settings, views } from './names.ts';
import type { MessagePreview } from './preview/message-preview.ts';
import type { ReadMarks } from './read-marks.ts';

/** What can be done with captured messages, and with the inbox itself. */
export class InboxMessages implements vscode.Disposable {
  readonly #inbox: LocalInbox;
  readonly #marks: ReadMarks;
  readonly #tree: InboxTree;
  readonly #preview: MessagePreview;
  readonly #subscriptions: vscode.Disposable[];

  constructor(inbox: LocalInbox, marks: ReadMarks, tree: InboxTree, preview: MessagePreview) {
    this.#inbox = inbox;
    this.#marks = marks;
    this.#tree = tree;
    this.#preview = preview;
    const { registerCommand } = vscode.commands;
    this.#subscriptions = [
      registerCommand(commands.openMessage, (target?: unknown) => this.#open(target)),
      registerCommand(commands.openMessageSource, (target?: unknown) => this.#openSource(target)),
      registerCommand(commands.copyMessage, (target?: unknown) => this.#copy(target)),
      registerCommand(commands.revealMessage, (target?: unknown) => this.#reveal(target)),
      registerCommand(commands.deleteMessage, (target?: unknown, all?: unknown) => this.#delete(target, all)),
      registerCommand(commands.clearInbox, () => this.#clear()),
      registerCommand(commands.markAllRead, () => this.#markAllRead()),
      registerCommand(commands.startInbox, () => this.#start()),
      registerCommand(commands.stopInbox, () => inbox.stop()),
      registerCommand(commands.showInbox, () => vscode.commands.executeCommand(`${views.inbox}.focus`)),
      inbox.onDidChangeMessages(({ removed }) => {
        void marks.forget(removed);
        preview.close((uri) => uri.scheme === schemes.inbox && removed.includes(idOf(uri)));
      }),
    ];
  }

  /** The message that a command is about: the one it was called on, else that of the active editor or preview. */
  async resolve(target: unknown): Promise<MessageRecord | undefined> {
    if (isRecord(target)) return target;
    const uri = target instanceof vscode.Uri ? target : (activeTextUri() ?? this.#preview.activeSource);
    if (uri?.scheme !== schemes.inbox) return undefined;
    return (await this.#inbox.store()).record(idOf(uri));
  }

  /** Shows a message that was just sent from here, as it arrived, and leaves the focus with the one who writes. */
  async arrived(record: MessageRecord, source: vscode.Uri | undefined): Promise<void> {
    if (!setting(settings.inboxOpenAfterSend, source)) return;
    const beside = source !== undefined && setting(settings.previewColumn, source) === 'beside';
    if (!beside) return this.#show(record, vscode.ViewColumn.Active);
    await this.#show(record, vscode.ViewColumn.Beside, vscode.window.activeTextEditor?.viewColumn);
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  async #open(target: unknown): Promise<void> {
    const record = await this.resolve(target);
    if (record) await this.#show(record, vscode.ViewColumn.Active);
  }

  async #openSource(target: unknown): Promise<void> {
    const record = await this.resolve(target);
    if (!record) return;
    await vscode.window.showTextDocument(messageUri(record), { preview: true });
    await this.#marks.mark([record.id]);
  }

  /** As its recipient would see it, or as text. The focus stays in the list, or with the one who writes. */
  async #show(record: MessageRecord, column: vscode.ViewColumn, keepFree?: vscode.ViewColumn): Promise<void> {
    const uri = messageUri(record);
    if (setting(settings.inboxOpenAs) === 'message') await this.#preview.showCaptured(uri, { column, keepFree });
    else await vscode.window.showTextDocument(uri, { viewColumn: column, preserveFocus: true, preview: true });
    await this.#marks.mark([record.id]);
  }

  async #copy(target: unknown): Promise<void> {
    const record = await this.resolve(target);
    const octets = record && (await (await this.#inbox.store()).read(record.id));
    if (!octets) return;
    await vscode.env.clipboard.writeText(new TextDecoder().decode(octets));
    vscode.window.setStatusBarMessage('$(check) Source copied', 3000);
  }

  async #reveal(target: unknown): Promise<void> {
    const record = await this.resolve(target);
    if (!record) return;
    const path = (await this.#inbox.store()).pathOf(record.id);
    await vscode.commands.executeCommand('revealFileInOS', vscode.Uri.file(path));
  }

  /**
   * Without a question: it is test mail, and there is the draft that it came from. `target` is `selection` where the
   * key for it was pressed in the list.
   */
  async #delete(target: unknown, all: unknown): Promise<void> {
    const several = target === 'selection' ? this.#tree.selection : Array.isArray(all) ? all.filter(isRecord) : [];
    const chosen = several.length > 0 ? several : [await this.resolve(target)];
    const store = await this.#inbox.store();
    for (const record of chosen) if (record) await store.remove(record.id);
  }

  async #clear(): Promise<void> {
    const store = await this.#inbox.store();
    const { length } = await store.list();
    if (length === 0) return;
    const all = length === 1 ? 'Delete It' : `Delete ${length} Messages`;
    const question = `Delete ${length === 1 ? 'the one message' : `all ${length} messages`} of the Local Inbox?`;
    const detail = 'They are gone for good, in every window.';
    if ((await vscode.window.showWarningMessage(question, { modal: true, detail }, all)) === all) await store.clear();
  }

  async #markAllRead(): Promise<void> {
    const records = await (await this.#inbox.store()).list();
    await this.#marks.mark(records.map(({ id }) => id));
  }

  async #start(): Promise<void> {
    try {
      const { address, port } = await this.#inbox.start();
      vscode.window.setStatusBarMessage(`$(check) The Local Inbox listens on ${address}:${port}`, 5000);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      void vscode.window.showErrorMessage(`The Local Inbox could not be started: ${reason}`);
    }
  }
}

function activeTextUri(): vscode.Uri | undefined {
  return vscode.window.activeTextEditor?.document.uri;
}

function isRecord(value: unknown): value is MessageRecord {
  return typeof value === 'object' && value !== null && 'summary' in value && 'received' in value;
}
