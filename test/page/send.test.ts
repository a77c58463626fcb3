import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { samples } from '../host/layout.mjs';
import { openWorkbench, type Workbench } from '../support/workbench-page.ts';

const mail = (from: string, subject: string) => `From: ${from}\nTo: jo@example.org\nSubject: ${subject}\n\nHi.\n`;

/** The main job, with the mouse and the keyboard, in a browser window. */
describe('writing and sending mail', () => {
  let vs: Workbench;

  before(async () => {
    vs = await openWorkbench({
      settings: { 'workbench.colorTheme': 'Light Modern' },
      files: {
        'broken.eml': 'From: ann@example.com\nSubject: nobody to send it to\n\nHi.\n',
        'listed.eml': mail('ann@example.com', 'To be listed'),
        'session.eml': mail('session@example.com', 'To be told'),
        'seen.eml': mail('ann@example.com', 'To be looked at'),
        'typed.eml': readFileSync(join(samples, 'html-with-picture.eml'), 'utf8'),
      },
    });
  });

  beforeEach(() => vs.reset());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  async function send(name: string, subject: string) {
    await vs.open(name);
    await vs.codeLens(/Send Email/);
    await vs.tab(subject).waitFor();
  }

  it('shows a mail with its CodeLenses and its server', async () => {
    await vs.open('welcome.eml');
    await vs.lens(/Send Email/).waitFor();
    await vs.lens('Preview MIME').waitFor();
    await vs.lens('server: inbox').waitFor();
    await vs.status('inbox').waitFor();
    await vs.screenshot('1 document');
  });

  it('sends it by Send Email, and shows it as it arrived', async () => {
    await send('welcome.eml', 'Hello from Mailbench');
    const page = await vs.webview();
    await page.getByRole('heading', { name: 'Hello from Mailbench – it works!' }).waitFor();
    await page.getByText('Doe, Jo').first().waitFor();
    assert.equal(await vs.notifications().count(), 0);
    await vs.screenshot('2 arrived');
  });

  it('lists it in the Local Inbox', async () => {
    await send('listed.eml', 'To be listed');
    await vs.command('Mailbench: Show Local Inbox');
    await vs.treeRow('To be listed').waitFor();
    await vs.screenshot('3 inbox');
  });

  it('has the whole session in the Mail Transcript', async () => {
    await send('session.eml', 'To be told');
    await vs.command('Mailbench: Show Transcript');
    await vs.waitForText('221', () => vs.outputText());
    await vs.screenshot('4 transcript');
    await vs.command('View: Toggle Maximized Panel');
    // Once there is room for all of it.
    const whole =
      /Connected to 127\.0\.0\.1:[\s\S]* -> EHLO [\s\S]* -> MAIL FROM:<session@example\.com>[\s\S]* -> QUIT[\s\S]*<- {2}221/;
    await vs.waitForText(whole, () => vs.outputText());
    await vs.command('View: Toggle Maximized Panel');
  });

  it('follows the typing in Preview MIME', async () => {
    await vs.open('typed.eml');
    await vs.codeLens('Preview MIME');
    await vs.tab(/^MIME: /).waitFor();
    await vs.waitForText('multipart/mixed', () => vs.editorText(vs.editor(1)));
    await vs.screenshot('5 preview');
    await vs.typeAfter('Subject: Quarterly', ' and more');
    await vs.waitForText(/and\s+more/, () => vs.editorText(vs.editor(1)));
    await vs.screenshot('6 preview follows');
  });

  it('says what is wrong, where, and what to do', async () => {
    await vs.open('broken.eml');
    await vs.codeLens(/Send Email/);
    await vs.notifications().first().waitFor();
    assert.match((await vs.notifications().first().textContent()) ?? '', /recipient/i);
    await vs.screenshot('7 problem');
  });

  it('stays good to look at in dark and in high contrast', async () => {
    await send('seen.eml', 'To be looked at');
    await vs.reset();
    await vs.open('html-with-picture.eml');
    await vs.codeLens('Preview MIME');
    await vs.waitForText('multipart/mixed', () => vs.editorText(vs.editor(1)));
    await vs.command('Mailbench: Show Local Inbox');
    await vs.command('Mailbench: Show Transcript');
    await vs.theme('Dark Modern');
    await vs.screenshot('8 dark');
    await vs.theme('Dark High Contrast');
    await vs.screenshot('9 high contrast');
    await vs.theme('Light Modern');
  });
});
