import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { nodeFiles } from '../../../src/base/node-files.ts';
import { builtSource } from '../../../src/inspect/check-source.ts';
import { finishedSource } from '../../../src/inspect/finished-source.ts';
import { numberedElements, parseHtml } from '../../../src/inspect/html.ts';
import { readMessage } from '../../../src/inspect/read.ts';
import { sandboxDocument } from '../../../src/inspect/sandbox.ts';
import { type Spot, Spots } from '../../../src/inspect/spots.ts';
import { compose } from '../../../src/send/compose.ts';

const samples = fileURLToPath(new URL('../../../media/samples/', import.meta.url));
const clock = { now: () => 0, ticks: () => 0, offsetMinutes: () => 0 };

/** What the preview shows of a document, and the way between both. */
async function previewOf(text: string) {
  const { built, message, problems } = await compose(
    { text, path: `${samples}x.eml`, workspaceRoot: samples, seed: 'seed' },
    { files: nodeFiles, clock },
  );
  assert.ok(message?.whole, JSON.stringify(problems));
  const view = await readMessage(message.whole);
  const spots = new Spots(view, built ? builtSource(built, view, text) : finishedSource(text, view));
  const shown = numberedElements(parseHtml(view.html ?? ''));
  return { view, spots, shown };
}

/** The text of the document from a spot on, to the end of its line. */
const lineAt = (text: string, offset: number | undefined): string | undefined =>
  offset === undefined ? undefined : text.slice(offset).split(/\r?\n/)[0];

const composed = `From: a@a.example
To: b@b.example
Subject: Two forms

Hello <&> in text

Second line
<#part type=text/html>
<p class="a">One &amp; two <b>bold</b> three</p>
<#-- a note -->
<img src="./images/logo.png" alt="Logo">
<ul>
  <li>First</li>
  <li>Second</li>
</ul>
<#/part>
`;

const template = `@template: handlebars
@var: name=Jo
@data: ./data/welcome.json
From: a@a.example
To: b@b.example
Subject: Hi

Hi {{name}},
{{#each order.lines}}
  {{quantity}} x {{title}}
{{/each}}
The end
<#part type=text/html>
<h1>Hi {{name}}</h1>
{{#unless name}}<p>Hi stranger</p>{{/unless}}
<table>
{{#each order.lines}}<tr><td>{{title}}</td><td>{{price}}</td></tr>{{/each}}
<tr><td>Total</td></tr>
</table>
<p>Thanks, {{name}}</p>
<#/part>
`;

