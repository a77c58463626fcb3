import { suggestionFor } from '../base/suggestion.ts';
import type { Command } from './command.ts';
import { EXIT_CANCELLED, EXIT_OK, EXIT_USAGE } from './command.ts';
import { isFileError, reason } from './file-error.ts';
import { isBrokenPipe, isStreamError, line, type Terminal, write } from './streams.ts';
import { isUsageError, usage } from './usage.ts';

/** Loaded when they are asked for: `--version` needs no mail engine. */
const COMMANDS: Readonly<Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>> = {
  build: {
    summary: 'write the message that a document becomes to standard output',
    load: async () => (await import('./build.ts')).buildCommand,
  },
  check: {
    summary: 'print what is wrong with documents',
    load: async () => (await import('./check.ts')).checkCommand,
  },
  send: {
    summary: 'send the message that a document becomes',
    load: async () => (await import('./send.ts')).sendCommand,
  },
  serve: {
    summary: 'run a mail server that keeps whatever it gets',
    load: async () => (await import('./serve.ts')).serveCommand,
  },
  smtp: {
    summary: 'talk to a mail server, line by line',
    load: async () => (await import('./smtp.ts')).smtpCommand,
  },
};

const HELP = `Usage: mailbench COMMAND [options]

Writes, checks and sends test mail, and catches it.

Commands:
${Object.entries(COMMANDS)
  .map(([name, { summary }]) => `  ${name.padEnd(8)} ${summary}`)
  .join('\n')}

mailbench COMMAND --help   how to use it
mailbench --version        which version this is

Exit codes: 0 where all went well; 1 where a document has errors, or not all was
sent; 2 where the command line, or a file that it names, can't be used; 130
where Ctrl+C broke it off.
`;

/** Runs one command line and answers its exit code; rejects only for a fault in this program. */
export async function main(args: readonly string[], terminal: Terminal, version: string): Promise<number> {
  try {
    return await run(args, terminal, version);
  } catch (error) {
    if (isBrokenPipe(error)) return EXIT_OK;
    if (terminal.signal.aborted && isAbort(error, terminal.signal)) {
      await line(terminal.stderr, 'mailbench: cancelled');
      return EXIT_CANCELLED;
    }
    if (isStreamError(error)) {
      const name = error.stream === terminal.stderr ? 'error' : 'output';
      // Where standard error is the one that takes nothing, the exit code has to do.
      await line(terminal.stderr, `mailbench: standard ${name} can’t be written: ${reason(error.cause)}.`).catch(
        () => {},
      );
      return EXIT_USAGE;
    }
    if (!isUsageError(error) && !isFileError(error)) throw error;
    await line(terminal.stderr, error.message);
    return EXIT_USAGE;
  }
}

/** Whatever was under way says so in one of two ways: with the signal's own reason, or with Node's error for it. */
function isAbort(error: unknown, signal: AbortSignal): boolean {
  return error === signal.reason || (error instanceof Error && error.name === 'AbortError');
}

async function run(args: readonly string[], terminal: Terminal, version: string): Promise<number> {
  const [name, ...rest] = args;
  if (name === undefined) {
    await write(terminal.stderr, HELP);
    return EXIT_USAGE;
  }
  if (name === '--help' || name === '-h' || name === 'help') {
    const topic = name === 'help' ? rest[0] : undefined;
    await write(terminal.stdout, topic === undefined ? HELP : (await load(topic)).help);
    return EXIT_OK;
  }
  if (name === '--version' || name === '-V') {
    await write(terminal.stdout, `${version}\n`);
    return EXIT_OK;
  }
  const command = await load(name);
  if (wantsHelp(rest)) {
    await write(terminal.stdout, command.help);
    return EXIT_OK;
  }
  return command.run(rest, terminal, version);
}

async function load(name: string): Promise<Command> {
  const entry = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (entry) return entry.load();
  const near = suggestionFor(name, Object.keys(COMMANDS));
  const what = name.startsWith('-') ? 'option' : 'command';
  throw usage('', `there is no ${what} ${name}${near === undefined ? '' : `; did you mean ${near}?`}`);
}

/** Help wins over whatever else is on the line, but not over what stands behind `--`. */
function wantsHelp(args: readonly string[]): boolean {
  const end = args.indexOf('--');
  return (end === -1 ? args : args.slice(0, end)).some((arg) => arg === '--help' || arg === '-h');
}
