import * as vscode from 'vscode';
import { ConsoleShell } from '../send/console/console-shell.ts';
import type { ConsoleServer } from '../send/console/smtp-console.ts';
import { serverTitle } from '../send/sentences/outcome.ts';
import { serverProblemSentence } from '../send/sentences/server.ts';
import type { DeliveryParts } from './delivery-commands.ts';
import { findServer, type Mailer } from './mailer.ts';
import { chooseServer } from './server-picker.ts';

/** A terminal that has not said how wide it is. */
const COLUMNS = 80;

/** *SMTP Console*: a terminal that holds one session with a server, of that name or to be chosen. */
export async function openConsole(
  name: string | undefined,
  { mailer }: DeliveryParts,
): Promise<vscode.Terminal | undefined> {
  const chosen = name ?? (await chooseServer('Talk to which server?'));
  if (chosen === undefined) return undefined;
  const found = findServer(chosen);
  if (!('server' in found)) {
    const [problem] = found.problems;
    if (problem) void vscode.window.showErrorMessage(serverProblemSentence(problem));
    return undefined;
  }
  const { server } = found;
  if (server.transport === 'folder' || server.transport === 'mx') {
    const message = `${serverTitle(server)} is no single mail server that could be talked to. Pick another one.`;
    void vscode.window.showInformationMessage(message);
    return undefined;
  }
  const pty = new ConsoleTerminal(server, await mailer());
  const terminal = vscode.window.createTerminal({
    name: `SMTP: ${server.name}`,
    pty,
    iconPath: new vscode.ThemeIcon('server'),
    // It can't be brought back: its session is gone with the window.
    isTransient: true,
  });
  terminal.show();
  return terminal;
}

/** Ties the console to a terminal of VS Code. */
class ConsoleTerminal implements vscode.Pseudoterminal {
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number>();
  readonly #server: ConsoleServer;
  readonly #mailer: Mailer;
  #shell: ConsoleShell | undefined;
  #over = false;

  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;

  constructor(server: ConsoleServer, mailer: Mailer) {
    this.#server = server;
    this.#mailer = mailer;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    const lasting = new AbortController();
    const ports = this.#mailer.portsFor(undefined, { signal: lasting.signal, asking: (ask) => ask() });
    if ('problems' in ports) {
      const [problem] = ports.problems;
      this.#written.fire(`${problem ? serverProblemSentence(problem) : ''}\r\n`);
      this.#over = true;
      return;
    }
    // The signal is the console's own: each session has one.
    const { signal: _signal, ...others } = ports;
    const root = vscode.workspace.workspaceFolders?.[0]?.uri;
    const shell = new ConsoleShell(this.#server, {
      ...others,
      write: (text) => this.#written.fire(text),
      columns: size?.columns ?? COLUMNS,
      ...(root?.scheme === 'file' ? { workspaceRoot: root.fsPath } : {}),
    });
    this.#shell = shell;
    void shell.start(false);
    void shell.ended.then(() => {
      this.#over = true;
      this.#written.fire('\r\n\x1b[2mThe session is over. Press any key to close the terminal.\x1b[0m\r\n');
    });
  }

  handleInput(data: string): void {
    if (this.#over) this.#closed.fire(0);
    else void this.#shell?.input(data);
  }

  setDimensions({ columns }: vscode.TerminalDimensions): void {
    this.#shell?.resize(columns);
  }

  close(): void {
    void this.#shell?.end();
  }
}
