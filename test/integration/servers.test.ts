import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { lf, read } from './support/messages.ts';
import { Person } from './support/person.ts';
import { mailServer, silentServer, type TestServer } from './support/servers.ts';
import { until } from './support/until.ts';
import { closeAll, openText, restoreSettings, setSetting, shownUris, transcriptHolds } from './support/workbench.ts';

const note = 'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\n\nHello\n';

const send = () => vscode.commands.executeCommand('mailbench.send');
const activeServer = () => vscode.workspace.getConfiguration('mailbench').get('server');

describe('servers', () => {
  let person: Person;
  let server: TestServer;
  beforeEach(async () => {
    person = new Person();
    server = await mailServer();
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
    await restoreSettings();
    await server.close();
  });

  const configure = (more: Record<string, unknown> = {}) =>
    setSetting('servers', { staging: { host: '127.0.0.1', port: server.port, security: 'none', ...more } });

  it('are switched by Select Server', async () => {
    await configure();
    await openText(note);
    person.pick('staging');
    await vscode.commands.executeCommand('mailbench.selectServer');
    assert.equal(activeServer(), 'staging');
    await send();
    await person.hears('Server "staging" took the message for jo@example.org');
    assert.equal(server.received.length, 1);
    assert.deepEqual(server.received[0]?.envelope.recipients, ['jo@example.org']);
    const mail = await read(Buffer.concat(server.received[0]?.pieces ?? []));
    assert.equal(lf(mail.text), 'Hello\n');
    assert.deepEqual(shownUris(), []);
    await transcriptHolds(`Connecting to 127.0.0.1:${server.port} (server "staging")`);
  });

  it('are chosen for one send by Send Email To', async () => {
    await configure();
    await openText(note);
    person.pick('staging');
    await vscode.commands.executeCommand('mailbench.sendTo');
    await person.hears('took the message');
    assert.equal(server.received.length, 1);
    assert.equal(activeServer(), 'inbox');
  });

  it('are named by the document', async () => {
    await configure();
    await openText(`@server: staging\n${note}`);
    await send();
    await person.hears('took the message');
    assert.equal(server.received.length, 1);
  });

  it('give the envelope its sender', async () => {
    await configure({ envelopeFrom: 'bounces@example.com' });
    await setSetting('server', 'staging');
    await openText(note);
    await send();
    await person.hears('took the message');
    assert.equal(server.received[0]?.envelope.sender, 'bounces@example.com');
  });

  it('are added step by step', async () => {
    await openText(note);
    person
      .pick('Add Server')
      .pick('Another server')
      .type(`127.0.0.1:${server.port}`)
      .type('')
      .type('mine')
      .pick('User settings');
    await vscode.commands.executeCommand('mailbench.selectServer');
    assert.equal(activeServer(), 'mine');
    await send();
    await person.hears('Server "mine" took the message');
  });

  it('may be a folder', async () => {
    await setSetting('servers', { out: { transport: 'folder', path: './outbox' } });
    await setSetting('server', 'out');
    await openText(note);
    person.press('Open');
    await send();
    await person.hears('outbox');
    const path = () => vscode.window.activeTextEditor?.document.uri.path ?? '';
    await until('the file', () => /\/outbox\/[^/]*\.eml$/.test(path()));
  });

  it('are kept from strangers by the guard', async () => {
    await configure({ guard: { allow: ['example.com'], redirectTo: ['qa@example.com'] } });
    await setSetting('server', 'staging');
    await openText(note);
    await send();
    await person.hears('took the message for qa@example.com');
    assert.deepEqual(server.received[0]?.envelope.recipients, ['qa@example.com']);
  });
});

describe('passwords', () => {
  let person: Person;
  let server: TestServer;
  beforeEach(async () => {
    person = new Person();
    server = await mailServer();
    await setSetting('servers', { staging: { host: '127.0.0.1', port: server.port, security: 'none', user: 'ann' } });
    await setSetting('server', 'staging');
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
    await restoreSettings();
    await server.close();
  });

  it('are asked for at the first send, and kept for the next', async () => {
    await openText(note);
    person.type('secret-1');
    await send();
    await person.hears('took the message');
    await send();
    await person.hears('took the message');
    assert.equal(server.received.length, 2);
    assert.equal(server.received[1]?.session.user, 'ann');
    const text = await transcriptHolds('AUTH');
    assert.ok(!text.includes('secret-1') && !text.includes(Buffer.from('secret-1').toString('base64')));
  });

  it('may be left out: then nothing is sent', async () => {
    await openText(note);
    person.type(undefined);
    await send();
    assert.equal(server.received.length, 0);
    assert.deepEqual(person.told, []);
  });

  it('are set and forgotten by command', async () => {
    person.type('secret-2');
    await vscode.commands.executeCommand('mailbench.setPassword');
    await openText(note);
    await send();
    await person.hears('took the message');
    // All of them are ticked.
    const { showQuickPick } = vscode.window;
    Object.defineProperty(vscode.window, 'showQuickPick', {
      value: async (items: readonly vscode.QuickPickItem[]) => items.filter(({ picked }) => picked),
      configurable: true,
      writable: true,
    });
    await vscode.commands.executeCommand('mailbench.forgetPasswords');
    Object.defineProperty(vscode.window, 'showQuickPick', { value: showQuickPick, configurable: true, writable: true });
    person.type(undefined);
    await send();
    assert.equal(server.received.length, 1);
  });

  it('are not taken from settings, but moved out of them', async () => {
    const port = server.port;
    await setSetting('servers', {
      staging: { host: '127.0.0.1', port, security: 'none', user: 'bob', password: 'secret-3' },
    });
    await openText(note);
    person.press('Move to Secret Storage');
    await send();
    const told = await person.hears('mailbench.servers.staging.password');
    assert.ok(!told.message.includes('secret-3'));
    await person.hears('secret storage');
    assert.equal(server.received.length, 0);
    assert.deepEqual(vscode.workspace.getConfiguration('mailbench').get('servers'), {
      staging: { host: '127.0.0.1', port, security: 'none', user: 'bob' },
    });
    await send();
    await person.hears('took the message');
    assert.equal(server.received[0]?.session.user, 'bob');
  });
});

describe('a send to a server that never answers', () => {
  afterEach(async () => {
    await closeAll();
    await restoreSettings();
  });

  it('is stopped by Cancel Sending, and loses nothing', async () => {
    const silent = await silentServer();
    await setSetting('servers', { silent: { host: '127.0.0.1', port: silent.port, security: 'none' } });
    await setSetting('server', 'silent');
    const editor = await openText(note);
    const sending = send();
    await silent.called;
    await vscode.commands.executeCommand('mailbench.cancel');
    await sending;
    const connecting = `Connecting to 127\\.0\\.0\\.1:${silent.port} \\(server "silent"\\)`;
    await transcriptHolds(new RegExp(`${connecting}[\\s\\S]*Cancelled`));
    assert.equal(editor.document.getText(), note);
    await silent.close();
  });
});
