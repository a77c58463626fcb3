import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Person } from './support/person.ts';
import { mailServer, silentServer, type TestServer } from './support/servers.ts';
import { until } from './support/until.ts';
import {
  closeAll,
  fileUri,
  openFile,
  openText,
  restoreSettings,
  setSetting,
  transcriptHolds,
} from './support/workbench.ts';

const text =
  '@data: ./all-people.csv\nFrom: me@example.com\nTo: {{name}} <{{email}}>\nSubject: Hi\n\nHello {{name}}.\n';
const people = 'name,email\nBob,bob@a.example\nZoë,zoe@b.example\nCy,cy@c.example\n';

const sendAll = () => vscode.commands.executeCommand('mailbench.sendAll');

describe('Send to All Records', () => {
  let person: Person;
  let server: TestServer;
  beforeEach(async () => {
    person = new Person();
    server = await mailServer();
    await setSetting('servers', { staging: { host: '127.0.0.1', port: server.port, security: 'none' } });
    await setSetting('server', 'staging');
    await vscode.workspace.fs.writeFile(fileUri('all-people.csv'), Buffer.from(people));
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
    await restoreSettings();
    await server.close();
  });

  it('sends a message for each, and shows the result of each', async () => {
    await openFile('all.eml', text);
    person.press('Show Results');
    await sendAll();
    await person.hears('Server "staging" took the messages of all 3 records.');
    assert.deepEqual(
      server.received.map(({ envelope }) => envelope.recipients),
      [['bob@a.example'], ['zoe@b.example'], ['cy@c.example']],
    );
    assert.ok(
      Buffer.concat(server.received[1]?.pieces ?? [])
        .toString()
        .includes('=?utf-8?Q?Zo=C3=AB?= <zoe@b.example>'),
    );
    const report = await until('the report', () => {
      const document = vscode.window.activeTextEditor?.document;
      return document?.uri.scheme === 'mailbench-report' && document.getText();
    });
    assert.match(report, /^# all\.eml, record by record\n/);
    assert.equal(report.match(/^\| \d /gm)?.length, 3);
    await transcriptHolds('Record 3: 1 of 1 recipient accepted');
  });

  it('sends none where one record makes an error', async () => {
    await vscode.workspace.fs.writeFile(fileUri('all-people.csv'), Buffer.from(`${people}Max,\n`));
    await openFile('all.eml', text);
    await sendAll();
    await person.hears('1 record of 4 makes a document with errors (4), so nothing was sent.');
    assert.equal(server.received.length, 0);
  });

  it('says so where there is no data', async () => {
    await openText('From: a@b.example\nTo: c@d.example\nSubject: x\n\nHi\n');
    await sendAll();
    await person.hears('This mail names no data');
  });

  it('can be cancelled', async () => {
    const silent = await silentServer();
    await setSetting('servers', { staging: { host: '127.0.0.1', port: silent.port, security: 'none' } });
    await openFile('all.eml', text);
    const sending = sendAll();
    await silent.called;
    await vscode.commands.executeCommand('mailbench.cancel');
    await sending;
    await person.hears(/^Server "staging" took the messages of 0 of 3 records\. 3 records were cancelled\./);
    await silent.close();
  });
});
