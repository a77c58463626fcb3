import type { Severity } from '../base/problem.ts';
import type { ReachMemory } from '../inspect/checks/reach.ts';
import { type Finding, type FindingFormat, formatFindings } from '../inspect/formats.ts';
import { checkServerName } from '../send/compose.ts';
import { reviewed, reviewSettings } from '../send/reviewed.ts';
import { type Command, EXIT_FAILED, EXIT_OK, EXIT_USAGE } from './command.ts';
import { composeFile, readDocument } from './document-file.ts';
import { documentChoices, documentHelp, documentOptions } from './document-options.ts';
import { isFileError } from './file-error.ts';
import { reportOf } from './report.ts';
import { line, safe, write } from './streams.ts';
import { parseOptions, usage } from './usage.ts';
import { workspaceOf, workspaceServers } from './workspace.ts';

const FORMATS: readonly FindingFormat[] = ['text', 'json', 'sarif'];

export const checkCommand: Command = {
  name: 'check',
  help: `Usage: mailbench check FILE... [options]

Prints every problem of each FILE, one a line:

  file:line:column: severity code: sentence

Advice is among them, as in the editor; the settings mailbench.check.severity,
.attachmentWords, .messageSize and .lineLength of the project count, and so does
"# mailbench-ignore CODE" in a document. The exit code is 1 if there is an error
among them, else 0; 2 if a FILE can't be read, whatever the others have. What
--all finds keeps no message from being sent, and is no error, unless
mailbench.check.severity says so.

Options:
  --all              look at the finished message too: what mail clients do not
                     support, links, pictures, accessibility, what spam filters
                     mind, HTML against text, placeholders, weight. The settings
                     mailbench.check.* of the project count
  --skip NAME        without that check: support, links, images, accessibility,
                     spam, text, placeholders or weight; may be repeated
  --clients LIST     the mail clients that count: "gmail.*,outlook.*,*.ios"
  --reach            ask for every http(s) link of the HTML, too: a link may do
                     something, so only where the mail's links are harmless.
                     Each address once, no host more than twice a second, 100
                     addresses and two minutes a document at most; what is left
                     is told. Behind a proxy, set NODE_USE_ENV_PROXY=1
  --strict           warnings count as errors do: the exit code is 1
  --format FORMAT    text, sarif, or json: an array of objects with file, line,
                     column, severity, code and message
${documentHelp}
  -h, --help         this text
`,
  async run(args, terminal, version) {
    const options = {
      ...documentOptions,
      all: { type: 'boolean' },
      skip: { type: 'string', multiple: true },
      clients: { type: 'string' },
      reach: { type: 'boolean' },
      strict: { type: 'boolean' },
      format: { type: 'string' },
    } as const;
    const { values, positionals } = parseOptions('check', args, options);
    const format = FORMATS.find((each) => each === (values.format ?? 'text'));
    if (format === undefined) throw usage('check', `--format is text, json or sarif, not "${values.format}"`);
    if (positionals.length === 0) throw usage('check', 'which document?');
    const needing = (['skip', 'clients', 'reach'] as const).find((name) => values[name] !== undefined);
    if (!values.all && needing !== undefined) throw usage('check', `--${needing} needs --all`);
    if (values.reach && values.skip?.includes('links'))
      throw usage('check', '--reach and --skip links exclude each other');
    const choices = await documentChoices('check', values, terminal);
    const tool = { name: 'mailbench', version };
    const all: Finding[] = [];
    const asked: ReachMemory = { cache: new Map(), lastAsked: new Map() };
    let unread = false;
    for (const name of positionals) {
      const file = await readDocument(name, terminal).catch(async (error: unknown) => {
        if (!isFileError(error)) throw error;
        // What is wrong with the others is told all the same.
        await line(terminal.stderr, error.message);
        unread = true;
      });
      if (!file) continue;
      const composed = await composeFile(file, choices, terminal);
      const { servers, values: settings } = await workspaceServers(
        composed.workspaceRoot ?? (await workspaceOf(file.path)),
      );
      const unknown = checkServerName(composed, [...servers.keys()]);
      // As the editor shows them: with its advice, without what is silenced.
      const review = reviewSettings(checkSettingsOf(settings));
      const shown = reviewed(composed, review, { more: unknown ? [unknown] : [] });
      const found: Finding[] = reportOf(name, file.text, shown);
      if (values.all) {
        const { inspectChoices, inspectFile } = await import('./inspect-file.ts');
        const { reachPorts } = await import('../inspect/reach-ports.ts');
        const switches = { ...inspectChoices(settings, values.clients, values.skip ?? []), severity: review.severity };
        const reach = values.reach && reachPorts(asked, terminal.signal, terminal.fetch);
        const checks = reach ? { ...switches, reach } : switches;
        found.push(...(await inspectFile(name, file.text, composed, checks, terminal.signal)));
        found.sort((a, b) => a.line - b.line || a.column - b.column);
      }
      // As they are found: many documents take a while.
      if (format === 'text') await write(terminal.stdout, safe(formatFindings(found, format, tool)));
      all.push(...found);
    }
    if (format !== 'text') await write(terminal.stdout, formatFindings(all, format, tool));
    if (unread) return EXIT_USAGE;
    const failing: readonly Severity[] = values.strict ? ['error', 'warning'] : ['error'];
    return all.some(({ severity }) => failing.includes(severity)) ? EXIT_FAILED : EXIT_OK;
  },
};

function checkSettingsOf(values: Readonly<Record<string, unknown>>) {
  const of = (name: string): unknown => values[`mailbench.check.${name}`];
  return {
    severity: of('severity'),
    attachmentWords: of('attachmentWords'),
    messageSize: of('messageSize'),
    lineLength: of('lineLength'),
  };
}
