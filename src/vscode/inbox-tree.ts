import * as vscode from 'vscode';
import { trimOf } from '../base/trim.ts';
import { visible } from '../base/visible.ts';
import type { MessageRecord } from '../capture/message.ts';
import type { LocalInbox } from './local-inbox.ts';
import { commands, contextKeys, views } from './names.ts';
import type { ReadMarks } from './read-marks.ts';
import { exactTime, relativeTime } from './relative-time.ts';

/** Ages are shown in minutes. */
const minute = 60_000;

/** The captured messages, newest first. */
export class InboxTree implements vscode.TreeDataProvider<MessageRecord>, vscode.Disposable {
  readonly #inbox: LocalInbox;
  readonly #marks: ReadMarks;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<MessageRecord>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #ageing: NodeJS.Timeout;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(inbox: LocalInbox, marks: ReadMarks) {
    this.#inbox = inbox;
    this.#marks = marks;
    this.#view = vscode.window.createTreeView(views.inbox, { treeDataProvider: this, canSelectMany: true });
    const refresh = () => void this.#refresh();
    this.#subscriptions = [
      this.#changed,
      this.#view,
      inbox.onDidChangeMessages(refresh),
      inbox.onDidChangeState(() => this.#describe()),
      marks.onDidChange(refresh),
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) refresh();
      }),
    ];
    this.#ageing = setInterval(() => {
      if (this.#view.visible) refresh();
    }, minute);
    this.#ageing.unref?.();
  }

  get selection(): readonly MessageRecord[] {
    return this.#view.selection;
  }

  async getChildren(element?: MessageRecord): Promise<MessageRecord[]> {
    if (element) return [];
    const store = await this.#inbox.store();
    const records = [...(await store.list())].reverse();
    this.#count(records);
    return records;
  }

  getParent(): undefined {
    return undefined;
  }

  getTreeItem(record: MessageRecord): vscode.TreeItem {
    const subject = visible(record.summary.subject?.trim() ?? '');
    const from = visible(record.summary.from?.trim() ?? '');
    const item = new vscode.TreeItem(subject || '(no subject)');
    const read = this.#marks.isRead(record.id);
    item.id = record.id;
    item.contextValue = 'mailbench.message';
    item.description = [senderName(from), relativeTime(record.received, Date.now())].filter(Boolean).join(' · ');
    item.iconPath = read
      ? new vscode.ThemeIcon('mail-read')
      : new vscode.ThemeIcon('circle-filled', new vscode.ThemeColor('charts.blue'));
    item.command = { command: commands.openMessage, title: 'Open Message', arguments: [record] };
    item.accessibilityInformation = {
      label: `${read ? '' : 'Unread: '}${subject || 'no subject'}, from ${from || 'nobody'}, ${relativeTime(record.received, Date.now())}`,
    };
    return item;
  }

  resolveTreeItem(item: vscode.TreeItem, record: MessageRecord): vscode.TreeItem {
    item.tooltip = tooltipOf(record);
    return item;
  }

  dispose(): void {
    clearInterval(this.#ageing);
    for (const each of this.#subscriptions) each.dispose();
  }

  async #refresh(): Promise<void> {
    // A hidden view asks for nothing, and its badge is to be right all the same.
    if (this.#view.visible) this.#changed.fire(undefined);
    else this.#count(await (await this.#inbox.store()).list());
  }

  #count(records: readonly MessageRecord[]): void {
    const unread = records.filter(({ id }) => !this.#marks.isRead(id)).length;
    const tooltip = unread === 1 ? '1 unread message' : `${unread} unread messages`;
    this.#view.badge = unread === 0 ? undefined : { value: unread, tooltip };
    void vscode.commands.executeCommand('setContext', contextKeys.inboxHasMessages, records.length > 0);
  }

  #describe(): void {
    const { address } = this.#inbox;
    this.#view.description = address ? `${address.host}:${address.port}` : '';
  }
}

function senderName(from: string): string {
  const at = from.indexOf('<');
  const name = at < 0 || !from.includes('>', at) ? '' : trimOf(from.slice(0, at).trim(), '"').trim();
  return name || from.replace(/^<(.*)>$/, '$1');
}

/** As plain text: what comes from a message is not to be read as Markdown, links least of all. */
function tooltipOf(record: MessageRecord): string {
  const { summary, envelope, session } = record;
  const rows: [string, string | undefined][] = [
    ['From', summary.from],
    ['To', summary.to],
    ['Envelope', envelope && `${envelope.sender || '<>'} → ${envelope.recipients.join(', ')}`],
    ['Received', exactTime(record.received)],
    ['Session', session && `${session.protocol} from ${session.hello}`],
    ['Size', `${record.size.toLocaleString('en-US')} bytes`],
  ];
  const known = rows.flatMap(([name, value]) => (value ? [`${name}: ${visible(value)}`] : []));
  return [visible(summary.subject?.trim() ?? '') || '(no subject)', '', ...known].join('\n');
}
