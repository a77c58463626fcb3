import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Range } from '../../../src/base/problem.ts';
import { advise, DEFAULT_ADVICE } from '../../../src/language/advice.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { isSameCid } from '../../../src/language/cid-index.ts';
import { cidAt, renameCid } from '../../../src/language/cids.ts';
import { complete } from '../../../src/language/complete.ts';
import { folds } from '../../../src/language/folding.ts';
import { fieldActions, formatHeader } from '../../../src/language/format.ts';
import { hover } from '../../../src/language/hover.ts';
import { fileInsertions } from '../../../src/language/insert-files.ts';
import { links } from '../../../src/language/links.ts';
import { selections } from '../../../src/language/selection.ts';
import { shownProblems, silenceFix } from '../../../src/language/silence.ts';
import { symbols } from '../../../src/language/symbols.ts';
import { applied, surroundings } from './cursor.ts';

/** Pieces that documents are made of, and pieces of these. */
const pieces = [
  'To: Ann <ann@a.example>, "Doe, Jo" <jo@b.example>;',
  'Subject: =?utf-8?Q?a?= {{user.name}}',
  'MIME-Version: 1.0',
  'Content-Type: text/html; charset=gb2312',
  'Content-Type: multipart/mixed; boundary=b',
  'Content-Transfer-Encoding: base64',
  'Date: Tue, 1 Jul 2025 10:00:00 +0200',
  '@data: ./d.json',
  '@var: a=b',
  '# mailbench-ignore x',
  ' folded',
  '',
  '--b',
  '--b--',
  'iVBORw0KGgo=',
  '<#attach "./a b.pdf" name="x" id=y>',
  '<#attach',
  '<#inline ./x.png id=logo',
  '<#part type=text/html when=a>',
  '<#part src=./page.html when=a>',
  '<#/part>',
  '<#multipart type=mixed>',
  '<#/multipart>',
  '<#-- mailbench-ignore -->',
  '<#!text',
  '<#',
  '<img src="cid:logo"><p style="background: url(./x.png)">',
  '{{#each lines}}{{title}}{{/each}} {% for x in lines %}{{ x.',
  '> attached, unsubscribe https://a.example/x',
  '附件 😀\ud800',
];
const documents = fc
  .array(fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...pieces) }, fc.string()), { maxLength: 14 })
  .chain((lines) => fc.constantFrom('\n', '\r\n', '\r').map((eol) => lines.join(eol)))
  .chain((text) => fc.tuple(fc.constant(text), fc.nat(text.length)))
  .map(([text, cut]) => [text, text.slice(0, cut)] as const);

function inside(text: string, { start, end }: Range): void {
  assert.ok(start >= 0 && start <= end && end <= text.length, `${start}-${end} of ${text.length}`);
}

function visit(text: string, offset: number): void {
  const analysis = new Analysis(text);
  for (const { range } of complete(analysis, offset, surroundings)) {
    inside(text, range);
    assert.ok(range.start <= offset && range.end >= offset);
  }
  const told = hover(analysis, offset, surroundings);
  if (told) inside(text, told.range);
  for (const range of selections(analysis, offset)) inside(text, range);
  cidAt(analysis, offset);
  renameCid(analysis, offset, 'new');
  fieldActions(analysis, offset);
}

