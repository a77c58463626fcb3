import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import type { DraftAttribute, DraftNode } from '../../../src/document/draft.ts';
import { draftOf, type Render } from '../../../src/document/draft-of.ts';
import { escapeText, formatValue, quoteValue } from '../../../src/document/escape.ts';
import { documentOffset } from '../../../src/document/mapped.ts';
import type { MappedText } from '../../../src/document/nodes.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import { shown } from './shown.ts';

const attributesOf = (attributes: readonly DraftAttribute[]): string =>
  attributes.map(({ name, value }) => (value ? ` ${name}=${JSON.stringify(value.text)}` : ` ${name}`)).join('');

function tree(nodes: readonly DraftNode[], indent = ''): readonly string[] {
  return nodes.flatMap((node) => {
    if (node.type === 'text') return [`${indent}text ${JSON.stringify(node.text.text)}`];
    if (!('children' in node)) {
      return [`${indent}${node.type} ${JSON.stringify(node.path.text)}${attributesOf(node.attributes)}`];
    }
    return [`${indent}${node.type}${attributesOf(node.attributes)}`, ...tree(node.children, `${indent}  `)];
  });
}

function draft(body: string, render?: Render): readonly string[] {
  return tree(draftOf(parseDocument(`To: a@b\n\n${body}`).document, render).draft.body);
}

/** Puts `<context>` around what has braces. */
const MARKING: Render = {
  text: (value, context) => {
    if (!value.text.includes('{{')) return { value, problems: [] };
    const text = `<${context}>${value.text}`;
    return { value: { text, segments: [], range: value.range, rendered: true }, problems: [] };
  },
  test: (path) => path === 'yes',
};

