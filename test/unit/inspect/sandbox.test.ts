import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { attribute, elementsOf, type HtmlElement, isElement, parseHtml } from '../../../src/inspect/html.ts';
import { type SandboxOptions, sandboxDocument } from '../../../src/inspect/sandbox.ts';
import { srcsetCandidates } from '../../../src/inspect/sandbox-attributes.ts';
import { serializeHtml } from '../../../src/inspect/serialize.ts';

const png = { type: 'image/png', content: Uint8Array.of(1, 2, 3) };
const defaults: SandboxOptions = {
  scheme: 'light',
  images: true,
  remote: false,
  resource: (key) => (key === 'logo' || key === 'a b@x' || key === 'img/a.png' ? png : undefined),
};

/** What stands in the body, and the author's part of the head. */
function cleaned(html: string, options: Partial<SandboxOptions> = {}): { head: string; body: string } {
  const { document } = sandboxDocument(html, { ...defaults, ...options });
  const [, head = '', body = ''] =
    /<style>:where.*?<\/style>(.*)<\/head><body[^>]*>(.*)<\/body><\/html>$/s.exec(document) ?? [];
  return { head, body };
}

const data = 'data:image/png;base64,AQID';

/** How many elements a browser draws for a document by its references, up to a million. */
function drawnBy(document: string): number {
  const elements = elementsOf(parseHtml(document));
  const byId = new Map(
    elements.map((element) => [attribute(element, 'id'), element]).reverse() as [string, HtmlElement][],
  );
  const open = elements.flatMap((element) => targetsOf(element, byId));
  let count = 0;
  for (let target = open.pop(); target && count < 1_000_000; target = open.pop()) {
    const stack = [target];
    for (let element = stack.pop(); element && count < 1_000_000; element = stack.pop()) {
      count++;
      open.push(...targetsOf(element, byId));
      stack.push(...element.childNodes.filter(isElement));
    }
  }
  return count;
}