describe('the features of the editor', () => {
  it('take every document, at every place', () => {
    fc.assert(
      fc.property(documents, ([whole, half]) => {
        for (const text of [whole, half]) {
          for (const offset of [0, text.length, Math.floor(text.length / 2), Math.floor(text.length / 3)])
            visit(text, offset);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('give places that are in the document', () => {
    fc.assert(
      fc.property(documents, ([text]) => {
        const analysis = new Analysis(text);
        for (const { range } of links(analysis)) inside(text, range);
        // One after the other or all at once, they are the same.
        const pictures = [...new Analysis(text).cids.pictures()];
        assert.deepEqual(pictures, analysis.cids.urls);
        assert.deepEqual([...analysis.cids.pictures()], pictures);
        for (const { range, selection } of symbols(analysis)) {
          inside(text, range);
          inside(text, selection);
        }
        for (const { start, end } of folds(analysis)) assert.ok(start < end && end < analysis.lineStarts.length);
        const advice = advise(analysis, { ...DEFAULT_ADVICE, longLine: 20 }, { size: 1e9 });
        for (const problem of advice) {
          inside(text, problem.range);
          for (const fix of problem.fixes ?? []) for (const edit of fix.edits) inside(text, edit.range);
        }
        shownProblems(analysis, [...analysis.problems, ...advice]);
      }),
      { numRuns: 300 },
    );
  });

  it('tell at a place what they tell of the whole document', () => {
    fc.assert(
      fc.property(documents, fc.array(fc.nat(400), { minLength: 6, maxLength: 6 }), ([text], places) => {
        const [near, all] = [new Analysis(text), new Analysis(text)];
        const { definitions, references, urls } = all.cids;
        const starts = all.lineStarts;
        for (const place of places) {
          const offset = Math.min(place, text.length);
          assert.equal(
            near.lineOf(offset),
            starts.findLastIndex((start) => start <= offset),
          );
          const touches = ({ range }: { range: Range }, before = 0) =>
            offset >= range.start - before && offset <= range.end;
          const { definition, reference, url } = near.cids.at(offset);
          assert.deepEqual(definition?.range, definitions.find((each) => touches(each))?.range);
          assert.deepEqual(reference?.range, references.find((each) => touches(each, 4))?.range);
          assert.deepEqual(url?.range, urls.findLast((each) => touches(each))?.range);
        }
        for (const part of [...definitions, ...references, { id: 'nobody' }]) {
          const same = near.cids.of(part);
          const isSame = isSameCid(part);
          const rangesOf = (found: readonly { range: Range }[]) => found.map(({ range }) => range);
          assert.deepEqual(rangesOf(same.definitions), rangesOf(definitions.filter(isSame)));
          assert.deepEqual(rangesOf(same.references), rangesOf(references.filter(isSame)));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('format once and for all, and change no value', () => {
    fc.assert(
      fc.property(documents, ([text]) => {
        const once = applied(text, formatHeader(new Analysis(text)));
        const analysis = new Analysis(once);
        assert.deepEqual(applied(once, formatHeader(analysis)), once);
        const words = (all: Analysis) => all.fields.map(({ value }) => value.text.replace(/[ \t]+/g, ' '));
        assert.deepEqual(words(analysis), words(new Analysis(text)));
      }),
      { numRuns: 300 },
    );
  });

  it('silence what a fix silences', () => {
    fc.assert(
      fc.property(documents, ([text]) => {
        const analysis = new Analysis(text);
        for (const problem of advise(analysis, DEFAULT_ADVICE)) {
          const fix = silenceFix(analysis, problem);
          if (!fix || /[\r]/.test(text)) continue;
          const after = new Analysis(applied(text, fix.edits));
          const count = (all: Analysis) =>
            shownProblems(all, advise(all, DEFAULT_ADVICE)).filter(({ code }) => code === problem.code).length;
          assert.ok(count(after) < count(analysis) || count(after) === 0, fix.title);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('attach behind everything, so that the parser finds the file', () => {
    fc.assert(
      fc.property(documents, ([, text]) => {
        const analysis = new Analysis(text);
        const [way] = fileInsertions(analysis, text.length, ['./a b.pdf']);
        if (!way) return;
        const after = new Analysis(applied(text, way.edits));
        const open = analysis.problems.some(({ code }) => /verbatim|note-unclosed|header-not-a-field/.test(code));
        if (!open && !after.finished) assert.equal(after.directives.at(-1)?.type, 'attach');
      }),
      { numRuns: 300 },
    );
  });
});
