import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { samples } from '../host/layout.mjs';
import { openWorkbench, type Workbench } from '../support/workbench-page.ts';

const csv = Buffer.from('month,region,revenue\nJuly,Nord,198000\n').toString('base64');

const finished = `From: =?utf-8?Q?Ann_Zo=C3=AB?= <ann@example.com>
To: jo@example.org
Subject: Figures
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

Here they are.
--b
Content-Type: text/csv; name=q3.csv
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename=q3.csv

${csv}
--b--
`;

const order = `@data: ./data/welcome.json
From: "Zoë, Ann" <ann@exämple.com>
To: jo@example.org
Subject: Order {{order.number}}

Hi {{user.first}}, see the list.
<#attach ./data/q3.csv name=list.csv>
`;

const wrong = `From: ann@example.com
To: jo@example.org; kim@example.org
Subject: See this

The list is attached.
<#attahc ./data/q3.csv>
`;

const forgotten = 'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\n\nThe list is attached.\n';

/** What the editor offers for a mail, each by the key or the mouse that a person uses. Who writes has a mail of its own. */
describe('the features of the language, by hand', () => {
  let vs: Workbench;

  before(async () => {
    vs = await openWorkbench({
      // High enough for a whole sample.
      size: { width: 1280, height: 1200 },
      settings: {
        'workbench.colorTheme': 'Default Dark Modern',
        'mailbench.servers': { staging: { host: 'localhost' } },
        'editor.hover.delay': 100,
      },
      files: {
        'finished.eml': finished,
        'order.eml': order,
        'wrong.eml': wrong,
        'words.eml': '',
        'picture.eml':
          'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\nContent-Type: text/html\n\n<h1>Hi</h1>\n<p>Look:</p>\n<#inline ./images/logo.png id=logo>\n',
        'snippet.eml': '',
        'header.eml': 'from:ann@example.com\nTO:  jo@example.org,\n kim@example.org\nsubject:Hi\n\nHello, you.\n',
        'missing.eml':
          'From: ann@example.com\nTo: jo@example.org\nSubject: Hi\n\nHere they are.\n<#attach ./q3.csv>\n<#attach ./data/nothing.bin>\n',
        'attach.eml': forgotten,
        'dropped.eml': forgotten,
        'renamed.eml': readFileSync(join(samples, 'html-with-picture.eml'), 'utf8'),
      },
    });
    await vs.awake();
  });

  beforeEach(() => vs.reset());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  const press = (key: string) => vs.page.keyboard.press(key);
  const suggestion = (label: string) => vs.page.locator('.suggest-widget .monaco-list-row', { hasText: label }).first();
  const action = (title: string | RegExp) =>
    vs.page.locator('.action-widget .monaco-list-row', { hasText: title }).first();

  /** Opens the list of the lamp, again where what comes in late has closed it, and waits for an entry. */
  async function lamp(title: string | RegExp) {
    for (let tries = 1; ; tries++) {
      await press('Control+.');
      try {
        await action(title).waitFor({ timeout: 4000 });
        return action(title);
      } catch (error) {
        if (tries === 4) throw error;
        await press('Escape');
      }
    }
  }

  /** Answers the question for a file, in VS Code's own dialog, or, in a browser, at the top: again where that was still to begin. */
  async function choose(folder: string, name: string) {
    for (let tries = 1; ; tries++) {
      try {
        await vs.quickInput().fill(join(vs.folder, folder));
        return await vs.pick(name).click({ timeout: 4000 });
      } catch (error) {
        if (tries === 4) throw error;
      }
    }
  }

  it('tells what a field, an address, a variable and a file are', async () => {
    await vs.open('order.eml');
    const field = await vs.hoverOn('Subject', 'Subject', 'What the message is about.');
    await field.getByRole('link', { name: /^RFC \d+/ }).waitFor();
    await vs.hoverOn(
      'From',
      'ann@',
      /Name: Zoë, Ann\s*Mailbox: ann\s*Domain: exämple\.com, on the wire xn--exmple-cua\.com/,
    );
    await vs.hoverOn('Hi ', 'first', 'Jo');
    await vs.hoverOn('<#attach', './data', /137 bytes, text\/csv/);
  });

  it('tells what encoded-words and lines of base64 hold', async () => {
    await vs.open('finished.eml');
    await vs.hoverOn('From', 'utf-8', /It stands for:\s*Ann Zoë/);
    await vs.hoverOn(csv.slice(0, 20), csv.slice(0, 8), /text\/csv, q3\.csv[\s\S]*month,region,revenue/);
    // Dimmed as a comment is, and the boundaries as their own.
    const color = (line: string) =>
      vs
        .editor()
        .locator('.view-line', { hasText: line })
        .first()
        .locator('span span')
        .first()
        .evaluate((element) => getComputedStyle(element).color);
    const text = await color('Here they are.');
    assert.notEqual(await color(csv.slice(0, 20)), text);
    assert.notEqual(await color('--b'), text);
  });

  it('offers settings, servers, types, charsets and variables', async () => {
    await vs.open('words.eml');
    await vs.focus();
    const { keyboard } = vs.page;
    await keyboard.type('@ser', { delay: 40 });
    await suggestion('@server').click();
    await suggestion('staging').waitFor();
    await suggestion('inbox').click();
    await keyboard.type('\n@da', { delay: 40 });
    await suggestion('@data').click();
    await suggestion('data/').click();
    await suggestion('welcome.json').click();
    await keyboard.type('\nFrom: a@b.example\nTo: {{us', { delay: 40 });
    await suggestion('user').waitFor();
    await press('Escape');
    await keyboard.type('er.', { delay: 40 });
    await suggestion('email').click();
    await press('End');
    await keyboard.type('\nSubject: Hi\n\n<#part typ', { delay: 40 });
    await suggestion('type').click();
    await suggestion('text/html').click();
    await press('Escape');
    await keyboard.type(' char', { delay: 40 });
    await suggestion('charset').click();
    await suggestion('gb2312').waitFor();
    await suggestion('utf-8').click();
    await vs.waitForText(
      '@server: inbox\n@data: ./data/welcome.json\nFrom: a@b.example\nTo: {{user.email}}\nSubject: Hi\n\n<#part type=text/html charset=utf-8',
    );
  });

  it('shows the picture that an id stands for, beside the list', async () => {
    await vs.open('picture.eml');
    await vs.typeAfter('Look:', '');
    await vs.page.keyboard.type('<img src="ci', { delay: 40 });
    await suggestion('cid:logo').waitFor();
    const picture = vs.page.locator('.suggest-details img');
    for (let presses = 0; presses < 3 && (await picture.count()) === 0; presses++) {
      await press('Control+Space');
      await picture.waitFor({ timeout: 3000 }).catch(() => {});
    }
    await picture.evaluate((image) => (image as HTMLImageElement).decode());
    await vs.screenshot('features 1 picture in completion');
    await suggestion('cid:logo').click();
    await vs.waitForText('<img src="cid:logo');
  });

  it('mends a problem from the keyboard alone', async () => {
    await vs.open('wrong.eml');
    await vs.page.locator('.squiggly-error').first().waitFor();
    await vs.putCursor('To', 'jo@');
    await press('F8');
    await vs.page.locator('.monaco-editor .zone-widget', { hasText: 'Recipients are parted by commas' }).waitFor();
    await press('Escape');
    await lamp('Separate the addresses by a comma');
    await vs.screenshot('features 2 quick fix');
    await press('Enter');
    await vs.waitForText('To: jo@example.org, kim@example.org');
    await vs.putCursor('<#attahc', 'attahc');
    await (await lamp('Change to <#attach')).click();
    await vs.waitForText('<#attach ./data/q3.csv>');
    await vs.page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  });

  it('attaches the file that was forgotten, or keeps silent about it', async () => {
    await vs.open('attach.eml');
    await vs.page.locator('.squiggly-warning').first().waitFor();
    await vs.putCursor('The list', 'attached');
    await (await lamp('Attach a file…')).click();
    await choose('data/', 'q3.csv');
    await vs.waitForText('<#attach ./data/q3.csv>');
    await press('Control+z');
    await vs.page.locator('.squiggly-warning').first().waitFor();
    await vs.putCursor('The list', 'attached');
    await (await lamp(/Silence attachment-forgotten/)).click();
    await vs.waitForText('<#-- mailbench-ignore attachment-forgotten -->');
    await vs.page.locator('.squiggly-warning').first().waitFor({ state: 'detached' });
  });

  it('puts the file that is there in place of one that is not', async () => {
    await vs.open('missing.eml');
    await vs.page.locator('.squiggly-error').nth(1).waitFor();
    await vs.putCursor('<#attach ./q3', 'q3');
    await (await lamp('Change to ./data/q3.csv')).click();
    await vs.waitForText('<#attach ./data/q3.csv>');
    await vs.putCursor('<#attach ./data/nothing', 'nothing');
    await (await lamp('Choose a file…')).click();
    await choose('images/', 'logo.png');
    await vs.waitForText('<#attach ./data/q3.csv>\n<#attach ./images/logo.png>');
    await vs.page.locator('.squiggly-error').first().waitFor({ state: 'detached' });
  });

  it('finds, lists and renames the id of a picture', async () => {
    await vs.open('renamed.eml');
    await vs.putCursor('      <img src', 'logo');
    await press('F12');
    await vs.status(/Ln 47/).waitFor();
    // Of two references VS Code goes straight to the other one.
    await press('Shift+F12');
    await vs.status(/Ln 36/).waitFor();
    await press('Shift+Alt+F12');
    for (const reference of ['cid:logo', 'id=logo']) await vs.treeRow(reference).waitFor();
    await vs.screenshot('features 3 references');
    await vs.command('View: Show Explorer');
    await vs.putCursor('      <img src', 'logo');
    await press('F2');
    const name = vs.page.locator('.rename-box input');
    await name.fill('mark');
    await press('Enter');
    await vs.waitForText(/src="cid:mark"[\s\S]*id=mark>/);
    await press('Control+z');
    await vs.waitForText(/src="cid:logo"[\s\S]*id=logo>/);
  });

  it('has an outline, breadcrumbs and folds', async () => {
    await vs.open('html-with-picture.eml');
    await vs.putCursor('<#attach', 'q3');
    await vs.page.locator('.breadcrumbs-control', { hasText: 'Übersicht Q3.csv' }).first().waitFor();
    await press('Control+Shift+O');
    await vs.pick('text/html').waitFor();
    for (const symbol of ['From', 'Subject', 'text/plain', 'logo.png']) await vs.pick(symbol).waitFor();
    await vs.quickInput().fill('@Subject');
    await press('Enter');
    await vs.status(/Ln 7/).waitFor();
    await vs.command('Fold All');
    await vs.waitForText(/<#part type=text\/html>[^\n]*\n<#inline/);
    await vs.screenshot('features 4 folded');
    await vs.command('Unfold All');
    await vs.waitForText('<!doctype html>');
  });

  it('opens the file that a link names', async () => {
    await vs.open('order.eml');
    // A click on what is not yet known as a link is only a click.
    await vs.editor().locator('.detected-link', { hasText: 'q3.csv' }).first().waitFor();
    const { x, y } = await vs.placeOf('<#attach', './data/q3.csv');
    await vs.page.keyboard.down('Control');
    await vs.page.mouse.move(x, y);
    await vs.page.mouse.click(x, y);
    await vs.page.keyboard.up('Control');
    await vs.tab(/^q3\.csv/).waitFor();
    await vs.waitForText('month,region,revenue');
  });

  it('formats and refolds the header, and grows the selection', async () => {
    await vs.open('header.eml');
    await vs.command('Format Document');
    await vs.waitForText(/^From: ann@example\.com\nTo: jo@example\.org,\n\s+kim@example\.org\nSubject: Hi\n/);
    await vs.putCursor('To', 'jo@');
    await (await lamp('Unfold this field')).click();
    await vs.waitForText(/\nTo: jo@example\.org, +kim@example\.org\n/);
    await vs.putCursor('To', 'jo@');
    await press('Shift+Alt+ArrowRight');
    await vs.status(/\(\d+ selected\)/).waitFor();
    const first = await vs.status(/\(\d+ selected\)/).textContent();
    await press('Shift+Alt+ArrowRight');
    await vs.page.waitForFunction(
      (before) =>
        [...document.querySelectorAll('.statusbar-item')].some(
          ({ textContent }) => /\(\d+ selected\)/.test(textContent ?? '') && textContent !== before,
        ),
      first,
    );
  });

  it('begins a mail with a snippet, from stop to stop', async () => {
    await vs.open('snippet.eml');
    await vs.focus();
    await press('Control+Space');
    await suggestion('New mail').click();
    await vs.waitForText(/^From: /);
    // With a space behind it no list is open that Tab would choose from, and Escape would leave the snippet.
    for (const words of ['Ann <ann@example.com> ', 'jo@example.net ', 'Hi']) {
      await vs.page.keyboard.type(words, { delay: 20 });
      await press('Tab');
    }
    await vs.page.keyboard.type('Hello');
    await vs.waitForText(/^From: Ann <ann@example\.com> \nTo: jo@example\.net \nSubject: Hi\n\nHello/);
  });

  it('converts a finished message into a document, by its command', async () => {
    await vs.open('finished.eml');
    await vs.command('Mailbench: Convert to Composed Document');
    await vs.tab('finished-composed.eml').waitFor();
    await vs.waitForText(
      'From: Ann Zoë <ann@example.com>\nTo: jo@example.org\nSubject: Figures\n\nHere they are.\n<#attach',
    );
    assert.ok(existsSync(join(vs.folder, 'finished-files', 'q3.csv')));
    assert.equal(readFileSync(join(vs.folder, 'finished-files', 'q3.csv')).toString('base64'), csv);
  });

  it('takes a file that is dropped from the Explorer', async () => {
    await vs.open('dropped.eml');
    await vs.lens('Send Email').waitFor();
    const file = vs.treeRow(/^q3\.csv$/);
    // Opened already where something of it was shown before.
    if ((await file.count()) === 0) await vs.treeRow(/^data$/).click();
    await file.waitFor();
    const from = (await file.boundingBox())!;
    const to = await vs.placeOf('The list', 'attached');
    const { mouse, keyboard } = vs.page;
    await mouse.move(from.x + 40, from.y + from.height / 2);
    await mouse.down();
    await keyboard.down('Shift');
    await mouse.move(to.x - 30, to.y, { steps: 8 });
    await mouse.move(to.x, to.y, { steps: 4 });
    await mouse.up();
    await keyboard.up('Shift');
    await vs.waitForText('<#attach ./data/q3.csv>');
  });
});
