import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join, sep } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { removeFolder, scratchFolder } from '../host/code-server.ts';
import { extensionIdentity, samples } from '../host/layout.mjs';
import { installPacked, pack } from '../host/packed.ts';
import { run } from '../host/process.mjs';
import { openWorkbench } from '../support/workbench-page.ts';

/** The Node that started the run, where that is an older one than ours: the command line has to run on it, too. */
const firstNode = process.env.MAILBENCH_FIRST_NODE ?? process.execPath;

describe('the packed extension', () => {
  let vsix = '';
  let scratch = '';
  let installed = '';

  before(async () => {
    vsix = await pack();
    scratch = scratchFolder();
    const place = { userData: join(scratch, 'user'), extensions: join(scratch, 'extensions') };
    await installPacked(vsix, place);
    const { publisher, name, version } = extensionIdentity();
    const [folder] = globSync(`${publisher}.${name}-${version}*`, { cwd: place.extensions });
    assert.ok(folder);
    installed = join(place.extensions, folder);
  });

  after(() => {
    if (scratch) removeFolder(scratch);
  });

  it('holds what runs, and nothing else', () => {
    const files = globSync('**', { cwd: installed, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(installed.length + 1)
          .split(sep)
          .join('/'),
      );
    for (const needed of [
      'dist/extension.cjs',
      'dist/cli.js',
      // A thread begins with it: no other file names it.
      'dist/send/mail-worker.js',
      'dist/THIRD-PARTY-NOTICES.txt',
      'package.nls.json',
    ]) {
      assert.ok(files.includes(needed), `${needed} is missing`);
    }
    const allowed =
      /^(?:dist|media)\/|^(?:package(?:\.nls)?\.json|readme\.md|changelog\.md|LICENSE\.txt|\.vsixmanifest)$/i;
    assert.deepEqual(
      files.filter((file) => !allowed.test(file) || /^dist\/test\/|\.map$|\.ts$|node_modules/.test(file)),
      [],
    );
  });

  it('sends a mail', async () => {
    const vs = await openWorkbench({ vsix });
    try {
      await vs.open('welcome.eml');
      await vs.codeLens(/Send Email/);
      await vs.tab(/Hello from Mailbench/).waitFor();
      await (await vs.webview()).getByRole('heading', { name: 'Hello from Mailbench' }).waitFor();
      await vs.screenshot('packed');
    } finally {
      await vs.close();
    }
  });

  it('previews and checks a large mail, in its thread', async () => {
    const rows = `${'<p>A line of a long mail.</p>\n'.repeat(4000)}<p style="position:fixed">x</p>`;
    const large = `From: a@a.example\nTo: b@b.example\nSubject: Large\n\n<#part type=text/html>\n${rows}<b>The end.</b>\n`;
    const vs = await openWorkbench({ vsix, files: { 'large.eml': large } });
    try {
      await vs.open('large.eml');
      await vs.command('Mailbench: Check Message');
      const page = await vs.webview();
      await page.getByText('position does not work').waitFor();
      await page.getByRole('heading', { name: 'Large' }).waitFor();
      await page.getByRole('tab', { name: 'HTML' }).click();
      const frame = await page.waitForSelector('.field iframe:not(.loading)', { state: 'attached' });
      await (await frame.contentFrame())!.getByText('The end.').waitFor({ state: 'attached' });
    } finally {
      await vs.close();
    }
  });

  it('brings its samples, with what they name, as copies to work on', async () => {
    const vs = await openWorkbench({ vsix, folder: join(samples, 'data') });
    try {
      // Nobody has a mail open who has just installed it.
      await vs.command('Welcome: Open Walkthrough');
      await vs.pick('Get started with Mailbench').click();
      await vs.page.locator('.getting-started-step', { hasText: 'See what it becomes' }).click();
      await vs.page.getByRole('button', { name: 'Preview Message' }).click();
      await vs.page.locator('.notifications-toasts').getByRole('button', { name: 'Open Sample…' }).click();
      await vs.quickInput().fill('html-with-picture');
      await vs.pick('html-with-picture.eml').click();
      await vs.tab('html-with-picture.eml').waitFor();
      await vs.typeAfter('Subject: Quarterly', ', changed');
      await vs.command('File: Save');
      await vs.command('Mailbench: Preview Message');
      const page = await vs.webview();
      await page.getByRole('heading', { name: 'Quarterly figures – Q3 📈, changed' }).waitFor();
      const frame = await (await page.waitForSelector('.field iframe:not(.loading)')).contentFrame();
      const width = await frame!.locator('img').evaluate((image) => (image as HTMLImageElement).naturalWidth);
      assert.ok(width > 0);
      // What was changed outlasts the next one.
      await vs.command('View: Close All Editors');
      await vs.command('Mailbench: Open Sample…');
      await vs.pick('html-with-picture.eml').click();
      await vs.waitForText('📈, changed');
      await vs.screenshot('packed sample');
    } finally {
      await vs.close();
    }
  });

  it('brings a command line that builds a message', async () => {
    const cli = join(installed, 'dist', 'cli.js');
    const sample = join(samples, 'html-with-picture.eml');
    const { code, output } = await run(firstNode, [cli, 'build', sample], { quiet: true, deadline: 30_000 });
    assert.equal(code, 0, output);
    assert.match(output, /^Content-Type: multipart\/mixed;/m);
  });
});
