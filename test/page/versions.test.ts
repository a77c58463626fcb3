import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { openWorkbench, type Workbench } from '../support/workbench-page.ts';

/** A mail under version control, compared with what it was before. */
describe('the version of a mail before', () => {
  let vs: Workbench;

  before(async () => {
    vs = await openWorkbench({
      settings: { 'git.enabled': true, 'git.openRepositoryInParentFolders': 'always', 'git.autofetch': false },
      size: { width: 1600, height: 900 },
    });
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.com', ...args], { cwd: vs.folder });
    git('init', '--quiet');
    git('add', '--all');
    git('commit', '--quiet', '--message', 'Begin');
    const file = join(vs.folder, 'html-with-picture.eml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^Subject: .*$/m, 'Subject: Reworded'));
    await vs.reload();
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed') await vs?.screenshot(`failed ${this.currentTest.title}`);
  });

  after(() => vs?.close());

  it('is previewed as it would have been sent, with the files beside it, and has no problems of its own', async () => {
    await vs.open('html-with-picture.eml');
    await vs.lens('Send Email').waitFor();
    await vs.treeRow('html-with-picture.eml').filter({ hasText: 'M' }).waitFor();
    await vs.command('Git: Open Changes');
    const original = vs.page.locator('.monaco-diff-editor .editor.original .monaco-editor');
    await original.locator('.view-line').first().click();
    await original.and(vs.page.locator('.focused')).waitFor();
    await vs.command('Mailbench: Preview Message');
    const page = await vs.webview();
    await page.getByRole('heading', { name: /^Quarterly figures/ }).waitFor();
    await page.getByRole('tab', { name: /Attachments/ }).click();
    await page.getByText('Übersicht Q3.csv').locator('visible=true').first().waitFor();
    await page.locator('.troubles').waitFor({ state: 'hidden' });
    await vs.screenshot('preview 9 before');
  });
});
