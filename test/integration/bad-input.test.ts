import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Person } from './support/person.ts';
import { closedPort, mailServer, selfSignedServer } from './support/servers.ts';
import { until } from './support/until.ts';
import {
  closeAll,
  openFile,
  openText,
  restoreSettings,
  setSetting,
  shownUris,
  transcriptHolds,
} from './support/workbench.ts';

const note = 'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\n\nHello\n';

async function send(): Promise<void> {
  await vscode.commands.executeCommand('mailbench.send');
}

async function useServer(server: Record<string, unknown>): Promise<void> {
  await setSetting('servers', { staging: { host: '127.0.0.1', security: 'none', ...server } });
  await setSetting('server', 'staging');
}

describe('what goes wrong in the document', () => {
  let person: Person;
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    person.leave();
    assert.deepEqual(shownUris(), []);
    await closeAll();
    await restoreSettings();
  });

  const cases: readonly [name: string, text: string, line: number, message: RegExp][] = [
    ['no recipients', 'From: ann@example.com\nSubject: Hi\n\nHello\n', 1, /recipient/i],
    ['no From', 'To: jo@example.org\nSubject: Hi\n\nHello\n', 1, /From/],
    ['a server that is not configured', `@server: nowhere\n${note}`, 1, /nowhere/],
    ['an attachment that is not there', `${note}<#attach ./gone.pdf>\n`, 6, /gone\.pdf/],
    ['a path outside of the workspace', `${note}<#attach ../../outside.txt>\n`, 6, /outside/],
  ];
  for (const [index, [name, text, line, message]] of cases.entries()) {
    it(`${name}: nothing is sent, and one message says why`, async () => {
      const editor = await openFile(`bad-${index}.eml`, text);
      await send();
      const told = await person.hears(message);
      assert.equal(told.kind, 'error');
      assert.ok(told.message.startsWith(`Not sent. Line ${line}: `), told.message);
      assert.ok(told.buttons.includes('Show'));
      assert.deepEqual(person.told, []);
      assert.equal(editor.document.getText(), text);
    });
  }

  it('takes the cursor to the place', async () => {
    const editor = await openFile('bad-place.eml', `${note}<#attach ./gone.pdf>\n`);
    person.press('Show');
    await send();
    await person.hears('gone.pdf');
    await until('the cursor at the place', () => vscode.window.activeTextEditor?.selection.start.line === 5);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), editor.document.uri.toString());
  });

  it('asks before a template without data goes out, and takes no for an answer', async () => {
    await openText(note.replace('Hello', 'Hello {{name}}'));
    await send();
    const told = await person.hears('{{');
    assert.equal(told.modal, true);
    assert.deepEqual(told.buttons, ['Send']);
    assert.deepEqual(person.told, []);
  });
});

