import * as vscode from 'vscode';
import { serverProblemSentence } from '../send/sentences/server.ts';
import { addressOf, type Server } from '../send/server.ts';
import { setting, writeActiveServer } from './configuration.ts';
import { settings } from './names.ts';
import { readServers } from './servers.ts';

interface ServerItem extends vscode.QuickPickItem {
  readonly server?: string;
  readonly action?: 'add' | 'settings';
}

/** Lets the person pick one of the servers. Undefined where they did not. */
export async function chooseServer(title: string): Promise<string | undefined> {
  const active = setting(settings.server);
  const { servers, problems } = readServers();
  const items: ServerItem[] = [...servers.values()].map((server) => itemOf(server, server.name === active));
  const broken = new Map<string, string>();
  for (const problem of problems) {
    const name = problem.path.split('.')[2];
    if (problem.severity === 'error' && name !== undefined && !broken.has(name)) {
      broken.set(name, serverProblemSentence(problem));
    }
  }
  for (const [name, sentence] of broken) {
    if (!servers.has(name)) items.push({ label: `$(error) ${name}`, detail: sentence, action: 'settings' });
  }
  items.push(
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(add) Add Server…', action: 'add' },
    { label: '$(settings-gear) Open Settings', action: 'settings' },
  );
  const chosen = await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true });
  if (chosen?.action === 'add') {
    const { addServer } = await import('./server-presets.ts');
    return addServer([...servers.keys()]);
  }
  if (chosen?.action === 'settings') {
    await vscode.commands.executeCommand('workbench.action.openSettings', 'mailbench.servers');
    return undefined;
  }
  return chosen?.server;
}

/** *Select Server*: what *Send Email* uses from now on. */
export async function selectServer(): Promise<void> {
  const name = await chooseServer('Send mail to which server from now on?');
  if (name !== undefined) await writeActiveServer(name);
}

function itemOf(server: Server, active: boolean): ServerItem {
  const icon = server.transport === 'inbox' ? 'inbox' : server.transport === 'folder' ? 'folder' : 'server';
  const notes = [server.production ? 'production' : '', active ? 'active' : ''].filter(Boolean).join(', ');
  return {
    label: `$(${active ? 'check' : icon}) ${server.name}`,
    description: notes === '' ? addressOf(server) : `${addressOf(server)} (${notes})`,
    detail: detailOf(server),
    server: server.name,
  };
}

const securityWords = {
  starttls: 'STARTTLS',
  tls: 'TLS',
  opportunistic: 'TLS where offered',
  none: 'no TLS',
} as const;

function detailOf(server: Server): string {
  switch (server.transport) {
    case 'inbox':
      return 'Built in: nothing leaves this machine';
    case 'folder':
      return 'Each message becomes a file';
    case 'mx':
      return 'Straight to the server of each recipient’s domain';
    case 'smtp':
    case 'lmtp': {
      const as = server.user === undefined ? 'without signing in' : `as ${server.user}`;
      return `${server.transport.toUpperCase()}, ${securityWords[server.security]}, ${as}`;
    }
  }
}
