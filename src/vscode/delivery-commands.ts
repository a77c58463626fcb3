import * as vscode from 'vscode';
import type { Mailer } from './mailer.ts';
import { commands } from './names.ts';
import type { Passwords } from './passwords.ts';
import type { SendActivity } from './send-activity.ts';
import type { TranscriptChannel } from './transcript-channel.ts';

export interface DeliveryParts {
  readonly activity: SendActivity;
  readonly passwords: Passwords;
  readonly transcript: TranscriptChannel;
  /** The one of this window, loaded when it is first asked for. */
  readonly mailer: () => Promise<Mailer>;
}

/** What is done with servers beyond sending one mail. Each is loaded when it is called. */
export function registerDeliveryCommands(parts: DeliveryParts): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(commands.dryRun, async (target?: unknown) => {
      const { checkDelivery } = await import('./dry-run.ts');
      await checkDelivery(target, parts);
    }),
    registerCommand(commands.sendAll, async (target?: unknown) => {
      const { sendAll } = await import('./send-all.ts');
      await sendAll(target, parts);
    }),
    registerCommand(commands.smtpConsole, async (name?: unknown) => {
      const { openConsole } = await import('./smtp-console.ts');
      return openConsole(typeof name === 'string' ? name : undefined, parts);
    }),
    registerCommand(commands.addServer, async () => {
      const { addServerAndTell } = await import('./server-presets.ts');
      await addServerAndTell();
    }),
  );
}
