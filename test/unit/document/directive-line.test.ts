import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { headEndBefore, pastFlawless, pastSound } from '../../../src/document/directive-line.ts';
import { parseHead } from '../../../src/document/directive-parser.ts';
import { ATTRIBUTES, DIRECTIVES } from '../../../src/document/directives.ts';
import { Lines } from '../../../src/document/lines.ts';
import type { AttributeNode } from '../../../src/document/nodes.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import type { BodyProblem } from '../../../src/document/problems.ts';
import { ProblemSink } from '../../../src/document/sink.ts';

const value = fc.constantFrom(
  'a',
  './a b',
  '"a b"',
  '""',
  '"a',
  'a=b',
  'type=x',
  '\\',
  '"\\""',
  '{{x}}',
  '<a@b>',
  'é',
  '\u2028',
  '',
);
const attribute = fc.tuple(
  fc.constantFrom(...ATTRIBUTES.map(({ name }) => name), 'TYPE', 'param.x', 'nonsense'),
  fc.constantFrom('=', '=', '=', ''),
  value,
);
/** Those that may not have any value, as they may be, and as they may not. */
const uncommon = [
  'when=a',
  'when=!a.b',
  'when=!',
  'when=.a',
  'when="a"',
  'template=off',
  'template=on',
  'src=x',
  'src=""',
];
const piece = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...uncommon).map((written) => ` ${written}`) },
  { weight: 4, arbitrary: attribute.map((parts) => ` ${parts.join('')}`) },
  { weight: 1, arbitrary: fc.constantFrom(' ', '\t', '>', '<', '"', '\r', '\n', 'x', '\f') },
);
const line = fc
  .tuple(
    fc.constantFrom('', '', '', ' x', ' "x y"', ' ./p.png', '\tx'),
    fc.array(piece, { maxLength: 6 }),
    fc.constantFrom('>', '>', ' >', '> ', '>x', ''),
    fc.constantFrom('\n', '\r\n', '\r', '', '\nnext type=x>\n'),
  )
  .map(([path, pieces, close, end]) => path + pieces.join('') + close + end);

describe('directive lines', () => {
  for (const { name } of DIRECTIVES) {
    it(`takes no <#${name}> for flawless in which the parser finds a problem`, () => {
      let [flawless, uncommon] = [0, 0];
      fc.assert(
        fc.property(line, (rest) => {
          const text = `<#${name}${rest}`;
          const next = pastSound(text, name, 0);
          const common = pastFlawless(text, name, 0);
          if (next < 0) {
            assert.equal(common, -1);
            return;
          }
          if (common >= 0) flawless++;
          else uncommon++;
          const sink = new ProblemSink<BodyProblem>();
          const keyword = { start: 2, end: 2 + name.length };
          const head = parseHead(text, name, keyword, new Lines(text).end(0), '\n', sink);
          assert.deepEqual(sink.problems, []);
          assert.equal(head.headRange.end, headEndBefore(text, next));
          const lines = new Lines(text);
          assert.equal(next, lines.next(lines.end(0)));
          assert.ok(common < 0 || common === next);
          // What these say is asked for while the body is read.
          const asked = common >= 0 ? ['src', 'verbatim'] : ['verbatim'];
          assert.ok(!head.attributes.some((each) => asked.includes(each.name.toLowerCase())));
        }),
        { numRuns: 4000 },
      );
      assert.ok(flawless > 50 && uncommon > 2, `only ${flawless} and ${uncommon} of 4000`);
    });
  }

  it('says what an attribute says, read with the others or by itself', () => {
    let flawless = 0;
    fc.assert(
      fc.property(fc.constantFrom(...DIRECTIVES), line, ({ name }, rest) => {
        const text = `To: a@b\n\n<#${name}${rest}\n<#/${name}>\n`;
        const [node] = parseDocument(text).document.body;
        if (!node || !('attributes' in node)) return;
        if (pastFlawless(text, name, node.range.start) >= 0) flawless++;
        if ('path' in node) {
          const keyword = { start: node.range.start + 2, end: node.range.start + 2 + name.length };
          const end = new Lines(text).end(node.range.start);
          const sink = new ProblemSink<BodyProblem>();
          assert.deepEqual(node.path, parseHead(text, name, keyword, end, '\n', sink).path);
        }
        for (const each of [...ATTRIBUTES.map((facts) => facts.name), 'param.x']) {
          const read: AttributeNode | undefined = node.attributes.find(
            (attribute) => attribute.name.toLowerCase() === each,
          );
          assert.equal(node.valueOf(each), read?.value?.text, each);
          assert.deepEqual(node.valueAt(each), read?.value, each);
          if (node.lacks(each)) assert.equal(read, undefined);
        }
      }),
      { numRuns: 4000 },
    );
    assert.ok(flawless > 50, `only ${flawless} of 4000`);
  });

  it('takes what is commonly written for flawless', () => {
    for (const written of [
      '<#attach ./a.pdf>',
      '<#attach "./out/q3 v2.csv" name="Übersicht Q3.csv" type=text/csv charset=iso-8859-1>\r\n',
      '<#inline ./chart.svg id=chart> \n',
      '<#part type=text/html>\n',
      '<#multipart type=mixed>\n',
    ]) {
      const { name } = DIRECTIVES.find((each) => written.startsWith(`<#${each.name}`))!;
      assert.equal(pastFlawless(written, name, 0), written.length, written);
    }
  });

  it('reads a head when it is asked for, from the line that it is of', () => {
    const text = 'To: a@b\n\n<#attach a name=one>\n<#inline b id=two when=x>\n<#part type=text/html id=three>\nx\n';
    const [attach, inline, part] = parseDocument(text).document.body;
    assert.ok(attach?.type === 'attach' && inline?.type === 'inline' && part?.type === 'part');
    const said = (node: typeof attach | typeof inline | typeof part): string =>
      node.attributes.map(({ range }) => text.slice(range.start, range.end)).join();
    // In turns, so that an answer kept too long would show.
    for (let turn = 0; turn < 2; turn++) {
      assert.equal(attach.path?.text, 'a');
      assert.equal(inline.path?.text, 'b');
      assert.equal(said(attach), 'name=one');
      assert.equal(said(part), 'type=text/html,id=three');
      assert.equal(said(inline), 'id=two,when=x');
    }
    const slices = [attach.headRange, inline.keywordRange, part.headRange].map(({ start, end }) =>
      text.slice(start, end),
    );
    assert.deepEqual(slices, ['<#attach a name=one>', 'inline', '<#part type=text/html id=three>']);
  });
});
