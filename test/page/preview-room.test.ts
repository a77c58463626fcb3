import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import { PreviewPage } from '../support/preview-page.ts';

const message = (header: string): string => `${header}Content-Type: text/html\r\n\r\n<p>The mail</p>`;

const long = message(
  `From: "${'A display name of many words '.repeat(6)}" <${'long.'.repeat(10)}mailbox@${'sub.'.repeat(12)}example.com>\r\nTo: jo@example.org\r\nSubject: ${'A subject that goes on '.repeat(30)}\r\n`,
);

const problems = Array.from({ length: 40 }, (_, index) => ({
  index,
  severity: 'error',
  code: 'attachment-outside-of-the-workspace',
  message: 'This file can’t be attached, because it lies outside of the folder that is open.',
  line: index + 1,
}));

/** What a small window, a narrow panel and a large zoom leave of the preview. */
describe('the room that a preview leaves the mail', function () {
  this.timeout(60_000);
  let preview: PreviewPage;
  before(async () => {
    preview = await PreviewPage.open();
  });
  after(() => preview?.close());
  beforeEach(() => preview.reset());

  const box = async (selector: string) => {
    const found = await preview.page.locator(selector).first().boundingBox();
    assert.ok(found, `${selector} is not to be seen`);
    return found;
  };

  for (const [width, height] of [
    [300, 640],
    [300, 400],
    [720, 360],
  ] as const) {
    it(`is enough in ${width} × ${height} pixels, however long the subject`, async () => {
      await preview.page.setViewportSize({ width, height });
      await preview.show(long);
      for (const tab of await preview.page.getByRole('tab').all()) {
        const { x, y, width: w, height: h } = (await tab.boundingBox())!;
        assert.ok(x >= 0 && x + w <= width && y >= 0 && y + h <= height, (await tab.textContent()) ?? undefined);
      }
      const mail = await box('.field iframe:not(.loading)');
      assert.ok(Math.min(mail.y + mail.height, height) - mail.y >= 80, JSON.stringify(mail));
      // The rest of the subject is a turn of the wheel away.
      const inbox = preview.page.locator('.inbox');
      await inbox.hover({ position: { x: 20, y: 20 } });
      await preview.page.mouse.wheel(0, 5000);
      await preview.page.waitForFunction(() => {
        const last = document.querySelector('.inbox select')?.getBoundingClientRect();
        const shown = document.querySelector('.inbox')?.getBoundingClientRect();
        return last && shown && last.bottom <= shown.bottom + 1;
      });
      assert.equal(await preview.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true);
    });
  }

  it('is not taken by the list of errors', async () => {
    const fresh = await PreviewPage.open();
    try {
      await fresh.page.setViewportSize({ width: 300, height: 520 });
      await fresh.show(long);
      await fresh.tell(undefined, { problems });
      await fresh.page.locator('.troubles summary').click();
      const overflow = await fresh.page
        .locator('.troubles')
        .evaluate((element) => element.scrollWidth - element.clientWidth);
      assert.equal(overflow, 0);
      const main = (await fresh.page.locator('main').boundingBox())!;
      assert.ok(main.y + 60 < 520, JSON.stringify(main));
    } finally {
      await fresh.close();
    }
  });

  it('has a mark of its own for a message without a sender', async () => {
    await preview.page.setViewportSize({ width: 720, height: 800 });
    await preview.show(message('To: jo@example.org\r\nSubject: Nobody\r\n'));
    assert.equal(await preview.page.locator('.sender').textContent(), 'No sender');
    assert.equal(await preview.page.locator('.avatar').textContent(), '?');
  });
});
