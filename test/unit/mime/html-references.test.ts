import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { cidOf, cidUrl, htmlReferences, referencesIn, relativePathOf } from '../../../src/mime/html-references.ts';

describe('references in HTML', () => {
  const cases: readonly (readonly [string, ...string[]])[] = [
    ['<img src="a.png">', 'a.png'],
    ["<IMG alt='x' SRC = 'a b.png'/>", 'a b.png'],
    ['<img src=a.png><img src=b.png/>', 'a.png', 'b.png/'],
    ['<body background="b.gif"><td background=c.gif>', 'b.gif', 'c.gif'],
    ['<img srcset="a.png 1x, b.png 2x" src=c.png>', 'a.png', 'b.png', 'c.png'],
    ['<img srcset="a.png, data:image/png;base64,AA== 2x">', 'a.png', 'data:image/png;base64,AA=='],
    ['<p style="background: url(a.png), URL( \'b.png\' )">', 'a.png', 'b.png'],
    ['<p style="background: url(&quot;a.png&quot;)">', 'a.png'],
    ['<style>p { background: url("a.png") }</style><img src=b.png>', 'a.png', 'b.png'],
    ['<!-- <img src=no.png> --><img src=a.png>', 'a.png'],
    ['<!--[if mso]><v:fill src="a.png"><![endif]--><img src=b.png>', 'a.png', 'b.png'],
    ['<script src=no.js>var a = "<img src=no.png>"</script><img src=a.png>', 'a.png'],
    ['<iframe src=no.html></iframe><audio src=no.mp3><a href=no.png>x</a>'],
    ['<video poster=a.png src=b.mp4>', 'a.png', 'b.mp4'],
    ['<mj-section background-url="a.png"><mj-image src="b.png" />', 'a.png', 'b.png'],
    ['<img src="a.png?x=1&amp;y=2">', 'a.png?x=1&y=2'],
    ['1 < 2 <img src=a.png', 'a.png'],
    ['<img src="unclosed', 'unclosed'],
    ['<img src="">'],
    ['<'],
    ['<img'],
  ];
  for (const [html, ...urls] of cases)
    it(html, () => {
      const found = htmlReferences(html);
      assert.deepEqual(
        found.map(({ url }) => url),
        urls,
      );
      for (const { url, start, end } of found) assert.equal(html.slice(start, end).replaceAll('&amp;', '&'), url);
    });

  it('are found in order and apart, whatever the text', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      'img',
      ' src=',
      '"',
      "'",
      'a.png',
      ' style=',
      'url(',
      ')',
      '<!--',
      '-->',
      '<style>',
      '</style>',
      '<script>',
      '</',
      ' srcset=',
      ',',
      ' ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        let last = 0;
        for (const { start, end } of htmlReferences(pieces.join(''))) {
          assert.ok(start >= last && end > start);
          last = end;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('finds the same in a long text some at a time', () => {
    const row =
      '<!-- <img src=no> --><!--[if mso]><v:fill src="a"/><![endif]--><style>p { background: url(b) }</style><script>"<img src=no>"</script><img src=c srcset="d 1x, e 2x"><p style="background: url(f)">1 < 2</p>';
    const html = row.repeat(2000);
    const pieces = [...referencesIn(html)];
    assert.ok(pieces.length > 3);
    assert.deepEqual(pieces.flat(), htmlReferences(html));
    assert.equal(pieces.flat().length, 2000 * 6);
    assert.deepEqual([...referencesIn('<'.repeat(200_000))].flat(), []);
    assert.deepEqual([...referencesIn('')], []);
  });

  it('are found in time that grows with the text', () => {
    for (const piece of [
      '<img src="',
      '<style>',
      '<p style="url(',
      '<!--',
      '<a b=c ',
      'url(',
      '<script>',
      '<!--[if',
      '<img srcset="a,',
    ])
      htmlReferences(piece.repeat(200_000));
  });

  it('name cids and paths', () => {
    assert.equal(cidOf('cid:a%40b'), 'a@b');
    assert.equal(cidOf('CID:x'), 'x');
    assert.equal(cidOf('x'), undefined);
    assert.equal(cidUrl('a b@c'), 'cid:a%20b@c');
    for (const [url, path] of [
      ['./a.png', './a.png'],
      ['../a%20b.png?v=1#x', '../a b.png'],
      ['a.png', 'a.png'],
      ['http://x/a.png', undefined],
      ['//x/a.png', undefined],
      ['/a.png', undefined],
      ['#top', undefined],
      ['?x', undefined],
      ['images/', undefined],
      ['', undefined],
      ['{{logo}}', undefined],
      ['%zz.png', '%zz.png'],
    ] as const)
      assert.equal(relativePathOf(url), path, url);
  });
});
