import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'mocha';
import { axeProblems } from '../../src/inspect/checks/axe.ts';
import { previewModel } from '../../src/inspect/preview-model.ts';
import { probeDocuments } from '../../src/inspect/probe-documents.ts';
import { readMessage } from '../../src/inspect/read.ts';
import { until } from '../integration/support/until.ts';
import { PreviewPage, probeNonce } from '../support/preview-page.ts';

const html = (body: string): string =>
  `From: "Zoë (a) \u202egnp.exe" <a@x.example>\r\nTo: b@x.example\r\nSubject: ${'long '.repeat(40)}\r\nDate: Mon, 1 Jan 2024 10:00:00 +0000\r\nContent-Type: text/html; charset=utf-8\r\n\r\n${body}`;

describe('preview page, in Chromium', function () {
  this.timeout(60_000);
  let preview: PreviewPage;
  before(async () => {
    preview = await PreviewPage.open();
  });
  after(() => preview?.close());
  beforeEach(() => preview.reset());

  const scroll = () =>
    preview.page.evaluate(() => (document.querySelector('.field iframe') as HTMLIFrameElement).contentWindow!.scrollY);

  it('follows typing at the place where one reads, and shows at every moment one of both', async () => {
    const page = (word: string): string => html(`<div title="${word}" style="height:3000px">${word}</div>`);
    await preview.show(page('one'));
    await preview.page.evaluate(() =>
      (document.querySelector('.field iframe') as HTMLIFrameElement).contentWindow!.scrollTo(0, 700),
    );
    // Watches every frame drawn: there is always one mail to be seen, never none.
    await preview.page.evaluate(() => {
      const watch = window as unknown as { empty: number; stop: boolean };
      watch.empty = 0;
      const look = () => {
        if (!document.querySelector('.field iframe:not(.loading)')) watch.empty++;
        if (!watch.stop) requestAnimationFrame(look);
      };
      look();
    });
    for (const word of ['two', 'three', 'four']) await preview.show(page(word));
    assert.equal(await preview.mail().locator('div').textContent(), 'four\r\n'.trim());
    assert.equal(await scroll(), 700);
    assert.equal(
      await preview.page.evaluate(
        () => Object.assign(window, { stop: true }) && (window as unknown as { empty: number }).empty,
      ),
      0,
    );
    // The same document once more changes nothing.
    await preview.page.evaluate(() => document.querySelector('.field iframe')?.setAttribute('data-seen', ''));
    await preview.show(page('four'));
    assert.equal(await preview.page.locator('.field iframe[data-seen]').count(), 1);
    assert.deepEqual(preview.said, []);
  });

  it('changes words in the frame that stands, and loads everything else anew', async () => {
    const { page } = preview;
    const mail = (words: string, style = 'color:red', more = ''): string =>
      html(
        `<style>p{${style}}</style><p id="p">one <b>${words}</b><img src="data:image/gif;base64,R0lG" alt="">${more}</p>`,
      );
    await preview.show(mail('two'));
    const mark = () =>
      page.evaluate(() => {
        const frame = document.querySelector('.field iframe:not(.loading)') as HTMLIFrameElement;
        Object.assign(frame, { seen: true });
        const { contentDocument: inside } = frame;
        Object.assign(inside!.querySelector('img')!, { seen: true });
        inside!.getSelection()!.selectAllChildren(inside!.querySelector('b')!);
      });
    const seen = () =>
      page.evaluate(() => {
        const frame = document.querySelector('.field iframe:not(.loading)') as HTMLIFrameElement & { seen?: boolean };
        const picture = frame.contentDocument!.querySelector('img') as HTMLImageElement & { seen?: boolean };
        return [frame.seen === true, picture.seen === true, frame.contentDocument!.body.textContent!.trim()];
      });
    await mark();
    for (const words of ['two and', 'two and &lt;img src=x onerror=alert(1)&gt; &amp;amp;', 'zwei'])
      await preview.show(mail(words));
    assert.deepEqual(await seen(), [true, true, 'one zwei']);
    // So the page marks what the cursor stands in.
    await preview
      .mail()
      .locator('#p')
      .evaluate((p) => p.setAttribute('data-mailbench-here', ''));
    await preview.show(mail('&lt;i&gt;'));
    assert.deepEqual(await seen(), [true, true, 'one <i>']);
    assert.equal(await preview.mail().locator('[data-mailbench-here]').count(), 1);
    assert.equal(await preview.mail().locator('i').count(), 0);
    for (const [what, other, text] of [
      ['an element', mail('<i>two</i>'), 'one two'],
      ['one more', mail('two', 'color:red', '<i></i>'), 'one two'],
      ['one less', mail('two'), 'one two'],
      ['a style', mail('two', 'color:blue'), 'one two'],
      ['a picture', mail('two', 'color:blue').replace('R0lG', 'R0lH'), 'one two'],
    ] as const) {
      await mark();
      await preview.show(other);
      await page.waitForFunction(
        () => !(document.querySelector('.field iframe:not(.loading)') as HTMLIFrameElement & { seen?: boolean }).seen,
      );
      assert.deepEqual(await seen(), [false, false, text], what);
    }
    await mark();
    // What may be loaded is said by the document's own policy.
    await preview.show(mail('two', 'color:blue'), { remote: true });
    assert.deepEqual((await seen()).slice(0, 2), [false, false]);
    assert.deepEqual(preview.said, []);
  });

  it('puts typed words where they stand, wherever that is, as a page that loads them shows them', async () => {
    const { page } = preview;
    await page.evaluate(() => {
      const { parseFromString } = DOMParser.prototype;
      Object.assign(window, { read: 0 });
      DOMParser.prototype.parseFromString = function (...given) {
        (window as unknown as { read: number }).read++;
        return parseFromString.apply(this, given);
      };
    });
    const reads = () => page.evaluate(() => (window as unknown as { read: number }).read);
    const inside = () =>
      page.evaluate(() => {
        const frame = document.querySelector('.field iframe:not(.loading)') as HTMLIFrameElement;
        return frame.contentDocument!.documentElement.outerHTML;
      });
    const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
    const tell = async (eml: string) => {
      await preview.tell(previewModel(await readMessage(new TextEncoder().encode(eml)), options), {
        uri: `file:///${loads}.eml`,
      });
      await stands();
    };
    /** As another message, behind one that has nothing of it: the page loads nothing that it shows already. */
    const loaded = async (eml: string) => {
      for (const each of [html('<hr>'), eml]) {
        loads++;
        await tell(each);
      }
      return inside();
    };
    /** Until one frame shows the mail, and no other is on its way. */
    const stands = () =>
      page.waitForFunction(() => {
        const frames = document.querySelectorAll('.field iframe');
        return frames.length === 1 && frames[0]?.className !== 'loading';
      });
    let loads = 0;
    const same = '<p>same</p>'.repeat(3);
    const quick = [
      '<p>one § two</p>',
      '<p>§</p>',
      `${same}<p>same§</p>${same}`,
      '<p>a<br>§<br>b</p>',
      '<p>a <b>b</b>§<i>c</i></p>',
      '<p>a <b><i>b</i> c</b> d</p>§',
      '<ul><li>a<li>§<li>c</ul>',
      '<table><tr><td>a<td>§</table>',
      '<table>§<tr><td>a</table>',
      '<b><p>a§</b>b</p>',
      '<title>§</title><p>x</p>',
      '<p>&nbsp;&amp;§&lt;x&gt;</p>',
      '<p>a</p><!-- c -->§<p>b</p>',
      '<svg><text>§</text></svg><p>x</p>',
      '<p>a</p><script>1</script><form>§</form>',
      '<h1>x</h1>\n  §\n<p>y</p>',
      '<noscript>§</noscript><p>x</p>',
      '<select><option>§</select>',
      '§',
    ];
    const slow = [
      '<style>p > b {color:re§d}</style><p>x</p>',
      '<p title="§">x</p>',
      '<textarea>§</textarea><p>x</p>',
      '<pre>\n§</pre>',
      '<p>x</p><p></p><p>§</p>'.replace('§', `${'long '.repeat(20_000)}§`),
    ];
    const words = ['w', 'wo', 'wor <', 'wo & &lt; " \'', 'other words', 'w'];
    for (const [mails, most] of [
      [quick, 0],
      [slow, words.length],
    ] as const) {
      for (const source of mails) {
        const mail = (word: string) => html(source.replace('§', word.replace(/&(?!lt)/, '&amp;').replace('<', '&lt;')));
        await loaded(mail('x'));
        const before = await reads();
        for (const word of words) await tell(mail(word));
        const shown = await inside();
        assert.ok((await reads()) - before <= most, source.slice(0, 80));
        assert.equal(shown, await loaded(mail(words.at(-1)!)), source.slice(0, 80));
      }
    }
    // What a parser makes another text of than it is written.
    for (const [one, other] of [
      ['<pre>x</pre>', '<pre>\n\nx</pre>'],
      ['<pre>a b</pre>', '<pre>a&#13;b</pre>'],
    ] as const) {
      await loaded(html(one));
      await tell(html(other));
      const shown = await inside();
      assert.equal(shown, await loaded(html(other)), other);
    }
    assert.deepEqual(preview.said, []);
  });

  it('shows phone, tablet and desktop at their widths, scaled to fit', async () => {
    await preview.show(html('<p>x</p>'));
    const width = () =>
      preview.page.evaluate(
        () => (document.querySelector('.field iframe') as HTMLIFrameElement).contentWindow!.innerWidth,
      );
    for (const [device, expected] of [
      ['phone', 375],
      ['tablet', 768],
      ['desktop', 1200],
    ] as const) {
      await preview.page.locator(`input[value=${device}]`).check({ force: true });
      assert.equal(await width(), expected);
      const box = await preview.page.locator('.box').boundingBox();
      assert.ok(box && box.width <= 720 && box.width > 300);
    }
    await preview.page.locator('select[aria-label=Zoom]').selectOption('200');
    assert.equal(await width(), 1200);
    assert.equal(Math.round((await preview.page.locator('.box').boundingBox())!.width), 2400);
    await preview.page.locator('select[aria-label=Zoom]').selectOption('fit');
    await preview.page.locator('input[value=fit]').check({ force: true });
    assert.equal(await width(), 720);
  });

  it('shows the author’s dark styles, and inversion, whatever the browser prefers', async () => {
    const mail = html(
      '<style>p{color:rgb(1,1,1)}@media (prefers-color-scheme:dark){p{color:rgb(9,9,9)}}</style><p>x</p>',
    );
    for (const preferred of ['light', 'dark'] as const) {
      await preview.page.emulateMedia({ colorScheme: preferred });
      for (const [scheme, expected] of [
        ['light', 'rgb(1, 1, 1)'],
        ['dark', 'rgb(9, 9, 9)'],
        ['inverted', 'rgb(1, 1, 1)'],
      ] as const) {
        await preview.show(mail, { scheme });
        assert.equal(
          await preview
            .mail()
            .locator('p')
            .evaluate((p) => getComputedStyle(p).color),
          expected,
        );
        const filter = await preview
          .mail()
          .locator('html')
          .evaluate((root) => getComputedStyle(root).filter);
        assert.equal(filter, scheme === 'inverted' ? 'invert(1) hue-rotate(180deg)' : 'none');
      }
    }
    assert.match((await preview.page.locator('.banner').textContent()) ?? '', /Emulation/);
  });

  it('can be used by keyboard', async () => {
    await preview.show(
      html('<a href="https://x.example/">x</a><a href="#end">end</a><p style="height:3000px"><p id="end">y'),
    );
    const tab = (name: string) => preview.page.getByRole('tab', { name });
    await tab('HTML').focus();
    const selected = () => preview.page.locator('[role=tab][aria-selected=true]').getAttribute('id');
    const path: string[] = [];
    for (const key of ['ArrowRight', 'ArrowRight', 'End', 'ArrowRight', 'ArrowLeft', 'Home']) {
      await preview.page.keyboard.press(key);
      path.push((await selected()) ?? '');
    }
    assert.deepEqual(path, ['tab-text', 'tab-headers', 'tab-checks', 'tab-html', 'tab-checks', 'tab-html']);
    // From the tabs through the bar into the mail, by the Tab key alone.
    const stops: string[] = [];
    for (let i = 0; i < 12; i++) {
      await preview.page.keyboard.press('Tab');
      const stop = await preview.page.evaluate(() => {
        const focused = document.activeElement as HTMLInputElement;
        return focused.tagName === 'INPUT' ? focused.name : focused.tagName.toLowerCase();
      });
      stops.push(stop);
      if (stop === 'iframe') break;
    }
    assert.deepEqual(stops, ['button', 'device', 'select', 'scheme', 'button', 'iframe']);
    await preview.mail().locator('a[data-mailbench-anchor]').focus();
    assert.equal(await preview.page.locator('.link-line').textContent(), '#end');
    await preview.page.keyboard.press('Enter');
    await preview.page.waitForFunction(
      () => (document.querySelector('.field iframe') as HTMLIFrameElement).contentWindow!.scrollY > 2000,
    );
    // The editor's own shortcuts are heard by the page around the mail.
    await preview.page.evaluate(() => {
      window.addEventListener('keydown', (event) => {
        (window as unknown as { heard: string }).heard = `${event.ctrlKey}${event.key}${event.keyCode}`;
      });
    });
    await preview.page.keyboard.press('Control+p');
    assert.equal(await preview.page.evaluate(() => (window as unknown as { heard: string }).heard), 'truep80');
  });

  it('names what it shows, for screen readers', async () => {
    await preview.show(html(`<img src="https://t.example/o.gif" width=1 height=1>${'x'.repeat(120_000)}`));
    const { page } = preview;
    await page.getByRole('banner', { name: 'As the inbox shows it' }).waitFor();
    await page.getByRole('tablist', { name: 'Parts of the message' }).waitFor();
    await page.getByRole('tabpanel', { name: 'HTML' }).waitFor();
    await page.getByRole('radiogroup', { name: 'Width' }).waitFor();
    await page.getByRole('radio', { name: 'Phone (375 px)' }).waitFor({ state: 'attached' });
    await page.getByRole('button', { name: 'Images', pressed: true }).waitFor();
    await page.getByRole('button', { name: 'Allow remote content' }).waitFor();
    const meter = page.getByRole('meter');
    assert.equal(await meter.getAttribute('aria-valuetext'), '117 KB of Gmail’s 102 KB: it will be clipped');
  });

  it('lets no name pose as another', async () => {
    await preview.show(html('<p>x</p>'));
    const sender = await preview.page.locator('.sender').textContent();
    assert.equal(sender, 'Zoë (a) \\u202egnp.exe');
  });

  it('cuts the line as a client does', async () => {
    await preview.show(html('<p>Preheader</p>'));
    await preview.page.locator('.inbox select').selectOption('gmail-app');
    assert.equal(await preview.page.locator('.subject').textContent(), `${'long '.repeat(8).trim()}…`);
  });

  it('leads from what is shown to where it was written', async () => {
    const { page } = preview;
    await preview.show(
      html(
        '<p>One <b>bold</b> word</p><style>b{color:red}</style><p><a href="https://x.example/">link</a></p><img alt="">',
      ),
    );
    const sources = async () => (await preview.posted('source')).map(({ spot }) => spot);
    const before = (await sources()).length;
    await preview.mail().getByText('bold').dblclick();
    await preview
      .mail()
      .getByText('word')
      .dblclick({ position: { x: 100, y: 8 } });
    // Two clicks on a link follow it; one with Alt leads to the source.
    await preview
      .mail()
      .getByText('link')
      .click({ modifiers: ['Alt'], position: { x: 1, y: 5 } });
    await page.locator('.subject').dblclick();
    assert.deepEqual((await sources()).slice(before), [
      { where: 'html', element: 1, offset: 0 },
      { where: 'html', element: 0, offset: 9 },
      { where: 'html', element: 4, offset: 0 },
      { where: 'subject' },
    ]);
    assert.deepEqual(await preview.posted('link'), []);
    assert.equal(await page.locator('.link-line').textContent(), 'Double-click: go to source');
  });

  it('leads from the plain text to where it was written', async () => {
    const { page } = preview;
    await preview.show('Subject: s\r\n\r\nfirst line\r\nsecond line\r\n');
    await page.getByRole('tab', { name: 'Text' }).click();
    const box = (await page.locator('.panel.text pre').boundingBox())!;
    const before = (await preview.posted('source')).length;
    await page.mouse.dblclick(box.x + 18, box.y + 44);
    assert.deepEqual((await preview.posted('source')).slice(before), [
      { type: 'source', spot: { where: 'text', line: 1, column: 0 } },
    ]);
  });

  it('shows what the cursor stands in, and moves nothing that is seen already', async () => {
    const paragraphs = Array.from({ length: 200 }, (_, index) => `<p>${index}</p>`).join('');
    const first = html(paragraphs);
    await preview.show(first);
    const point = (element: number) =>
      preview.post({ type: 'point', spot: { where: 'html', element, offset: 0 }, mark: true });
    const top = (element: number) =>
      preview
        .mail()
        .locator(`[data-mailbench-n="${element}"]`)
        .evaluate((each) => each.getBoundingClientRect().top);
    await point(150);
    const marked = preview.mail().locator('[data-mailbench-here]');
    await marked.waitFor();
    assert.equal(await marked.textContent(), '150');
    const at = await scroll();
    assert.ok(at > 1000 && (await top(150)) > 0);
    await point(151);
    await preview.mail().locator('[data-mailbench-n="151"][data-mailbench-here]').waitFor();
    assert.equal(await scroll(), at);
    await marked.waitFor({ state: 'detached' });
    // A document that is still loading gets there once it stands.
    const [model] = [await readMessage(new TextEncoder().encode(first.replace('<p>3<', '<p>new<')))];
    const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
    await preview.tell(previewModel(model, options));
    await point(3);
    await preview.page.waitForFunction(() => document.querySelectorAll('.field iframe').length === 1);
    assert.equal(await preview.mail().locator('[data-mailbench-here]').textContent(), 'new');
    assert.ok((await top(3)) > 0);
  });

  it('leaves open what was opened, while the message changes', async () => {
    const { page } = preview;
    const mail = (word: string) => `From: a@x.example\r\nSubject: =?utf-8?q?${word}?=\r\n\r\ntext\r\n`;
    await preview.show(mail('one'));
    await page.getByRole('tab', { name: 'Headers' }).click();
    await page.getByText('as it travels').click();
    await page.getByText('=?utf-8?q?one?=').waitFor();
    await preview.show(mail('two'));
    await page.getByText('=?utf-8?q?two?=').waitFor();
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'as it travels');
    const problems = [{ index: 0, severity: 'error', code: 'c', message: 'Wrong.', line: 3 }];
    const model = previewModel(await readMessage(new TextEncoder().encode(mail('three'))), {
      scheme: 'light',
      images: true,
      remote: false,
      path: [],
    });
    const show = () => preview.tell(model, { problems });
    await show();
    await page.locator('.troubles summary').click();
    await page.getByText('Wrong.').waitFor();
    await show();
    await page.getByText('Wrong.').waitFor();
  });

  it('asks before it loads what is elsewhere', async () => {
    await preview.show(html('<img src="https://cdn.example/a.png" alt="x">'));
    assert.match(
      (await preview.page.locator('.banner').textContent()) ?? '',
      /^1 remote resource from cdn\.example blocked/,
    );
    await preview.page.getByRole('button', { name: 'Allow remote content' }).click();
    assert.deepEqual(await preview.posted('remote'), [{ type: 'remote', allow: true }]);
  });

  it('loads it once it is allowed, and still nothing else', async () => {
    const open = await PreviewPage.open({ remote: true });
    try {
      await open.show(
        html(
          '<img src="https://cdn.example/a.png"><script src="https://cdn.example/x.js"></script><iframe src="https://cdn.example/f"></iframe>',
        ),
        {
          remote: true,
        },
      );
      await until('the picture', () => open.leaks.length > 0);
      await open.page.evaluate(
        () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
      );
      assert.deepEqual(open.leaks, ['https://cdn.example/a.png']);
    } finally {
      await open.close();
    }
  });

  it('shows errors in place of nothing, and beside what was there before', async () => {
    const problems = [
      { index: 0, severity: 'error', code: 'no-recipients', message: 'Nobody <b>is</b> named.', line: 3 },
    ];
    const fresh = await PreviewPage.open();
    try {
      await fresh.tell(undefined, { uri: 'file:///x', problems });
      await fresh.page.getByText('There is nothing to show until the errors above are repaired.').first().waitFor();
      await fresh.page.getByText('Nobody <b>is</b> named.').click();
      assert.deepEqual(await fresh.posted('problem'), [{ type: 'problem', index: 0 }]);
      await fresh.show(html('<p>mail</p>'));
      await fresh.tell(undefined, { uri: 'file:///mail.eml', problems });
      await fresh.page.locator('.troubles').getByText('shown as it was before').waitFor();
      await fresh.page.getByRole('status').filter({ hasText: 'shown as it was before' }).waitFor({ state: 'attached' });
      assert.equal(await fresh.mail().locator('p').textContent(), 'mail');
      // Another message does not stand there as the one before.
      await fresh.tell(undefined, { uri: 'file:///x', problems });
      await fresh.page.getByText('There is nothing to show until the errors above are repaired.').first().waitFor();
      assert.equal(await fresh.page.locator('.field iframe').count(), 0);
      // One that can't be read was built all the same, or came from elsewhere.
      const unread = { type: 'show', title: 'x', uri: 'file:///x', problems, errors: 1, left: 0, unread: true };
      await fresh.post(unread);
      await fresh.page.getByText('There is nothing to show: the message could not be read.').first().waitFor();
      const banner = fresh.page.locator('.troubles summary');
      assert.equal(await banner.textContent(), 'This message could not be read');
      await fresh.show(html('<p>mail</p>'));
      await fresh.post({ ...unread, uri: 'file:///mail.eml' });
      await banner.getByText('This message could not be read; shown as it was before').waitFor();
      assert.equal(await fresh.mail().locator('p').textContent(), 'mail');
    } finally {
      await fresh.close();
    }
  });

  it('shows thousands of findings and of errors a few hundred at a time', async () => {
    const { page } = preview;
    const each = (index: number) => ({
      index,
      severity: 'error',
      code: 'client-support',
      message: `position:fixed ${index}`,
      line: index + 1,
    });
    const all = Array.from({ length: 4010 }, (_, index) => each(index));
    await preview.show(html('<p>x</p>'));
    await page.getByRole('tab', { name: 'Checks' }).click();
    const findings = all.map((finding) => ({ ...finding, check: 'support' }));
    const facts = { serious: 4010, left: {}, clients: [], unknownClients: [], reaching: false };
    const checks = { type: 'checks', findings, ...facts };
    await preview.post(checks);
    const shown = () => page.locator('.checks .problem').count();
    await page.locator('.checks .summary').getByText('4,010 findings, 4,010 to look at').waitFor();
    assert.equal(await shown(), 200);
    assert.equal(await page.locator('.checks .more').textContent(), '3,810 more not shownShow 200 more');
    // By keyboard, on to the first of the new ones.
    await page.getByRole('button', { name: 'Show 200 more' }).press('Enter');
    assert.equal(await shown(), 400);
    assert.match((await page.locator(':focus').textContent()) ?? '', /position:fixed 200/);
    // As many are shown when the list is made anew, and the focus stays.
    await preview.post(checks);
    assert.equal(await shown(), 400);
    assert.match((await page.locator(':focus').textContent()) ?? '', /position:fixed 200/);
    await page.locator('.checks .problem').last().click();
    assert.deepEqual((await preview.posted('finding')).at(-1), { type: 'finding', index: 399 });
    // The page gets the gravest of very many.
    await preview.post({ ...checks, findings: findings.slice(0, 500), serious: 3000, left: { support: 3510 } });
    await page.locator('.checks .summary').getByText('4,010 findings, 3,000 to look at').waitFor();
    assert.equal(await page.locator('.checks summary .badge').textContent(), '4010');
    await page.locator('.checks .more').getByRole('button').click();
    assert.equal(await shown(), 500);
    assert.equal(await page.locator('.checks .more').textContent(), '3,510 more not shown');
    // The page gets the first of very many errors.
    const some = { problems: all.slice(0, 300), errors: 4010, left: 3710 };
    await preview.tell(undefined, { uri: 'file:///other.eml', ...some });
    await page.locator('.troubles').getByText('4,010 errors keep this message from being built').waitFor();
    assert.equal(await page.locator('.troubles .problem').count(), 200);
    const more = page.locator('.troubles .more');
    assert.equal(await more.textContent(), '3,810 more not shownShow 100 more');
    await more.getByRole('button').click();
    assert.equal(await page.locator('.troubles .problem').count(), 300);
    assert.equal(await more.textContent(), '3,710 more not shown');
    await preview.post(checks);
    assert.equal(await shown(), 200);
  });

  it('says which pictures it does not show everywhere', async () => {
    const picture = Buffer.alloc(3 * 1024 * 1024, 7).toString('base64');
    const mail = (copies: number): string =>
      [
        'From: a@x.example\r\nContent-Type: multipart/related; boundary=b\r\n\r\n',
        `Content-Type: text/html\r\n\r\n${'<img src="cid:p@x" alt="x">'.repeat(copies)}\r\n`,
        `Content-Type: image/png\r\nContent-ID: <p@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n${picture}\r\n`,
      ].join('--b\r\n') + '--b--\r\n';
    const told = preview.page.getByText('1 attached picture is not shown everywhere here, to save memory');
    await preview.show(mail(6));
    await told.waitFor();
    await preview.show(html('<p>x</p>'));
    assert.equal(await told.count(), 0);
  });

  it('says which pictures in SVG it does not show', async () => {
    const picture = encodeURIComponent(
      '<svg xmlns="http://www.w3.org/2000/svg"><style>.a{fill:var(--a);src:url(#a)}</style></svg>',
    );
    const told = preview.page.getByText('1 SVG picture is not shown here: drawing might never end');
    await preview.show(html(`<img alt="" src="data:image/svg+xml,${picture}">`));
    await told.waitFor();
    await preview.show(html('<p>x</p>'));
    assert.equal(await told.count(), 0);
  });

  it('shows a message without HTML as text, and the next one as HTML again', async () => {
    const fresh = await PreviewPage.open();
    try {
      const tab = (name: string) => fresh.page.getByRole('tab', { name, selected: true });
      const show = async (uri: string, eml: string) => {
        const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
        const model = previewModel(await readMessage(new TextEncoder().encode(eml)), options);
        await fresh.tell(model, { uri });
      };
      await show('file:///plain', 'Subject: plain\r\n\r\nonly text\r\n');
      await tab('Text').waitFor();
      await show('file:///rich', html('<p>rich</p>'));
      await tab('HTML').waitFor();
      assert.equal(await fresh.mail().locator('p').textContent(), 'rich');
      // VS Code throws a page away that is out of view, and makes it anew of what it kept.
      await show('file:///plain', 'Subject: plain\r\n\r\nonly text\r\n');
      await tab('Text').waitFor();
      await fresh.reload();
      await show('file:///rich', html('<p>rich</p>'));
      await tab('HTML').waitFor();
      // What somebody chose stays.
      await fresh.page.getByRole('tab', { name: 'Headers' }).click();
      await show('file:///plain', 'Subject: plain\r\n\r\nonly text\r\n');
      await fresh.page.getByRole('heading', { name: 'plain' }).waitFor();
      await tab('Headers').waitFor();
    } finally {
      await fresh.close();
    }
  });

  it('stays with the message around an attached one that has gone before it could be shown', async () => {
    const fresh = await PreviewPage.open();
    try {
      const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
      const tell = async (eml: string) =>
        fresh.tell(previewModel(await readMessage(new TextEncoder().encode(eml)), options));
      await tell(
        'Subject: outer\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n\r\n<p>Hi</p>\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nHello\r\n--b--\r\n',
      );
      await fresh.page.getByRole('tab', { name: 'Attachments' }).click();
      await fresh.page.getByRole('button', { name: /^Show/ }).click();
      const path = async () => (await fresh.posted('options')).at(-1)?.path;
      assert.deepEqual(await path(), [0]);
      // As the extension answers that finds no such message any more.
      await tell(html('<p>alone</p>'));
      await fresh.page.locator('.subject', { hasText: 'long' }).waitFor();
      await fresh.page.getByRole('button', { name: 'Images' }).click();
      assert.deepEqual(await path(), []);
    } finally {
      await fresh.close();
    }
  });

  it('runs axe-core where it can reach nothing, and tells places', async () => {
    const source =
      '<style>@media (prefers-color-scheme:dark){p{color:#222;background:#111}}</style><p>text</p><img src="data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA="><script>parent.pwned=1</script><a href="https://x.example/"></a>';
    const documents = await probeDocuments(source, () => undefined, probeNonce);
    assert.deepEqual(
      documents.map(({ scheme }) => scheme),
      ['light', 'dark'],
    );
    await preview.post({ type: 'probe', id: 7, nonce: probeNonce, documents });
    await preview.page.waitForFunction(
      () => (window as unknown as { posted: { type: string }[] }).posted.some(({ type }) => type === 'probed'),
      undefined,
      { timeout: 30_000 },
    );
    const [answer] = await preview.posted('probed');
    assert.equal(answer?.id, 7);
    const problems = axeProblems(answer?.findings as unknown[], source.length);
    assert.deepEqual(
      problems.map((problem) => [
        problem.code === 'axe' && problem.rule,
        source.slice(problem.range.start, problem.range.end).slice(0, 9),
        problem.code === 'axe' && problem.schemes.join(),
      ]),
      [
        ['image-alt', '<img src=', 'light,dark'],
        ['link-name', '<a href="', 'light,dark'],
        ['color-contrast', '<p>', 'dark'],
      ],
    );
    assert.equal(await preview.page.evaluate(() => 'pwned' in window), false);
    assert.equal(await preview.page.locator('iframe.probe').count(), 0);
    assert.deepEqual(preview.leaks, []);
  });
});
