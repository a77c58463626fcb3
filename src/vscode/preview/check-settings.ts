import * as vscode from 'vscode';
import { type CheckName, checkNames } from '../../inspect/checks/problems.ts';
import { defaultClients } from '../../inspect/inspect-message.ts';

export interface CheckSettings {
  readonly checks: Readonly<Record<CheckName, boolean>>;
  readonly clients: readonly string[];
}

/** `mailbench.check.<name>` for each check, and `mailbench.check.clients`. */
export function checkSettings(resource: vscode.Uri): CheckSettings {
  const configuration = vscode.workspace.getConfiguration('mailbench.check', resource);
  const clients = configuration.get<unknown>('clients');
  const given = Array.isArray(clients) ? clients.filter((client): client is string => typeof client === 'string') : [];
  return {
    checks: Object.fromEntries(checkNames.map((name) => [name, configuration.get(name) !== false])) as Record<
      CheckName,
      boolean
    >,
    clients: given.length > 0 ? given : defaultClients,
  };
}
