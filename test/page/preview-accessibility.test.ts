import assert from 'node:assert/strict';
import axe from 'axe-core';
import { after, before, describe, it } from 'mocha';
import type { Frame } from 'playwright-core';
import { openWorkbench, themes, type Workbench } from '../support/workbench-page.ts';

const mail = `From: Ann <ann@example.com>
To: jo@example.org
Subject: =?utf-8?q?Caf=C3=A9?=
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

--m
Content-Type: text/html; charset=utf-8

<p>Dear {{name}}</p><img src="https://cdn.example/a.png" alt="A"><script>x</script><img src="cid:nope" alt="">
--m
Content-Type: text/csv; name="a.csv"
Content-Disposition: attachment

a,b
--m--
`;

/** The preview's own page as axe-core judges it, in each kind of theme. What the mail does is its author's affair. */
describe('the page of a preview, to those who do not see or point', () => {
  let vs: Workbench;
  before(async () => {
    vs = await openWorkbench({
      files: {
        'mail.eml': mail,
        'broken.eml': 'From: nobody\nTo: a@b.example\nSubject: s\n\ntext\n<#attach ./no.pdf>\n',
      },
    });
    for (const name of ['broken.eml', 'mail.eml']) {
      await vs.open(name);
      await vs.command('Mailbench: Preview Message');
      await vs.tab(`Preview: ${name}`).waitFor();
    }
  });

  after(() => vs?.close());

  const violations = async (page: Frame): Promise<string[]> => {
    // Not through the page's policy, which admits no script of this kind.
    await page.evaluate(axe.source);
    return page.evaluate(async () => {
      const { axe } = globalThis as unknown as {
        axe: {
          run(
            context: unknown,
            options: unknown,
          ): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }>;
        };
      };
      const { violations } = await axe.run(document, { iframes: false, resultTypes: ['violations'] });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
      );
    });
  };

  /** Opens what may be open already: the page keeps it so. */
  const unfold = async (page: Frame, details: string): Promise<void> => {
    await page.locator(details).first().waitFor();
    const shut = page.locator(`${details}:not([open]) > summary`);
    while ((await shut.count()) > 0) await shut.first().click();
  };

  const tabs = ['HTML', 'Text', 'Headers', 'Attachments', 'Checks'];

  for (const theme of Object.keys(themes) as (keyof typeof themes)[]) {
    it(`passes in ${theme}`, async () => {
      await vs.theme(theme);
      await vs.tab('Preview: mail.eml').click();
      const page = await vs.webview('Preview: mail.eml');
      await page.locator(`body[data-vscode-theme-name="${theme}"]`).waitFor();
      await page.getByRole('tab', { name: 'HTML' }).click();
      await page.getByText(/remote resource from/).waitFor();
      await page.getByRole('radio', { name: /^Dark/ }).check({ force: true });
      await page.getByText(/No dark styles/).waitFor();
      for (const tab of tabs) {
        await page.getByRole('tab', { name: tab }).click();
        if (tab === 'Headers') await unfold(page, 'table details');
        if (tab === 'Checks') await page.getByText('was not filled in').waitFor();
        assert.deepEqual(await violations(page), [], tab);
      }
      await vs.screenshot(`accessible ${theme}`);
      await vs.tab('Preview: broken.eml').click();
      const broken = await vs.webview('Preview: broken.eml');
      await broken.locator(`body[data-vscode-theme-name="${theme}"]`).waitFor();
      await unfold(broken, '.troubles details');
      assert.deepEqual(await violations(broken), [], 'errors');
    });
  }
});
