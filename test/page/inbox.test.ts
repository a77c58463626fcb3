import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
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

  before(async () => {
    vs = await openWorkbench();
  });

  beforeEach(async () => {
    await vs.reset();
    await vs.command('Mailbench: Show Local Inbox');
    await begin();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  const rows = () => vs.page.locator('.part.sidebar .monaco-list-row');

  const sideBar = () => vs.page.locator('.part.sidebar');
  const unread = (count: string) => vs.page.locator('.activitybar .badge-content', { hasText: count });

  const listening = () => vs.status(/^\s*\d{4,5}\s*$/);

  /** Sends to it, the one after the other. */
  async function receive(...mails: readonly (readonly [subject: string, from: string])[]) {
    const port = Number((await listening().textContent())?.trim());
    for (const [subject, from] of mails) {
      await deliver(port, subject, from);
      await vs.treeRow(subject).waitFor();
    }
  }

  /** Starts it, and takes away what a test before has left: that is listed once what comes in now is. */
  async function begin() {
    if (!(await listening().isVisible())) await vs.command('Mailbench: Start Local Inbox');
    await listening().waitFor();
    await receive(['To begin with', 'ann@example.com']);
    await vs.command('Mailbench: Delete All Messages');
    await vs.page.getByRole('button', { name: /^Delete (It|\d+ Messages)$/ }).click();
    await sideBar().getByText('No mail yet.').waitFor();
  }

  const two = [
    ['The first', 'Ann <ann@example.com>'],
    ['The second', '"Doe, Jo" <jo@example.org>'],
  ] as const;

  it('says what it is for while it is empty, and can be started there', async () => {
    await vs.command('Mailbench: Stop Local Inbox');
    await listening().waitFor({ state: 'hidden' });
    await sideBar().getByText('No mail yet.').waitFor();
    await sideBar().getByRole('button', { name: 'Start Local Inbox' }).first().click();
    await listening().waitFor();
  });

  it('lists what an application sends to it, the newest first', async () => {
    await receive(...two);
    const shown = await rows().evaluateAll((elements) =>
      elements
        .sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => [...row.querySelectorAll('.label-name, .label-description')].map((part) => part.textContent)),
    );
    assert.deepEqual(shown, [
      ['The second', 'Doe, Jo · now'],
      ['The first', 'Ann · now'],
    ]);
    await unread('2').waitFor();
    await vs.screenshot('inbox list');
  });

  it('opens a message, which then counts as read, and the next one in the same tab, with its source beside', async () => {
    await receive(...two);
    await unread('2').waitFor();
    await vs.treeRow('The first').click();
    await vs.tab('The first').waitFor();
    await (await vs.webview()).getByRole('heading', { name: 'The first' }).waitFor();
    await unread('1').waitFor();
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
    await receive(...two);
    await vs.treeRow('The first').hover();
    await vs.treeRow('The first').getByRole('button', { name: 'Delete Message' }).click();
    await vs.treeRow('The first').waitFor({ state: 'detached' });
    await vs.command('Mailbench: Delete All Messages');
    await vs.page.getByRole('button', { name: 'Delete It' }).click();
    await sideBar().getByText('No mail yet.').waitFor();
  });
});
