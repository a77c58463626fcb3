import type * as vscode from 'vscode';
import { type ParsedServers, parseServers } from '../send/server-settings.ts';
import { isRecord } from '../send/settings-reader.ts';
import { setting } from './configuration.ts';
import { settings } from './names.ts';

/** The servers of the settings, as they stand for a document. */
export function readServers(resource?: vscode.Uri): ParsedServers {
  return parseServers(setting(settings.servers, resource));
}

/** The names of all of them, of those too that can't be used as they are described. */
export function knownServers(resource?: vscode.Uri): string[] {
  const written = setting(settings.servers, resource);
  return [...new Set([...readServers(resource).servers.keys(), ...(isRecord(written) ? Object.keys(written) : [])])];
}
