import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { openWorkbench, type Workbench } from '../support/workbench-page.ts';

/** The main job, with the mouse and the keyboard, in a browser window. */
describe('writing and sending mail', () => {
  let vs: Workbench;

  before(async () => {
    vs = await openWorkbench({
      settings: { 'workbench.colorTheme': 'Light Modern' },
      files: { 'broken.eml': 'From: ann@example.com\nSubject: nobody to send it to\n\nHi.\n' },
    });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  it('shows a mail with its CodeLenses and its server', async () => {
    await vs.open('welcome.eml');
    await vs.lens(/Send Email/).waitFor();
    await vs.lens('Preview MIME').waitFor();
    await vs.lens('server: inbox').waitFor();
    await vs.status('inbox').waitFor();
    await vs.screenshot('1 document');
  });

  it('sends it by Send Email, and shows it as it arrived', async () => {
    await vs.codeLens(/Send Email/);
    await vs.tab(/Hello from Mailbench/).waitFor();
    const page = await vs.webview();
    await page.getByRole('heading', { name: 'Hello from Mailbench – it works!' }).waitFor();
    await page.getByText('Doe, Jo').first().waitFor();
    assert.equal(await vs.notifications().count(), 0);
    await vs.screenshot('2 arrived');
  });

  it('lists it in the Local Inbox', async () => {
    await vs.command('Mailbench: Show Local Inbox');
    await vs.treeRow('Hello from Mailbench').waitFor();
    await vs.screenshot('3 inbox');
  });

  it('has the whole session in the Mail Transcript', async () => {
    await vs.command('Mailbench: Show Transcript');
    await vs.waitForText('221', () => vs.outputText());
    await vs.screenshot('4 transcript');
    await vs.command('View: Toggle Maximized Panel');
    const transcript = await vs.waitForText('<-  221', () => vs.outputText());
    for (const part of ['Connected to 127.0.0.1:', ' -> EHLO ', ' -> MAIL FROM:<ann@example.com>', ' -> QUIT']) {
      assert.ok(transcript.includes(part), `${part} is missing from:\n${transcript}`);
    }
    await vs.command('View: Toggle Maximized Panel');
    await vs.command('View: Toggle Panel Visibility');
  });

  it('follows the typing in Preview MIME', async () => {
    await vs.command('View: Close All Editors');
    await vs.open('html-with-picture.eml');
    await vs.codeLens('Preview MIME');
    await vs.tab(/^MIME: /).waitFor();
    await vs.waitForText('multipart/mixed', () => vs.editorText(vs.editor(1)));
    await vs.screenshot('5 preview');
    await vs.typeAfter('Subject: Quarterly', ' and more');
    await vs.waitForText(/and\s+more/, () => vs.editorText(vs.editor(1)));
    await vs.screenshot('6 preview follows');
    await vs.page.keyboard.press('ControlOrMeta+Z');
  });

  it('says what is wrong, where, and what to do', async () => {
    await vs.command('View: Close All Editors');
    await vs.open('broken.eml');
    await vs.codeLens(/Send Email/);
    await vs.notifications().first().waitFor();
    assert.match((await vs.notifications().first().textContent()) ?? '', /recipient/i);
    await vs.screenshot('7 problem');
    await vs.command('Notifications: Clear All Notifications');
  });

  it('stays good to look at in dark and in high contrast', async () => {
    await vs.command('View: Close All Editors');
    await vs.open('html-with-picture.eml');
    await vs.codeLens('Preview MIME');
    await vs.waitForText('multipart/mixed', () => vs.editorText(vs.editor(1)));
    await vs.command('Mailbench: Show Local Inbox');
    await vs.command('Mailbench: Show Transcript');
    await vs.theme('Dark Modern');
    await vs.screenshot('8 dark');
    await vs.theme('Dark High Contrast');
    await vs.screenshot('9 high contrast');
  });
});
