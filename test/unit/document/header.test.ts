import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { documentOffset } from '../../../src/document/mapped.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import { fixed, shown } from './shown.ts';

/** Each header node in short, then the body, then the problems. */
function read(text: string): readonly string[] {
  const { document, problems } = parseDocument(text);
  const nodes = document.header.map((node) =>
    node.type === 'comment'
      ? `comment ${text.slice(node.range.start, node.range.end)}`
      : `${node.type} ${node.name}=${JSON.stringify(node.value.text)}`,
  );
  const body = document.bodyStart < text.length ? [`body ${JSON.stringify(text.slice(document.bodyStart))}`] : [];
  return [...nodes, ...body, ...shown(text, problems)];
}

describe('the header of a composed document', () => {
  const table: readonly (readonly [string, string, ...string[]])[] = [
    ['nothing', ''],
    ['a byte order mark alone', '\ufeff'],
    ['a blank line first', '\nbody', 'body "body"'],
    [
      'fields, a comment and a setting',
      '# note\n@server: inbox\nTo: a@b\n\nhi',
      'comment # note',
      'setting server="inbox"',
      'field To="a@b"',
      'body "hi"',
    ],
    ['a byte order mark before it', '\ufeffTo: a@b\n\nhi', 'field To="a@b"', 'body "hi"'],
    ['CRLF', 'To: a@b\r\nCc: c@d\r\n\r\nhi\r\n', 'field To="a@b"', 'field Cc="c@d"', 'body "hi\\r\\n"'],
    ['lone CR', 'To: a@b\rCc: c@d\r\rhi', 'field To="a@b"', 'field Cc="c@d"', 'body "hi"', 'warning lone-cr «\r»'],
    ['no line end at the end', 'To: a@b', 'field To="a@b"'],
    ['white space around the value', 'To: \t a@b \t \n', 'field To="a@b"'],
    ['no space after the colon', 'To:a@b\n', 'field To="a@b"'],
    ['a name of any ftext', "!x#$%&'*+-/=?^_`{|}~: y\n", 'field !x#$%&\'*+-/=?^_`{|}~="y"'],
    ['folding', 'Subject: a\n b\n\tc\nTo: x@y\n', 'field Subject="a b\\tc"', 'field To="x@y"'],
    ['folding with CRLF', 'Subject: a\r\n b\r\n', 'field Subject="a b"'],
    ['a value that begins on the next line', 'Subject:\n   a\n', 'field Subject="a"'],
    ['a folded setting', '@var: a=b\n c\n', 'setting var="a=b c"'],
    ['an empty value', 'Subject:\n', 'field Subject=""'],
    [
      'a comment that ends the folding',
      'To: a@b\n# x\n c@d\n',
      'field To="a@b"',
      'comment # x',
      'body " c@d\\n"',
      'error header-not-a-field « c@d»',
    ],
    ['a folded line at the start', ' a\n', 'body " a\\n"', 'error header-not-a-field « a»'],
    ['a line of spaces', 'To: a@b\n \t\nhi', 'field To="a@b"', 'body "hi"', 'hint spaces-only-line « \t»'],
    [
      'a line that is no field',
      'To: a@b\nhello\n',
      'field To="a@b"',
      'body "hello\\n"',
      'error header-not-a-field «hello»',
    ],
    [
      'a directive without a blank line',
      'To: a@b\n<#attach x>\n',
      'field To="a@b"',
      'body "<#attach x>\\n"',
      'error header-not-a-field «<#attach x>»',
    ],
    ['a space before the colon', 'Subject : x\n', 'body "Subject : x\\n"', 'error header-not-a-field «Subject : x»'],
    ['a name that is not ASCII', 'Betréff: x\n', 'body "Betréff: x\\n"', 'error header-not-a-field «Betréff: x»'],
    ['a colon without a name', ': x\n', 'body ": x\\n"', 'error header-not-a-field «: x»'],
    [
      'a sentence that begins with @',
      '@jo said: hi\n',
      'body "@jo said: hi\\n"',
      'error header-not-a-field «@jo said: hi»',
    ],
    [
      'a setting still without its colon',
      '@serv\nTo: a@b\n',
      'setting serv=""',
      'field To="a@b"',
      'error setting-colon-missing «@serv»',
      'error setting-unknown «@serv»',
    ],
    ['a single @', '@\n', 'setting =""', 'error setting-colon-missing «@»'],
    ['an unknown setting', '@sever: x\n', 'setting sever="x"', 'error setting-unknown «@sever»'],
    [
      'a setting twice',
      '@data: a\n@DATA: b\n',
      'setting data="a"',
      'setting DATA="b"',
      'error setting-repeated «@DATA»',
    ],
    ['@var twice', '@var: a=1\n@var: b=2\n', 'setting var="a=1"', 'setting var="b=2"'],
    ['a setting without a value', '@server:\n', 'setting server=""', 'error setting-value-missing «@server:»'],
    ['@raw with another value', '@raw: yes\n', 'setting raw="yes"', 'error setting-value-invalid «yes»'],
    [
      'a field above its setting',
      '@date: x\nDate: y\n',
      'setting date="x"',
      'field Date="y"',
      'warning setting-outranked «@date: x»',
    ],
    [
      '@encoding with @dkim',
      '@encoding: 8bit\n@dkim: a@b\n',
      'setting encoding="8bit"',
      'setting dkim="a@b"',
      'error encoding-excludes-dkim «@encoding: 8bit»',
    ],
    ['NUL in a value', 'Subject: a\0b\n', 'field Subject="a\\u0000b"', 'error control-character «\0»'],
    [
      'a line of an mbox',
      'From a@b Sat Jan  3 01:05:34 1996\nTo: a@b\n',
      'field To="a@b"',
      'error mbox-line «From a@b Sat Jan  3 01:05:34 1996»',
    ],
    ['From without its colon', 'From a@b\n', 'body "From a@b\\n"', 'error header-not-a-field «From a@b»'],
    ['U+2028, which ends no line', 'Subject: a\u2028b\n', 'field Subject="a\u2028b"'],
  ];
  for (const [name, text, ...expected] of table) it(name, () => assert.deepEqual(read(text), expected));

  const fixes: readonly (readonly [string, string, string])[] = [
    ['header-not-a-field', 'To: a@b\nhello\n', 'To: a@b\n\nhello\n'],
    ['header-not-a-field', 'To: a@b\r\nhello\r\n', 'To: a@b\r\n\r\nhello\r\n'],
    ['header-not-a-field', 'Subject : x\n', 'Subject: x\n'],
    ['header-not-a-field', 'From a@b\n', 'From: a@b\n'],
    ['spaces-only-line', 'To: a@b\n  \nx', 'To: a@b\n\nx'],
    ['setting-unknown', '@sever: x\n', '@server: x\n'],
    ['setting-colon-missing', '@server\n', '@server:\n'],
    ['control-character', 'Subject: a\n \0b\n', 'Subject: a\n b\n'],
    ['lone-cr', 'To: a@b\r\rx\r', 'To: a@b\n\nx\n'],
    ['mbox-line', 'From a@b Sat Jan  3 01:05:34 1996\nTo: a@b\n', 'To: a@b\n'],
  ];
  for (const [code, text, result] of fixes)
    it(`fixes ${JSON.stringify(text)}`, () => assert.equal(fixed(text, code), result));

  it('maps every character of an unfolded value to its place', () => {
    const text = 'To: x@y\r\nSubject:  one\r\n two \r\n\tthree  \r\n\r\nbody';
    const field = parseDocument(text).document.header[1];
    assert.ok(field?.type === 'field');
    assert.equal(field.value.text, 'one two \tthree');
    for (const [offset, character] of [...field.value.text].entries()) {
      assert.equal(text[documentOffset(field.value, offset)], character);
    }
    assert.equal(text.slice(field.value.range.start, field.value.range.end), 'one\r\n two \r\n\tthree');
    assert.equal(text.slice(field.nameRange.start, field.nameRange.end), 'Subject');
    assert.equal(text.slice(field.range.start, field.range.end), 'Subject:  one\r\n two \r\n\tthree  ');
  });
});

