import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { AttachmentView, MessageView } from '../../../src/inspect/message.ts';
import { previewModel } from '../../../src/inspect/preview-model.ts';
import { TypedModel } from '../../../src/inspect/typed-model.ts';

const options = { scheme: 'light', images: true, remote: false, path: [] } as const;

const view = (html: string | undefined, attachments: readonly AttachmentView[] = []): MessageView => ({
  size: 1,
  from: [],
  replyTo: [],
  to: [],
  cc: [],
  subject: 'x',
  headers: [],
  ...(html === undefined ? {} : { html }),
  attachments,
  nested: [],
  notices: [],
});

const picture = (content: string): AttachmentView => ({
  index: 0,
  name: 'a.png',
  type: 'image/png',
  size: content.length,
  role: 'inline',
  contentId: 'a@x',
  content: new TextEncoder().encode(content),
});

/** Whether the second was made without parsing: then it has what was found in the first. */
function isRetyped(one: string, other: string): boolean {
  const typed = new TypedModel();
  const first = typed.model(view(one), options);
  const second = typed.model(view(other), options);
  assert.deepEqual(second, previewModel(view(other), options), other);
  return first.html!.removed === second.html!.removed;
}

const long = `<p>${'word '.repeat(100)}</p>`;

describe('the model of a message that somebody writes', () => {
  for (const [where, before, after] of [
    ['in a paragraph', '<p>one</p>', '<p>one two</p>'],
    ['at the end of a word', '<p>one tw</p><p>three</p>', '<p>one two</p><p>three</p>'],
    ['in the midst of others', '<p>one <b>two</b> three</p>', '<p>one <b>two</b> thirteen</p>'],
    ['in the body itself', 'one', 'one more'],
    ['behind the body', '<body></body>\none\n', '<body></body>\none two\n'],
    ['taken away', '<td>one two</td>', '<td>one</td>'],
    ['where a table has no place for it', '<table>one<tr><td>x</table>', '<table>one two<tr><td>x</table>'],
    ['in the title', '<title>one</title><p>x', '<title>one two</title><p>x'],
    ['far down', `${long}<p>one</p>`, `${long}<p>one two</p>`],
    [
      'at the end of the preheader',
      `<p>${'word '.repeat(59)}</p><p>one</p>${long}`,
      `<p>${'word '.repeat(59)}</p><p>one two</p>${long}`,
    ],
    ['with an emoji', '<p>one \u{1f469}</p>', '<p>one \u{1f469}\u200d\u{1f4bb}</p>'],
  ] as const) {
    it(`is made of the one before: words ${where}`, () => {
      assert.ok(isRetyped(before, after));
      assert.ok(isRetyped(after, before));
    });
  }

  for (const [what, before, after] of [
    ['the first word', '<p></p>', '<p>one</p>'],
    ['a reference', '<p>AT&ampT</p>', '<p>AT&amp;T</p>'],
    ['letters of a reference', '<p>one &am</p>', '<p>one &amp</p>'],
    ['a tag', '<p>one</p>', '<p>one<br></p>'],
    ['an attribute', '<p title="one">x</p>', '<p title="one two">x</p>'],
    ['a tag’s name', '<b>x</b>', '<br>x</b>'],
    ['a style', '<style>p{color:red}</style><p>x', '<style>p{color:blue}</style><p>x'],
    ['a comment', '<p>x</p><!-- one -->', '<p>x</p><!-- one two -->'],
    ['a script', '<p>x</p><script>one</script>', '<p>x</p><script>one two</script>'],
    ['white space where the body begins', '<html>one', '<html> one'],
    [
      'all but white space, taken from where a table has no place',
      '<table> x<tr><td>y</table>',
      '<table>  <tr><td>y</table>',
    ],
    ['formulas', '<math><mi>one</mi></math>', '<math><mi>one two</mi></math>'],
    ['words in two texts', '<p>one</p><p>two</p>', '<p>ones</p><p>twos</p>'],
    ['a space that does not break, which is shown as a reference', '<p>one two</p>', '<p>one\u00a0two</p>'],
    ['words behind such a space', '<p>one\u00a0two</p>', '<p>one\u00a0two three</p>'],
    ['a line break of another kind', '<p>one two</p>', '<p>one \rtwo</p>'],
    [
      'so much of the beginning that other words come up',
      `<p>${'word '.repeat(130)}</p>${long}`,
      `<p>word </p>${long}`,
    ],
  ] as const) {
    it(`is made anew: ${what}`, () => assert.ok(!isRetyped(before, after)));
  }

  it('is made anew of other pictures and for other choices', () => {
    const typed = new TypedModel();
    const html = '<p>one</p><img src="cid:a@x">';
    const same = (message: MessageView, given: Parameters<typeof previewModel>[1] = options) =>
      assert.deepEqual(typed.model(message, given), previewModel(message, given));
    same(view(html, [picture('one')]));
    same(view(html, [picture('two')]));
    same(view(html, []));
    same(view(html, []), { ...options, scheme: 'inverted' });
    same(view(html, []), { ...options, images: false });
    same(view(undefined));
    same(view(html.replace('one', 'ones')));
  });

  it('is what it is without the one before, whatever is written where', () => {
    const piece = fc.constantFrom(
      ...'one|two three| |\n|<p>|</p>|<b>|</b>|<table>|<tr>|<td>|</table>|<title>|</title>|<!--|-->|<style>|</style>|&amp;|&|<|>|<pre>|</pre>'.split(
        '|',
      ),
      ...'<br>|<img alt="x">|<svg>|</svg>|<math>|</math>|<select>|<option>|<textarea>|</textarea>|<script>|</script>|<body>|</body>|\0|\r\n|\u200b|"'.split(
        '|',
      ),
      `${'long text '.repeat(20)}`,
    );
    const typing = fc.record({
      at: fc.nat(),
      taken: fc.nat(4),
      text: fc.oneof(fc.constantFrom('a', ' b', 'c d'), piece),
    });
    let retyped = 0;
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 14 }),
        fc.array(typing, { minLength: 1, maxLength: 8 }),
        (pieces, edits) => {
          const typed = new TypedModel();
          let html = pieces.join('');
          let before = typed.model(view(html), options);
          for (const { at, taken, text } of edits) {
            const from = html.length === 0 ? 0 : at % html.length;
            html = html.slice(0, from) + text + html.slice(from + taken);
            const model = typed.model(view(html), options);
            assert.deepEqual(model, previewModel(view(html), options));
            if (model.html!.removed === before.html!.removed) retyped++;
            before = model;
          }
        },
      ),
      { numRuns: 2000 },
    );
    assert.ok(retyped > 300, String(retyped));
  });
});
