import { dirname, join } from 'node:path';
import { nodeFiles } from '../base/node-files.ts';
import { parseGuard } from '../send/guard-settings.ts';
import { type GuardRules, INBOX, type Server } from '../send/server.ts';
import type { ServerProblem } from '../send/server-problems.ts';
import { parseServers } from '../send/server-settings.ts';
import { isRecord } from '../send/settings-reader.ts';
import { parseJsonc } from './jsonc.ts';

/** Where the settings of a workspace stand, as VS Code keeps them. */
const SETTINGS = join('.vscode', 'settings.json');

/**
 * The folder that a document's files have to be in: the nearest one above it that is a project (with `.git`, or with
 * VS Code's settings), else the document's own. Never wider by guess: a document that somebody sent must not be able
 * to attach what else is in the home directory.
 */
export async function workspaceOf(documentPath: string): Promise<string> {
  const own = dirname(documentPath);
  for (let folder = own; ; folder = dirname(folder)) {
    if ((await exists(join(folder, '.git'))) || (await exists(join(folder, SETTINGS)))) return folder;
    if (dirname(folder) === folder) return own;
  }
}

/** What the settings of a workspace say about servers. */
export interface WorkspaceServers {
  readonly servers: ReadonlyMap<string, Server>;
  /** `mailbench.server`. */
  readonly active?: string;
  readonly guard: GuardRules;
  /** `mailbench.inbox.port`. */
  readonly inboxPort: number;
  readonly problems: readonly ServerProblem[];
  /** Every setting of the file, as it stands there. */
  readonly values: Readonly<Record<string, unknown>>;
}

const DEFAULT_INBOX_PORT = 1025;

/** The servers of a workspace's `.vscode/settings.json`; where there is none, the Local Inbox alone. */
export async function workspaceServers(folder: string): Promise<WorkspaceServers> {
  const values = await settingsOf(folder);
  if (values === undefined)
    return {
      servers: new Map([[INBOX.name, INBOX]]),
      guard: {},
      inboxPort: DEFAULT_INBOX_PORT,
      problems: [],
      values: {},
    };
  const { servers, problems } = parseServers(values['mailbench.servers']);
  const guardProblems: ServerProblem[] = [];
  const guard = parseGuard(guardOf(values), 'mailbench.guard', guardProblems);
  const active = values['mailbench.server'];
  const port = values['mailbench.inbox.port'];
  return {
    servers,
    guard,
    values,
    problems: [...problems, ...guardProblems],
    inboxPort: typeof port === 'number' && Number.isInteger(port) && port > 0 ? port : DEFAULT_INBOX_PORT,
    ...(typeof active === 'string' && active !== '' ? { active } : {}),
  };
}

/** One setting of the workspace, by its name without `mailbench.`; undefined where it is not set. */
export async function workspaceSetting(folder: string, name: string): Promise<unknown> {
  return (await settingsOf(folder))?.[`mailbench.${name}`];
}

/** Everything in a workspace's `.vscode/settings.json`; undefined where there is no such file. */
async function settingsOf(folder: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  let text: string;
  try {
    text = Buffer.from(await nodeFiles.read(join(folder, SETTINGS))).toString('utf8');
  } catch {
    return undefined;
  }
  const settings = parseJsonc(text);
  return isRecord(settings) ? settings : {};
}

/** `mailbench.guard.allow` and its like, as one object. */
function guardOf(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const name of ['allow', 'redirectTo', 'confirm']) {
    const value = values[`mailbench.guard.${name}`];
    if (value !== undefined) found[name] = value;
  }
  return found;
}

async function exists(path: string): Promise<boolean> {
  return nodeFiles.stat(path).then(
    () => true,
    () => false,
  );
}
