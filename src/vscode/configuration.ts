import * as vscode from 'vscode';
import { type SettingKey, settings } from './names.ts';

/** The settings, by key, as package.json declares them. The values of `servers` and `guard` are checked in send/. */
interface SettingTypes {
  [settings.server]: string;
  [settings.servers]: unknown;
  [settings.guardAllow]: readonly string[];
  [settings.guardRedirectTo]: readonly string[];
  [settings.guardConfirm]: 'once' | 'always';
  [settings.transcriptData]: boolean;
  [settings.transcriptReveal]: 'never' | 'onFailure' | 'always';
  [settings.transcriptTimes]: 'events' | 'all';
  [settings.previewColumn]: 'beside' | 'active';
  [settings.checkWhileWriting]: boolean;
  [settings.previewSyncCursor]: boolean;
  [settings.checkSupport]: boolean;
  [settings.checkLinks]: boolean;
  [settings.checkImages]: boolean;
  [settings.checkAccessibility]: boolean;
  [settings.checkSpam]: boolean;
  [settings.checkText]: boolean;
  [settings.checkPlaceholders]: boolean;
  [settings.checkWeight]: boolean;
  [settings.checkClients]: readonly string[];
  /** These four are checked in send/. */
  [settings.checkSeverity]: unknown;
  [settings.checkAttachmentWords]: unknown;
  [settings.checkMessageSize]: unknown;
  [settings.checkLineLength]: unknown;
  /** Checked in send/. */
  [settings.dkimKeys]: unknown;
  [settings.inboxPort]: number;
  [settings.inboxAutoStart]: boolean;
  [settings.inboxKeep]: number;
  [settings.inboxFaults]: unknown;
  [settings.inboxOpenAfterSend]: boolean;
  [settings.inboxOpenAs]: 'message' | 'source';
}

const section = 'mailbench';

/** `resource`: the document it is asked for, where folders of a workspace may differ. */
export function setting<Key extends SettingKey>(key: Key, resource?: vscode.Uri): SettingTypes[Key] {
  // Every key has its default in package.json.
  return vscode.workspace.getConfiguration(section, resource ?? null).get(key) as SettingTypes[Key];
}

/** The setting's whole name, as people see it. */
export function fullName(key: SettingKey): string {
  return `${section}.${key}`;
}

export function onSettingChange(keys: readonly SettingKey[], listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (keys.some((key) => event.affectsConfiguration(fullName(key)))) listener();
  });
}

/**
 * `mailbench.guard` as send/ reads it. The settings editor can't leave a list out, so an empty one stands for that:
 * nobody allowed would be a guard through which nothing ever passes.
 */
export function guardSettings(resource?: vscode.Uri): unknown {
  const allow = setting(settings.guardAllow, resource);
  const redirectTo = setting(settings.guardRedirectTo, resource);
  return {
    confirm: setting(settings.guardConfirm, resource),
    ...(isEmpty(allow) ? {} : { allow }),
    ...(isEmpty(redirectTo) ? {} : { redirectTo }),
  };
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || (Array.isArray(value) && value.length === 0);
}

/**
 * Makes a server the active one, in the narrowest settings that count: a choice made for one project is not to send
 * the mail of another.
 */
export async function writeActiveServer(name: string): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section);
  const hasWorkspace = vscode.workspace.workspaceFolders !== undefined || vscode.workspace.workspaceFile !== undefined;
  // An untrusted workspace's value is not read (restrictedConfigurations), so it would not take effect there.
  const target =
    hasWorkspace && vscode.workspace.isTrusted
      ? vscode.ConfigurationTarget.Workspace
      : vscode.ConfigurationTarget.Global;
  await configuration.update(settings.server, name, target);
}
