import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Analysis } from '../../../src/language/analysis.ts';
import { folds } from '../../../src/language/folding.ts';
import { links } from '../../../src/language/links.ts';
import { selections } from '../../../src/language/selection.ts';
import { type DocumentSymbol, symbols } from '../../../src/language/symbols.ts';
import { cursor } from './cursor.ts';

const composed = [
  '# A comment',
  '# and one more',
  '@data: ./d.json',
  'From: Ann <ann@a.example>',
  'To: jo@a.example,',
  '  li@a.example',
  'Subject: Hi',
  '',
  'Text https://a.example/x, see (https://b.example/y).',
  '> quoted',
  '> twice',
  '<#part type=text/html>',
  '<div>',
  '  <img src="./logo.png">',
  '  <img src="cid:chart">',
  '</div>',
  '<#/part>',
  '<#inline ./chart.svg id=chart>',
  '<#-- a note',
  'of two lines -->',
  '<#attach "./q 3.csv" name="Q3.csv">',
  '',
].join('\n');

const finished = [
  'MIME-Version: 1.0',
  'Subject: =?utf-8?Q?=C3=A4?=',
  'Content-Type: multipart/mixed; boundary=b',
  '',
  '--b',
  'Content-Type: text/plain',
  '',
  'Hi',
  '--b',
  'Content-Type: image/png; name=x.png',
  'Content-Transfer-Encoding: base64',
  '',
  'iVBORw0K',
  'GgoAAAAN',
  '--b--',
  '',
].join('\n');

function tree(nodes: readonly DocumentSymbol[], indent = ''): readonly string[] {
  return nodes.flatMap(({ name, detail, kind, children }) => [
    `${indent}${kind} ${name}${detail ? ` · ${detail}` : ''}`,
    ...tree(children, `${indent}  `),
  ]);
}

describe('the outline', () => {
  it('has the fields, parts and attachments of a composed document', () => {
    assert.deepEqual(tree(symbols(new Analysis(composed))), [
      'setting @data · ./d.json',
      'field From · Ann <ann@a.example>',
      'field To · jo@a.example,  li@a.example',
      'field Subject · Hi',
      'text text/plain',
      'part text/html',
      'inline chart.svg · image/svg+xml, cid:chart',
      'attachment Q3.csv · text/csv',
    ]);
  });

  it('has the parts of a finished message, with their sizes', () => {
    assert.deepEqual(tree(symbols(new Analysis(finished))), [
      'field MIME-Version · 1.0',
      'field Subject · ä',
      'field Content-Type · multipart/mixed; boundary=b',
      'part text/plain · 2 bytes',
      'attachment x.png · image/png, 12 bytes',
    ]);
  });

  it('nests what stands in multiparts', () => {
    const text =
      'To: a@b\n\n<#multipart type=multipart/related>\n<#part type=text/html>\n<p>\n<#/part>\n<#attach ./x.pdf>\n<#/multipart>\n';
    assert.deepEqual(tree(symbols(new Analysis(text))), [
      'field To · a@b',
      'multipart multipart/related',
      '  part text/html',
      '  attachment x.pdf · application/pdf',
    ]);
  });

  it('keeps each selection within its range, whatever is typed', () => {
    for (let end = 0; end <= composed.length; end++) {
      const check = (nodes: readonly DocumentSymbol[]): void => {
        for (const { range, selection, children } of nodes) {
          assert.ok(range.start <= selection.start && selection.end <= range.end && range.end <= end);
          check(children);
        }
      };
      check(symbols(new Analysis(composed.slice(0, end))));
      check(symbols(new Analysis(finished.slice(0, Math.min(end, finished.length)))));
    }
  });
});

