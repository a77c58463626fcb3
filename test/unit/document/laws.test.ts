import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Range } from '../../../src/base/problem.ts';
import { checkDocument } from '../../../src/document/check.ts';
import { draftOf } from '../../../src/document/draft-of.ts';
import { envelopeOf } from '../../../src/document/envelope.ts';
import { type BodyNode, isText } from '../../../src/document/nodes.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import { applied } from './shown.ts';

const PIECES = [
  ...['To: ', 'From: a@b', 'MIME-Version: 1.0', '@raw: on', '@raw: off', '@', '# ', ': ', 'x'],
  ...['\n', '\n', '\n', '\r\n', '\r', ' ', '\t', '<#', '<#attach ', '<#inline ', '<#part', '<#/part>', '<#multipart>'],
  ...['<#part>\n', '<#part id=a>\r\n', '<#/part>\n', 'x\n'],
  ...[
    '<#/multipart>',
    '<#--',
    '-->',
    '<#!',
    '>',
    '"',
    '\\',
    '=',
    ' type=',
    ' verbatim',
    ' src=',
    '<#if x>',
    '\0',
    '\ufeff',
    'é',
    '{{',
  ],
];
const text = fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join(''));

/** Every node within its parent, in order, without overlap. */
function ordered(nodes: readonly BodyNode[], within: Range): void {
  let from = within.start;
  for (const node of nodes) {
    assert.ok(from <= node.range.start && node.range.start < node.range.end && node.range.end <= within.end);
    from = node.range.end;
    if ('children' in node) ordered(node.children, node.range);
  }
}

/** What a part says of its text is what it holds; a plain one holds nothing else. */
function textsOf(source: string, nodes: readonly BodyNode[]): void {
  for (const node of nodes) {
    if (node.type === 'multipart') textsOf(source, node.children);
    if (node.type !== 'part') continue;
    const texts = node.children.filter(isText);
    const [first, last] = [texts[0], texts.at(-1)];
    assert.deepEqual(node.textRange, first && last && { start: first.range.start, end: last.range.end });
    if (!node.plain) continue;
    if (!node.closeRange) {
      // Nothing, up to what ends it.
      assert.deepEqual(node.children, []);
      assert.match(source.slice(node.headRange.end, node.range.end), /^[ \t]*(?:\r\n?|\n)$/);
      continue;
    }
    assert.ok(node.children.length <= 1 && node.children.length === texts.length);
    const { start = node.closeRange!.start, end = start } = node.textRange ?? {};
    assert.match(source.slice(node.headRange.end, start), /^[ \t]*(?:\r\n?|\n)$/);
    assert.match(source.slice(end, node.range.end), /^<#\/part>[ \t]*(?:\r\n?|\n|$)$/);
    assert.equal(node.closeRange?.start, end);
  }
}

/** The leaves of a tree. */
function leaves(nodes: readonly BodyNode[]): readonly Range[] {
  return nodes.flatMap((node) => {
    if (!('children' in node)) return [node.range];
    return [node.headRange, ...leaves(node.children), ...(node.closeRange ? [node.closeRange] : [])];
  });
}

describe('parseDocument: laws', () => {
  it('is total, with ranges in the text, for it and everything made of it', () => {
    fc.assert(
      fc.property(text, (source) => {
        const { document, problems } = parseDocument(source);
        const checks = checkDocument(document);
        const { draft } = draftOf(document);
        envelopeOf(draft);
        for (const { range, fixes = [] } of [...problems, ...checks]) {
          for (const place of [range, ...fixes.flatMap((fix) => fix.edits.map((edit) => edit.range))]) {
            assert.ok(0 <= place.start && place.start <= place.end && place.end <= source.length);
          }
        }
        if (document.kind !== 'composed') return;
        ordered(document.body, { start: document.bodyStart, end: source.length });
        textsOf(source, document.body);
      }),
      { numRuns: 3000 },
    );
  });

  it('leaves no line of the body out of its tree', () => {
    fc.assert(
      fc.property(text, (source) => {
        const { document } = parseDocument(source);
        if (document.kind === 'finished') return;
        let from = document.bodyStart;
        for (const range of leaves(document.body)) {
          // Between leaves there is what follows a directive on its line.
          assert.doesNotMatch(source.slice(from, range.start), /[\r\n][^\r\n]*[\r\n]\S/);
          from = Math.max(from, range.end);
        }
      }),
    );
  });

  it('changes something by every preferred fix', () => {
    fc.assert(
      fc.property(text, (source) => {
        const { problems } = parseDocument(source);
        for (const problem of problems) {
          const fix = problem.fixes?.find((candidate) => candidate.preferred);
          if (!fix) continue;
          const result = applied(source, fix.edits);
          assert.notEqual(result, source);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('takes a document cut off at every place', () => {
    const whole = [
      '# comment\r\n@server: inbox\r\nFrom: Ann <a@b>\r\nTo: c@d,\r\n e@f\r\n\r\ntext\r\n<#!x\r\n<#-- n\r\n -->\r\n',
      '<#multipart type=mixed>\r\n<#part type="text/html" name="a \\"b\\"">\r\nx\r\n<#/part>\r\n<#/multipart>\r\n',
      '<#part verbatim>\r\n<#if>\r\n<#/part>\r\n<#attach "x y" when=!a>\r\n',
    ].join('');
    for (let end = 0; end <= whole.length; end++) {
      const { document } = parseDocument(whole.slice(0, end));
      checkDocument(document);
      draftOf(document);
    }
  });

  const lines = [
    ...['<#\n', '<#x\n', '<#--\n', '<#part>\n', '<#multipart>\n', '<#attach x>\n', '<#part verbatim>\n', '<#/part>\n'],
    ...['<#if x>\n', '<#attach "\\', '<#!\n', '-->', '<#attach x a=<<<<"\n', '<#part a=b a=b\n'],
  ];
  // Quadratic, these would take many minutes, and the runner would stop them.
  for (const line of lines) {
    it(`takes a megabyte of ${JSON.stringify(line)} in a body`, () => {
      const { problems } = parseDocument(`To: a@b\n\n${line.repeat(1_000_000 / line.length)}`);
      assert.ok(problems.length <= 1001);
    }).timeout(30_000);
  }

  for (const line of ['hello world\r\n', '\r', '\n', '<#', ' <#', '   <#part\n']) {
    it(`takes ten megabytes of ${JSON.stringify(line)} in a body`, () => {
      const { problems } = parseDocument(`To: a@b\n\n${line.repeat(10_000_000 / line.length)}`);
      assert.ok(problems.length <= 1001);
    }).timeout(30_000);
  }

  for (const line of [
    'X: y\n',
    '@\n',
    '#\n',
    'X: y\n z\n',
    'MIME-Version: 1.0\nx\n',
    'X:',
    '@x: y\n',
    'To: a@b\n',
    ' \n',
  ]) {
    it(`takes half a megabyte of ${JSON.stringify(line)} in a header`, () => {
      const { document } = parseDocument(line.repeat(500_000 / line.length));
      checkDocument(document);
    }).timeout(30_000);
  }
});