describe('a finished message', () => {
  const finished = 'From: a@b\nTo: c@d\nMIME-Version: 1.0\n\n';

  it('is one that has MIME-Version, in any case', () => {
    assert.equal(parseDocument(finished).document.kind, 'finished');
    assert.equal(parseDocument('mime-version: 1.0\n\nx').document.kind, 'finished');
    assert.equal(parseDocument('To: a@b\n\nMIME-Version: 1.0\n').document.kind, 'composed');
    assert.equal(parseDocument('To: a@b\nbody\nMIME-Version: 1.0\n').document.kind, 'composed');
    assert.equal(parseDocument('@raw: on\nTo: a@b\n\nx').document.kind, 'finished');
    assert.equal(parseDocument('@raw: OFF\nMIME-Version: 1.0\n\nx').document.kind, 'composed');
  });

  it('has a body that is opaque', () => {
    const { document, problems } = parseDocument(`${finished}<#!x\n<#unknown>\n {{x}}\n`);
    assert.deepEqual([document.body, problems], [[], []]);
  });

  const table: readonly (readonly [string, string, ...string[]])[] = [
    [
      'settings first',
      '@server: x\nMIME-Version: 1.0\n\nx',
      'setting server="x"',
      'field MIME-Version="1.0"',
      'body "x"',
    ],
    [
      'a setting later',
      'MIME-Version: 1.0\n@server: x\n\nx',
      'field MIME-Version="1.0"',
      'setting server="x"',
      'body "x"',
      'error setting-in-finished «@server: x»',
    ],
    [
      'a comment',
      '# x\nMIME-Version: 1.0\n',
      'comment # x',
      'field MIME-Version="1.0"',
      'error comment-in-finished «# x»',
    ],
    [
      'a build setting',
      '@text: auto\nMIME-Version: 1.0\n',
      'setting text="auto"',
      'field MIME-Version="1.0"',
      'hint setting-without-effect «@text: auto»',
    ],
    ['a line of an mbox', 'From x@y Sat Jan  3 01:05:34 1996\nMIME-Version: 1.0\n', 'field MIME-Version="1.0"'],
    [
      'a line that is no field: the header goes on to the empty line',
      'MIME-Version: 1.0\ngarbage here\nTo: a@b\n\nx',
      'field MIME-Version="1.0"',
      'field To="a@b"',
      'body "x"',
      'warning header-not-a-field «garbage here»',
    ],
    [
      'a line of spaces goes on with its field',
      'MIME-Version: 1.0\nTo: a@b\n \nCc: c@d\n\nx',
      'field MIME-Version="1.0"',
      'field To="a@b"',
      'field Cc="c@d"',
      'body "x"',
      'warning spaces-only-line « »',
    ],
    [
      'a directive in the body',
      'MIME-Version: 1.0\n\n<#attach x>\n<#part>\n',
      'field MIME-Version="1.0"',
      'body "<#attach x>\\n<#part>\\n"',
      'warning directive-in-finished «<#attach»',
    ],
  ];
  for (const [name, text, ...expected] of table) it(name, () => assert.deepEqual(read(text), expected));

  it('becomes composed by a fix, where directives show that it was meant so', () => {
    assert.equal(
      fixed('To: a@b\nMIME-Version: 1.0\n\n<#attach x>\n', 'directive-in-finished'),
      'To: a@b\n\n<#attach x>\n',
    );
    const [problem] = parseDocument('MIME-Version: 1.0\n\n<#attach x>\n<#part>\n').problems;
    assert.ok(problem?.code === 'directive-in-finished');
    assert.deepEqual([problem.directive, problem.count], ['attach', 2]);
  });
});