describe('inspect/spots', () => {
  for (const [form, text] of [
    ['LF', composed],
    ['CRLF', composed.replace(/\n/g, '\r\n')],
  ] as const) {
    it(`leads from the HTML to its source and back (${form})`, async () => {
      const { spots, shown } = await previewOf(text);
      const at = (tag: string, offset = 0, nth = 0): string | undefined => {
        const element = shown.findIndex((each) => each === shown.filter(({ tagName }) => tagName === tag)[nth]);
        return lineAt(text, spots.offsetOf({ where: 'html', element, offset }));
      };
      assert.equal(at('img'), '<img src="./images/logo.png" alt="Logo">');
      assert.equal(at('p'), 'One &amp; two <b>bold</b> three</p>');
      assert.equal(at('p', 4), '&amp; two <b>bold</b> three</p>');
      assert.equal(at('p', 6), 'two <b>bold</b> three</p>');
      assert.equal(at('p', 10), 'bold</b> three</p>');
      assert.equal(at('b', 2), 'ld</b> three</p>');
      assert.equal(at('li', 1, 1), 'econd</li>');
      assert.equal(at('ul'), '<ul>');
      const back = (word: string): string | undefined => {
        const spot = spots.spotAt(text.indexOf(word) + 1);
        return spot?.where === 'html' ? shown[spot.element]?.tagName : spot?.where;
      };
      assert.deepEqual(['<img', 'bold', 'two <b', 'Second</li', 'Second line', 'Subject'].map(back), [
        'img',
        'b',
        'p',
        'li',
        'text',
        undefined,
      ]);
    });

    it(`leads from the plain text to its source and back (${form})`, async () => {
      const { view, spots } = await previewOf(text);
      const lines = view.text!.split('\n');
      const line = lines.indexOf('Second line');
      assert.equal(lineAt(text, spots.offsetOf({ where: 'text', line, column: 7 })), 'line');
      assert.equal(lineAt(text, spots.offsetOf({ where: 'text', line: 0, column: 6 })), '<&> in text');
      assert.deepEqual(spots.spotAt(text.indexOf('Second line') + 3), { where: 'text', line, column: 0 });
      assert.equal(lineAt(text, spots.offsetOf({ where: 'subject' })), 'Subject: Two forms');
    });
  }

  it('finds the template that a text came from, loops and left out blocks included', async () => {
    const { view, spots, shown } = await previewOf(template);
    const from = shown.map((each, element) => [
      each.tagName,
      lineAt(template, spots.offsetOf({ where: 'html', element, offset: 0 })),
    ]);
    const row = '<tr><td>{{title}}</td><td>{{price}}</td></tr>{{/each}}';
    const rows = view.html!.split('<tr>').length - 2;
    assert.ok(rows > 1);
    assert.deepEqual(from[0], ['h1', 'Hi {{name}}</h1>']);
    assert.deepEqual(
      from.filter(([tag]) => tag === 'tr').map(([, line]) => line),
      [...Array(rows).fill(row), '<tr><td>Total</td></tr>'],
    );
    assert.deepEqual(from.at(-1), ['p', 'Thanks, {{name}}</p>']);
    const lines = view.text!.trimEnd().split('\n');
    assert.equal(lineAt(template, spots.offsetOf({ where: 'text', line: lines.length - 1, column: 0 })), 'The end');
    assert.equal(lineAt(template, spots.offsetOf({ where: 'text', line: 2, column: 0 })), '  {{quantity}} x {{title}}');
    const spot = spots.spotAt(template.indexOf('Thanks')) as Extract<Spot, { where: 'html' }>;
    assert.equal(shown[spot.element]?.tagName, 'p');
  });

  it('holds where styles were made inline, and leads to the part where it was in another language', async () => {
    const text = composed
      .replace('Subject:', '@css: inline\nSubject:')
      .replace('<p class', '<style>.a{color:red}</style>\n<p class');
    const { spots, shown, view } = await previewOf(text);
    assert.match(view.html!, /style="color: ?red/);
    const element = shown.findIndex(({ tagName }) => tagName === 'b');
    assert.equal(lineAt(text, spots.offsetOf({ where: 'html', element, offset: 0 })), 'bold</b> three</p>');
    const markdown =
      'From: a@a.example\nTo: b@b.example\nSubject: s\n\ntext\n<#part type=text/markdown>\n# Title\n<#/part>\n';
    const other = await previewOf(markdown);
    assert.equal(lineAt(markdown, other.spots.offsetOf({ where: 'html', element: 0, offset: 0 })), '# Title');
  });

  it('finds what a finished message holds as it reads, and the part of what it holds encoded', async () => {
    const head = 'From: a@a.example\nTo: b@b.example\nSubject: s\nMIME-Version: 1.0\nContent-Type: text/html\n';
    const plain = `${head}\n<p>One</p>\n<p>Two</p>\n`;
    const { spots, shown } = await previewOf(plain);
    assert.equal(lineAt(plain, spots.offsetOf({ where: 'html', element: 1, offset: 0 })), 'Two</p>');
    assert.deepEqual(spots.spotAt(plain.indexOf('One')), { where: 'html', element: 0, offset: 0 });
    assert.equal(shown.length, 2);
    const encoded = `${head}Content-Transfer-Encoding: base64\n\nPHA+T25lPC9wPg==\n`;
    const other = await previewOf(encoded);
    assert.equal(other.spots.offsetOf({ where: 'html', element: 0, offset: 0 }), encoded.indexOf('PHA'));
    assert.equal(other.spots.spotAt(encoded.indexOf('PHA')), undefined);
  });

  it('numbers what the sandbox keeps as the source counts it, whatever the mail claims', () => {
    const html =
      '<p data-mailbench-n="9" data-mailbench-here>a<script>x</script><form><b>c</b></form></p><math><mi>x</mi></math>';
    const { document } = sandboxDocument(html, {
      scheme: 'light',
      images: true,
      remote: false,
      numbered: true,
      resource: () => undefined,
    });
    const numbers = [...document.matchAll(/<(\w+)[^>]* data-mailbench-n="(\d+)"/g)].map(([, tag, n]) => `${tag}${n}`);
    const counted = numberedElements(parseHtml(html)).map(({ tagName }, n) => `${tagName}${n}`);
    assert.deepEqual(counted, ['p0', 'script1', 'form2', 'b3', 'math4', 'mi5']);
    assert.deepEqual(numbers, ['p0', 'b3', 'span4']);
    assert.doesNotMatch(document.replace(/<style>.*?<\/style>/, ''), /data-mailbench-here/);
  });
});
