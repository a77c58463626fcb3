import { basename, resolve } from 'node:path';
import { nodeFiles } from '../base/node-files.ts';
import { systemClock } from '../base/system-clock.ts';
import { parseDocument } from '../document/parse.ts';
import { findingLine } from '../inspect/formats.ts';
import { settingOf } from '../send/compose.ts';
import { hasErrors } from '../send/composed.ts';
import { type DeliverPorts, deliver } from '../send/deliver.ts';
import { deliveryReport } from '../send/delivery-report.ts';
import { Confirmations } from '../send/guard.ts';
import { type Outcome, stoppedOnPurpose } from '../send/outcome.ts';
import { CONNECTIONS_MOST, RATE_LEAST, RATE_MOST } from '../send/pool-settings.ts';
import { RETRY_ATTEMPTS_MOST, RETRY_DELAY, RETRY_DELAY_MOST } from '../send/retry-settings.ts';
import { changeSentence } from '../send/sentences/change.ts';
import { outcomeSentence } from '../send/sentences/outcome.ts';
import { addressOf, type Server } from '../send/server.ts';
import { chooseServer, PASSWORD_VARIABLE } from './choose-server.ts';
import { type Command, EXIT_CANCELLED, EXIT_FAILED, EXIT_OK } from './command.ts';
import { composeFile, readDocument } from './document-file.ts';
import { documentChoices, documentHelp, documentOptions } from './document-options.ts';
import { askInTerminal, askPasswordInTerminal } from './prompt.ts';
import { reportOf } from './report.ts';
import { stopHelp, stopOptions, stopPoint } from './stop-options.ts';
import { line, safe, type Terminal, write } from './streams.ts';
import { decimalNumber, parseOptions, usage, wholeNumber } from './usage.ts';
import { workspaceOf, workspaceServers } from './workspace.ts';

