import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { placeInSource } from '../../../src/inspect/made-places.ts';
import { writtenStretches } from '../../../src/inspect/written.ts';

describe('inspect/made-places', () => {
  const cases: readonly (readonly [
    what: string,
    made: string,
    found: string,
    source: string,
    at: string | undefined,
  ])[] = [
    ['words that went through', '<p>«TODO now»</p>', 'TODO now', '# TODO now', 'TODO now'],
    [
      'an address',
      '<a «href="http://a.example/»">',
      'http://a.example/',
      '[x](http://a.example/)',
      'http://a.example/',
    ],
    ['one with entities', '<a «href="/?a&amp;b"»>', '/?a&b', '[x](/?a&b)', '/?a&b'],
    ['a picture by its address', '<p>«<img src="x.png" alt="">»', 'x.png', '![](x.png)', 'x.png'],
    ['what a program put in as well', '<i>Go on</i><!--[if mso]>«Go on»', 'Go on', 'Go on', undefined],
    ['what stands there more often', '<i>«Go on»</i>', 'Go on', 'Go on, Go on', undefined],
    ['what is too short to tell', '<b>«of»</b>', 'of', 'of', undefined],
    ['what a program made', '«<table border="0">»', '', '<mj-section>', undefined],
  ];
  for (const [what, marked, words, source, at] of cases)
    it(`${at === undefined ? 'leaves alone' : 'finds'} ${what}`, () => {
      const start = marked.indexOf('«');
      const end = marked.indexOf('»') - 1;
      const made = marked.replace(/[«»]/g, '');
      assert.ok(made.replaceAll('&amp;', '&').includes(words));
      const written = writtenStretches(source, [{ start: 0, at: 100, length: source.length }]);
      const range = placeInSource(made, { start, end }, written);
      assert.equal(range && source.slice(range.start - 100, range.end - 100), at);
    });

  it('tells the second of two from the first', () => {
    const made = '<p>«one»<p>one';
    const source = 'x one y one';
    const written = writtenStretches(source, [{ start: 0, at: 0, length: source.length }]);
    const text = made.replace(/[«»]/g, '');
    const place = (start: number) => placeInSource(text, { start, end: start + 3 }, written);
    assert.deepEqual(
      [place(3), place(9)],
      [
        { start: 2, end: 5 },
        { start: 8, end: 11 },
      ],
    );
  });
});
