import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Alignment, alignLines } from '../../../src/language/line-alignment.ts';

/** Which lines each line leads to. */
function led(lines: readonly string[], others: readonly string[]): readonly string[] {
  const alignment = alignLines(lines, others);
  return lines.map((line, index) => {
    const found = alignment.forward(index);
    return `${line} -> ${found ? others.slice(found.first, found.last + 1).join(' | ') : ''}`;
  });
}

describe('lines of two texts', () => {
  it('lead to each other where they are the same', () => {
    assert.deepEqual(led(['a', 'b ', '', 'c'], ['a', 'b', '', 'c']), ['a -> a', 'b  -> b', ' -> ', 'c -> c']);
  });

  it('lead from a template to what it became', () => {
    assert.deepEqual(
      led(
        ['Hi {{name}},', 'your order:', '{{#each items}}', '- {{this}}', '{{/each}}', 'Thanks for shopping'],
        ['Hi Ann,', 'your order:', '- Tea', '- Milk', '- Bread', 'Thanks for shopping'],
      ),
      [
        'Hi {{name}}, -> Hi Ann,',
        'your order: -> your order:',
        '{{#each items}} -> - Tea',
        '- {{this}} -> - Milk',
        '{{/each}} -> - Bread',
        'Thanks for shopping -> Thanks for shopping',
      ],
    );
  });

  it('lead from Markdown to HTML, and to text that is wrapped elsewhere', () => {
    assert.deepEqual(
      led(
        ['# Welcome aboard', '', 'Some *nice* words.'],
        ['<h1>Welcome aboard</h1>', '<p>Some <em>nice</em> words.</p>'],
      ),
      [
        '# Welcome aboard -> <h1>Welcome aboard</h1>',
        ' -> <p>Some <em>nice</em> words.</p>',
        'Some *nice* words. -> <p>Some <em>nice</em> words.</p>',
      ],
    );
    assert.deepEqual(
      led(['<p>first second third fourth</p>', '<p>fifth</p>'], ['first second', 'third fourth', '', 'fifth']),
      ['<p>first second third fourth</p> -> first second | third fourth', '<p>fifth</p> -> fifth'],
    );
  });

  it('lead to each other at the end, though the same stands everywhere', () => {
    assert.deepEqual(led(['{{x}}', '}', '}', ''], ['a', 'b', '}', '}', '']), [
      '{{x}} -> a | b',
      '} -> }',
      '} -> }',
      ' -> ',
    ]);
  });

  it('have nowhere to lead where there is nothing', () => {
    assert.deepEqual(led(['a', 'b'], []), ['a -> ', 'b -> ']);
    assert.equal(new Alignment([]).forward(0), undefined);
  });

  it('lead somewhere, never back, and the way back leads to them again', () => {
    const text = fc.array(fc.constantFrom('', 'one', 'two', 'three four', 'five six seven', '{{x}}', 'four'), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(text, text, (lines, others) => {
        const alignment = alignLines(lines, others);
        let before = 0;
        for (let line = 0; line < lines.length; line++) {
          const found = alignment.forward(line);
          assert.equal(found !== undefined, others.length > 0);
          if (!found) continue;
          assert.ok(0 <= found.first && found.first <= found.last && found.last < others.length);
          assert.ok(found.first >= before);
          before = found.first;
          const block = alignment.blocks.find(({ from, to }) => from <= line && line < to)!;
          if (block.otherTo === block.otherFrom) continue;
          for (const other of [found.first, found.last]) {
            const back = alignment.back(other)!;
            assert.ok(back.first <= line && line <= back.last);
          }
        }
      }),
    );
  });
});
