import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Person } from './support/person.ts';
import { closedPort, mailServer, selfSignedServer, type TestServer } from './support/servers.ts';
import { until } from './support/until.ts';
import { closeAll, openText, restoreSettings, setSetting, transcriptHolds } from './support/workbench.ts';

const note = 'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\n\nHello\n';

const check = () => vscode.commands.executeCommand('mailbench.dryRun');

/** The report that is shown, once it holds `piece`: an older one of the same document may be there for a moment. */
const report = (piece: string) =>
  until(`the report with "${piece}"`, () => {
    const document = vscode.window.activeTextEditor?.document;
    return document?.uri.scheme === 'mailbench-report' && document.getText().includes(piece) && document;
  });

describe('Check Delivery Without Sending', () => {
  let person: Person;
  let servers: TestServer[];
  beforeEach(() => {
    person = new Person();
    servers = [];
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
    await restoreSettings();
    for (const server of servers) await server.close();
  });

  async function use(server: TestServer, more: Record<string, unknown> = {}): Promise<void> {
    servers.push(server);
    await setSetting('servers', { staging: { host: '127.0.0.1', port: server.port, security: 'none', ...more } });
    await setSetting('server', 'staging');
  }

  it('opens a report of what the server said, and sends nothing', async () => {
    const server = await mailServer();
    await use(server);
    await openText(note);
    person.press('Show Transcript');
    await check();
    const document = await report('## Transcript');
    assert.equal(document.languageId, 'markdown');
    const text = document.getText();
    assert.match(
      text,
      /^# Delivery check of .+\n\nServer "staging" would take the message for jo@example\.org\. Nothing was sent\.\n/,
    );
    assert.match(text, /\n\| jo@example\.org \| accepted \| 250 /);
    assert.match(text, /\n- PIPELINING: {2,}takes commands in groups \(RFC 2920\)\n/);
    assert.match(text, /\n- TLS: {2,}none: everything goes in plain text\n/);
    assert.match(text, /\n- Size of a message: .*: this one fits\n/);
    await person.hears('would take the message for jo@example.org. Nothing was sent.');
    await transcriptHolds('no message sent');
    assert.equal(server.received.length, 0);
    // Nothing is asked when it is closed.
    assert.equal(document.isDirty, false);
  });

  it('reports the certificate', async () => {
    const server = await selfSignedServer();
    await use(server, { security: 'tls', tls: { verify: false } });
    await openText(note);
    await check();
    const text = (await report('## Certificate')).getText();
    assert.match(text, /\n## Certificate\n\n- Verified: no: it is signed by itself\n- Subject: {2}CN=localhost\n/);
    assert.match(text, /\n- TLS: {2,}TLS 1\.3, TLS_/);
  });

  it('reports on each server of the recipients, where mail goes straight to them', async () => {
    const server = await mailServer();
    await use(server, { transport: 'mx', host: null });
    await openText(note.replace('jo@example.org', 'jo@[127.0.0.1]'));
    await check();
    const text = (await report('## Mail servers of [127.0.0.1]')).getText();
    assert.match(text, /\n- 127\.0\.0\.1 \(0\): answered\n\n## Session of 127\.0\.0\.1\n/);
    assert.match(text, /\n## Extensions of 127\.0\.0\.1\n\n- PIPELINING: /);
    assert.match(text, /\n## Limits of 127\.0\.0\.1\n/);
    assert.equal(server.received.length, 0);
  });

  it('reports what went wrong, with the transcript up to there', async () => {
    const port = await closedPort();
    await setSetting('servers', { gone: { host: '127.0.0.1', port, security: 'none' } });
    await setSetting('server', 'gone');
    await openText(note);
    await check();
    const text = (await report('(server "gone")')).getText();
    assert.ok(text.includes(`Connecting to 127.0.0.1:${port} (server "gone")\n`));
    await person.hears('127.0.0.1');
  });

  it('tells of errors in the document as a send does', async () => {
    await openText(note.replace('To: jo@example.org\n', ''));
    await check();
    await person.hears('There are no recipients');
  });
});
