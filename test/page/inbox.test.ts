import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, describe, it } from 'mocha';
import { openWorkbench, type Workbench } from '../support/workbench-page.ts';

/** Hands a message to a server on this machine, one command after the other, as a simple application does. */
function deliver(port: number, subject: string, from: string): Promise<void> {
  const text = `From: ${from}\r\nTo: jo@example.org\r\nSubject: ${subject}\r\n\r\nHello\r\n.`;
  const commands = ['EHLO app', 'MAIL FROM:<app@example.com>', 'RCPT TO:<jo@example.org>', 'DATA', text, 'QUIT'];
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (data) => {
      // The last line of a reply has a space after its code.
      if (/^\d{3} /m.test(data.toString())) socket.write(`${commands.shift() ?? ''}\r\n`);
    });
  });
}

describe('the Local Inbox', () => {
  let vs: Workbench;
  let port: number;

  before(async () => {
    vs = await openWorkbench();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  const rows = () => vs.page.locator('.part.sidebar .monaco-list-row');

  it('says what it is for while it is empty', async () => {
    await vs.command('Mailbench: Show Local Inbox');
    await vs.page.locator('.part.sidebar', { hasText: 'No mail yet.' }).waitFor();
    await vs.page.locator('.part.sidebar').getByRole('button', { name: 'Start Local Inbox' }).first().click();
    const status = vs.status(/^\s*\d{4,5}\s*$/);
    await status.waitFor();
    port = Number((await status.textContent())?.trim());
  });

  it('lists what an application sends to it, the newest first', async () => {
    await deliver(port, 'The first', 'Ann <ann@example.com>');
    await vs.treeRow('The first').waitFor();
    await deliver(port, 'The second', '"Doe, Jo" <jo@example.org>');
    await vs.treeRow('The second').waitFor();
    const shown = await rows().evaluateAll((elements) =>
      elements
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => [...row.querySelectorAll('.label-name, .label-description')].map((part) => part.textContent)),
    );
    assert.deepEqual(shown, [
      ['The second', 'Doe, Jo · now'],
      ['The first', 'Ann · now'],
    ]);
    await vs.page.locator('.activitybar .badge-content', { hasText: '2' }).waitFor();
    await vs.screenshot('inbox list');
  });

  it('opens a message, which then counts as read', async () => {
    await vs.treeRow('The first').click();
    await vs.tab('The first').waitFor();
    await (await vs.webview()).getByRole('heading', { name: 'The first' }).waitFor();
    await vs.page.locator('.activitybar .badge-content', { hasText: '1' }).waitFor();
  });

  it('shows the next one in the same tab, and its source beside', async () => {
    await vs.treeRow('The second').click();
    await vs.tab('The second').waitFor();
    await (await vs.webview()).getByRole('heading', { name: 'The second' }).waitFor();
    assert.equal(await vs.page.locator('.tabs-container .tab').count(), 1);
    await vs.screenshot('inbox message');
    await vs.treeRow('The second').hover();
    await vs.treeRow('The second').getByRole('button', { name: 'Open Source' }).click();
    await vs.tab('The second.eml').waitFor();
    await vs.waitForText('Subject: The second');
  });

  it('deletes one, and all', async () => {
    await vs.treeRow('The first').hover();
    await vs.treeRow('The first').getByRole('button', { name: 'Delete Message' }).click();
    await vs.treeRow('The first').waitFor({ state: 'detached' });
    await vs.command('Mailbench: Delete All Messages');
    await vs.page.getByRole('button', { name: 'Delete It' }).click();
    await vs.page.locator('.part.sidebar', { hasText: 'No mail yet.' }).waitFor();
  });
});
