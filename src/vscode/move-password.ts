import * as vscode from 'vscode';
import { secretKey, wantsPassword } from '../send/credentials.ts';
import { parseServer } from '../send/server-settings.ts';
import { isRecord } from '../send/settings-reader.ts';
import { settings } from './names.ts';
import type { Passwords } from './passwords.ts';

/**
 * Takes a password out of the settings, wherever they hold it, and keeps it in the secret storage. `path`: the whole
 * name of the property, `mailbench.servers.NAME.password`.
 */
export async function movePassword(name: string, path: string, passwords: Passwords): Promise<void> {
  const property = path.slice(`mailbench.servers.${name}.`.length);
  const configuration = vscode.workspace.getConfiguration('mailbench');
  const found = configuration.inspect<Record<string, unknown>>(settings.servers);
  const places: [vscode.ConfigurationTarget, Record<string, unknown> | undefined][] = [
    [vscode.ConfigurationTarget.Workspace, found?.workspaceValue],
    [vscode.ConfigurationTarget.Global, found?.globalValue],
  ];
  let moved = false;
  for (const [target, servers] of places) {
    const server = servers?.[name];
    if (!isRecord(server) || typeof server[property] !== 'string') continue;
    const { [property]: password, ...rest } = server;
    const parsed = parseServer(name, rest).server;
    if (parsed && wantsPassword(parsed) && typeof password === 'string' && password !== '') {
      await passwords.set(secretKey(parsed), password);
      moved = true;
    }
    await configuration.update(settings.servers, { ...servers, [name]: rest }, target);
  }
  const message = moved
    ? `The password of server “${name}” is in the secret storage of VS Code now, and out of the settings. If the settings are under version control, it stands in their history still: change it.`
    : `The password of server “${name}” is out of the settings. It could not be kept, because the server has no "user" that it would belong to.`;
  await vscode.window.showInformationMessage(message);
}
