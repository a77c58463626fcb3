import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseDocument } from '../../../src/document/parse.ts';
import { bodyProblems, bodyTree, fixedBody } from './shown.ts';

describe('the body: what it becomes', () => {
  const table: readonly (readonly [string, string, ...string[]])[] = [
    ['text', 'a\nb\n', 'text "a\\nb\\n"'],
    ['an escape', 'a\n<#!attach x>\n<#!!b\n', 'text "a\\n"', 'escaped "<#!attach x>\\n"', 'escaped "<#!!b\\n"'],
    ['an escape at the end', '<#!', 'escaped "<#!"'],
    ['a note', 'a\n<#-- b -->\nc\n', 'text "a\\n"', 'note "<#-- b -->\\n"', 'text "c\\n"'],
    [
      'a note of many lines',
      '<#-- a\n<#attach x>\n-->  \nc\n',
      'note "<#-- a\\n<#attach x>\\n-->  \\n"',
      'text "c\\n"',
    ],
    ['an empty note', '<#---->\n', 'note "<#---->\\n"'],
    ['files', '<#attach a>\n<#inline "b c" id=d>\n', 'attach "a"', 'inline "b c" id="d"'],
    [
      'attributes',
      '<#attach a name="x \\"y\\" \\\\z" type=text/csv  param.header=present header.X-Y="1" >  \n',
      'attach "a" name="x \\"y\\" \\\\z" type="text/csv" param.header="present" header.X-Y="1"',
    ],
    ['a value with > in quotes', '<#attach "a > b">\n', 'attach "a > b"'],
    ['a path that looks like an attribute', '<#attach a=b>\n', 'attach "a=b"'],
    ['CRLF', '<#attach a>\r\nb\r\n', 'attach "a"', 'text "b\\r\\n"'],
    ['a directive at the end of the text', '<#attach a>', 'attach "a"'],
    ['a part with its close', '<#part type=text/html>\na\n<#/part>\n', 'part type="text/html"', '  text "a\\n"'],
    ['a part that the next one ends', '<#part>\na\n<#part>\nb\n', 'part', '  text "a\\n"', 'part', '  text "b\\n"'],
    ['a part that a file ends', '<#part>\na\n<#attach x>\n', 'part', '  text "a\\n"', 'attach "x"'],
    ['a part that a multipart ends', '<#part>\na\n<#multipart>\n<#/multipart>\n', 'part', '  text "a\\n"', 'multipart'],
    [
      'a part that its parent ends',
      '<#multipart>\n<#part>\na\n<#/multipart>\nb',
      'multipart',
      '  part',
      '    text "a\\n"',
      'text "b"',
    ],
    [
      'notes, escapes and inlines, which end no part',
      '<#part>\na\n<#-- n -->\n<#!e\n<#inline x>\nb\n<#/part>\n',
      'part',
      '  text "a\\n"',
      '  note "<#-- n -->\\n"',
      '  escaped "<#!e\\n"',
      '  inline "x"',
      '  text "b\\n"',
    ],
    [
      'multiparts in multiparts',
      '<#multipart type=mixed>\n<#multipart type=related>\nx\n<#/multipart>\n<#/multipart>\n',
      'multipart type="mixed"',
      '  multipart type="related"',
      '    text "x\\n"',
    ],
    [
      'verbatim',
      '<#part verbatim>\n<#if x>\n<#-- y\n<#/part> z\n<#!a\n<#/part>\nb',
      'part verbatim',
      '  text "<#if x>\\n<#-- y\\n<#/part> z\\n<#!a\\n"',
      'text "b"',
    ],
    ['a verbatim part without a line', '<#part verbatim>\n<#/part>\n', 'part verbatim'],
    ['a directive that is not at column 0', 'a <#attach x>\n', 'text "a <#attach x>\\n"'],
    ['an unknown directive, never text', 'a\n<#foo>\nb\n', 'text "a\\n"', 'unknown "<#foo>\\n"', 'text "b\\n"'],
    ['half-typed lines', '<#\n', 'unknown "<#\\n"'],
    ['half-typed attach', '<#attach\n', 'attach'],
    ['half-typed path', '<#attach "./a b\nx', 'attach "./a b"', 'text "x"'],
    ['half-typed path before its bracket', '<#attach "./a b>\nx', 'attach "./a b"', 'text "x"'],
    ['half-typed attribute', '<#attach a ty>\n', 'attach "a" ty'],
    ['half-typed value', '<#attach a type=>\n', 'attach "a" type=""'],
    ['attributes in any case', '<#part TYPE=text/html>\n', 'part TYPE="text/html"'],
  ];
  for (const [name, body, ...expected] of table) it(name, () => assert.deepEqual(bodyTree(body), expected));

  it('keeps the place of what comes off and of what is to be typed', () => {
    const text = 'To: a@b\n\n<#!!x\n<#part type=>\n<#/part>\n';
    const [escaped, part] = parseDocument(text).document.body;
    assert.ok(escaped?.type === 'escaped' && part?.type === 'part');
    assert.equal(text.slice(escaped.mark, escaped.mark + 2), '!!');
    assert.deepEqual(part.attributes[0]?.value?.range, { start: text.indexOf('=') + 1, end: text.indexOf('=') + 1 });
    assert.equal(text.slice(part.closeRange?.start, part.closeRange?.end), '<#/part>');
    assert.equal(text.slice(part.headRange.start, part.headRange.end), '<#part type=>');
  });
});

