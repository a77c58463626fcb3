import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import type { Frame } from 'playwright-core';
import { samples } from '../host/layout.mjs';
import { openWorkbench, type Workbench } from '../support/workbench-page.ts';

/** A finished message with what a preview must not do, and one inside it. */
const finished = `From: Ann <ann@example.com>
To: jo@example.org
Subject: Finished
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: text/html; charset=utf-8

<p>Dear {{name}}</p><img src="https://cdn.example/a.png" alt="A"><script>parent.document.title = 'pwned'</script>
<a href="page.html">more</a><h2></h2>
--m
Content-Type: message/rfc822

Subject: The one inside
Content-Type: text/html

<b>inner text</b>
--m--
`;

const picture = readFileSync(join(samples, 'html-with-picture.eml'), 'utf8');

/** *Preview Message* and *Check Message*, as a person uses them. Who writes has a mail of its own. */
describe('previewing a message', () => {
  let vs: Workbench;

  before(async () => {
    vs = await openWorkbench({
      // High enough for a whole sample.
      size: { width: 1440, height: 1300 },
      settings: { 'files.autoSave': 'off' },
      files: {
        'left.eml': 'From: a@example.com\nTo: b@example.com\nSubject: As saved\n\nHi\n',
        'gone.eml': 'From: a@example.com\nTo: b@example.com\nSubject: Going\n\nHi\n',
        'typed.eml': picture,
        'cursor.eml': picture,
        'finished.eml': finished,
        'report.eml': finished,
        'broken.eml': 'From: nobody\n\n<#attach ./missing.pdf>\n',
      },
    });
  });

  beforeEach(() => vs.reset());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  const mail = async (page: Frame): Promise<Frame> => {
    const element = await page.waitForSelector('.field iframe:not(.loading)', { state: 'attached' });
    const frame = await element.contentFrame();
    assert.ok(frame);
    return frame;
  };

  /** Opens a mail and its preview, and waits until that shows it. */
  async function preview(name: string, heading: string): Promise<Frame> {
    await vs.open(name);
    await vs.command('Mailbench: Preview Message');
    const page = await vs.webview(`Preview: ${name}`);
    await page.getByRole('heading', { name: heading }).waitFor();
    return page;
  }

  it('shows the mail beside its document, with its picture', async () => {
    const page = await preview('html-with-picture.eml', 'Quarterly figures');
    const shown = await mail(page);
    const width = await shown.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth);
    assert.ok(width > 0);
    await vs.screenshot('preview 1 html');
  });

  it('follows the typing', async () => {
    const page = await preview('typed.eml', 'Quarterly figures');
    await vs.typeAfter('Subject: Quarterly', ' and more');
    await page.locator('.subject', { hasText: 'and more' }).waitFor();
    await vs.typeAfter('The numbers are attached.</p>', '<p>New paragraph</p>');
    await page.waitForFunction(() =>
      (
        document.querySelector('.field iframe:not(.loading)') as HTMLIFrameElement
      )?.contentDocument?.body.textContent?.includes('New paragraph'),
    );
  });

  it('goes to the source of what is double-clicked, and shows what the cursor stands in', async () => {
    const page = await preview('html-with-picture.eml', 'Quarterly figures');
    await (await mail(page)).getByText('revenue in the third quarter was').dblclick();
    await vs.status('Ln 39').waitFor();
    await (await mail(page)).locator('img').dblclick();
    await vs.status('Ln 36').waitFor();
    // And back: the cursor in the document marks what it stands in.
    await vs.editor(0).locator('.view-line', { hasText: 'Hi Jo,</p>' }).click();
    await (await mail(page)).locator('p[data-mailbench-here]', { hasText: 'Hi Jo,' }).waitFor();
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.locator('.panel.text pre').dblclick({ position: { x: 30, y: 24 } });
    await vs.status('Ln 9').waitFor();
    await page.getByRole('tab', { name: 'HTML' }).click();
    await page.locator('.subject').dblclick();
    await vs.status('Ln 7').waitFor();
  });

  it('goes where one types, but marks only where the cursor was put', async () => {
    const page = await preview('cursor.eml', 'Quarterly figures');
    // Behind this nothing is on its way that the opening has set off.
    await vs.putCursor('', 'Hi Jo,</p>');
    await (await mail(page)).locator('p[data-mailbench-here]', { hasText: 'Hi Jo,' }).waitFor();
    const marks = await page.evaluateHandle(() => {
      const marks: boolean[] = [];
      addEventListener('message', ({ data }) => data.type === 'point' && marks.push(data.mark));
      return marks;
    });
    await vs.putCursor('', 'Mailbench Reports</p>');
    await page.waitForFunction((marks) => marks.length === 1, marks);
    await vs.page.keyboard.type('y');
    await page.waitForFunction((marks) => marks.length === 2, marks);
    await vs.page.keyboard.press('Backspace');
    await page.waitForFunction((marks) => marks.length === 3, marks);
    await vs.page.keyboard.press('ArrowLeft');
    await page.waitForFunction((marks) => marks.length === 4, marks);
    assert.deepEqual(await marks.jsonValue(), [true, false, false, true]);
  });

  it('shows phones, the dark side, the text, the header and what is attached', async () => {
    const page = await preview('html-with-picture.eml', 'Quarterly figures');
    await page.getByRole('radio', { name: /^Phone/ }).check({ force: true });
    await (await mail(page)).waitForFunction(() => innerWidth === 375);
    await page.getByRole('radio', { name: /^Dark/ }).check({ force: true });
    await page.getByText('the author’s dark styles apply').waitFor();
    await vs.screenshot('preview 2 phone');
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.getByText('revenue in the third quarter was 1,284,000').first().waitFor();
    await page.getByRole('tab', { name: 'Headers' }).click();
    await page.getByRole('row', { name: /^MIME-Version/ }).waitFor();
    await page.getByRole('tab', { name: 'Attachments' }).click();
    await page.getByText('Übersicht Q3.csv').waitFor();
    await page.getByRole('button', { name: 'Open Übersicht Q3.csv' }).click();
    await vs.tab(/Übersicht Q3\.csv/).waitFor();
    await vs.screenshot('preview 3 attachments');
  });

  it('keeps what was chosen when the window comes back', async () => {
    const page = await preview('html-with-picture.eml', 'Quarterly figures');
    await page.getByRole('radio', { name: /^Tablet/ }).check({ force: true });
    await (await mail(page)).waitForFunction(() => innerWidth === 768);
    // VS Code has what the page knows of the width before it passes on what is asked for after it.
    await page.getByRole('radio', { name: /^Dark/ }).check({ force: true });
    await page.getByText('the author’s dark styles apply').waitFor();
    await vs.reload();
    // As with the window before, its extensions take their time on a busy machine.
    const again = await vs.webview('Preview: html-with-picture.eml', 60_000);
    await again.getByRole('heading', { name: 'Quarterly figures' }).waitFor();
    await (await mail(again)).waitForFunction(() => innerWidth === 768);
  });

  it('shows a finished message, runs nothing of it, and loads nothing unasked', async () => {
    const page = await preview('finished.eml', 'Finished');
    await page.getByText('1 remote resource from cdn.example blocked').waitFor();
    await page.getByText('Taken out, as mail clients do: script').waitFor();
    const asked: string[] = [];
    await vs.page.route('https://cdn.example/**', (route) => {
      asked.push(route.request().url());
      return route.abort();
    });
    const request = vs.page.waitForRequest('https://cdn.example/**');
    await page.getByRole('button', { name: 'Allow remote content' }).click();
    // Another page with another policy takes its place.
    await page.waitForFunction(() => false).catch(() => {});
    const allowed = await vs.webview();
    await allowed.getByText('1 remote resource from cdn.example loaded').waitFor();
    await mail(allowed);
    await request;
    assert.deepEqual(asked, ['https://cdn.example/a.png']);
    assert.notEqual(await allowed.title(), 'pwned');
    await vs.page.unroute('https://cdn.example/**');
  });

  it('shows the message inside the message', async () => {
    const page = await preview('finished.eml', 'Finished');
    await page.getByRole('tab', { name: 'Attachments' }).click();
    await page.getByRole('button', { name: /^Show / }).click();
    await page.getByRole('heading', { name: 'The one inside' }).waitFor();
    await page.getByRole('button', { name: /Back to “Finished”/ }).click();
    await page.getByRole('heading', { name: 'Finished' }).waitFor();
  });

  it('checks the message, and leads to the places', async () => {
    await vs.open('finished.eml');
    await vs.command('Mailbench: Check Message');
    const page = await vs.webview('Preview: finished.eml');
    await page.getByText('"{{name}}" was not filled in').waitFor();
    await page.getByText(/has no host, and a mail has no page/).waitFor();
    // What axe-core says comes from its frame.
    await page.getByText('empty-heading').waitFor();
    await vs.screenshot('preview 4 checks');
    await page.getByText('"{{name}}" was not filled in').click();
    await vs.status('Ln 10').waitFor();
    await page.getByRole('button', { name: 'Open Report' }).click();
    await vs.waitForText('# Check of finished.eml');
    await vs.screenshot('preview 5 report');
  });

  it('opens a report again as it is now, and never as it was', async () => {
    await vs.open('report.eml');
    await vs.command('Mailbench: Check Message');
    const before = await vs.webview('Preview: report.eml');
    // With all that it finds: what comes in later makes the list anew, and the button.
    await before.getByText('empty-heading').waitFor();
    await before.getByRole('button', { name: 'Open Report' }).click();
    await vs.waitForText(/Subject: +Finished\n/);
    const report = vs.tab('Check of report.eml.md');
    await report.getByRole('button', { name: /^Close/ }).click();
    await report.waitFor({ state: 'detached' });
    await vs.tab(/^report\.eml/).click();
    await vs.typeAfter('Subject: Finished', ' and more');
    const page = await vs.webview('Preview: report.eml');
    await page.getByRole('heading', { name: 'Finished and more' }).waitFor();
    // What its editor shows, in every frame that is drawn.
    await vs.page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(window, { seen });
      const look = () => {
        for (const line of document.querySelectorAll('.editor-instance .view-line')) {
          const text = line.textContent?.replaceAll('\u00a0', ' ') ?? '';
          if (text.startsWith('- Subject:')) seen.push(text.replace(/ +/g, ' '));
        }
        if (seen.length < 100) requestAnimationFrame(look);
      };
      look();
    });
    await page.getByRole('button', { name: 'Open Report' }).click();
    await vs.waitForText(/Subject: +Finished and more/);
    await vs.page.waitForFunction(() => (window as unknown as { seen: string[] }).seen.length > 0);
    const seen = await vs.page.evaluate(() => (window as unknown as { seen: string[] }).seen);
    assert.deepEqual([...new Set(seen)], ['- Subject: Finished and more']);
  });

  it('shows a captured message as it shows a draft: picture, text, attachments, checks and source', async () => {
    await vs.open('html-with-picture.eml');
    await vs.command('Mailbench: Send Email');
    await vs.tab(/^Quarterly figures/).waitFor();
    const page = await vs.webview();
    await page.getByRole('heading', { name: /^Quarterly figures/ }).waitFor();
    await page.getByRole('tab', { name: 'HTML' }).click();
    const width = (frame: Frame) => frame.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth);
    assert.ok((await width(await mail(page))) > 0);
    // As in a draft's preview, a choice made here holds for the next message in this tab.
    await page.getByRole('radio', { name: /^Phone/ }).check({ force: true });
    await (await mail(page)).waitForFunction(() => innerWidth === 375);
    await page.getByRole('tab', { name: 'Text' }).click();
    await page.getByText('revenue in the third quarter was 1,284,000').first().waitFor();
    await page.getByRole('tab', { name: 'Headers' }).click();
    await page.getByRole('row', { name: /^Message-ID/ }).waitFor();
    await page.getByRole('tab', { name: 'Attachments' }).click();
    await page.getByText('Übersicht Q3.csv').waitFor();
    await page.getByRole('tab', { name: 'Checks' }).click();
    await page.getByText('color-scheme meta tag does not work').waitFor();
    await page.getByText(/Client support: caniemail, \d{4}-\d\d-\d\d, for/).waitFor();
    await vs.screenshot('preview 7 captured');
    // Its source is the bytes that arrived; what was pressed stands in them.
    await page.getByRole('tab', { name: 'HTML' }).click();
    await (await mail(page)).getByText('revenue in the third quarter was').dblclick();
    await vs.tab(/^Quarterly figures.*\.eml/).waitFor();
    await vs.waitForText('<p>revenue in the third quarter was</p>');
    const line = (await vs.status(/^Ln \d+/).textContent()) ?? '';
    assert.ok(Number(/Ln (\d+)/.exec(line)?.[1]) > 40, line);
    await vs.command('Mailbench: Delete Message');
    // What shows it goes with it.
    await vs.page.locator('.tab[data-resource-name^="webview-"]').waitFor({ state: 'detached' });
  });

  it('says of a message whose file is gone that it could not be read', async () => {
    await preview('gone.eml', 'Going');
    await vs.tab(/^gone\.eml/).click();
    await vs.command('View: Close Editor');
    await vs.tab(/^gone\.eml/).waitFor({ state: 'detached' });
    rmSync(join(vs.folder, 'gone.eml'));
    await vs.reload();
    await vs.tab('Preview: gone.eml').click();
    const page = await vs.webview('Preview: gone.eml', 60_000);
    await page.locator('.troubles summary', { hasText: /^This message could not be read$/ }).waitFor();
    await page.locator('.troubles').getByText('gone.eml is no longer there.').waitFor();
    await page.getByText('There is nothing to show: the message could not be read.').locator('visible=true').waitFor();
    await vs.screenshot('preview 6 unread');
    writeFileSync(join(vs.folder, 'gone.eml'), 'From: a@example.com\nTo: b@example.com\nSubject: Back again\n\nHi\n');
    await page.getByRole('heading', { name: 'Back again' }).waitFor();
  });

  it('follows the file of a document that is closed, and is named anew with it', async () => {
    const page = await preview('left.eml', 'As saved');
    await vs.tab(/^left\.eml/).click();
    await vs.typeAfter('Subject', ', then typed');
    await page.getByRole('heading', { name: 'As saved, then typed' }).waitFor();
    await vs.page.keyboard.press('ControlOrMeta+W');
    await vs.page.locator('.monaco-dialog-box').getByRole('button', { name: "Don't Save" }).click();
    await page.getByRole('heading', { name: /^As saved$/ }).waitFor();
    const file = join(vs.folder, 'left.eml');
    writeFileSync(file, readFileSync(file, 'utf8').replace('As saved', 'By a program'));
    await page.getByRole('heading', { name: 'By a program' }).waitFor();
    await vs.treeRow('left.eml').click();
    await vs.page.keyboard.press('F2');
    await vs.page.locator('.explorer-item-edited input').fill('right.eml');
    await vs.page.keyboard.press('Enter');
    await vs.tab('Preview: right.eml').click();
    const renamed = await vs.webview('Preview: right.eml');
    await renamed.getByRole('heading', { name: 'By a program' }).waitFor();
    await vs.open('right.eml');
    await vs.typeAfter('Subject', ', then by hand');
    await vs.tab('Preview: right.eml').click();
    const again = await vs.webview('Preview: right.eml');
    await again.getByRole('heading', { name: 'By a program, then by hand' }).waitFor();
  });

  it('says what is wrong where there is no message to show', async () => {
    await vs.open('broken.eml');
    await vs.command('Mailbench: Preview Message');
    const page = await vs.webview('Preview: broken.eml');
    await page
      .locator('.troubles')
      .getByText(/errors? (would stop|keeps?)/)
      .waitFor();
    await vs.screenshot('preview 6 errors');
  });
});
