import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { nodeFiles } from '../base/node-files.ts';
import { systemClock } from '../base/system-clock.ts';
import { compose } from '../send/compose.ts';
import type { Composed, ComposeInput, ComposePorts } from '../send/composed.ts';
import { pathOf, workspaceRootOf } from './mail-documents.ts';

/** What composing asks of the world, as this window allows it. */
export function composePorts(): ComposePorts {
  return {
    files: nodeFiles,
    clock: systemClock,
    // `{{$env.NAME}}` would let a folder from anywhere mail out what is in the environment.
    ...(vscode.workspace.isTrusted ? { environment: (name: string) => process.env[name] } : {}),
  };
}

export type ComposeChoice = Pick<ComposeInput, 'serverEnvelopeFrom' | 'record' | 'signal'>;

/** Makes the message of a document as the editor holds it. Rejects only where the signal fires. */
export async function composeDocument(
  document: vscode.TextDocument,
  seed: string,
  choice: ComposeChoice = {},
): Promise<Composed> {
  const path = pathOf(document);
  const workspaceRoot = workspaceRootOf(document);
  const text = document.getText();
  const edited = document.isDirty;
  // Only a finished message is sent as its bytes stand on disk; there is nothing to read for the others.
  const disk = path !== undefined && mayBeFinished(text) ? await readFile(path).catch(() => undefined) : undefined;
  return compose(
    {
      text,
      edited,
      seed,
      ...choice,
      ...(path === undefined ? {} : { path }),
      ...(workspaceRoot === undefined ? {} : { workspaceRoot }),
      ...(disk === undefined ? {} : { disk }),
    },
    composePorts(),
  );
}

function mayBeFinished(text: string): boolean {
  return /^(?:MIME-Version[ \t]*:|@raw:)/im.test(text);
}
