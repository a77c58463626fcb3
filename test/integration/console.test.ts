import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Person } from './support/person.ts';
import { mailServer, type TestServer } from './support/servers.ts';
import { until } from './support/until.ts';
import { closeAll, restoreSettings, setSetting } from './support/workbench.ts';

/** The terminal that the next command opens, with what its console writes. */
function watchTerminals() {
  const { createTerminal } = vscode.window;
  let written = '';
  let pty: vscode.Pseudoterminal | undefined;
  const watching = (options: vscode.ExtensionTerminalOptions) => {
    pty = options.pty;
    pty.onDidWrite((text) => {
      written += text;
    });
    return createTerminal(options);
  };
  const replace = (value: unknown) =>
    Object.defineProperty(vscode.window, 'createTerminal', { value, configurable: true, writable: true });
  replace(watching);
  return {
    type: (keys: string) => pty?.handleInput?.(keys),
    text: () => written.replace(/\x1b\[[0-9;]*[A-Za-z]/g, ''),
    shows: (piece: string) => until(`"${piece}" in the console`, () => written.includes(piece)),
    restore: () => replace(createTerminal),
  };
}

describe('SMTP Console', () => {
  let person: Person;
  let server: TestServer;
  let terminals: ReturnType<typeof watchTerminals>;
  beforeEach(async () => {
    person = new Person();
    server = await mailServer();
    terminals = watchTerminals();
    await setSetting('servers', { staging: { host: '127.0.0.1', port: server.port, security: 'none', user: 'ann' } });
  });
  afterEach(async () => {
    terminals.restore();
    person.leave();
    for (const terminal of vscode.window.terminals) terminal.dispose();
    await closeAll();
    await restoreSettings();
    await server.close();
  });

  it('holds a session with the server that is picked, in a terminal', async () => {
    person.pick('staging');
    await vscode.commands.executeCommand('mailbench.smtpConsole');
    await until('the terminal', () => vscode.window.terminals.some(({ name }) => name === 'SMTP: staging'));
    await terminals.shows('Type a command');
    assert.match(terminals.text(), /<- {2}220 /);
    terminals.type('VRFY ann\r');
    await terminals.shows('252');
    terminals.type('\x1b[A\x7f\x7f\x7fbob\r');
    await until('the second VRFY', () => terminals.text().includes(' -> VRFY bob'));
    terminals.type('MAIL FROM:<a@example.com>\rRCPT TO:<b@example.com>\rDATA\rSubject: By hand\r\rHello\r.\r');
    await until('the message', () => server.received.length === 1);
    assert.equal(Buffer.concat(server.received[0]?.pieces ?? []).toString(), 'Subject: By hand\r\n\r\nHello\r\n');
    terminals.type('quit\r');
    await terminals.shows('Press any key to close the terminal');
    terminals.type('x');
    await until('the end of the terminal', () => vscode.window.terminals.length === 0);
  });

  it('tells at once of a server that ends the session, and opens another by Enter', async () => {
    person.pick('staging');
    await vscode.commands.executeCommand('mailbench.smtpConsole');
    await terminals.shows('Type a command');
    await server.close();
    await terminals.shows('Press Enter to open another');
    assert.match(terminals.text(), /The session is over: "open" begins another/);
    terminals.type('\r');
    await until('another session to be tried', () => terminals.text().split('Connecting to').length === 3);
  });

  it('logs in with the password that the person types, and shows it nowhere', async () => {
    person.pick('staging').type('geheim123');
    await vscode.commands.executeCommand('mailbench.smtpConsole');
    await terminals.shows('Type a command');
    terminals.type('login\r');
    await terminals.shows('235');
    assert.ok(terminals.text().includes(' -> AUTH PLAIN ••••••••'));
    assert.ok(!terminals.text().includes('geheim'));
    await vscode.commands.executeCommand('workbench.action.terminal.kill');
    await until('the end of the terminal', () => vscode.window.terminals.length === 0);
  });

  it('talks to the Local Inbox too, by its name', async () => {
    await vscode.commands.executeCommand('mailbench.smtpConsole', 'inbox');
    await terminals.shows('Type a command');
    terminals.type('NOOP\r');
    await terminals.shows('NOOP');
    terminals.type('\x04');
    await terminals.shows('The session is over');
  });

  it('says why it can’t', async () => {
    await setSetting('servers', { out: { transport: 'folder', path: 'out' } });
    await vscode.commands.executeCommand('mailbench.smtpConsole', 'out');
    await person.hears('The folder "out" is no single mail server that could be talked to.');
    await vscode.commands.executeCommand('mailbench.smtpConsole', 'nowhere');
    await person.hears('nowhere');
    assert.equal(vscode.window.terminals.length, 0);
  });
});
