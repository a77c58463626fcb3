import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { codeOf, quickFixes } from '../support/cursor.ts';
import { Person } from '../support/person.ts';
import { mailServer } from '../support/servers.ts';
import { until } from '../support/until.ts';
import { api, closeAll, fileUri, openFile, restoreSettings, sendAndSee, setSetting } from '../support/workbench.ts';

const note = 'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\n\nHello\n';

describe('in a folder that is not trusted', () => {
  let person: Person;
  beforeEach(() => {
    assert.equal(vscode.workspace.isTrusted, false);
    person = new Person();
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
    await restoreSettings();
  });

  it('mail goes to the Local Inbox as ever', async () => {
    await openFile('untrusted-note.eml', note);
    const { octets } = await sendAndSee();
    assert.match(Buffer.from(octets).toString(), /^Subject: Hi\r$/m);
  });

  it("the folder's settings choose no server", async () => {
    const settings = { 'mailbench.server': 'theirs', 'mailbench.servers': { theirs: { host: '127.0.0.1', port: 9 } } };
    await vscode.workspace.fs.writeFile(fileUri('.vscode/settings.json'), Buffer.from(JSON.stringify(settings)));
    try {
      await openFile('untrusted-server.eml', note);
      const { octets } = await sendAndSee();
      assert.ok(octets.length > 0);
      assert.deepEqual(person.told, []);
    } finally {
      await vscode.workspace.fs.delete(fileUri('.vscode'), { recursive: true });
    }
  });

  it('no password is read from the environment', async () => {
    const server = await mailServer();
    const described = { host: '127.0.0.1', port: server.port, security: 'none', user: 'ann', passwordEnv: 'PATH' };
    await setSetting('servers', { mine: described });
    await setSetting('server', 'mine');
    await openFile('untrusted-password.eml', note);
    await vscode.commands.executeCommand('mailbench.send');
    const told = await person.hears('not trusted');
    assert.equal(told.kind, 'error');
    assert.deepEqual(told.buttons, ['Manage Trust']);
    assert.equal(server.received.length, 0);
    await server.close();
  });

  it('no variable of the environment gets into a mail', async () => {
    const editor = await openFile('untrusted-env.eml', note.replace('Hello', 'Hello {{$env.PATH}}'));
    const { message, problems } = await (await api()).build(editor.document.getText(), {
      path: editor.document.uri.fsPath,
    });
    assert.ok(problems.some(({ severity }) => severity === 'error'));
    assert.ok(!Buffer.from(message ?? []).includes(process.env.PATH ?? '/'));
    const fix = await until('the fix', async () => {
      const problem = vscode.languages
        .getDiagnostics(editor.document.uri)
        .find((each) => codeOf(each) === 'template-env-untrusted');
      const fixes = problem ? await quickFixes(editor.document.uri, problem.range) : [];
      return fixes.find(({ title }) => title === 'Manage the trust in this workspace');
    });
    await vscode.commands.executeCommand(fix.command!.command);
    await until('the trust editor', () =>
      vscode.window.tabGroups.all.some(({ tabs }) => tabs.some(({ label }) => label === 'Workspace Trust')),
    );
  });
});
