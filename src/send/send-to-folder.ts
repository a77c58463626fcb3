import { isAbsolute, resolve } from 'node:path';
import type { Clock } from '../base/ports.ts';
import type { Transcript } from '../net/transcript.ts';
import type { Composed } from './composed.ts';
import { folderTrouble, writeToFolder } from './folder.ts';
import type { Attempt, Outcome } from './outcome.ts';
import { type FolderServer, isNamed, labelOf } from './server.ts';

export interface FolderPorts {
  readonly clock: Clock;
  readonly signal?: AbortSignal;
  readonly transcript: Transcript;
  /** What every outcome holds, as of now. */
  readonly attempt: () => Attempt;
}

/** `transport: "folder"`: the message as a `.eml`, and a transcript of two lines. */
export async function sendToFolder(composed: Composed, server: FolderServer, ports: FolderPorts): Promise<Outcome> {
  const { transcript, attempt, signal } = ports;
  const { message, workspaceRoot } = composed;
  const { envelope } = attempt();
  if (!isAbsolute(server.path) && workspaceRoot === undefined) {
    return { kind: 'refused', server, refusal: { code: 'no-workspace', setting: 'path', path: server.path } };
  }
  if (!message) return { kind: 'refused', server, refusal: { code: 'document-has-errors', errors: 0 } };
  const folder = resolve(workspaceRoot ?? '', server.path);
  const recipients = envelope.recipients.map((address) => ({ address, status: 'accepted', step: 'data' }) as const);
  if (attempt().dryRun) {
    transcript.event(`Looking at the folder ${folder}${isNamed(server) ? ` (${labelOf(server)})` : ''}`);
    const trouble = await folderTrouble(folder);
    if (trouble === undefined) return { ...attempt(), kind: 'delivered', recipients };
    transcript.trouble(`Writing to ${folder} would fail: ${trouble}`);
    return { kind: 'refused', server, refusal: { code: 'folder-unwritable', path: folder, error: trouble } };
  }
  transcript.event(`Writing to the folder ${folder}${isNamed(server) ? ` (${labelOf(server)})` : ''}`);
  try {
    const file = await writeToFolder(folder, message, ports.clock.now(), signal);
    transcript.event(`Wrote ${file}, ${message.size.toLocaleString('en-US')} bytes`);
    return { ...attempt(), kind: 'delivered', recipients, file };
  } catch (error) {
    if (signal?.aborted) {
      transcript.event('Cancelled');
      return { ...attempt(), kind: 'cancelled', recipients: [] };
    }
    const word = (error as NodeJS.ErrnoException | undefined)?.code ?? String(error);
    transcript.trouble(`Writing to ${folder} failed: ${word}`);
    return { kind: 'refused', server, refusal: { code: 'folder-unwritable', path: folder, error: word } };
  }
}
