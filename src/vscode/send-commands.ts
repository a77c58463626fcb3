import * as vscode from 'vscode';
import type { Drafts } from './drafts.ts';
import { messageUri } from './inbox-files.ts';
import type { InboxMessages } from './inbox-messages.ts';
import type { LocalInbox } from './local-inbox.ts';
import { activeDraft, isDraft, isPreview, openMail, previewedBy } from './mail-documents.ts';
import type { Mailer, SendResult } from './mailer.ts';
import { commands, schemes } from './names.ts';
import type { Passwords } from './passwords.ts';
import { type Running, withProgress } from './progress.ts';
import type { SendActivity } from './send-activity.ts';
import type { TranscriptChannel } from './transcript-channel.ts';

export interface SendParts {
  readonly drafts: Drafts;
  readonly inbox: LocalInbox;
  readonly messages: InboxMessages;
  readonly passwords: Passwords;
  readonly transcript: TranscriptChannel;
  readonly activity: SendActivity;
}

/** *Send Email* and its kin. What does the work is loaded at the first send. */
export class SendCommands implements vscode.Disposable {
  readonly #parts: SendParts;
  readonly #subscriptions: vscode.Disposable[];
  #mailer: Promise<Mailer> | undefined;

  constructor(parts: SendParts) {
    this.#parts = parts;
    const { registerCommand } = vscode.commands;
    this.#subscriptions = [
      registerCommand(commands.send, (target?: unknown) => this.#command(target, async () => ({}))),
      registerCommand(commands.sendTo, (target?: unknown) => this.#command(target, () => this.#choose())),
      registerCommand(commands.cancel, (target?: unknown) => {
        parts.activity.cancel(target instanceof vscode.Uri ? target : undefined);
      }),
      registerCommand(commands.resend, (target?: unknown) => this.#sendAgain(target)),
      registerCommand(commands.showTranscript, () => parts.transcript.show()),
    ];
  }

  mailer(): Promise<Mailer> {
    this.#mailer ??= import('./mailer.ts').then(({ Mailer }) => new Mailer(this.#parts));
    return this.#mailer;
  }

  dispose(): void {
    for (const each of this.#subscriptions) each.dispose();
  }

  /** `choose`: undefined where the person thought better of it. */
  async #command(target: unknown, choose: () => Promise<{ server?: string } | undefined>): Promise<void> {
    if (target instanceof vscode.Uri ? target.scheme === schemes.inbox : activeScheme() === schemes.inbox) {
      return this.#sendAgain(target);
    }
    const document = await documentOf(target);
    if (!document) {
      await (await import('./open-sample.ts')).offerSample('Open a mail (.eml) to send it.');
      return;
    }
    const choice = await choose();
    if (!choice || this.#parts.activity.isSending(document.uri)) return;
    const mailer = await this.mailer();
    await this.#run(document.uri, document, (running) => mailer.send(document, choice.server, running));
  }

  async #sendAgain(target: unknown): Promise<void> {
    const record = await this.#parts.messages.resolve(target);
    const choice = record && (await this.#choose());
    if (!choice) return;
    const octets = await (await this.#parts.inbox.store()).read(record.id);
    if (!octets) return;
    const mailer = await this.mailer();
    await this.#run(messageUri(record), undefined, (running) =>
      mailer.sendAgain(record, octets, choice.server, running),
    );
  }

  async #run(
    uri: vscode.Uri,
    document: vscode.TextDocument | undefined,
    work: (running: Running) => Promise<SendResult>,
  ): Promise<void> {
    const { activity, messages } = this.#parts;
    const result = await activity.run(uri, (controller) => withProgress('Sending mail', controller, work));
    if (result.kind === 'attempted' && result.captured) await messages.arrived(result.captured, document?.uri);
    const { report } = await import('./send-report.ts');
    // Not waited for: its buttons may be pressed much later, or never.
    void report(result, this.#parts, document);
  }

  async #choose(): Promise<{ server: string } | undefined> {
    const { chooseServer } = await import('./server-picker.ts');
    const server = await chooseServer('Send to which server?');
    return server === undefined ? undefined : { server };
  }
}

function activeScheme(): string | undefined {
  return vscode.window.activeTextEditor?.document.uri.scheme;
}

/** The document that a command is about: the one it was called on, else the active editor's. */
export async function documentOf(target: unknown): Promise<vscode.TextDocument | undefined> {
  if (target instanceof vscode.Uri) {
    // From a preview, it is the previewed document that is meant.
    const uri = isPreview(target) ? previewedBy(target) : target;
    const document = await openMail(uri);
    return isDraft(document) ? document : undefined;
  }
  const active = vscode.window.activeTextEditor?.document.uri;
  if (active && isPreview(active)) return documentOf(active);
  return activeDraft();
}
