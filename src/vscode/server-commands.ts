import * as vscode from 'vscode';
import { commands } from './names.ts';
import type { Passwords } from './passwords.ts';

/** Choosing a server, and the passwords of servers. */
export function registerServerCommands(passwords: Passwords): vscode.Disposable {
  const { registerCommand } = vscode.commands;
  return vscode.Disposable.from(
    registerCommand(commands.selectServer, async () => {
      const { selectServer } = await import('./server-picker.ts');
      await selectServer();
    }),
    registerCommand(commands.setPassword, async (name?: unknown) => {
      const { setPassword } = await import('./password-commands.ts');
      await setPassword(passwords, typeof name === 'string' ? name : undefined);
    }),
    registerCommand(commands.forgetPasswords, async () => {
      const { forgetPasswords } = await import('./password-commands.ts');
      await forgetPasswords(passwords);
    }),
  );
}
