import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { hasErrors } from '../send/composed.ts';
import { changeSentence } from '../send/sentences/change.ts';
import { type Command, EXIT_FAILED, EXIT_OK } from './command.ts';
import { composeFile, readDocument } from './document-file.ts';
import { documentChoices, documentHelp, documentOptions } from './document-options.ts';
import { FileError, reason } from './file-error.ts';
import { reportLine, reportOf } from './report.ts';
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
        await line(terminal.stderr, reportLine(problem));
    }
    if (hasErrors(composed) || !composed.message) return EXIT_FAILED;
    for (const change of composed.changes) await line(terminal.stderr, `${name}: ${changeSentence(change)}`);
    if (values.output === undefined) {
      for await (const chunk of composed.message.read(terminal.signal)) await write(terminal.stdout, chunk);
    } else {
      try {
        await writeFile(resolve(terminal.cwd, values.output), composed.message.read(terminal.signal));
      } catch (error) {
        throw new FileError(`mailbench: ${values.output} can’t be written: ${reason(error)}.`);
      }
    }
    return EXIT_OK;
  },
};
