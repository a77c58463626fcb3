import { checkServerName } from '../send/compose.ts';
import { type Command, EXIT_FAILED, EXIT_OK } from './command.ts';
import { composeFile, readDocument } from './document-file.ts';
import { documentChoices, documentHelp, documentOptions } from './document-options.ts';
import { type ReportedProblem, reportLine, reportOf } from './report.ts';
import { line, write } from './streams.ts';
import { parseOptions, usage } from './usage.ts';
import { workspaceOf, workspaceServers } from './workspace.ts';

const FORMATS = ['text', 'json'] as const;

export const checkCommand: Command = {
  name: 'check',
  help: `Usage: mailbench check FILE... [options]

Prints every problem of each FILE, one a line:

  file:line:column: severity code: sentence

The exit code is 1 if there is an error among them, else 0.

Options:
  --format FORMAT    text, or json: an array of objects with file, line, column,
                     severity, code and message
${documentHelp}
  -h, --help         this text
`,
  async run(args, terminal) {
    const options = { ...documentOptions, format: { type: 'string' } } as const;
    const { values, positionals } = parseOptions('check', args, options);
    const format = FORMATS.find((each) => each === (values.format ?? 'text'));
    if (format === undefined) throw usage('check', `--format is text or json, not "${values.format}"`);
    if (positionals.length === 0) throw usage('check', 'which document?');
    const choices = await documentChoices('check', values, terminal);
    const all: ReportedProblem[] = [];
    for (const name of positionals) {
      const file = await readDocument(name, terminal);
      const composed = await composeFile(file, choices, terminal);
      const { servers } = await workspaceServers(composed.workspaceRoot ?? (await workspaceOf(file.path)));
      const unknown = checkServerName(composed, [...servers.keys()]);
      const found = reportOf(name, file.text, unknown ? [...composed.problems, unknown] : composed.problems);
      if (format === 'text') for (const problem of found) await line(terminal.stdout, reportLine(problem));
      all.push(...found);
    }
    if (format === 'json') await write(terminal.stdout, `${JSON.stringify(all, undefined, 2)}\n`);
    return all.some((problem) => problem.severity === 'error') ? EXIT_FAILED : EXIT_OK;
  },
};