describe('folding', () => {
  const shown = (text: string): readonly string[] =>
    folds(new Analysis(text)).map(({ start, end, kind }) => `${start}-${end}${kind ? ` ${kind}` : ''}`);

  it('folds comments, header, long fields, quotes, parts, HTML and notes', () => {
    assert.deepEqual(shown(composed), ['4-5', '0-1 comment', '2-6 region', '11-16', '18-19 comment', '9-10', '12-14']);
  });

  it('folds the parts of a finished message and their headers', () => {
    assert.deepEqual(shown(finished), ['0-2 region', '4-7', '8-13', '9-10 region', '12-13']);
  });

  it('has nothing to fold in one line', () => assert.deepEqual(shown('To: a@b\n\nHi'), []));
});

describe('links', () => {
  it('leads to files, URLs and addresses', () => {
    const found = links(new Analysis(composed)).map(
      ({ range, target }) =>
        `${composed.slice(range.start, range.end)} -> ${'path' in target ? target.path : target.url}`,
    );
    assert.deepEqual(found, [
      './d.json -> ./d.json',
      'ann@a.example -> mailto:ann@a.example',
      'jo@a.example -> mailto:jo@a.example',
      'li@a.example -> mailto:li@a.example',
      'https://a.example/x -> https://a.example/x',
      'https://b.example/y -> https://b.example/y',
      './logo.png -> ./logo.png',
      './chart.svg -> ./chart.svg',
      './q 3.csv -> ./q 3.csv',
    ]);
  });

  it('leaves templates and paths that are not followed alone', () => {
    const text = 'To: {{x}} <a@b.example>\n\n<#attach ./{{x}}.pdf>\n<#attach /etc/passwd>\n<#attach ~/x>\n';
    assert.deepEqual(links(new Analysis(text)), []);
  });

  it('reads the URIs of lists', () => {
    const text = 'List-Unsubscribe: <https://a.example/u>, <mailto:u@a.example>\n\nHi';
    assert.deepEqual(
      links(new Analysis(text)).map(({ target }) => target),
      [{ url: 'https://a.example/u' }, { url: 'mailto:u@a.example' }],
    );
  });
});

describe('selection', () => {
  const grown = (marked: string): readonly string[] => {
    const { analysis, offset, text } = cursor(marked);
    return selections(analysis, offset).map(({ start, end }) => text.slice(start, end));
  };

  it('grows from a word to the whole', () => {
    assert.deepEqual(grown('From: x@y\nTo: Ann <an|n@a.example>, b@c\n\nHi'), [
      'ann',
      'ann@a.example',
      'Ann <ann@a.example>',
      'Ann <ann@a.example>, b@c',
      'To: Ann <ann@a.example>, b@c',
      'From: x@y\nTo: Ann <ann@a.example>, b@c',
      'From: x@y\nTo: Ann <ann@a.example>, b@c\n\nHi',
    ]);
    assert.deepEqual(grown('To: a@b\n\n<#part type="text/h|tml">\nHi\n<#/part>\n'), [
      'html',
      'text/html',
      '"text/html"',
      'type="text/html"',
      '<#part type="text/html">',
      '<#part type="text/html">\nHi\n<#/part>',
      '<#part type="text/html">\nHi\n<#/part>\n',
      'To: a@b\n\n<#part type="text/html">\nHi\n<#/part>\n',
    ]);
    assert.deepEqual(grown('To: a@b\n\nOne.\n\nTwo th|ree\nfour.\n\nFive.'), [
      'three',
      'Two three',
      'Two three\nfour.',
      'One.\n\nTwo three\nfour.\n\nFive.',
      'To: a@b\n\nOne.\n\nTwo three\nfour.\n\nFive.',
    ]);
  });

  it('is nested at every place', () => {
    for (const text of [composed, finished]) {
      const analysis = new Analysis(text);
      for (let offset = 0; offset <= text.length; offset++) {
        const ranges = selections(analysis, offset);
        for (const [index, range] of ranges.entries()) {
          assert.ok(range.start <= offset && offset <= range.end);
          const next = ranges[index + 1];
          if (next) assert.ok(next.start <= range.start && range.end <= next.end);
        }
      }
    }
  });
});
