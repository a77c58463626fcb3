import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { Person } from './support/person.ts';
import { closeAll, restoreSettings, setSetting } from './support/workbench.ts';

const inspect = () => vscode.workspace.getConfiguration('mailbench').inspect<Record<string, unknown>>('servers');

describe('Add Server', () => {
  let person: Person;
  beforeEach(async () => {
    person = new Person();
    await setSetting('servers', { old: { host: 'old.example' } });
  });
  afterEach(async () => {
    person.leave();
    await closeAll();
    await restoreSettings();
  });

  it('writes a preset into the user settings, without a password, and offers to set it', async () => {
    person.pick('163.com').type('me@163.com').type('163').pick('User settings').press('Set Password').type('code-1');
    await vscode.commands.executeCommand('mailbench.addServer');
    assert.deepEqual(inspect()?.globalValue, {
      old: { host: 'old.example' },
      163: { host: 'smtp.163.com', port: 465, security: 'tls', user: 'me@163.com' },
    });
    const told = await person.hears('The server “163” was added.');
    assert.ok(told.message.includes('authorization code (授权码)'));
    assert.deepEqual(told.buttons, ['Set Password', 'Use It Now']);
    // The password went to the secret storage: it is the one that can be forgotten now.
    person.pick('me@163.com');
    await vscode.commands.executeCommand('mailbench.forgetPasswords');
  });

  it('says what there is to know of a service before the first message', async () => {
    person.pick('Amazon SES').type('email-smtp.eu-west-1.amazonaws.com').type('AKIA').type('ses').pick('User settings');
    await vscode.commands.executeCommand('mailbench.addServer');
    assert.deepEqual(inspect()?.globalValue, {
      old: { host: 'old.example' },
      ses: { host: 'email-smtp.eu-west-1.amazonaws.com', port: 587, security: 'starttls', user: 'AKIA' },
    });
    const told = await person.hears('The server “ses” was added.');
    assert.match(told.message, /While the account is in the sandbox, SES takes one message a second/);
  });

  it('writes into the workspace settings where that is wanted, and uses it', async () => {
    person.pick('Mailpit').type('mailpit').pick('Workspace settings').press('Use It Now');
    await vscode.commands.executeCommand('mailbench.addServer');
    assert.deepEqual(inspect()?.workspaceValue, { mailpit: { host: 'localhost', port: 1025, security: 'none' } });
    assert.equal(vscode.workspace.getConfiguration('mailbench').get('server'), 'mailpit');
    assert.deepEqual((await person.hears('The server “mailpit” was added.')).buttons, ['Use It Now']);
  });

  it('is reached from Select Server, any host and port too', async () => {
    person
      .pick('Add Server')
      .pick('Another server')
      .type('smtp.example.com:2525')
      .type('')
      .type('mine')
      .pick('User settings');
    await vscode.commands.executeCommand('mailbench.selectServer');
    assert.deepEqual(inspect()?.globalValue, { old: { host: 'old.example' }, mine: { host: 'smtp.example.com:2525' } });
    assert.equal(vscode.workspace.getConfiguration('mailbench').get('server'), 'mine');
  });

  it('leaves everything as it was where the person stops', async () => {
    person.pick('Gmail').type(undefined);
    await vscode.commands.executeCommand('mailbench.addServer');
    person.pick('Gmail').type('me@gmail.com').type('gmail');
    await vscode.commands.executeCommand('mailbench.addServer');
    assert.deepEqual(inspect()?.globalValue, { old: { host: 'old.example' } });
    assert.deepEqual(person.told, []);
  });
});
