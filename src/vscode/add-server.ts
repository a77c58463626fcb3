import * as vscode from 'vscode';
import { PROVIDERS, type Provider } from '../send/providers.ts';
import { serverProblemSentence } from '../send/sentences/server.ts';
import { parseServer } from '../send/server-settings.ts';
import { settings } from './names.ts';

/**
 * Asks for what a new server needs, step by step, and puts it into the user's settings. Answers its name; undefined
 * where the person stopped. The password is asked for at the first send.
 */
export async function addServer(taken: readonly string[]): Promise<string | undefined> {
  const title = 'Add a mail server';
  const other = { label: '$(server) Another server', description: 'any host and port', provider: undefined };
  const items = PROVIDERS.map((provider) => ({
    label: provider.label,
    description: `${provider.server.host}:${provider.server.port}`,
    ...(provider.password === undefined ? {} : { detail: provider.password }),
    provider: provider as Provider | undefined,
  }));
  const chosen = await vscode.window.showQuickPick([other, ...items], {
    title,
    placeHolder: 'What kind of server is it?',
  });
  if (!chosen) return undefined;
  const { provider } = chosen;

  const host =
    provider?.server.host ??
    (await vscode.window.showInputBox({
      title,
      prompt: 'Its name or address, with the port where that is not the usual one',
      placeHolder: 'smtp.example.com:587',
      validateInput: (value) => {
        const problem = parseServer('new', { host: value }).problems[0];
        return value.trim() === '' ? undefined : problem && serverProblemSentence(problem);
      },
    }));
  if (!host?.trim()) return undefined;
  let user: string | undefined;
  if (!provider || provider.user !== undefined) {
    const prompt = `The user to sign in as${provider?.user ? `: ${provider.user}` : ''}. Leave it empty to send without signing in.`;
    user = await vscode.window.showInputBox({ title, prompt, placeHolder: 'you@example.com' });
    if (user === undefined) return undefined;
  }
  const name = await vscode.window.showInputBox({
    title,
    prompt: 'What to call it',
    value: freeName(provider?.id ?? host.split(/[:.]/)[0] ?? 'server', taken),
    validateInput: (value) =>
      taken.includes(value.trim())
        ? 'There is a server of that name already.'
        : value.trim() === ''
          ? 'It needs a name.'
          : undefined,
  });
  if (!name?.trim()) return undefined;

  const server = {
    host,
    ...(provider ? { port: provider.server.port, security: provider.server.security } : {}),
    ...(user?.trim() ? { user: user.trim() } : {}),
  };
  const configuration = vscode.workspace.getConfiguration('mailbench');
  // A mail account belongs to the person, not to the project that happens to be open.
  const before = configuration.inspect<Record<string, unknown>>(settings.servers)?.globalValue;
  await configuration.update(settings.servers, { ...before, [name.trim()]: server }, vscode.ConfigurationTarget.Global);
  return name.trim();
}

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let count = 2; taken.includes(name); count++) name = `${wanted}-${count}`;
  return name;
}
