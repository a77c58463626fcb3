import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { cut, inboxLine } from '../../../src/inspect/inbox-line.ts';
import { preheaderOf } from '../../../src/inspect/preheader.ts';

describe('inspect/inbox-line', () => {
  const cases: readonly (readonly [html: string, preheader: string])[] = [
    ['<p>Hello</p><p>World</p>', 'Hello World'],
    ['<div style="display:none">Hidden first</div><h1>Shown</h1>', 'Hidden first Shown'],
    ['<html><head><title>Title</title><style>p{}</style></head><body>Body', 'Body'],
    ['Pre&zwnj;&nbsp;&zwnj;&nbsp;&#847;&shy;&#8203;header<script>no</script>', 'Pre header'],
    ['<img src=x alt="Logo">Hi', 'Logo Hi'],
    ['<b>in</b>line<br>broken<table><td>cell</td><td>cell</td></table>', 'inline broken cell cell'],
    ['👨‍👩‍👧 family &zwj;&zwj; x', '👨‍👩‍👧 family x'],
    ['<!-- comment --><p></p><noscript>shown</noscript>', 'shown'],
    ['', ''],
  ];
  for (const [html, preheader] of cases) {
    it(`takes ${JSON.stringify(preheader)} from ${html}`, () => assert.equal(preheaderOf({ html }), preheader));
  }

  it('takes the plain text where there is no HTML', () => {
    assert.equal(preheaderOf({ text: '\r\n Hello\r\n\tWorld ' }), 'Hello World');
  });

  it('cuts by characters as readers count them', () => {
    assert.deepEqual(cut('abc', 3), ['abc', false]);
    assert.deepEqual(cut('abcd', 3), ['abc…', true]);
    assert.deepEqual(cut('ab cd', 3), ['ab…', true]);
    assert.deepEqual(cut('👨‍👩‍👧👨‍👩‍👧', 2), ['👨‍👩‍👧👨‍👩‍👧', false]);
    assert.deepEqual(cut('👨‍👩‍👧👨‍👩‍👧', 1), ['👨‍👩‍👧…', true]);
    assert.deepEqual(cut('e\u0301e\u0301e\u0301', 2), ['e\u0301e\u0301…', true]);
  });

  it('shows a sender, a subject on one line, and each client’s cut', () => {
    const from = [{ name: '', address: 'a@a.example' }];
    const line = inboxLine({ from, subject: ` ${'word '.repeat(20)}\t`, text: 'Text' });
    assert.equal(line.sender, 'a@a.example');
    assert.equal(line.subject, 'word '.repeat(20).trim());
    const gmail = line.clients.find(({ client }) => client.id === 'gmail-app');
    assert.deepEqual(
      { ...gmail, client: undefined },
      {
        client: undefined,
        subject: `${'word '.repeat(8).trim()}…`,
        subjectCut: true,
        preheader: 'Text',
        preheaderCut: false,
      },
    );
  });

  it('is total and bounded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (html) => {
        assert.ok(preheaderOf({ html }).length <= 300);
      }),
    );
  });

  it('does not take long over much', () => {
    // Deep nesting, and filler without end: both without recursion, both in one pass.
    assert.equal(preheaderOf({ html: `${'<div>'.repeat(50_000)}x` }), 'x');
    assert.equal(preheaderOf({ html: '<i>&zwnj;</i>'.repeat(20_000) }), '');
  });
});
