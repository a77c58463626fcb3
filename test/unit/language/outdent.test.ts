import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { outdent } from '../../../src/language/outdent.ts';
import { applied, cursor } from './cursor.ts';

/** The document after `typed` was typed before the `|`. */
function left(marked: string, typed: '>' | '\n' = '>'): string {
  const { analysis, offset, text } = cursor(marked);
  return applied(text, outdent(analysis, offset, typed));
}

const html = 'To: a@b\n\nHi\n<#part type=text/html>\n<div>\n';

describe('language/outdent', () => {
  it('takes the indentation off a close, and off every other directive', () => {
    for (const directive of [
      '<#/part>',
      '<#/multipart>',
      '<#attach ./a.pdf>',
      '<#attach "./a > b.pdf">',
      '<#inline ./a.png id=a>',
      '<#part type=text/plain>',
      '<#part>',
    ]) {
      assert.equal(left(`${html}  ${directive}|`), `${html}${directive}`);
      assert.equal(left(`${html}\t ${directive}|\n</div>\n`), `${html}${directive}\n</div>\n`);
    }
  });

  it('takes it off the line above and the new one where a line end came before the answer', () => {
    assert.equal(left(`${html}  <#/part>\n  |`, '\n'), `${html}<#/part>\n`);
    assert.equal(left(`${html}  <#attach ./a>\n  |Bye\n`, '\n'), `${html}<#attach ./a>\nBye\n`);
    assert.equal(left(`${html}  <#inline ./a id=a>\n  |</div>\n`, '\n'), `${html}<#inline ./a id=a>\n  </div>\n`);
    assert.equal(
      left(`${html}  <#/part>\n|`.replaceAll('\n', '\r\n'), '\n'),
      `${html}<#/part>\n`.replaceAll('\n', '\r\n'),
    );
  });

  it('leaves alone what would be no directive at column 0 either', () => {
    for (const marked of [
      `${html}  <p>|`,
      `${html}  <#/part|>.`,
      `${html}  <#attach "./a>|`,
      `${html}  <#attached>|`,
      `${html}  see <#/part>|`,
      `${html}  <!-- <#/part>|`,
      'To: a@b\n\n<#-- so\n  <#/part>|\n-->\n',
      'MIME-Version: 1.0\nTo: a@b\n\n  <#/part>|\n',
      'To: a@b\n  <#/part>|\n',
      '|To: a@b\n',
    ]) {
      const { text } = cursor(marked);
      assert.equal(left(marked), text);
      assert.equal(left(marked, '\n'), text);
    }
  });

  it('takes the lines of a verbatim part for text, its close apart', () => {
    const verbatim = 'To: a@b\n\n<#part type=text/html verbatim>\n<div>\n';
    assert.equal(left(`${verbatim}  <#attach ./a>|\n`), `${verbatim}  <#attach ./a>\n`);
    assert.equal(left(`${verbatim}  <#/part>|\n`), `${verbatim}<#/part>\n`);
  });
});