describe('the body: what is wrong with it', () => {
  const table: readonly (readonly [string, ...string[]])[] = [
    ['<#attach a>\n<#part>\nx\n<#/part>\n'],
    ['<#foo>\n', 'error directive-unknown «<#foo»'],
    ['<#Attach x>\n', 'error directive-unknown «<#Attach»'],
    ['<#attachments x>\n', 'error directive-unknown «<#attachments»'],
    ['<#\n', 'error directive-unknown «<#»'],
    ['<# part>\n', 'error directive-unknown «<#»'],
    ['<#/attach>\n', 'error directive-unknown «<#/attach»'],
    ['<#if user??>\n', 'error directive-unknown «<#if»'],
    ['  <#part>\nx', 'hint directive-indented «<#part»'],
    ['<#attach>\n', 'error path-missing «<#attach»'],
    ['<#attach type=text/csv>\n', 'error path-missing «<#attach»'],
    ['<#inline a\\b>\n', 'error path-backslash «a\\b»'],
    ['<#attach a\n', 'error directive-unclosed «<#attach a»'],
    ['<#/part\n', 'error directive-unclosed «<#/part»', 'error close-unmatched «<#/part»'],
    ['<#attach a> b\n', 'error text-after-directive «b»'],
    ['<#-- a\n', 'error note-unclosed «<#-- a»'],
    ['<#-- a --> b\n', 'error text-after-note « b»'],
    ['<#attach a nam=x>\n', 'error attribute-unknown «nam»'],
    ['<#attach a src=x>\n', 'error attribute-misplaced «src»'],
    ['<#multipart charset=utf-8>\n<#/multipart>\n', 'error attribute-misplaced «charset»'],
    ['<#attach a name=x name=y>\n', 'error attribute-repeated «name»'],
    ['<#attach a name>\n', 'error attribute-value-missing «name»'],
    ['<#attach a name=>\n', 'error attribute-value-missing «name=»'],
    ['<#attach a name="">\n'],
    ['<#part verbatim=yes>\n<#/part>\n', 'error attribute-value-unexpected «=yes»'],
    ['<#part template=on>\n', 'error attribute-value-invalid «on»'],
    ['<#part when="a b">\n', 'error when-invalid «"a b"»'],
    ['<#attach a =x>\n', 'error attribute-syntax «=x»'],
    ['<#attach a "b">\n', 'error attribute-syntax «"b"»'],
    ['<#attach a param.=x>\n', 'error attribute-name-invalid «param.»'],
    ['<#attach a header.é=x>\n', 'error attribute-name-invalid «header.é»'],
    ['<#attach "a\n', 'error directive-unclosed «<#attach "a»', 'error value-unclosed «"a»'],
    ['<#attach "a>\n', 'error value-unclosed «"a»'],
    ['<#attach ".\\out\\a">\n', 'error value-escape «\\o»', 'error value-escape «\\a»'],
    ['<#attach "a"name=x>\n', 'error value-quote «n»'],
    ['<#attach a name=x"y>\n', 'error value-quote «x"y»'],
    ['<#inline a id=<b@c>>\n', 'error value-quote «<b@c>»'],
    ['<#/part>\n', 'error close-unmatched «<#/part>»'],
    ['<#/multipart>\n', 'error close-unmatched «<#/multipart>»'],
    ['<#multipart>\n<#/part>\n<#/multipart>\n', 'error close-unmatched «<#/part>»'],
    ['<#multipart>\nx\n', 'error multipart-unclosed «<#multipart>»'],
    ['<#part verbatim>\nx\n', 'warning verbatim-unclosed «<#part verbatim>»'],
    ['<#part>\na\n<#/part>\n\nb\n', 'error text-after-part «b»'],
    ['<#part>\na\n<#/part>\n\n\n'],
    ['<#part>\na\n<#/part>\n<#attach x>\nb\n'],
    ['<#part>\na\n<#/part>\n<#inline x>\nb\n', 'error text-after-part «b»'],
    ['<#part src=a>\nb\n<#/part>\n', 'error src-and-text «src=a»'],
    ['<#part src=a>\n\n<#/part>\n'],
  ];
  for (const [body, ...expected] of table)
    it(JSON.stringify(body), () => assert.deepEqual(bodyProblems(body), expected));

  const fixes: readonly (readonly [code: string, body: string, result: string, title?: string])[] = [
    ['directive-unknown', '<#atach x>\n', '<#attach x>\n'],
    ['directive-unknown', '<#foo>\n', '<#!foo>\n', 'text'],
    ['directive-unknown', 'a\n<#if x>\nb\n<#attach c>\n', '<#part verbatim>\na\n<#if x>\nb\n<#/part>\n<#attach c>\n'],
    [
      'directive-unknown',
      '<#part type=text/html>\n<#if x>\n<#/part>\n',
      '<#part type=text/html verbatim>\n<#if x>\n<#/part>\n',
    ],
    ['directive-unknown', '<#part>\n<#list a as b>\nx', '<#part verbatim>\n<#list a as b>\nx\n<#/part>\n'],
    ['directive-unknown', '<#part{{x}}>\n', '<#part {{x}}>\n'],
    ['directive-unknown', '<#/part x\n', '<#/part> x\n'],
    ['directive-indented', ' <#part>\n', '<#part>\n'],
    ['directive-unclosed', '<#attach a  \n', '<#attach a>  \n'],
    ['text-after-directive', '<#part>  b\n', '<#part>\nb\n'],
    ['note-unclosed', '<#-- a\nb', '<#-- a -->\nb'],
    ['text-after-note', '<#-- a --> b\n', '<#-- a -->\n b\n'],
    ['path-backslash', '<#attach .\\a\\b>\n', '<#attach ./a/b>\n'],
    ['attribute-unknown', '<#attach a nam=x>\n', '<#attach a name=x>\n'],
    ['attribute-unknown', '<#attach a foobar=x>\n', '<#attach a>\n'],
    ['attribute-repeated', '<#attach a id=x id=y>\n', '<#attach a id=x>\n'],
    ['attribute-value-unexpected', '<#part verbatim=1>\n<#/part>\n', '<#part verbatim>\n<#/part>\n'],
    ['value-escape', '<#attach "a\\b">\n', '<#attach "a/b">\n'],
    ['value-unclosed', '<#attach "a b>\n', '<#attach "a b">\n'],
    ['value-quote', '<#attach "a"id=x>\n', '<#attach "a" id=x>\n'],
    ['value-quote', '<#inline a id=<b@c>>\n', '<#inline a id="<b@c>">\n'],
    ['close-unmatched', 'a\n<#/part>\nb', 'a\nb'],
    ['multipart-unclosed', '<#multipart>\nx', '<#multipart>\nx\n<#/multipart>\n'],
    ['verbatim-unclosed', '<#part verbatim>\nx\n', '<#part verbatim>\nx\n<#/part>\n'],
    ['text-after-part', '<#part>\na\n<#/part>\nb\n<#attach c>\n', '<#part>\na\nb\n<#/part>\n<#attach c>\n'],
    ['src-and-text', '<#part src=a>\nb\n<#/part>\n', '<#part src=a>\n<#/part>\n'],
  ];
  for (const [code, body, result, title] of fixes) {
    it(`${code} in ${JSON.stringify(body)} is fixed`, () => assert.equal(fixedBody(body, code, title), result));
  }

  it('suggests the nearest word', () => {
    const [problem] = parseDocument('To: a@b\n\n<#inlin x>\n').problems;
    assert.ok(problem?.code === 'directive-unknown');
    assert.equal(problem.suggestion, 'inline');
  });

  it('opens multiparts to a bounded depth, and pairs their closes', () => {
    const deep = '<#multipart>\n'.repeat(60) + '<#/multipart>\n'.repeat(60);
    const codes = parseDocument(`To: a@b\n\n${deep}`).problems.map((problem) => problem.code);
    assert.deepEqual([...new Set(codes)], ['multipart-too-deep']);
    assert.equal(codes.length, 10);
  });
});
