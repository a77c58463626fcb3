import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { makeCertificate } from '../capture/certificate.ts';
import { type FaultRule, readFaults } from '../capture/faults.ts';
import { type CaptureServer, startCapture } from '../capture/server.ts';
import { openMessageStore } from '../capture/store.ts';
import { faultSentence } from '../send/sentences/fault.ts';
import { type Command, EXIT_FAILED, EXIT_OK } from './command.ts';
import { reason } from './file-error.ts';
import { line } from './streams.ts';
import { parseOptions, usage, wholeNumber } from './usage.ts';

const SECURITIES = ['none', 'starttls', 'tls'] as const;

export const serveCommand: Command = {
  name: 'serve',
  help: `Usage: mailbench serve [--port N] [--dir DIR] [options]

Runs an SMTP server on this machine that takes mail for anybody and keeps each
message as a .eml file in DIR, its envelope beside it as .json. It delivers
nothing. Prints the address that it listens on, then a line for each message;
ends on SIGINT (Ctrl+C) or SIGTERM.

Options:
  -p, --port N       the port; 1025 by default, 0 for any free one
  -d, --dir DIR      where messages are kept; ./mail by default
  --host ADDRESS     the loopback address to listen on; by default 127.0.0.1
                     and ::1
  --security KIND    none (the default), starttls (offer it) or tls (from the
                     start), with a certificate made for the occasion
  --lmtp             speak LMTP instead of SMTP
  --faults FILE      what is to go wrong, as a JSON list:
                     [{ "at": "rcpt", "match": "*@full.example",
                        "reply": "452 4.2.2 Mailbox full", "times": 2 }]
                     "at" is connect, hello, starttls, auth, mail, rcpt, data,
                     body, message, rset or quit; "reply", "raw", "delay" (ms)
                     and "drop" say what happens; "match", "after" and "times",
                     to whom and how often. Without a file too, an address can
                     ask for it: fault-550@…, jo+fault-message-451@…,
                     fault-drop@…, fault-delay-2000@…
  --quiet            print the address only
  -h, --help         this text
`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions('serve', args, {
      port: { type: 'string', short: 'p' },
      dir: { type: 'string', short: 'd' },
      host: { type: 'string' },
      security: { type: 'string' },
      lmtp: { type: 'boolean' },
      faults: { type: 'string' },
      quiet: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    });
    if (positionals.length > 0) throw usage('serve', `it takes options only, not "${positionals[0]}"`);
    const port = wholeNumber('serve', '--port', values.port ?? '1025', 0, 65535);
    const security = SECURITIES.find((each) => each === (values.security ?? 'none'));
    if (security === undefined) {
      throw usage('serve', `--security is ${SECURITIES.join(', ')}, not "${values.security}"`);
    }
    const faults = values.faults === undefined ? [] : await readFaultFile(resolve(terminal.cwd, values.faults));
    const directory = resolve(terminal.cwd, values.dir ?? 'mail');
    let server: CaptureServer;
    // Lines in the order of the messages, though each write takes its time.
    let printed: Promise<unknown> = Promise.resolve();
    try {
      const store = await openMessageStore(directory);
      server = await startCapture({
        port,
        store,
        protocol: values.lmtp ? 'lmtp' : 'smtp',
        security,
        faults,
        ...(security === 'none' ? {} : { certificate: async () => makeCertificate({ now: Date.now() }) }),
        ...(values.host === undefined ? {} : { host: values.host }),
        onMessage: (record) => {
          if (values.quiet) return;
          const sender = record.envelope?.sender || '<>';
          const text = `${store.pathOf(record.id)}  ${sender} -> ${record.envelope?.recipients.join(', ') ?? ''}`;
          printed = printed.then(() => line(terminal.stdout, text)).catch(() => {});
        },
      });
    } catch (error) {
      await line(terminal.stderr, `mailbench serve: ${trouble(error, port, values.host ?? '127.0.0.1', directory)}`);
      return EXIT_FAILED;
    }
    const address = server.address.includes(':') ? `[${server.address}]` : server.address;
    await line(terminal.stdout, `Listening on ${address}:${server.port}, keeping messages in ${directory}`);
    await new Promise<void>((done) => {
      if (terminal.signal.aborted) done();
      else terminal.signal.addEventListener('abort', () => done(), { once: true });
    });
    await server.close();
    await printed;
    return EXIT_OK;
  },
};

/** The rules of a file of faults; a usage error for one that can't be used as it stands. */
async function readFaultFile(path: string): Promise<readonly FaultRule[]> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(path, 'utf8'));
  } catch (error) {
    throw usage('serve', `--faults ${path}: ${reason(error)}`);
  }
  const { rules, problems } = readFaults(value);
  if (problems.length > 0) throw usage('serve', `--faults ${path}: ${problems.map(faultSentence).join(' ')}`);
  return rules;
}

function trouble(error: unknown, port: number, host: string, directory: string): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'EADDRINUSE':
      return `port ${port} is taken already: give another with --port, or 0 for any free one.`;
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine: leave --host out for 127.0.0.1.`;
    case 'ERR_NOT_LOOPBACK':
      return `${host} can be reached from other machines, and this server takes mail from anybody: use 127.0.0.1 or ::1.`;
    case 'EEXIST':
    case 'ENOTDIR':
      return `${directory} is no folder: give another with --dir.`;
    case 'EACCES':
      return `this user may not listen on port ${port}, or not write to ${directory}: ports below 1024 are for administrators.`;
    default:
      return `can’t start: ${reason(error)} (keeping messages in ${directory}).`;
  }
}
