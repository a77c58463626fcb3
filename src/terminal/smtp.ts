import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { nodeFiles } from '../base/node-files.ts';
import { systemClock } from '../base/system-clock.ts';
import { ConsoleShell } from '../send/console/console-shell.ts';
import { runScript } from '../send/console/script.ts';
import type { ConsoleServer } from '../send/console/smtp-console.ts';
import { CONSOLE_HELP } from '../send/console/words.ts';
import { labelOf } from '../send/server.ts';
import { chooseServer, PASSWORD_VARIABLE } from './choose-server.ts';
import { type Command, EXIT_CANCELLED, EXIT_FAILED, EXIT_OK } from './command.ts';
import { line, type Terminal } from './streams.ts';
import { parseOptions, usage } from './usage.ts';
import { workspaceOf, workspaceServers } from './workspace.ts';

/** Where the width of the terminal is not known. */
const COLUMNS = 80;

export const smtpCommand: Command = {
  name: 'smtp',
  help: `Usage: mailbench smtp [URL|NAME] [options]

Holds one session with a server and lets you talk to it: EHLO and TLS go before,
as the settings of the server say; the login does not. In a terminal it is a
console with history and editing. Else it takes its lines from standard input
and prints the conversation to standard output; a line that begins with # is a
remark. The exit code is 0 if every command was answered with 2xx or 3xx, 1 if
not.

${CONSOLE_HELP.join('\n')}

Options:
  --bare             stop after the greeting of the server: EHLO, STARTTLS and
                     AUTH are yours to type
  -c, --command LINE one line, in place of standard input; may be given several
                     times
  --show-message     show a message that follows DATA in full
  -h, --help         this text

Servers are named as for "mailbench send"; without one, it is mailbench.server
of the project, else the Local Inbox. The password that "login" needs comes from
the environment variable ${PASSWORD_VARIABLE} (or the one that "passwordEnv"
names), or is asked for.
`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions('smtp', args, {
      bare: { type: 'boolean' },
      command: { type: 'string', short: 'c', multiple: true },
      'show-message': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    });
    const [name, ...others] = positionals;
    if (others.length > 0) throw usage('smtp', 'one server at a time');
    // As if a document stood in this folder.
    const folder = await workspaceOf(`${terminal.cwd}/.`);
    const servers = await workspaceServers(folder);
    const { server: chosen, warnings } = chooseServer('smtp', name, undefined, servers);
    for (const warning of warnings) await line(terminal.stderr, `mailbench smtp: ${warning}`);
    if (chosen.transport === 'folder' || chosen.transport === 'mx') {
      throw usage('smtp', `${labelOf(chosen)} is no single mail server that could be talked to`);
    }
    // Whoever "login" names: here the environment is the person's own.
    const server: ConsoleServer =
      chosen.transport === 'inbox' ? chosen : { ...chosen, passwordEnv: chosen.passwordEnv ?? PASSWORD_VARIABLE };
    const ports = {
      files: nodeFiles,
      clock: systemClock,
      environment: (variable: string) => terminal.env[variable],
      inbox: async () => ({ host: '127.0.0.1', port: servers.inboxPort }),
      workspaceRoot: folder,
      transcriptData: values['show-message'] ? ('full' as const) : ('summary' as const),
    };
    const bare = values.bare ?? false;
    if (terminal.interactive && values.command === undefined) return interact(server, ports, bare, terminal);
    let printed: Promise<unknown> = Promise.resolve();
    const print = (text: string) => {
      printed = printed.then(() => line(terminal.stdout, text)).catch(() => {});
    };
    const troubles = await runScript(
      server,
      { ...ports, print },
      linesOf(values.command, terminal),
      bare,
      terminal.signal,
    );
    await printed;
    if (terminal.signal.aborted) return EXIT_CANCELLED;
    return troubles === 0 ? EXIT_OK : EXIT_FAILED;
  },
};

async function* linesOf(given: readonly string[] | undefined, { stdin }: Terminal): AsyncIterable<string> {
  if (given) yield* given;
  else if (stdin) yield* createInterface({ input: stdin, crlfDelay: Number.POSITIVE_INFINITY });
}

async function interact(
  server: ConsoleServer,
  ports: Omit<ConstructorParameters<typeof ConsoleShell>[1], 'write' | 'columns'>,
  bare: boolean,
  terminal: Terminal,
): Promise<number> {
  const { stderr, signal } = terminal;
  const stdin = terminal.stdin ?? Readable.from([]);
  const shell = new ConsoleShell(server, {
    ...ports,
    write: (text) => void stderr.write(text),
    columns: stderr.columns ?? COLUMNS,
  });
  const type = (text: string) => void shell.input(text);
  const resize = () => shell.resize(stderr.columns ?? COLUMNS);
  const end = () => void shell.end();
  terminal.stdin?.setRawMode?.(true);
  stdin.setEncoding('utf8');
  stdin.on('data', type);
  stdin.once('end', end);
  stderr.on('resize', resize);
  signal.addEventListener('abort', end);
  try {
    await shell.start(bare);
    await shell.ended;
  } finally {
    signal.removeEventListener('abort', end);
    stderr.off('resize', resize);
    stdin.off('data', type);
    stdin.off('end', end);
    terminal.stdin?.setRawMode?.(false);
    // A terminal that is still listened to keeps the program from ending.
    stdin.pause();
  }
  return signal.aborted ? EXIT_CANCELLED : EXIT_OK;
}
