import * as vscode from 'vscode';
import type { Problem } from '../send/composed.ts';
import type { Outcome } from '../send/outcome.ts';
import { outcomeSentence } from '../send/sentences/outcome.ts';
import { problemSentence } from '../send/sentences/problem.ts';
import { serverProblemSentence } from '../send/sentences/server.ts';
import type { ServerProblem } from '../send/server-problems.ts';
import { setting } from './configuration.ts';
import { toRange } from './language/places.ts';
import type { SendResult } from './mailer.ts';
import { movePassword } from './move-password.ts';
import { commands, settings } from './names.ts';
import type { Passwords } from './passwords.ts';
import type { TranscriptChannel } from './transcript-channel.ts';

export interface ReportParts {
  readonly transcript: TranscriptChannel;
  readonly passwords: Passwords;
}

/** A button of a message, and what it does. */
interface Action {
  readonly title: string;
  readonly run: () => unknown;
}

type Show = (message: string, ...titles: string[]) => Thenable<string | undefined>;

/** Tells the person how a send ended: one message, with the next step on its buttons. */
export async function report(
  result: SendResult,
  parts: ReportParts,
  document: vscode.TextDocument | undefined,
): Promise<void> {
  switch (result.kind) {
    case 'document-errors':
      return reportProblems(document, result.problems);
    case 'no-server':
      return reportServer(result.name, result.problems, parts);
    case 'cancelled':
      return say('$(circle-slash) Cancelled');
    case 'attempted':
      return reportOutcome(result.outcome, parts, document);
  }
}

async function reportProblems(document: vscode.TextDocument | undefined, problems: readonly Problem[]): Promise<void> {
  const errors = problems.filter(({ severity }) => severity === 'error');
  const first = errors[0];
  if (!first) return;
  if (!document) return show(vscode.window.showErrorMessage, `Not sent. ${problemSentence(first)}`, []);
  const range = toRange(document, first.range);
  const more =
    errors.length === 1
      ? ''
      : errors.length === 2
        ? ' There is another error.'
        : ` There are ${errors.length - 1} more errors.`;
  const actions: Action[] = [
    {
      title: 'Show',
      run: () => vscode.window.showTextDocument(document, { selection: range }),
    },
  ];
  const fix =
    first.fixes?.find(({ preferred }) => preferred) ?? (first.fixes?.length === 1 ? first.fixes[0] : undefined);
  if (fix) {
    actions.unshift({
      title: fix.title,
      run: async () => {
        const edit = new vscode.WorkspaceEdit();
        for (const each of fix.edits) edit.replace(document.uri, toRange(document, each.range), each.text);
        await vscode.workspace.applyEdit(edit);
      },
    });
  }
  if (first.code === 'unknown-server') actions.unshift(openSettings(settings.servers));
  const message = `Not sent. Line ${range.start.line + 1}: ${problemSentence(first)}${more}`;
  await show(vscode.window.showErrorMessage, message, actions);
}

async function reportServer(name: string, problems: readonly ServerProblem[], parts: ReportParts): Promise<void> {
  const first = problems.find(({ severity }) => severity === 'error') ?? problems[0];
  if (!first) return;
  const actions: Action[] = [
    openSettings(first.path.startsWith('mailbench.guard') ? settings.guardAllow : settings.servers),
  ];
  if (first.code === 'server-unknown-name') actions.unshift(selectServer);
  if (first.code === 'server-password-in-settings') {
    actions.unshift({ title: 'Move to Secret Storage', run: () => movePassword(name, first.path, parts.passwords) });
  }
  await show(vscode.window.showErrorMessage, `Not sent. ${serverProblemSentence(first)}`, actions);
}

async function reportOutcome(
  outcome: Outcome,
  { transcript }: ReportParts,
  document: vscode.TextDocument | undefined,
): Promise<void> {
  const reveal = setting(settings.transcriptReveal, document?.uri);
  const failed = outcome.kind === 'failed' || outcome.kind === 'partial';
  const hasTranscript = 'transcript' in outcome && outcome.transcript.length > 0;
  if (hasTranscript && (reveal === 'always' || (reveal === 'onFailure' && failed))) transcript.show();
  const showTranscript: Action = { title: 'Show Transcript', run: () => transcript.show() };
  const sentence = outcomeSentence(outcome);
  switch (outcome.kind) {
    case 'delivered': {
      // What went to the Local Inbox opens itself: that is the answer.
      if (outcome.server.transport === 'inbox') return say('$(check) Arrived in the Local Inbox');
      const { file } = outcome;
      const open: Action[] = file === undefined ? [] : [{ title: 'Open', run: () => openFile(file) }];
      return show(vscode.window.showInformationMessage, sentence, [...open, showTranscript]);
    }
    case 'partial':
      return show(vscode.window.showWarningMessage, sentence, [showTranscript]);
    case 'failed':
      return show(vscode.window.showErrorMessage, sentence, [...remedies(outcome), showTranscript]);
    case 'refused':
      return show(vscode.window.showErrorMessage, sentence, remedies(outcome));
    case 'cancelled':
      return outcome.recipients.some(({ status }) => status === 'unknown')
        ? show(vscode.window.showWarningMessage, sentence, [showTranscript])
        : say('$(circle-slash) Sending cancelled: nothing was delivered');
    case 'declined':
      return say('$(circle-slash) Not sent');
  }
}

/** What can be done about a failure from here. */
function remedies(outcome: Extract<Outcome, { kind: 'failed' | 'refused' }>): Action[] {
  const setPassword: Action = {
    title: 'Set Password',
    run: () => vscode.commands.executeCommand(commands.setPassword, outcome.server.name),
  };
  if (outcome.kind === 'refused') {
    switch (outcome.refusal.code) {
      case 'no-password':
        return [setPassword];
      case 'untrusted-password':
        return [{ title: 'Manage Trust', run: () => vscode.commands.executeCommand('workbench.trust.manage') }];
      case 'guard-forbids':
        return [openSettings(settings.guardAllow)];
      case 'inbox-unavailable':
        return [openSettings(settings.inboxPort)];
      case 'settings-file-unreadable':
      case 'settings-file-useless':
      case 'no-workspace':
      case 'folder-unwritable':
        return [openSettings(settings.servers)];
      default:
        return [];
    }
  }
  const { failure } = outcome;
  if (failure.step === 'auth' && failure.failure === 'refused') return [setPassword];
  if (failure.failure === 'certificate' || failure.failure === 'tls' || failure.failure === 'local') {
    return [openSettings(settings.servers)];
  }
  if (failure.step === 'resolve' || failure.step === 'connect') return [selectServer, openSettings(settings.servers)];
  return [];
}

const selectServer: Action = {
  title: 'Select Server',
  run: () => vscode.commands.executeCommand(commands.selectServer),
};

function openSettings(key: string): Action {
  return {
    title: 'Open Settings',
    run: () => vscode.commands.executeCommand('workbench.action.openSettings', `mailbench.${key}`),
  };
}

async function openFile(path: string): Promise<void> {
  await vscode.window.showTextDocument(vscode.Uri.file(path), { preview: true });
}

async function show(how: Show, message: string, actions: readonly Action[]): Promise<void> {
  const chosen = await how(message, ...actions.map(({ title }) => title));
  await actions.find(({ title }) => title === chosen)?.run();
}

/** In the status bar, for a while: nothing that needs an answer. */
function say(message: string): void {
  vscode.window.setStatusBarMessage(message, 5000);
}
