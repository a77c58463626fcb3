import { randomUUID } from 'node:crypto';
import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { findingLine } from '../inspect/formats.ts';
import { isSourceFailure } from '../mime/source-failure.ts';
import { hasErrors } from '../send/composed.ts';
import { changeSentence } from '../send/sentences/change.ts';
import { type Command, EXIT_FAILED, EXIT_OK } from './command.ts';
import { composeFile, readDocument } from './document-file.ts';
import { documentChoices, documentHelp, documentOptions } from './document-options.ts';
import { FileError, reason } from './file-error.ts';
import { reportOf } from './report.ts';
import { line, write } from './streams.ts';
import { parseOptions, usage } from './usage.ts';

export const buildCommand: Command = {
  name: 'build',
  help: `Usage: mailbench build FILE [options]

Writes the message that FILE becomes to standard output, every byte as it would
be sent. Problems go to standard error; with an error among them nothing is
written and the exit code is 1.

Options:
  -o, --output FILE  write the message there
${documentHelp}
  -h, --help         this text
`,
  async run(args, terminal) {
    const options = { ...documentOptions, output: { type: 'string', short: 'o' } } as const;
    const { values, positionals } = parseOptions('build', args, options);
    const [name, ...others] = positionals;
    if (name === undefined) throw usage('build', 'which document?');
    if (others.length > 0) throw usage('build', 'one document at a time');
    const choices = await documentChoices('build', values, terminal);
    const file = await readDocument(name, terminal);
    const composed = await composeFile(file, choices, terminal);
    for (const problem of reportOf(name, file.text, composed.problems)) {
      if (problem.severity === 'error' || problem.severity === 'warning')
        await line(terminal.stderr, findingLine(problem));
    }
    if (hasErrors(composed) || !composed.message) return EXIT_FAILED;
    for (const change of composed.changes) await line(terminal.stderr, `${name}: ${changeSentence(change)}`);
    const { output } = values;
    try {
      const octets = composed.message.read(terminal.signal);
      if (output !== undefined) await save(resolve(terminal.cwd, output), octets);
      else for await (const chunk of octets) await write(terminal.stdout, chunk);
    } catch (error) {
      if (isSourceFailure(error))
        throw new FileError(`mailbench: ${error.message}: nothing whole was written. Build it again.`);
      if (output === undefined) throw error;
      throw new FileError(`mailbench: ${output} can’t be written: ${reason(error)}.`);
    }
    return EXIT_OK;
  },
};

/** All of it or nothing: what stood there before stays until the new message is whole. */
async function save(path: string, octets: AsyncIterable<Uint8Array>): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const there = await stat(target).catch(() => undefined);
  // A pipe or a device takes it as it comes.
  if (there && !there.isFile()) return writeFile(target, octets);
  const temporary = `${target}.${randomUUID()}.part`;
  try {
    await writeFile(temporary, octets);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}
