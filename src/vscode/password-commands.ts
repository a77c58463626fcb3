import * as vscode from 'vscode';
import { secretKey, wantsPassword } from '../send/credentials.ts';
import { addressOf } from '../send/server.ts';
import { askPassword } from './password-input.ts';
import { accountOf, type Passwords } from './passwords.ts';
import { readServers } from './servers.ts';

/** *Set Password…*: of a server by its name, else of one to be chosen. */
export async function setPassword(passwords: Passwords, name?: string): Promise<void> {
  const candidates = [...readServers().servers.values()].filter(wantsPassword);
  if (candidates.length === 0) {
    const open = 'Open Settings';
    const message = 'No server has a "user" to sign in as, so there is no password to set.';
    if ((await vscode.window.showInformationMessage(message, open)) === open) {
      await vscode.commands.executeCommand('workbench.action.openSettings', 'mailbench.servers');
    }
    return;
  }
  const named = candidates.find((server) => server.name === name);
  const only = candidates.length === 1 ? candidates[0] : undefined;
  const server = named ?? only ?? (await pick(candidates));
  if (!server) return;
  const typed = await askPassword({ server, user: server.user }, undefined, { mayKeep: false });
  if (!typed) return;
  await passwords.set(secretKey(server), typed.password);
  vscode.window.setStatusBarMessage(`$(key) Password of ${server.user} at ${addressOf(server)} kept`, 5000);
}

async function pick<T extends { readonly name: string; readonly user: string } & Parameters<typeof addressOf>[0]>(
  candidates: readonly T[],
): Promise<T | undefined> {
  const items = candidates.map((server) => ({
    label: `$(server) ${server.name}`,
    description: `${server.user} at ${addressOf(server)}`,
    server,
  }));
  return (await vscode.window.showQuickPick(items, { title: 'Set the password of which server?' }))?.server;
}

/** *Forget Passwords*: those that are ticked, all of them at first. */
export async function forgetPasswords(passwords: Passwords): Promise<void> {
  const keys = await passwords.keys();
  if (keys.length === 0) {
    void vscode.window.showInformationMessage('No password is kept.');
    return;
  }
  const items = keys.map((key) => ({ label: accountOf(key), picked: true, key }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'Forget which passwords?', canPickMany: true });
  if (!chosen?.length) return;
  for (const { key } of chosen) await passwords.delete(key);
  const what = chosen.length === 1 ? 'One password was' : `${chosen.length} passwords were`;
  vscode.window.setStatusBarMessage(`$(key) ${what} forgotten`, 5000);
}
