import { readFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { nodeFiles } from '../base/node-files.ts';
import { systemClock } from '../base/system-clock.ts';
import { compose } from '../send/compose.ts';
import { inThreads } from '../send/compose-elsewhere.ts';
import type { Composed, ComposeInput, ComposePorts } from '../send/composed.ts';
import { dkimKeys } from '../send/dkim-keys.ts';
import type { DraftIdentity } from '../send/draft-seed.ts';
import { setting } from './configuration.ts';
import { analysisOf } from './language/analyses.ts';
import { basePathOf, pathOf, workspaceRootOf } from './mail-documents.ts';
import type { MailWork } from './mail-work.ts';
import { settings } from './names.ts';

/** What composing asks of the world, as this window allows it. */
export function composePorts(resource?: vscode.Uri): ComposePorts {
  // `{{$env.NAME}}` would let a folder from anywhere mail out what is in the environment.
  const environment = vscode.workspace.isTrusted ? { environment: (name: string) => process.env[name] } : ({} as const);
  const folder = (resource && vscode.workspace.getWorkspaceFolder(resource)) ?? vscode.workspace.workspaceFolders?.[0];
  const inFolder = folder?.uri.scheme === 'file' ? { folder: folder.uri.fsPath } : {};
  return {
    files: nodeFiles,
    clock: systemClock,
    // The editor's other questions to this process.
    turn: setImmediate,
    dkimKeys: dkimKeys({
      files: nodeFiles,
      get settings() {
        return setting(settings.dkimKeys, resource);
      },
      ...inFolder,
      ...environment,
    }),
    ...environment,
  };
}

export type ComposeChoice = Pick<ComposeInput, 'serverEnvelopeFrom' | 'record' | 'signal' | 'dataSets'>;

/** Makes the message of a document as the editor holds it. Rejects only where the signal fires. */
export async function composeDocument(
  document: vscode.TextDocument,
  draft: DraftIdentity,
  work: MailWork,
  choice: ComposeChoice = {},
): Promise<Composed> {
  const path = pathOf(document);
  const basePath = basePathOf(document);
  const workspaceRoot = workspaceRootOf(document);
  const text = document.getText();
  const edited = document.isDirty;
  // Only a finished message is sent as its bytes stand on disk; there is nothing to read for the others.
  const disk = path !== undefined && mayBeFinished(text) ? await readFile(path).catch(() => undefined) : undefined;
  return compose(
    {
      text,
      parsed: analysisOf(document),
      edited,
      ...draft,
      ...choice,
      ...(basePath === undefined ? {} : { path: basePath }),
      ...(workspaceRoot === undefined ? {} : { workspaceRoot }),
      ...(disk === undefined ? {} : { disk }),
    },
    { ...composePorts(document.uri), elsewhere: inThreads(async () => (await work.reader()).threads) },
  );
}

function mayBeFinished(text: string): boolean {
  return /^(?:MIME-Version[ \t]*:|@raw:)/im.test(text);
}
