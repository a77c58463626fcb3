import * as vscode from 'vscode';
import { PRESETS, type Preset, presetDetail, presetSettings } from '../send/presets.ts';
import { serverProblemSentence } from '../send/sentences/server.ts';
import { parseServer } from '../send/server-settings.ts';
import { setting, writeActiveServer } from './configuration.ts';
import { commands, settings } from './names.ts';
import { knownServers } from './servers.ts';

const TITLE = 'Add a mail server';

interface Answers {
  readonly name: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly wantsPassword: boolean;
  /** Which password it wants, in full sentences. */
  readonly advice?: string;
  /** What else to know. */
  readonly hint?: string;
}

/** *Add Server…* by itself: what was added is told, with what comes next on buttons. */
export async function addServerAndTell(): Promise<void> {
  const added = await add(knownServers());
  if (!added) return;
  const use = 'Use It Now';
  const password = 'Set Password';
  const active = setting(settings.server) === added.name;
  const buttons = [...(added.wantsPassword ? [password] : []), ...(active ? [] : [use])];
  const chosen = await vscode.window.showInformationMessage(told(added), ...buttons);
  if (chosen === use) await writeActiveServer(added.name);
  if (chosen === password) await vscode.commands.executeCommand(commands.setPassword, added.name);
}

/**
 * Asks for what a new server needs, step by step, and puts it into the settings: never a password, which is asked for
 * at the first send, or now. Answers its name; undefined where the person stopped.
 */
export async function addServer(taken: readonly string[]): Promise<string | undefined> {
  const added = await add(taken);
  if (!added) return undefined;
  if (added.wantsPassword || added.hint !== undefined) {
    const password = 'Set Password';
    // Not waited for: the choice of the server goes on.
    void vscode.window
      .showInformationMessage(told(added), ...(added.wantsPassword ? [password] : []))
      .then((chosen) => {
        if (chosen === password) void vscode.commands.executeCommand(commands.setPassword, added.name);
      });
  }
  return added.name;
}

function told({ name, wantsPassword, advice, hint }: Answers): string {
  const password = wantsPassword ? ['Its password is asked for at the first send, or set now.', advice] : [];
  return [`The server “${name}” was added.`, ...password, hint].filter(Boolean).join(' ');
}

async function add(taken: readonly string[]): Promise<Answers | undefined> {
  const answers = await ask(taken);
  if (!answers) return undefined;
  const target = await askTarget();
  if (target === undefined) return undefined;
  const configuration = vscode.workspace.getConfiguration('mailbench');
  const found = configuration.inspect<Record<string, unknown>>(settings.servers);
  const before = target === vscode.ConfigurationTarget.Global ? found?.globalValue : found?.workspaceValue;
  await configuration.update(settings.servers, { ...before, [answers.name]: answers.value }, target);
  return answers;
}

async function ask(taken: readonly string[]): Promise<Answers | undefined> {
  const other = { label: '$(server) Another server', description: 'any host and port', preset: undefined };
  const items = PRESETS.map((preset) => ({
    label: preset.label,
    description: `${preset.server.host}:${preset.server.port}`,
    detail: presetDetail(preset),
    preset: preset as Preset | undefined,
  }));
  const chosen = await vscode.window.showQuickPick([other, ...items], {
    title: TITLE,
    placeHolder: 'What kind of server is it?',
    matchOnDescription: true,
  });
  if (!chosen) return undefined;
  const { preset } = chosen;
  const host = await askHost(preset);
  if (!host?.trim()) return undefined;
  const user = !preset || preset.user !== undefined ? await askUser(preset) : '';
  if (user === undefined) return undefined;
  const name = await askName(preset?.id ?? host.split(/[:.]/)[0] ?? 'server', taken);
  if (!name) return undefined;
  return {
    name,
    value: presetSettings(preset, host, user),
    wantsPassword: user.trim() !== '',
    ...(preset?.password === undefined ? {} : { advice: preset.password }),
    ...(preset?.hint === undefined ? {} : { hint: preset.hint }),
  };
}

async function askHost(preset: Preset | undefined): Promise<string | undefined> {
  if (preset && preset.hostHint === undefined) return preset.server.host;
  return vscode.window.showInputBox({
    title: TITLE,
    prompt: preset?.hostHint ?? 'Its name or address, with the port where that is not the usual one',
    placeHolder: 'smtp.example.com:587',
    ...(preset ? { value: preset.server.host } : {}),
    validateInput: (value) => {
      const problem = parseServer('new', { host: value }).problems[0];
      return value.trim() === '' ? undefined : problem && serverProblemSentence(problem);
    },
  });
}

async function askUser(preset: Preset | undefined): Promise<string | undefined> {
  const what = preset?.user ? `: ${preset.user}` : '';
  return vscode.window.showInputBox({
    title: TITLE,
    prompt: `The user to sign in as${what}. Leave it empty to send without signing in.`,
    placeHolder: 'you@example.com',
    ...(preset?.fixedUser === undefined ? {} : { value: preset.fixedUser }),
  });
}

async function askName(wanted: string, taken: readonly string[]): Promise<string | undefined> {
  const name = await vscode.window.showInputBox({
    title: TITLE,
    prompt: 'What to call it',
    value: freeName(wanted, taken),
    validateInput: (value) =>
      taken.includes(value.trim())
        ? 'There is a server of that name already.'
        : value.trim() === ''
          ? 'It needs a name.'
          : undefined,
  });
  return name?.trim() || undefined;
}

/** A mail account belongs to a person; the server of a project, to whoever works on it. */
async function askTarget(): Promise<vscode.ConfigurationTarget | undefined> {
  const { Global, Workspace } = vscode.ConfigurationTarget;
  if (!vscode.workspace.workspaceFolders?.length || !vscode.workspace.isTrusted) return Global;
  const items = [
    { label: '$(account) User settings', detail: 'Yours, in every window', target: Global },
    { label: '$(folder) Workspace settings', detail: 'Shared with whoever opens this folder', target: Workspace },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: TITLE, placeHolder: 'Keep it where?' });
  return chosen?.target;
}

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let count = 2; taken.includes(name); count++) name = `${wanted}-${count}`;
  return name;
}
