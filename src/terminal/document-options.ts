import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { nodeFiles } from '../base/node-files.ts';
import type { DocumentChoices } from './document-file.ts';
import { FileError, reason } from './file-error.ts';
import type { Terminal } from './streams.ts';
import { pairs, usage } from './usage.ts';

/** The options of every command that makes a message of a document. */
export const documentOptions = {
  data: { type: 'string' },
  record: { type: 'string' },
  var: { type: 'string', multiple: true },
  workspace: { type: 'string' },
  seed: { type: 'string' },
  date: { type: 'string' },
  'dkim-key': { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const documentHelp = `  --data FILE        data for the template, in place of @data: .json, .yaml
                     or .csv
  --record N         which record of the data: a number from 1, or name=value
  --var NAME=VALUE   one value more; may be given several times
  --workspace DIR    the folder that attached files have to be in; by default
                     the project around the document, else the document's folder
  --dkim-key FILE    the private key (PEM) that @dkim signs with; else the file
                     that mailbench.dkim.keys names in the workspace's
                     settings, else the key in MAILBENCH_DKIM_KEY
  --seed TEXT        what Message-ID and boundaries are made from; with --date
                     it makes the same message every time
  --date TIME        the Date of the message, as 2026-11-20T14:02:11+01:00`;

interface Values {
  readonly data?: string | undefined;
  readonly record?: string | undefined;
  readonly var?: string[] | undefined;
  readonly workspace?: string | undefined;
  readonly seed?: string | undefined;
  readonly date?: string | undefined;
  readonly 'dkim-key'?: string | undefined;
}

/** What those options come to. */
export async function documentChoices(command: string, values: Values, terminal: Terminal): Promise<DocumentChoices> {
  const { data, record, workspace } = values;
  const date = values.date === undefined ? undefined : Date.parse(values.date);
  if (Number.isNaN(date))
    throw usage(command, `--date has to be a time as 2026-11-20T14:02:11+01:00, not "${values.date}"`);
  if (data !== undefined) await checkReadable(data, terminal);
  const dkimKey = await keyFile(values['dkim-key'], terminal);
  return {
    seed: values.seed ?? randomUUID(),
    ...(data === undefined ? {} : { data }),
    ...(record === undefined ? {} : { record }),
    ...(workspace === undefined ? {} : { workspace }),
    ...(date === undefined ? {} : { date }),
    ...(dkimKey === undefined ? {} : { dkimKey }),
    ...(values.var === undefined ? {} : { variables: pairs(command, '--var', values.var) }),
  };
}

/** A file of the command line that is not there is no fault of the document, and is not told as one of its problems. */
async function checkReadable(name: string, terminal: Terminal): Promise<void> {
  const path = resolve(terminal.cwd, name);
  try {
    await access(path, constants.R_OK);
    if ((await stat(path)).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
  } catch (error) {
    throw new FileError(`mailbench: ${name} can’t be read: ${reason(error)}.`);
  }
}

async function keyFile(name: string | undefined, terminal: Terminal): Promise<string | undefined> {
  if (name === undefined) return undefined;
  try {
    return Buffer.from(await nodeFiles.read(resolve(terminal.cwd, name))).toString('utf8');
  } catch (error) {
    throw new FileError(`mailbench: ${name} can’t be read: ${reason(error)}.`);
  }
}
