import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseDocument } from '../../../src/document/parse.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { toggleComments } from '../../../src/language/toggle-comment.ts';
import { applied } from './cursor.ts';

/** The document after the lines from `«` to `»`, of which there may be several, were toggled; or what came instead. */
function toggled(marked: string): string {
  const selections: { start: number; end: number }[] = [];
  let text = '';
  for (const piece of marked.split(/(?=[«»])/)) {
    if (piece.startsWith('«')) selections.push({ start: text.length, end: text.length });
    if (piece.startsWith('»')) selections[selections.length - 1]!.end = text.length;
    text += piece.replace(/^[«»]/, '');
  }
  const result = toggleComments(new Analysis(text), selections);
  return 'edits' in result ? applied(text, result.edits) : result.refused;
}

const head = 'From: a@b.example\nTo: c@d.example,\n  e@f.example\nSubject: x\n';

/** Each way: commented and back. */
const pairs: [title: string, before: string, after: string][] = [
  ['a field', `${head.replace('Subj', 'Su«»bj')}\nHi\n`, `${head.replace('Subject', '# Subject')}\nHi\n`],
  [
    'a folded field, whole',
    `${head.replace('  e@f', '  «»e@f')}\nHi\n`,
    `${head.replace('To:', '# To:').replace('  e@f', '#   e@f')}\nHi\n`,
  ],
  ['a setting', `«»@data: ./x.csv\n${head}\nHi\n`, `# @data: ./x.csv\n${head}\nHi\n`],
  ['a line of the body', `${head}\nO«»ne\nTwo\n`, `${head}\n<#-- One -->\nTwo\n`],
  [
    'several lines, blank ones left alone',
    `${head}\n«One\n\n  Two\n»Three\n`,
    `${head}\n<#-- One -->\n\n<#--   Two -->\nThree\n`,
  ],
  ['several selections', `${head}\n«»One\nTwo\n«»Three\n`, `${head}\n<#-- One -->\nTwo\n<#-- Three -->\n`],
  ['a directive', `${head}\nHi\n«»<#attach ./x.pdf>\n`, `${head}\nHi\n<#-- <#attach ./x.pdf> -->\n`],
  [
    'header, body and HTML at once',
    `${head.replace('Subject', '«»Subject')}\n«»One\n<#part type=text/html>\n«»<p>x</p>\n<#/part>\n`,
    `${head.replace('Subject', '# Subject')}\n<#-- One -->\n<#part type=text/html>\n<!-- <p>x</p> -->\n<#/part>\n`,
  ],
  [
    'HTML, with its indentation',
    `${head}\n<#part type=text/html>\n«<div>\n  <p>x</p>\n»</div>\n<#/part>\n`,
    `${head}\n<#part type=text/html>\n<!-- <div> -->\n  <!-- <p>x</p> -->\n</div>\n<#/part>\n`,
  ],
  [
    'a rule of a style sheet',
    `${head}\n<#part type=text/html>\n<style>\n  p«» { color: red }\n</style>\n<#/part>\n`,
    `${head}\n<#part type=text/html>\n<style>\n  /* p { color: red } */\n</style>\n<#/part>\n`,
  ],
  ['lines with CRLF', `To: a@b.example\r\n\r\n«»Hi\r\n`, `To: a@b.example\r\n\r\n<#-- Hi -->\r\n`],
];

describe('language/toggle-comment', () => {
  for (const [title, before, after] of pairs) {
    it(`comments ${title}, and takes it back`, () => {
      const done = toggled(before);
      assert.equal(done, after);
      const plain = before.replace(/[«»]/g, '');
      // Nothing of it is an error: comments and notes are where they may be.
      assert.deepEqual(
        parseDocument(done).problems.filter(({ severity }) => severity === 'error'),
        [],
      );
      const selections = changedLines(plain, done);
      const back = toggleComments(new Analysis(done), selections);
      assert.ok('edits' in back);
      assert.equal(applied(done, back.edits), plain);
    });
  }

  it('adds to those that are comments already only what is missing', () => {
    assert.equal(toggled(`${head}\n«<#-- One -->\nTwo\n»`), `${head}\n<#-- One -->\n<#-- Two -->\n`);
  });

  it('takes back a note of several lines', () => {
    assert.equal(toggled(`${head}\n<#-- One\nT«»wo -->\nThree\n`), `${head}\nOne\nTwo\nThree\n`);
  });

  it('says where there are no comments', () => {
    assert.equal(toggled(`${head}\n<#part type=text/html>\n<p>«»x</p><!-- y -->\n<#/part>\n`), 'close');
    assert.equal(toggled(`${head}\n<#part verbatim>\n«»x\n<#/part>\n`), 'verbatim');
    assert.equal(toggled(`${head}\n«»a --> b\n`), 'close');
    assert.equal(toggled(`MIME-Version: 1.0\n${head}\n«»Hi\n`), 'finished');
  });

  it('does nothing to nothing', () => {
    assert.equal(toggled(`${head}\n«»\nHi\n`), `${head}\n\nHi\n`);
    assert.equal(toggled('«»'), '');
  });
});

/** The lines that differ, as selections in the second text. */
function changedLines(before: string, after: string): { start: number; end: number }[] {
  const old = before.split('\n');
  let start = 0;
  return after.split('\n').flatMap((line, index) => {
    const at = start;
    start += line.length + 1;
    return line === old[index] ? [] : [{ start: at, end: at }];
  });
}