describe('what goes wrong with the server', () => {
  let person: Person;
  beforeEach(() => {
    person = new Person();
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
    await restoreSettings();
  });

  /** Sends the note, and gives the one message that tells how that failed. */
  async function failure(
    message: RegExp,
    written?: string,
  ): Promise<{ message: string; buttons: readonly string[]; transcript: string }> {
    const editor = await openText(note);
    await send();
    const told = await person.hears(message);
    assert.equal(told.kind, 'error');
    assert.deepEqual(person.told, []);
    assert.equal(editor.document.getText(), note);
    const transcript = await transcriptHolds(written ?? told.message);
    return { ...told, transcript: transcript.slice(transcript.lastIndexOf('Connecting to')) };
  }

  it('a host that does not resolve', async () => {
    await useServer({ host: 'mail.mailbench.invalid', port: 2525 });
    person.press('Send');
    await openText(note);
    await send();
    const asked = await person.hears('"staging" (mail.mailbench.invalid:2525)');
    assert.equal(asked.modal, true);
    assert.deepEqual(asked.detail?.split('\n'), ['From: ann@example.com', 'To: jo@example.org']);
    const told = await person.hears('mail.mailbench.invalid');
    assert.equal(told.kind, 'error');
    assert.deepEqual(told.buttons, ['Select Server', 'Open Settings', 'Show Transcript']);
    await transcriptHolds(told.message);
  });

  it('asks no second time about the same document and server, but about a new recipient', async () => {
    await useServer({ host: 'mail.mailbench.invalid', port: 2525 });
    const editor = await openFile('asked.eml', note);
    person.press('Send');
    await send();
    await person.hears('Send to 1 recipient');
    await person.hears('mail.mailbench.invalid');
    await send();
    await person.hears('mail.mailbench.invalid');
    await editor.edit((edit) => edit.insert(new vscode.Position(2, 0), 'Cc: li@example.org\n'));
    await send();
    const asked = await person.hears('Send to 2 recipients');
    assert.deepEqual(asked.detail?.split('\n'), ['From: ann@example.com', 'To: jo@example.org', 'To: li@example.org']);
  });

  it('a refused connection', async () => {
    const port = await closedPort();
    await useServer({ port });
    const { message, transcript } = await failure(/refused/);
    assert.ok(message.includes(`127.0.0.1:${port}`));
    assert.match(transcript, /^\*\*\* /m);
  });

  it('a server that closes in mid-session', async () => {
    const server = await mailServer({ faults: [{ at: 'data', drop: true }] });
    await useServer({ port: server.port });
    const { transcript } = await failure(/closed|dropped|ended/);
    assert.match(transcript, /^ -> DATA$/m);
    await server.close();
  });

  it('a refused recipient', async () => {
    const server = await mailServer();
    await useServer({ port: server.port });
    await openText(note.replace('jo@example.org', 'jo@example.org, jo+fault-550-5.1.1@example.org'));
    await send();
    const told = await person.hears('1 of 2 recipients');
    assert.equal(told.kind, 'warning');
    assert.match(told.message, /jo\+fault-550-5\.1\.1@example\.org refused: 550 5\.1\.1/);
    await transcriptHolds('*** Recipient jo+fault-550-5.1.1@example.org refused');
    assert.equal(server.received.length, 1);
    await server.close();
  });

  it('every recipient refused', async () => {
    const server = await mailServer({ faults: [{ at: 'rcpt', reply: '550 5.1.1 No such user' }] });
    await useServer({ port: server.port });
    const { message, transcript } = await failure(
      /550 5\.1\.1 No such user/,
      '*** Recipient jo@example.org refused: 550 5.1.1 No such user. There is no such mailbox: check the part before the @.',
    );
    assert.match(message, /^Server "staging" refused jo@example\.org: /);
    assert.match(transcript, /^<-\* 550 5\.1\.1 No such user$/m);
    await server.close();
  });

  it('a certificate that does not verify', async () => {
    const server = await selfSignedServer();
    await useServer({ port: server.port, security: 'tls' });
    const { buttons } = await failure(/certificate/i);
    assert.ok(buttons.includes('Open Settings'));
    await server.close();
  });

  it('a wrong password', async () => {
    const server = await mailServer({ faults: [{ at: 'auth', reply: '535 5.7.8 Authentication failed' }] });
    await useServer({ port: server.port, user: 'ann' });
    person.type('not the password');
    const { message, buttons, transcript } = await failure(/password/i);
    assert.ok(buttons.includes('Set Password'));
    assert.match(transcript, /^<-\* 535 5\.7\.8 Authentication failed$/m);
    for (const secret of ['not the password', Buffer.from('not the password').toString('base64')]) {
      assert.ok(!transcript.includes(secret) && !message.includes(secret));
    }
    await server.close();
  });

  it('a port that is none', async () => {
    await useServer({ port: 70_000 });
    await openText(note);
    await send();
    const told = await person.hears('mailbench.servers.staging.port');
    assert.deepEqual(told.buttons, ['Open Settings']);
  });
});
