import type * as vscode from 'vscode';
import type { CheckName } from '../../inspect/checks/problems.ts';
import { defaultClients } from '../../inspect/inspect-message.ts';
import { setting } from '../configuration.ts';
import { settings } from '../names.ts';

export interface CheckSettings {
  readonly checks: Readonly<Record<CheckName, boolean>>;
  readonly clients: readonly string[];
}

/** The setting that switches each check. */
export const checkSwitches = {
  support: settings.checkSupport,
  links: settings.checkLinks,
  images: settings.checkImages,
  accessibility: settings.checkAccessibility,
  spam: settings.checkSpam,
  text: settings.checkText,
  placeholders: settings.checkPlaceholders,
  weight: settings.checkWeight,
} as const satisfies Record<CheckName, string>;

/** Which checks are on for a document, and for which clients; a list without any stands for the usual ones. */
export function checkSettings(resource: vscode.Uri): CheckSettings {
  const on = (name: CheckName) => setting(checkSwitches[name], resource) !== false;
  const given: unknown = setting(settings.checkClients, resource);
  const clients = Array.isArray(given) ? given.filter((client): client is string => typeof client === 'string') : [];
  return {
    checks: Object.fromEntries(Object.keys(checkSwitches).map((name) => [name, on(name as CheckName)])) as Record<
      CheckName,
      boolean
    >,
    clients: clients.length > 0 ? clients : defaultClients,
  };
}
