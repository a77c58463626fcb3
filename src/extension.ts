import * as vscode from 'vscode';
import type { MailbenchApi } from './send/api.ts';
import { SendLens } from './vscode/code-lens.ts';
import { registerDeliveryCommands } from './vscode/delivery-commands.ts';
import { Diagnostics } from './vscode/diagnostics.ts';
import { Drafts } from './vscode/drafts.ts';
import { InboxFiles } from './vscode/inbox-files.ts';
import { InboxMessages } from './vscode/inbox-messages.ts';
import { InboxTree } from './vscode/inbox-tree.ts';
import { LanguageFeatures } from './vscode/language/language-features.ts';
import { LocalInbox } from './vscode/local-inbox.ts';
import { MailWork } from './vscode/mail-work.ts';
import { MimePreview } from './vscode/mime-preview/mime-preview.ts';
import { registerMimePreviewCommands } from './vscode/mime-preview/mime-preview-commands.ts';
import { commands } from './vscode/names.ts';
import { Passwords } from './vscode/passwords.ts';
import { MessagePreview } from './vscode/preview/message-preview.ts';
import { registerMessagePreviewCommands } from './vscode/preview/message-preview-commands.ts';
import { registerQuickFixes } from './vscode/quick-fixes.ts';
import { ReadMarks } from './vscode/read-marks.ts';
import { SendActivity } from './vscode/send-activity.ts';
import { SendCommands } from './vscode/send-commands.ts';
import { registerServerCommands } from './vscode/server-commands.ts';
import { StatusBar } from './vscode/status-bar.ts';
import { TranscriptChannel } from './vscode/transcript-channel.ts';

export type { MailbenchApi } from './send/api.ts';

export function activate(context: vscode.ExtensionContext): MailbenchApi {
  const passwords = new Passwords(context.secrets);
  const transcript = new TranscriptChannel();
  const activity = new SendActivity();
  const work = new MailWork(context.extensionUri);
  const drafts = new Drafts(work);
  const inbox = new LocalInbox(context.globalStorageUri);
  const marks = new ReadMarks(context.globalState);
  const tree = new InboxTree(inbox, marks);
  const messagePreview = new MessagePreview(drafts, work, context.extensionUri);
  const messages = new InboxMessages(inbox, marks, tree, messagePreview);
  const diagnostics = new Diagnostics(drafts);
  const preview = new MimePreview(drafts);
  const features = new LanguageFeatures(drafts, work, context.extensionUri);
  const sending = new SendCommands({ drafts, inbox, messages, passwords, transcript, activity });

  context.subscriptions.push(
    transcript,
    activity,
    drafts,
    inbox,
    marks,
    tree,
    messages,
    diagnostics,
    preview,
    messagePreview,
    work,
    sending,
    new InboxFiles(inbox),
    new SendLens(activity, drafts),
    features,
    new StatusBar(drafts, inbox, activity),
    registerQuickFixes(diagnostics, features),
    registerMimePreviewCommands(preview),
    registerMessagePreviewCommands(messagePreview),
    registerServerCommands(passwords),
    registerDeliveryCommands({ activity, passwords, transcript, mailer: () => sending.mailer() }),
    vscode.commands.registerCommand(commands.newEmail, async () => (await import('./vscode/new-email.ts')).newEmail()),
    vscode.commands.registerCommand(commands.openSample, async () =>
      (await import('./vscode/open-sample.ts')).openSample(context.extensionUri, context.globalStorageUri),
    ),
  );

  const api = async () => (await import('./vscode/public-api.ts')).publicApi(await sending.mailer(), activity);
  return {
    parse: async (text) => (await api()).parse(text),
    build: async (text, options) => (await api()).build(text, options),
    send: async (text, options) => (await api()).send(text, options),
  };
}
