import { resolve } from 'node:path';
import { nodeFiles } from '../base/node-files.ts';
import { systemClock } from '../base/system-clock.ts';
import { parseDocument } from '../document/parse.ts';
import { compose, settingOf } from '../send/compose.ts';
import type { Composed, ComposeInput, ComposePorts } from '../send/composed.ts';
import { dkimKeys } from '../send/dkim-keys.ts';
import { FileError, reason } from './file-error.ts';
import type { Terminal } from './streams.ts';
import { workspaceOf, workspaceSetting } from './workspace.ts';

export interface DocumentChoices {
  readonly seed: string;
  readonly data?: string;
  readonly record?: string;
  readonly variables?: Readonly<Record<string, string>>;
  readonly workspace?: string;
  readonly date?: number;
  readonly serverEnvelopeFrom?: string;
  readonly dkimKey?: string;
  /** See `ComposeInput`. */
  readonly dataSets?: NonNullable<ComposeInput['dataSets']>;
}

export interface DocumentFile {
  /** As the person named it. */
  readonly name: string;
  readonly path: string;
  readonly text: string;
  readonly octets: Uint8Array;
}

export async function readDocument(name: string, terminal: Terminal): Promise<DocumentFile> {
  const path = resolve(terminal.cwd, name);
  try {
    const octets = await nodeFiles.read(path);
    return { name, path, octets, text: new TextDecoder('utf-8').decode(octets) };
  } catch (error) {
    throw new FileError(`mailbench: ${name} can’t be read: ${reason(error)}.`);
  }
}

/** The document as what would be sent, by what the command line says about it. */
export async function composeFile(file: DocumentFile, choices: DocumentChoices, terminal: Terminal): Promise<Composed> {
  const { data, dkimKey, workspace, ...others } = choices;
  const parsed = parseDocument(file.text);
  const named = data ?? settingOf(parsed.document, 'data')?.value.text;
  // With all records of the data there is one word about that for the whole of them.
  if (choices.record !== undefined && choices.dataSets === undefined && !named)
    throw new FileError(
      `mailbench: ${file.name} names no data to take record ${choices.record} from: add @data, or give --data.`,
    );
  const workspaceRoot = workspace === undefined ? await workspaceOf(file.path) : resolve(terminal.cwd, workspace);
  const ports: ComposePorts = {
    files: nodeFiles,
    clock: systemClock,
    environment: (name) => terminal.env[name],
    dkimKeys: dkimKeys({
      files: nodeFiles,
      environment: (name) => terminal.env[name],
      folder: workspaceRoot,
      ...(dkimKey === undefined
        ? { settings: await workspaceSetting(workspaceRoot, 'dkim.keys') }
        : { given: dkimKey }),
    }),
  };
  return compose(
    {
      ...others,
      text: file.text,
      parsed,
      disk: file.octets,
      edited: false,
      path: file.path,
      workspaceRoot,
      signal: terminal.signal,
      ...(data === undefined ? {} : { data: resolve(terminal.cwd, data) }),
    },
    ports,
  );
}
