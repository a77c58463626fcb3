import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { type EditorEvent, LineEditor } from '../../../../src/send/console/line-editor.ts';
import { completions, secretFrom } from '../../../../src/send/console/words.ts';

const UP = '\x1b[A';
const DOWN = '\x1b[B';
const RIGHT = '\x1b[C';
const LEFT = '\x1b[D';

/** Feeds keys and answers the events, and the line with `|` for the cursor. */
function typed(keys: string, editor = new LineEditor(80, { complete: completions })): [EditorEvent[], string] {
  const events: EditorEvent[] = [];
  editor.feed(keys);
  for (let event = editor.next(); event; event = editor.next()) {
    events.push(event);
    if (event.type === 'line') editor.remember(event.text);
  }
  return [events, `${editor.text.slice(0, editor.cursor)}|${editor.text.slice(editor.cursor)}`];
}

describe('console/line-editor', () => {
  const edits: [keys: string, line: string][] = [
    ['noop', 'noop|'],
    [`noop${LEFT}${LEFT}`, 'no|op'],
    [`noop${LEFT}${LEFT}X`, 'noX|op'],
    [`a${RIGHT}b`, 'ab|'],
    ['abc\x01X', 'X|abc'],
    ['abc\x1b[HX\x1b[FY', 'XabcY|'],
    ['abc\x1bOHX\x1b[4~Y', 'XabcY|'],
    ['abc\x7f', 'ab|'],
    ['abc\x08', 'ab|'],
    [`abc${LEFT}\x1b[3~`, 'ab|'],
    [`abc${LEFT}\x04`, 'ab|'],
    ['mail from\x17', 'mail |'],
    ['mail from\x1b\x7f', 'mail |'],
    [`abc${LEFT}\x15`, '|c'],
    [`abc${LEFT}${LEFT}\x0b`, 'a|'],
    ['one two\x1b[1;5DX', 'one X|two'],
    ['one two\x1b[1;3D\x1bbX\x1bf', 'Xone| two'],
    // Whole characters, however many code units they have.
    ['a👩‍👩‍👧e\u0301\x7f', 'a👩‍👩‍👧|'],
    ['a👩‍👩‍👧\x7f', 'a|'],
    [`你好${LEFT}\x7f`, '|好'],
    // Keys that are none of ours leave no trace.
    ['a\x1b[5~b\x1bOPc\x1b[200~d\x07e', 'abcde|'],
    ['\x7f\x1b[3~\x17\x0b\x15', '|'],
    // Completion.
    ['noo\t', 'noop |'],
    ['VR\t', 'VRFY |'],
    ['he\t', 'hel|'],
    ['zz\t', 'zz|'],
    ['noop vr\t', 'noop vr|'],
  ];
  for (const [keys, line] of edits) {
    it(JSON.stringify(keys), () => {
      assert.deepEqual(typed(keys), [[], line]);
      // The same, a code unit at a time.
      const editor = new LineEditor(80, { complete: completions });
      for (const unit of keys.split('')) typed(unit, editor);
      assert.equal(typed('', editor)[1], line);
    });
  }

  it('tells of what asks for more than a change', () => {
    assert.deepEqual(typed('a\r\nb\nc\x03\x0c\x15\x04')[0], [
      { type: 'line', text: 'a' },
      { type: 'line', text: 'b' },
      { type: 'interrupt' },
      { type: 'clear-screen' },
      { type: 'end' },
    ]);
    assert.deepEqual(typed('hel\t')[0], [{ type: 'candidates', words: ['helo', 'help'] }]);
  });

  it('remembers lines, each once in a row, and the line that was begun', () => {
    const editor = new LineEditor(80);
    typed('one\rtwo\rtwo\r \rthree', editor);
    assert.equal(typed(UP, editor)[1], 'two|');
    assert.equal(typed(UP, editor)[1], 'one|');
    assert.equal(typed(UP, editor)[1], 'one|');
    assert.equal(typed(DOWN, editor)[1], 'two|');
    assert.equal(typed(`${DOWN}${DOWN}`, editor)[1], 'three|');
    assert.equal(typed(`\x10X\r\x10`, editor)[1], 'twoX|');
  });

  it('draws prompt, line and cursor', () => {
    const editor = new LineEditor(80);
    editor.prompt = 'smtp> ';
    assert.equal(editor.render(), '\rsmtp> \x1b[K\r\x1b[6C');
    typed(`noop${LEFT}`, editor);
    assert.equal(editor.render(), '\rsmtp> noop\x1b[K\r\x1b[9C');
    typed('\x15\x0b你好', editor);
    assert.equal(editor.render(), '\rsmtp> 你好\x1b[K\r\x1b[10C');
  });

  it('shows a long line around the cursor', () => {
    const editor = new LineEditor(16);
    editor.prompt = '> ';
    typed('0123456789abcdefgh', editor);
    assert.equal(editor.render(), '\r> 56789abcdefgh\x1b[K\r\x1b[15C');
    typed('\x01', editor);
    assert.equal(editor.render(), '\r> 0123456789abc\x1b[K\r\x1b[2C');
    editor.resize(40);
    assert.equal(editor.render(), '\r> 0123456789abcdefgh\x1b[K\r\x1b[2C');
  });

  it('shows no secret, neither as it is typed nor from the history', () => {
    const editor = new LineEditor(80, { secretFrom });
    typed('AUTH PLAIN AGFubg==', editor);
    assert.equal(editor.render(), `\rAUTH PLAIN ••••••••\x1b[K\r\x1b[19C`);
    editor.clear();
    editor.hidden = true;
    typed('geheim', editor);
    assert.equal(editor.render(), '\r\x1b[K\r');
    assert.deepEqual(typed(`${UP}\r`, editor)[0], [{ type: 'line', text: 'geheim' }]);
  });

  it('takes any keys, in any pieces, to the same line', () => {
    const keys = fc.array(
      fc.oneof(
        fc.constantFrom(
          UP,
          DOWN,
          LEFT,
          RIGHT,
          '\x1b',
          '\x1b[',
          '\x1bO',
          '\r',
          '\n',
          '\t',
          '\x7f',
          '\x17',
          '\x03',
          '\x04',
        ),
        fc.string({ unit: 'binary', maxLength: 4 }),
      ),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(keys, (pieces) => {
        const whole = new LineEditor(30, { complete: completions });
        const split = new LineEditor(30, { complete: completions });
        const one = typed(pieces.join(''), whole);
        const events = pieces
          .join('')
          .split('')
          .flatMap((unit) => typed(unit, split)[0]);
        assert.deepEqual([events, typed('', split)[1]], one);
        // What is drawn never makes the terminal do anything but this.
        const drawn = whole
          .render()
          .replaceAll('\x1b[K', '')
          .replace(/\r\x1b\[\d+C$/, '');
        assert.doesNotMatch(drawn.replaceAll('\r', ''), /[\0-\x1f\x7f-\x9f]/);
      }),
    );
  });
});