function targetsOf(element: HtmlElement, byId: ReadonlyMap<string, HtmlElement>): HtmlElement[] {
  return element.attrs.flatMap(({ value }) =>
    Array.from(value.matchAll(/^#(\w+)|url\(["']?#(\w+)/g), ([, whole, part]) => byId.get(whole ?? part ?? '')).filter(
      (each) => each !== undefined,
    ),
  );
}

describe('inspect/sandbox', () => {
  it('begins with a policy that admits nothing', () => {
    const { document } = sandboxDocument('<p>x', defaults);
    assert.ok(
      document.startsWith(
        '<!DOCTYPE html><html><head><meta http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; script-src &#39;none&#39;; img-src data: blob:; media-src data: blob:; font-src data:; style-src &#39;unsafe-inline&#39;; base-uri &#39;none&#39;; form-action &#39;none&#39;">',
      ),
    );
  });

  it('draws what refers to elements a limited number of times', () => {
    const levels = Array.from({ length: 24 }, (_, level) => level);
    const nested = (name: string, draw: (level: number) => string): string =>
      `<svg>${levels.map((level) => `<${name} id="l${level}">${draw(level - 1).repeat(10)}</${name}>`).join('')}${draw(23)}</svg>`;
    const rows: readonly (readonly [string, string])[] = [
      ['use', nested('g', (level) => `<use href="#l${level}"/>`)],
      ['use', nested('symbol', (level) => `<use xlink:href=" &#10;#l${level}"/>`)],
      ['fill', nested('pattern', (level) => `<path fill='url("#l${level}")'/>`)],
      ['clip-path', nested('clipPath', (level) => `<path clip-path="url(#l${level})"/>`)],
      ['style', nested('mask', (level) => `<path style="mask: url( '#l${level}' )"/>`)],
      ['style', nested('mask', (level) => `<path style="mask:\\75rl(#l${level})"/>`)],
      ['use', `<svg><g id=a>${'<path/>'.repeat(2000)}</g>${'<use href="#a"/>'.repeat(2000)}</svg>`],
      ['fill', nested('pattern', (level) => `<g fill="url(#l${level})">${'<path/>'.repeat(9)}</g>`)],
      ['use', '<svg><g id=a><use href="#b"/></g><g id=b><use href="#a"/></g><use href="#a"/></svg>'],
      ['use', `${'<svg><g id=a>'.repeat(20_000)}<use href="#a"/>`],
    ];
    for (const [name, html] of rows) {
      const { document, removed } = sandboxDocument(html, defaults);
      assert.ok((removed[name] ?? 0) > 0, `${name} ${html.slice(0, 100)}: ${JSON.stringify(removed)}`);
      assert.ok(drawnBy(document) < 60_000 + document.length / 10, html.slice(0, 100));
    }
  });

  it('shows no SVG picture that draws without end, or that can’t be told of', () => {
    const nested = (prefix = '', sheet = '') =>
      `<?xml version="1.0"?><${prefix}svg xmlns="http://www.w3.org/2000/svg">${sheet}${Array.from({ length: 20 }, (_, level) => `<${prefix}g id="l${level}">${`<${prefix}use href="#l${level - 1}" class="c${level - 1}"/>`.repeat(10)}</${prefix}g>`).join('')}<${prefix}use href="#l19"/></${prefix}svg>`;
    const svg = (inside: string) => `<svg xmlns="http://www.w3.org/2000/svg">${inside}</svg>`;
    const bomb = nested();
    const pictures: readonly (readonly [boolean, string])[] = [
      [false, bomb],
      [false, nested('s:')],
      [false, bomb.replaceAll(' href=', ' xlink:href=')],
      [false, bomb.replaceAll('"#', '"&#35;')],
      [false, svg(`<image href="data:image/svg+xml;base64,${Buffer.from(bomb).toString('base64')}"/>`)],
      [false, svg('<style>.a{mask:url(#m)}</style><mask id="m"><rect class="a"/></mask>')],
      [false, svg('<style>.a{mask:u\\72l(#m)}</style>')],
      [false, svg('<style>:root{--m:url(#m)}.a{mask:var(--m)}</style>')],
      [false, `<!DOCTYPE svg [<!ENTITY a '<use href="#b"/>'>]>${svg('&a;')}`],
      [false, `<?xml version="1.0" encoding="utf-7"?>${svg('')}`],
      [
        true,
        `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x">${svg('<path/>')}`,
      ],
      [
        true,
        svg('<style>.cls-1{fill:url(#g)}</style><linearGradient id="g"><stop/></linearGradient><path class="cls-1"/>'),
      ],
      [true, svg('<defs><g id="a"><path fill="url(#g)"/></g></defs><use xlink:href="#a"/><use xlink:href="#a"/>')],
    ];
    for (const [shown, picture] of pictures) {
      const base64 = Buffer.from(picture).toString('base64');
      const part = { type: 'image/svg+xml', content: Buffer.from(picture) };
      const resource = () => part;
      const addresses = [
        `data:image/svg+xml;base64,${base64}`,
        `data:image/svg+xml,${encodeURIComponent(picture)}`,
        'cid:x',
      ];
      for (const address of addresses) {
        const html = `<img src="${address}"><img src="${address}">`;
        const { document, undrawn } = sandboxDocument(html, { ...defaults, resource });
        assert.deepEqual([document.includes('src="data:image'), undrawn], [shown, shown ? 0 : 1], picture);
      }
      const utf16 = { type: 'image/svg+xml', content: Buffer.from(`\ufeff${picture}`, 'utf16le') };
      assert.equal(sandboxDocument('<img src="cid:x">', { ...defaults, resource: () => utf16 }).undrawn, shown ? 0 : 1);
    }
    // Nobody waits for what is longer than any drawing in a mail.
    const long = () => ({ type: 'image/svg+xml', content: Buffer.from(svg('<path/>'.repeat(100_000))) });
    assert.equal(sandboxDocument('<img src="cid:x">', { ...defaults, resource: long }).undrawn, 1);
  });

  it('keeps the references of a picture that somebody drew', () => {
    const html =
      '<svg><defs><linearGradient id="a"></linearGradient><g id="b"><path fill="url(#a)"></path></g></defs><use href="#b"></use><use href="#b" style="filter:url(#a)"></use></svg>';
    assert.equal(cleaned(html).body, html);
    assert.deepEqual(sandboxDocument(html, defaults).removed, {});
  });

  it('lets a style sheet and a variable refer to no element, since they do so in as many places as there are', () => {
    const { head } = cleaned('<style>p{mask:url(#a);--m:url(#a);behavior:url(#default#VML)}</style>');
    assert.doesNotMatch(head, /#/);
    assert.doesNotMatch(cleaned('<p style="--m:url(#a);mask:var(--m)">').body, /#/);
  });

  const bodies: readonly (readonly [name: string, html: string, body: string])[] = [
    ['cids', '<img src="cid:logo" alt="x">', `<img src="${data}" alt="x">`],
    ['cids with escapes', '<img src="CID:a%20b@x">', `<img src="${data}">`],
    ['a Content-Location', '<img src="img/a.png">', `<img src="${data}">`],
    ['cids in styles', '<p style="background:url(cid:logo)">x</p>', `<p style="background:url(${data})">x</p>`],
    ['cids in srcset', '<img srcset="cid:logo 1x, https://h.example/a,b.png 2x">', `<img srcset="${data} 1x">`],
    ['missing cids', '<img src="cid:none" alt="x">', '<img src="data:," data-mailbench-blocked="" alt="x">'],
    [
      'remote pictures',
      '<img src="https://h.example/a.png" width="5">',
      '<img src="data:," data-mailbench-blocked="" width="5">',
    ],
    [
      'links',
      '<a href="https://h.example/?a&amp;b" target="_blank" ping="x">y</a>',
      '<a href="about:invalid" data-mailbench-link="0">y</a>',
    ],
    [
      'anchors',
      '<a href="#top">y</a><a name="top"></a>',
      '<a href="about:invalid" data-mailbench-anchor="top">y</a><a name="top"></a>',
    ],
    [
      'forms',
      '<form action="x"><input name="y" value="1"><button>go</button></form>',
      '<input value="1" disabled=""><button disabled="">go</button>',
    ],
    ['scripts', 'a<script>x</script>b<iframe srcdoc="x"></iframe>c', 'abc'],
    ['events', '<p onclick="x" ONLOAD=y id="a">z</p>', '<p id="a">z</p>'],
    [
      'names that clobber',
      '<img name="body" src="cid:logo"><a name="body">x</a>',
      `<img src="${data}"><a name="body">x</a>`,
    ],
    ['marks of its own', '<p data-mailbench-link="0" data-mailbench-at="1-2">x</p>', '<p>x</p>'],
    ['conditional comments', '<!--[if mso]><p>Outlook</p><![endif]-->x', 'x'],
    ['noscript', '<noscript><b>x</b></noscript>', '<b>x</b>'],
    ['MathML', '<math><mi>x</mi><mtext>y</mtext></math>', '<span>xy</span>'],
    ['raw text', '<xmp><b>x</b></xmp>', '<pre>&lt;b&gt;x&lt;/b&gt;</pre>'],
    ['base', '<base href="https://h.example/">x', 'x'],
    ['text', 'a &lt; b &amp;&nbsp;c', 'a &lt; b &amp;&nbsp;c'],
  ];
  for (const [name, html, body] of bodies) it(`rewrites ${name}`, () => assert.equal(cleaned(html).body, body));

  const styles: readonly (readonly [name: string, css: string, light: string, dark: string])[] = [
    [
      'prefers-color-scheme',
      '@media (prefers-color-scheme:dark){a{b:c}}',
      '@media (max-width:-1px){a{b:c}}',
      '@media (min-width:0){a{b:c}}',
    ],
    [
      'its light',
      '@media screen and (PREFERS-COLOR-SCHEME:light){a{b:c}}',
      '@media screen and (min-width:0){a{b:c}}',
      '@media screen and (max-width:-1px){a{b:c}}',
    ],
    [
      'it among others',
      '@media (prefers-color-scheme:dark) and (max-width:600px),print{a{b:c}}',
      '@media (max-width:-1px) and (max-width:600px),print{a{b:c}}',
      '@media (min-width:0) and (max-width:600px),print{a{b:c}}',
    ],
    [
      'it within a rule',
      '@supports (color:red){@media not (prefers-color-scheme:dark){a{b:c}}}',
      '@supports (color:red){@media not (max-width:-1px){a{b:c}}}',
      '@supports (color:red){@media not (min-width:0){a{b:c}}}',
    ],
    ['color-scheme', ':root{color-scheme:light dark}', ':root{color-scheme:light}', ':root{color-scheme:dark}'],
    ['imports', '@import "https://h.example/a.css";a{b:c}', 'a{b:c}', 'a{b:c}'],
    ['escaped imports', '@\\69mport "https://h.example/a.css";a{b:c}', 'a{b:c}', 'a{b:c}'],
    [
      'addresses',
      'a{background:url(//h.example/x.png) red}',
      'a{background:url(data:,)red}',
      'a{background:url(data:,)red}',
    ],
    ['escaped addresses', 'a{background:\\75rl(//h.example/x.png)}', 'a{background:}', 'a{background:}'],
    ['addresses in variables', 'a{--x:url(https://h.example/x.png)}', 'a{--x:url("data:,")}', 'a{--x:url("data:,")}'],
    [
      'image-set',
      'a{background:image-set("https://h.example/x.png" 1x)}',
      'a{background:image-set("data:,"1x)}',
      'a{background:image-set("data:,"1x)}',
    ],
    ['the end of the element', 'a{content:"\\3c/style>"}', 'a{content:"\\3c /style>"}', 'a{content:"\\3c /style>"}'],
    ['broken CSS', 'a{b:c;;d', 'a{b:c;;d}', 'a{b:c;;d}'],
  ];
  for (const [name, css, light, dark] of styles) {
    it(`answers ${name} in styles`, () => {
      assert.equal(cleaned(`<style>${css}</style>`).head, `<style>${light}</style>`);
      assert.equal(cleaned(`<style>${css}</style>`, { scheme: 'inverted' }).head, `<style>${light}</style>`);
      assert.equal(cleaned(`<style>${css}</style>`, { scheme: 'dark' }).head, `<style>${dark}</style>`);
    });
  }

  it('answers the media of elements', () => {
    const html = '<style media="(prefers-color-scheme: dark)">a{b:c}</style>';
    assert.equal(cleaned(html).head, '<style media="(max-width:-1px)">a{b:c}</style>');
    assert.equal(cleaned(html, { scheme: 'dark' }).head, '<style media="(min-width:0)">a{b:c}</style>');
    const source =
      '<picture><source media="(prefers-color-scheme:dark)" srcset="cid:logo"><img src="cid:logo"></picture>';
    assert.equal(
      cleaned(source, { scheme: 'dark' }).body,
      `<picture><source media="(min-width:0)" srcset="${data}"><img src="${data}"></picture>`,
    );
  });

  it('shows alternative texts where images are off', () => {
    const html = '<img src="cid:logo" alt="x"><img src="data:image/gif;base64,R0"><p style="background:url(cid:logo)">';
    assert.equal(
      cleaned(html, { images: false }).body,
      '<img src="data:," data-mailbench-blocked="" alt="x"><img src="data:," data-mailbench-blocked=""><p style="background:url(data:,)"></p>',
    );
  });

  it('lets remote content through where it is allowed, scripts never', () => {
    const html =
      '<link rel="stylesheet" href="//h.example/a.css"><style>@import "https://h.example/b.css";</style><img src="http://h.example/c.png"><script src="https://h.example/d.js"></script>';
    const allowed = cleaned(html, { remote: true });
    assert.equal(
      allowed.head,
      '<link rel="stylesheet" href="https://h.example/a.css"><style>@import "https://h.example/b.css";</style>',
    );
    assert.equal(allowed.body, '<img src="http://h.example/c.png">');
    const { document } = sandboxDocument(html, { ...defaults, remote: true });
    assert.match(document, /script-src &#39;none&#39;; img-src data: blob: https: http:;/);
  });

  it('shows a picture as often as there is memory for, and then what stands for it', () => {
    const picture = { type: 'image/png', content: new Uint8Array(3 * 1024 * 1024) };
    const options = { ...defaults, resource: () => picture };
    for (const [html, place] of [
      ['<img src="cid:p" alt="x">', /<img src="data:image/g],
      ['<p style="background:url(cid:p)">x</p>', /background:url\(data:image/g],
    ] as const) {
      const { document, leftOut } = sandboxDocument(html.repeat(2000), options);
      // Four megabytes of base64 each, of 24.
      assert.equal(document.match(place)?.length, 5);
      assert.equal(document.match(/data:,/g)?.length, 1995);
      assert.equal(leftOut, 1);
    }
    const larger = { type: 'image/png', content: new Uint8Array(20 * 1024 * 1024) };
    const { document, leftOut } = sandboxDocument('<img src="cid:p">', { ...defaults, resource: () => larger });
    assert.match(document, /<img src="data:image/);
    assert.equal(leftOut, 0);
  });

  it('counts what it finds', () => {
    const { remote, missing, links, removed, darkStyles } = sandboxDocument(
      '<img src="https://t.example/o.gif" width="1" height="1"><img src="https://t.example/o.gif"><img style="width:1px;height:1px" src="//t.example/2"><style>@font-face{src:url(https://f.example/f.woff2)}</style><img src="cid:gone"><a href="mailto:a@a.example">m</a><a href=" https://x.example/\n ">x</a><script></script><script></script><form></form><meta http-equiv=refresh content=0>',
      defaults,
    );
    assert.deepEqual(remote, [
      { url: 'https://t.example/o.gif', kind: 'image', tracker: true },
      { url: 'https://t.example/2', kind: 'image', tracker: true },
      { url: 'https://f.example/f.woff2', kind: 'font', tracker: false },
    ]);
    assert.deepEqual(missing, ['gone']);
    assert.deepEqual(links, ['mailto:a@a.example', 'https://x.example/']);
    assert.deepEqual(removed, { script: 2, form: 1, 'meta refresh': 1 });
    assert.equal(darkStyles, false);
  });

  it('knows dark styles, and whether the canvas may be dark', () => {
    const scheme = (html: string): [boolean, string | undefined] => {
      const result = sandboxDocument(html, { ...defaults, scheme: 'dark' });
      return [result.darkStyles, /name="color-scheme" content="(\w+)"/.exec(result.document)?.[1]];
    };
    assert.deepEqual(scheme('<p>x'), [false, 'light']);
    assert.deepEqual(scheme('<style>@media (prefers-color-scheme:dark){a{b:c}}</style>'), [true, 'light']);
    assert.deepEqual(scheme('<meta name="color-scheme" content="light dark">'), [true, 'dark']);
    assert.deepEqual(scheme('<style>:root{color-scheme:light dark}</style>'), [true, 'dark']);
  });

  it('tells a probe where each element stood', () => {
    const html = '<p id="a">x <b>y</b></p>';
    const { body } = cleaned(html, { probe: { nonce: 'n', scripts: [] } });
    assert.equal(body, '<p id="a" data-mailbench-at="0-10">x <b data-mailbench-at="12-15">y</b></p>');
    assert.equal(html.slice(12, 15), '<b>');
    const { document } = sandboxDocument(html, { ...defaults, probe: { nonce: 'n', scripts: ['"</script><!--"'] } });
    assert.match(document, /<script nonce="n">"\\x3c\/script>\\x3c!--"<\/script>/);
    assert.match(document, /script-src &#39;nonce-n&#39;;/);
  });

  it('is total, and stands a second time', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '</',
      '"',
      "'",
      '=',
      ' ',
      '<p ',
      '<svg>',
      '<style>',
      '</style>',
      '<math>',
      '<table>',
      '<td>',
      '@media ',
      '{',
      '}',
      'url(',
      '\\',
      '&lt;',
      'x',
      '<!--',
      '-->',
      '<select>',
      '<template>',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        const { document } = sandboxDocument(pieces.join(''), defaults);
        assert.doesNotMatch(
          document.replace(/<meta http-equiv="Content-Security.*?<style>.*?<\/style>/s, ''),
          /<script|\son\w+=|<iframe|<meta|<base/i,
        );
      }),
      { numRuns: 500 },
    );
  });

  it('takes any depth', () => {
    const depth = 30_000;
    const { document } = sandboxDocument('<div>'.repeat(depth), defaults);
    assert.ok(document.includes('<div>'.repeat(depth)));
    const deep = `<style>a{b:${'('.repeat(20_000)}}</style>`;
    assert.ok(sandboxDocument(deep, defaults).document.length > 0);
  });

  it('serializes what a parser reads again', () => {
    for (const html of [
      '<pre>\n\nx</pre>',
      '<textarea>\n\n&lt;</textarea>',
      '<p title="a&amp;&quot;b">&nbsp;</p>',
      '<br><img>',
      '<svg viewBox="0 0 1 1"><path d="M0"/></svg>',
    ]) {
      const once = serializeHtml(parseHtml(html).document);
      assert.equal(serializeHtml(parseHtml(once).document), once);
    }
  });

  it('reads srcset as browsers do', () => {
    assert.deepEqual(srcsetCandidates('a.png, b.png 2x , data:image/png;base64,AA== 3x,,c 100w'), [
      { url: 'a.png', rest: '' },
      { url: 'b.png', rest: '2x' },
      { url: 'data:image/png;base64,AA==', rest: '3x' },
      { url: 'c', rest: '100w' },
    ]);
    assert.deepEqual(srcsetCandidates(''), []);
  });
});
