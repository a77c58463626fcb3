import { suggestionFor } from '../base/suggestion.ts';
import { serverProblemSentence } from '../send/sentences/server.ts';
import type { GuardRules, Server } from '../send/server.ts';
import { isServerUrl, parseServerUrl } from '../send/server-url.ts';
import { usage } from './usage.ts';
import type { WorkspaceServers } from './workspace.ts';

/** The variable that holds the password, where the server names no other. */
export const PASSWORD_VARIABLE = 'MAILBENCH_PASSWORD';

export interface ChosenServer {
  readonly server: Server;
  readonly guard: GuardRules;
  readonly warnings: readonly string[];
}

/**
 * The server that a send goes to: what `--server` says, else the document's `@server`, else the workspace's
 * `mailbench.server`, else the Local Inbox. A URL counts in `--server` alone. Throws a `UsageError` where that can't be
 * used.
 */
export function chooseServer(
  command: string,
  given: string | undefined,
  named: string | undefined,
  workspace: WorkspaceServers,
): ChosenServer {
  const choice = given ?? named ?? workspace.active ?? 'inbox';
  // Only the person's own word may bring a server along: one that a document brings could be anybody's, and its
  // `passwordEnv` would have that server told whatever the environment holds.
  if (choice === given && isServerUrl(choice) && !workspace.servers.has(choice)) {
    const { server, problems } = parseServerUrl(choice);
    const texts = problems.map(serverProblemSentence);
    if (!server) throw usage(command, texts.join('\n'));
    return { server: withPassword(server), guard: workspace.guard, warnings: texts };
  }
  const ours = workspace.problems.filter(
    ({ path }) =>
      path.startsWith(`mailbench.servers.${choice}.`) ||
      path.startsWith('mailbench.guard') ||
      path === `mailbench.servers.${choice}`,
  );
  const texts = ours.map(serverProblemSentence);
  if (ours.some((problem) => problem.severity === 'error')) throw usage(command, texts.join('\n'));
  const server = workspace.servers.get(choice);
  if (server) return { server: withPassword(server), guard: workspace.guard, warnings: texts };
  const known = [...workspace.servers.keys()];
  const near = suggestionFor(choice, known);
  const unknown = serverProblemSentence({
    code: 'server-unknown-name',
    severity: 'error',
    path: 'server',
    value: choice,
    known,
  });
  throw usage(command, near === undefined ? unknown : `${unknown} Did you mean "${near}"?`);
}

/** In a terminal the environment is the person's own: a password comes from there. */
function withPassword(server: Server): Server {
  if (server.transport !== 'smtp' && server.transport !== 'lmtp') return server;
  return server.user === undefined || server.passwordEnv !== undefined
    ? server
    : { ...server, passwordEnv: PASSWORD_VARIABLE };
}
