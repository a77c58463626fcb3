import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import Handlebars from 'handlebars';
import { describe, it } from 'mocha';
import { handlebarsPieces } from '../../../src/template/handlebars-pieces.ts';

const record = { a: 'A', t: true, f: false, list: [1, 2], o: { b: 'B' } };

function piecesOf(text: string, wanted?: number): readonly string[] {
  return [...handlebarsPieces(text, wanted)].map(({ start, end }) => text.slice(start, end));
}

/** What it renders to; undefined where it is no template. */
function rendered(text: string): string | undefined {
  try {
    return Handlebars.compile(text, { noEscape: true })(record);
  } catch {
    return undefined;
  }
}

const written = fc.array(
  fc.oneof(
    fc.constantFrom('x\n', ' word\n', '\n', 'x\ny\n', '{{a}}', '{{#if t}}', '{{/if}}', ' '),
    fc.constantFrom(
      '{{a}}',
      '{{{a}}}',
      '{{~a~}}',
      '{{#if t}}',
      '{{else}}',
      '{{^}}',
      '{{/if}}',
      '{{#each list}}',
      '{{/each}}',
      '{{^f}}',
      '{{/f}}',
      '{{#if f}}no{{/if}}',
      '{{! a }}',
      '{{!-- a }} {{a}} --}}',
      '{{!--',
      '{{!',
      '--}}',
      '\\{{a}}',
      '\\\\{{a}}',
      '{{{{raw}}}}',
      '{{{{/raw}}}}',
      '{{lookup o "b"}}',
      '{{lookup o "}}"}}',
      '{{',
      '}}',
      '\\',
      '\n',
      '\r\n',
      '\n\n',
      ' ',
      '  \t',
      '\u00a0',
      'x',
      'word and word',
    ),
    fc.string({ maxLength: 4 }),
  ),
  { maxLength: 40 },
);

describe('template/handlebars-pieces', () => {
  it('cuts long texts where lines start outside of blocks', () => {
    const line = 'Dear {{a}}, hello.\n';
    assert.deepEqual(piecesOf(line.repeat(4), 30), [line.repeat(2), line.repeat(2)]);
    const block = '{{#if t}}\none\ntwo\n{{/if}}\n';
    assert.deepEqual(piecesOf(`one\n${block}x\ny\n${block}`, 1), [
      'one\n{{#if t}}\none\ntwo\n{{/if}}\nx\n',
      `y\n${block}`,
    ]);
  });

  it('leaves what tags take away around them in their piece', () => {
    for (const text of ['one\n\n{{~a~}}\n\ntwo\n', 'one\n  {{#if t}}  \nx\n  {{/if}}\n two\n', '{{a}}\n\n{{a}}\n'])
      assert.deepEqual(piecesOf(text, 1), [text]);
  });

  it('gives short texts, and what is never closed, in one piece', () => {
    for (const text of [
      '',
      'x',
      'one\ntwo\n'.repeat(100),
      '{{#if t}}\n'.repeat(2000),
      `{{!-- ${'a\nb\n'.repeat(9000)}`,
    ])
      assert.deepEqual(piecesOf(text), [text]);
  });

  it('gives pieces that together are the text, and render to what it renders to', () => {
    let cut = 0;
    fc.assert(
      fc.property(written, fc.integer({ min: 1, max: 20 }), (tokens, wanted) => {
        const text = tokens.join('');
        const pieces = piecesOf(text, wanted);
        assert.equal(pieces.join(''), text);
        const each = pieces.map(rendered);
        if (pieces.length > 1) cut++;
        // A piece that is no template by itself is rendered together with what follows.
        if (!each.includes(undefined)) assert.equal(each.join(''), rendered(text));
      }),
      { numRuns: 3000 },
    );
    assert.ok(cut > 100, `only ${cut} were cut`);
  });
});