export const sendCommand: Command = {
  name: 'send',
  help: `Usage: mailbench send FILE [--server URL|NAME] [options]

Sends the message that FILE becomes, and prints the whole conversation with the
server to standard error. The exit code is 0 only if every recipient was
accepted (or a stop point reached); 1 if not, 130 if it was cancelled.

Servers:
  smtp://user@host:port?security=none   or starttls (the default, unless it is
                                        this machine), tls, opportunistic
  smtps://user@host                     TLS from the start (port 465)
  lmtp://host:port, lmtp:///path        LMTP, over a Unix socket too
  mx:                                   straight to the recipients' servers
  folder:DIR                            a .eml file in DIR
  NAME                                  a server of mailbench.servers in the
                                        .vscode/settings.json of the project
What follows "?" are properties of such a server, as in
smtp://host?clientName=ci.example&tls.verify=false&timeouts.connect=5.
Without --server: the document's @server, else mailbench.server, else the Local
Inbox on its port. The password comes from the environment variable
${PASSWORD_VARIABLE} (or the one that the server's "passwordEnv" names); in a
terminal it is asked for.

Options:
  -s, --server URL|NAME
  -y, --yes          answer yes to whatever is asked before sending (any server
                     that is not this machine asks)
  --dry-run          go as far as the recipients and send no message; prints a
                     report: recipients, certificate, extensions, limits
${stopHelp}
  --all-records      one message for each record of the data; prints a line for
                     each. With an error in one of them, none is sent
  --rate N           with --all-records: at most N messages a second; 0.5 is
                     one every two seconds
  --connections N    with --all-records: N sessions at a time
  --retry N          send again to recipients that are refused for now, as by
                     greylisting: N tries in all
  --retry-delay S    with --retry: S seconds before the second try (${RETRY_DELAY}), twice
                     as long before each further one
  --show-message     show the message in the transcript too
  --quiet            no transcript
${documentHelp}
  -h, --help         this text
`,
  async run(args, terminal) {
    const { values, positionals } = parseOptions('send', args, {
      ...documentOptions,
      server: { type: 'string', short: 's' },
      yes: { type: 'boolean', short: 'y' },
      ...stopOptions,
      'all-records': { type: 'boolean' },
      rate: { type: 'string' },
      connections: { type: 'string' },
      retry: { type: 'string' },
      'retry-delay': { type: 'string' },
      'dry-run': { type: 'boolean' },
      'show-message': { type: 'boolean' },
      quiet: { type: 'boolean' },
    });
    const stop = stopPoint('send', values);
    const dryRun = values['dry-run'] ?? false;
    if (stop && dryRun) throw usage('send', '--dry-run stops by itself: leave the stop point out');
    if (values['all-records'] && (values.record !== undefined || stop)) {
      throw usage('send', `--all-records and ${stop ? 'a stop point' : '--record'} exclude each other`);
    }
    for (const option of ['rate', 'connections'] as const)
      if (values[option] !== undefined && !values['all-records'])
        throw usage('send', `--${option} needs --all-records`);
    if (values['retry-delay'] !== undefined && values.retry === undefined)
      throw usage('send', '--retry-delay needs --retry');
    if (values.retry !== undefined && (dryRun || stop))
      throw usage('send', `--retry and ${dryRun ? '--dry-run' : 'a stop point'} exclude each other`);
    const seconds = values['retry-delay'] ?? String(RETRY_DELAY);
    const retry = values.retry && {
      attempts: wholeNumber('send', '--retry', values.retry, 2, RETRY_ATTEMPTS_MOST),
      delay: Math.round(1000 * decimalNumber('send', '--retry-delay', seconds, 0, RETRY_DELAY_MOST)),
    };
    const { rate, connections } = values;
    const pool = {
      ...(rate === undefined ? {} : { rate: decimalNumber('send', '--rate', rate, RATE_LEAST, RATE_MOST) }),
      ...(connections === undefined
        ? {}
        : { connections: wholeNumber('send', '--connections', connections, 1, CONNECTIONS_MOST) }),
    };
    const [name, ...others] = positionals;
    if (name === undefined) throw usage('send', 'which document?');
    if (others.length > 0) throw usage('send', 'one document at a time');
    const choices = await documentChoices('send', values, terminal);
    const file = await readDocument(name, terminal);
    const servers = await workspaceServers(
      values.workspace === undefined ? await workspaceOf(file.path) : resolve(terminal.cwd, values.workspace),
    );
    const named = settingOf(parseDocument(file.text).document, 'server')?.value.text || undefined;
    const { server: chosen, guard, warnings } = chooseServer('send', values.server, named, servers);
    const server: Server =
      retry && chosen.transport !== 'inbox' && chosen.transport !== 'folder' ? { ...chosen, retry } : chosen;
    for (const warning of warnings) await line(terminal.stderr, `mailbench send: ${warning}`);
    if (server.transport === 'mx' || server.transport === 'folder') {
      for (const option of Object.keys(pool)) {
        const warning = `--${option} has no meaning for the transport "${server.transport}": it is not used.`;
        await line(terminal.stderr, `mailbench send: ${warning}`);
      }
    }

    const envelopeFrom = server.envelopeFrom === undefined ? {} : { serverEnvelopeFrom: server.envelopeFrom };
    // The transcript is written as it comes, and waited for before the last word.
    let printed: Promise<unknown> = Promise.resolve();
    const ports: DeliverPorts = {
      files: nodeFiles,
      clock: systemClock,
      environment: (variable) => terminal.env[variable],
      signal: terminal.signal,
      confirmations: new Confirmations(),
      guard,
      ask: (questions) => askInTerminal(questions, terminal, values.yes ?? false),
      inbox: async () => ({ host: '127.0.0.1', port: servers.inboxPort }),
      transcriptData: values['show-message'] ? 'full' : 'summary',
      sendOptions: { ...(dryRun ? { dryRun } : {}), ...(stop ? { stop } : {}) },
      ...(values.quiet
        ? {}
        : {
            transcript: (text: string) => {
              printed = printed.then(() => line(terminal.stderr, text)).catch(() => {});
            },
          }),
      ...(terminal.interactive
        ? {
            askPassword: async ({ user }: { user: string }) => {
              const password = await askPasswordInTerminal(user, addressOf(server), terminal);
              return password === undefined ? undefined : { password, remember: false };
            },
          }
        : {}),
    };
    if (values['all-records']) {
      const { sendAllRecords } = await import('./send-all.ts');
      const records = { file, choices: { ...choices, ...envelopeFrom }, server, pool, ports, printed: () => printed };
      return sendAllRecords(records, terminal);
    }

    const composed = await composeFile(file, { ...choices, ...envelopeFrom }, terminal);
    for (const problem of reportOf(name, file.text, composed.problems)) {
      if (problem.severity === 'error' || problem.severity === 'warning')
        await line(terminal.stderr, findingLine(problem));
    }
    for (const change of composed.changes) await line(terminal.stderr, `${name}: ${changeSentence(change)}`);
    if (hasErrors(composed)) {
      await line(terminal.stderr, 'Not sent: the document has errors.');
      return EXIT_FAILED;
    }
    const outcome = await deliver(composed, server, ports);
    await printed;
    if (dryRun && 'transcript' in outcome) {
      // The transcript stands on standard error already.
      const shown = { ...outcome, transcript: [] };
      await write(terminal.stdout, safe(deliveryReport(basename(file.path), shown, systemClock.now())));
      return exitCode(outcome);
    }
    await tell(outcome, terminal, values.quiet ?? false);
    return exitCode(outcome);
  },
};

/** The last word: on standard output where the message went, else on standard error, unless the transcript has it. */
async function tell(outcome: Outcome, terminal: Terminal, quiet: boolean): Promise<void> {
  const text = outcomeSentence(outcome);
  if (outcome.kind === 'delivered') return line(terminal.stdout, text);
  if (outcome.kind === 'failed' && !quiet) return;
  // It was said why, where nobody could be asked.
  if (outcome.kind === 'declined' && !terminal.interactive) return;
  await line(terminal.stderr, text);
}

function exitCode(outcome: Outcome): number {
  if (outcome.kind === 'delivered' || stoppedOnPurpose(outcome)) return EXIT_OK;
  return outcome.kind === 'cancelled' ? EXIT_CANCELLED : EXIT_FAILED;
}
