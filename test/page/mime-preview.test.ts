import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { openWorkbench, type Workbench } from '../support/workbench-page.ts';

const inner =
  'From: z@example.com\nSubject: =?utf-8?Q?Z=C3=BCrich?=\nMIME-Version: 1.0\nContent-Type: text/plain\n\nHello from inside.\n';
const rows = Array.from(
  { length: 40 },
  (_, index) => `<tr><td>Item ${index + 1}</td><td>Käse für ${index} €</td></tr>`,
);
const order = `From: Ann Zoë <ann@example.com>
To: jo@example.org
Subject: Grüße aus Zürich

Hällo Jo, this is a line of text that is long enough for quoted-printable to break it in two places.
See the table.
<#part type=text/html>
<h1>Grüße</h1>
<table>
${rows.join('\n')}
</table>
<#/part>
<#attach ./large.bin>
<#attach ./inner.eml>
`;

/** What *Preview MIME* marks, folds and tells, with the keyboard and the eye. */
describe('Preview MIME beside the document', () => {
  let vs: Workbench;

  before(async () => {
    vs = await openWorkbench({
      settings: { 'workbench.colorTheme': 'Default Dark Modern' },
      files: { 'order.eml': order, 'inner.eml': inner, 'large.bin': 'x'.repeat(200_000) },
      size: { width: 1500, height: 900 },
    });
    await vs.open('order.eml');
    await vs.codeLens('Preview MIME');
    await vs.waitForText('Subject: =?utf-8', () => vs.editorText(vs.editor(1)));
  });

  // The document is the same in all of them, and none writes into it.
  beforeEach(async () => {
    await vs.focus(vs.editor(0));
    await vs.page.keyboard.press('Control+Home');
    await vs.status('Ln 1, Col 1').waitFor();
    await line(0, 'From: Ann').waitFor();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  /** The lines over which a mark lies, in a group. */
  async function marked(group: number): Promise<string> {
    const editor = vs.editor(group);
    const tops = await editor
      .locator('.view-overlays .cdr[class*="ced-"]')
      .evaluateAll((marks) => marks.map((mark) => mark.parentElement?.getBoundingClientRect().top ?? 0));
    const lines = await editor
      .locator('.view-line')
      .evaluateAll((all) =>
        all.map((line) => ({ top: line.getBoundingClientRect().top, text: line.textContent ?? '' })),
      );
    return lines
      .filter(({ top }) => tops.some((each) => Math.abs(each - top) < 5))
      .sort((a, b) => a.top - b.top)
      .map(({ text }) => text.replaceAll('\u00a0', ' '))
      .join('\n');
  }

  const line = (group: number, text: string) => vs.editor(group).locator('.view-line', { hasText: text }).first();

  it('marks in the message what the cursor stands in, and in the document what it came from', async () => {
    await line(0, 'this is a line').click();
    await vs.waitForText(/^H=C3=A4llo Jo[\s\S]*printa=\nble to break it in two places\.$/, () => marked(1));
    await vs.screenshot('mime 1 text dark');
    await line(0, '<#part').click();
    await vs.waitForText(/^--=_mb_.*\nContent-Type: text\/html.*\nContent-Transfer-Encoding/, () => marked(1));
    await line(1, 'Subject:').click();
    await vs.waitForText(/^Subject: Grüße aus Zürich$/, () => marked(0));
    assert.equal(await marked(1), '');
    await vs.screenshot('mime 2 field dark');
  });

  it('follows into what is out of view, and tells sizes', async () => {
    await line(0, '<#part').click();
    for (let pressed = 0; pressed < 45; pressed++) await vs.page.keyboard.press('ArrowDown');
    await line(0, '<#attach ./large').click();
    await vs.waitForText('application/octet-stream', () => marked(1));
    await vs.screenshot('mime 3 attachment dark');
    const lenses = await vs.editor(1).locator('.codelens-decoration').allTextContents();
    assert.ok(
      lenses.some((text) => text.includes('application/octet-stream · 195 KB, 267 KB as base64')),
      lenses.join('\n'),
    );
  });

  for (const [theme, name] of [
    ['Light Modern', 'light'],
    ['Dark High Contrast', 'high contrast'],
    ['Light High Contrast', 'high contrast light'],
  ] as const)
    it(`is seen in ${name}`, async () => {
      await vs.theme(theme);
      await vs.focus(vs.editor(0));
      await vs.page.keyboard.press('Control+End');
      await line(0, '<#attach ./inner').waitFor();
      await line(0, 'Item 30').click();
      await vs.waitForText(/Item 30</, () => marked(1));
      await vs.screenshot(`mime 4 ${name}`);
      await line(0, '<#attach ./inner').click();
      await vs.waitForText('message/rfc822', () => marked(1));
      await vs.screenshot(`mime 5 ${name}`);
    });
});

/** The window goes and comes back, as with every update of an extension. */
describe('Preview MIME in a window that is loaded anew', () => {
  const text = 'From: ann@example.com\nTo: jo@example.org\nSubject: Reload\n\nfirst words\n';
  let vs: Workbench;

  before(async () => {
    vs = await openWorkbench({
      settings: { 'files.autoSave': 'off' },
      // So wide that no line of what is looked for is wrapped beside its document.
      size: { width: 1800, height: 800 },
      files: { 'unsaved.eml': text, 'closed.eml': text, 'gone.eml': text },
    });
  });

  beforeEach(() => vs.reset());

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  const previewHolds = (words: string | RegExp, group: number) =>
    vs.waitForText(words, () => vs.editorText(vs.editor(group)));

  /** Opens a mail, and beside it what it becomes. */
  async function preview(name: string): Promise<void> {
    await vs.open(name);
    await vs.codeLens('Preview MIME');
    await previewHolds('Subject: Reload', 1);
  }

  /** Loads the window anew, and waits for its extensions: until they run, the preview is empty. */
  async function reload(name: string, words: string, group: number): Promise<void> {
    await vs.reload();
    await vs.tab(`MIME: ${name}`).waitFor();
    await vs.editor(group).locator('.view-line', { hasText: words }).first().waitFor({ timeout: 60_000 });
  }

  /** VS Code keeps what is not saved a moment after it was typed. */
  async function kept(words: string): Promise<void> {
    const backups = join(vs.folder, '../user/User/Backups');
    const files = () =>
      readdirSync(backups, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    await vs.waitForText(words, async () => files().join('\n'));
  }

  it('shows what was typed and not saved, and follows what is typed next', async () => {
    await preview('unsaved.eml');
    await vs.typeAfter('first words', ', unsaved');
    await previewHolds('first words, unsaved', 1);
    await kept('first words, unsaved');
    await reload('unsaved.eml', 'first words, unsaved', 1);
    await previewHolds(/^MIME-Version: 1\.0[\s\S]*first words, unsaved$/m, 1);
    await vs.lens('Send Email').waitFor();
    await vs.typeAfter('unsaved', ', and more');
    await previewHolds('first words, unsaved, and more', 1);
    const lenses = vs.editor(1).locator('.codelens-decoration', { hasText: 'as sent' });
    await lenses.waitFor();
    await vs.screenshot('mime 6 reloaded');
  });

  it('comes back without its document, and follows that again once it is open', async () => {
    await preview('closed.eml');
    await vs.tab(/^closed\.eml/).click();
    await vs.command('View: Close Editor');
    await vs.tab(/^closed\.eml/).waitFor({ state: 'detached' });
    await reload('closed.eml', 'first words', 0);
    await previewHolds(/^MIME-Version: 1\.0/m, 0);
    // Not by Quick Open, which finds the preview by the same name.
    await vs.treeRow('closed.eml').dblclick();
    await vs.tab(/^closed\.eml/).waitFor();
    await vs.lens('Send Email').waitFor();
    await vs.typeAfter('first words', ', again');
    await vs.tab('MIME: closed.eml').click();
    await previewHolds(/^MIME-Version: 1\.0[\s\S]*first words, again$/m, 0);
  });

  it('says what to do where its document is gone, and is there again when that is', async () => {
    await preview('gone.eml');
    rmSync(join(vs.folder, 'gone.eml'));
    await reload('gone.eml', 'There is nothing to preview', 1);
    await previewHolds(/^# There is nothing to preview: gone\.eml is no longer there\.\n#\n# Open gone\.eml/, 1);
    await vs.screenshot('mime 7 gone');
    await vs.tab(/^gone\.eml/).click();
    await vs.page.getByRole('button', { name: 'Create File' }).click();
    await vs.lens('Send Email').waitFor();
    await vs.focus();
    await vs.page.keyboard.insertText(text.replace('first', 'other'));
    await previewHolds(/^MIME-Version: 1\.0[\s\S]*other words$/m, 1);
  });
});