describe('draftOf', () => {
  const table: readonly (readonly [string, string, ...string[]])[] = [
    ['text', 'a\nb', 'text "a\\nb"'],
    ['nothing', ''],
    ['escapes undone, notes out', 'a\n<#!attach x>\n<#-- n -->\n<#!!b\nc\n', 'text "a\\n<#attach x>\\n<#!b\\nc\\n"'],
    [
      'inlines after the text they stand in',
      'a\n<#inline x id=i>\nb\n<#attach y>\nc',
      'text "a\\nb\\n"',
      'inline "x" id="i"',
      'attach "y"',
      'text "c"',
    ],
    [
      'a part',
      '<#part TYPE=text/html header.X-Y=1 PARAM.Zed=2 verbatim>\n<#!a\n<#/part>\n',
      'part type="text/html" header.X-Y="1" param.Zed="2" verbatim',
      '  text "<#!a\\n"',
    ],
    [
      'a multipart',
      '<#multipart type=mixed>\na\n<#part>\nb\n<#inline x>\nc\n<#/multipart>\n',
      'multipart type="mixed"',
      '  text "a\\n"',
      '  part',
      '    text "b\\nc\\n"',
      '    inline "x"',
    ],
    ['escapes in values undone', '<#attach "a \\"b\\\\\\"" name="\\\\">\n', 'attach "a \\"b\\\\\\"" name="\\\\"'],
    ['unknown directives out', 'a\n<#foo>\nb\n', 'text "a\\nb\\n"'],
    ['a path that is still to be typed', '<#attach>\n', 'attach ""'],
    ['an unclosed quote', '<#attach "a\\"\n', 'attach "a\\""'],
  ];
  for (const [name, body, ...expected] of table) it(name, () => assert.deepEqual(draft(body), expected));

  it('takes up what the template makes of each text by itself, with what it is', () => {
    const text = [
      '@envelope-from: {{a}}',
      '@date: {{a}}',
      '@data: {{a}}',
      'To: {{a}}',
      'Subject: {{a}}',
      'Content-Type: text/html; name="{{a}}"',
      'In-Reply-To: {{a}}',
      '',
      '{{a}}',
      '<#part>',
      '{{a}}',
      '<#part type=text/html>',
      '{{a}}',
      '<#part template=off>',
      '{{a}}',
      '<#attach {{a}} name={{a}} header.X={{a}} header.Reply-To={{a}}>',
      '',
    ].join('\n');
    const made = draftOf(parseDocument(text).document, MARKING).draft;
    assert.deepEqual(
      made.settings.map((setting) => setting.value.text),
      ['<address>{{a}}', '<setting>{{a}}', '{{a}}'],
    );
    assert.deepEqual(
      made.fields.map((field) => field.value.text),
      ['<address>{{a}}', '<unstructured>{{a}}', '<params>text/html; name="{{a}}"', '<token>{{a}}'],
    );
    assert.deepEqual(tree(made.body), [
      'text "<text>{{a}}\\n"',
      'part',
      '  text "<text>{{a}}\\n"',
      'part type="text/html"',
      '  text "<html>{{a}}\\n"',
      'part template="off"',
      '  text "{{a}}\\n"',
      'attach "<attribute>{{a}}" name="<attribute>{{a}}" header.X="<unstructured>{{a}}" header.Reply-To="<address>{{a}}"',
    ]);
  });

  it('gives the leading text the type of the header', () => {
    const { body } = draftOf(parseDocument('Content-Type: text/html\n\n{{a}}').document, MARKING).draft;
    assert.deepEqual(tree(body), ['text "<html>{{a}}"']);
  });

  it('keeps and drops by when', () => {
    const body =
      '<#part when=yes>\na\n<#part when=!yes>\nb\n<#multipart when=no>\n<#attach x>\n<#/multipart>\n<#attach y when=!no>\n<#inline z when=no>\n';
    assert.deepEqual(draft(body, MARKING), ['part', '  text "a\\n"', 'attach "y"']);
  });

  it('keeps everything where there is no data, and says so', () => {
    const text = 'To: a@b\n\n<#attach x when=a>\n';
    const { draft: made, problems } = draftOf(parseDocument(text).document, { ...MARKING, test: () => undefined });
    assert.deepEqual(tree(made.body), ['attach "x"']);
    assert.deepEqual(shown(text, problems), ['warning when-without-data «a»']);
  });

  it('goes by the first of settings that stand twice, but for those that may', () => {
    const settings = (text: string) =>
      draftOf(parseDocument(text).document).draft.settings.map(({ name, value }) => `${name}=${value.text}`);
    assert.deepEqual(settings('@css: inline\n@var: a=1\n@CSS: off\n@var: b=2\nTo: a@b\n\n'), [
      'css=inline',
      'var=a=1',
      'var=b=2',
    ]);
    assert.equal(parseDocument('@raw: on\n@raw: off\nTo: a@b\n\n').document.kind, 'finished');
    assert.equal(parseDocument('@raw: off\n@raw: on\nTo: a@b\n\n').document.kind, 'composed');
  });

  it('maps every character to its place', () => {
    const text = 'To: a@b\n\na\n<#!b\n<#-- n -->\n<#!!c\r\nd\n<#attach "x\\"y\\\\z" name="q">\n';
    const { body } = draftOf(parseDocument(text).document).draft;
    const check = (value: MappedText): void => {
      for (let offset = 0; offset < value.text.length; offset++) {
        assert.equal(text[documentOffset(value, offset)], value.text[offset]);
      }
    };
    const [first, second] = body;
    assert.ok(first?.type === 'text' && second?.type === 'attach');
    check(first.text);
    check(second.path);
    assert.equal(first.text.text, 'a\n<#b\n<#!c\r\nd\n');
    assert.equal(second.path.text, 'x"y\\z');
  });
});

describe('escapes', () => {
  const odd = fc.string({
    unit: fc.constantFrom('<#', '!', '/part>', 'attach x>', '-- ', '-->', '\n', '\r\n', 'é', ' ', '>', '"', '\\', 'a'),
    maxLength: 25,
  });

  it('give back any text, however often it is escaped', () => {
    fc.assert(
      fc.property(odd, fc.integer({ min: 1, max: 4 }), (text, depth) => {
        let body = text;
        for (let i = 0; i < depth; i++) body = escapeText(body);
        for (let i = 0; i < depth; i++) {
          const { document, problems } = parseDocument(`To: a@b\n\n${body}`);
          assert.deepEqual(
            problems.filter((problem) => problem.severity === 'error'),
            [],
          );
          const [node, ...more] = draftOf(document).draft.body;
          assert.equal(more.length, 0);
          body = node?.type === 'text' ? node.text.text : '';
        }
        assert.equal(body, text);
      }),
      { numRuns: 1000 },
    );
  });

  it('give back any value', () => {
    const value = odd.filter((text) => !/[\r\n]/.test(text) && text !== '');
    fc.assert(
      fc.property(value, (text) => {
        for (const written of [quoteValue(text), formatValue(text)]) {
          const [node] = draftOf(parseDocument(`To: a@b\n\n<#attach x name=${written}>\n`).document).draft.body;
          assert.ok(node?.type === 'attach');
          assert.equal(node.attributes[0]?.value?.text, text);
        }
      }),
    );
  });
});
