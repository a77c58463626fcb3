import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { parseDocument } from '../../../src/document/parse.ts';
import { showMessage } from '../../../src/inspect/shown-message.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { folds } from '../../../src/language/folding.ts';
import { hoverBase64 } from '../../../src/language/hover-base64.ts';
import { links } from '../../../src/language/links.ts';
import { partSizes } from '../../../src/language/part-sizes.ts';
import { selections } from '../../../src/language/selection.ts';
import { type DocumentSymbol, symbols } from '../../../src/language/symbols.ts';
import { composed as composedMessage } from '../../support/composed.ts';
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

  it('names parts and fields of a finished message by the letters that stand there (RFC 6532)', () => {
    const text = [
      'MIME-Version: 1.0',
      'Subject: Käse',
      'Content-Type: multipart/mixed; boundary=b',
      '',
      '--b',
      'Content-Disposition: attachment; filename="Übersicht.txt"',
      '',
      'x',
      '--b',
      'Content-Type: text/csv;',
      '\tname="报表 ü.csv"',
      '',
      'y',
      '--b',
      'Content-Type: message/rfc822',
      '',
      'Subject: 你好',
      '',
      'z',
      '--b--',
      '',
    ].join('\n');
    assert.deepEqual(tree(symbols(new Analysis(text))), [
      'field MIME-Version · 1.0',
      'field Subject · Käse',
      'field Content-Type · multipart/mixed; boundary=b',
      'attachment Übersicht.txt · text/plain, 1 byte',
      'attachment 报表 ü.csv · text/csv, 1 byte',
      'part 你好 · message/rfc822, 18 bytes',
      '  field Subject · 你好',
      '  part text/plain · 1 byte',
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

describe('a message that is shown', () => {
  const inner =
    'Subject: =?utf-8?Q?Z=C3=BCrich?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=i\n\n--i\n\nHi\n--i\nContent-Type: image/png\n\nxyz\n--i--\n';
  const document =
    'From: a@example.com\nTo: b@example.org\n\nZoë\n<#part type=text/html>\n<p>Zoë</p>\n<#/part>\n<#attach ./big.bin>\n<#attach ./inner.eml name="">\n';

  async function shown(text: string) {
    const made = await composedMessage(text, { 'big.bin': Buffer.alloc(100_000), 'inner.eml': inner });
    const message = await showMessage(made.message!, made.built);
    return { message, analysis: new Analysis(message.text, parseDocument(message.text, 'finished'), message) };
  }

  it('has its parts in the outline, messages in messages too, with what each takes', async () => {
    const { analysis } = await shown(document);
    const [, , , , , , ...parts] = tree(symbols(analysis));
    assert.deepEqual(
      parts.map((line) => line.replace(/boundary="?=_mb.*/, 'boundary')),
      [
        'multipart multipart/alternative · 307 bytes',
        '  part text/plain · 6 bytes, 10 bytes as quoted-printable',
        '  part text/html · 13 bytes, 17 bytes as quoted-printable',
        'attachment big.bin · application/octet-stream, 97.7 KB, 134 KB as base64',
        'attachment Zürich · message/rfc822, 153 bytes',
        '  field Subject · Zürich',
        '  field MIME-Version · 1.0',
        '  field Content-Type · multipart/mixed; boundary=i',
        '  part text/plain · 2 bytes',
        '  part image/png · 3 bytes',
      ],
    );
  });

  it('folds each part from its boundary on, what is left out with its attachment', async () => {
    const { analysis, message } = await shown(document);
    const lines = message.text.split('\r\n');
    const folded = folds(analysis).map(({ start, end }) => `${lines[start]!.replace(/_mb_.*/, '')} … ${lines[end]}`);
    const starts = folds(analysis).map(({ start }) => start);
    assert.equal(folded.filter((fold) => fold.startsWith('--=')).length, 5);
    assert.equal(folded.filter((fold) => fold.startsWith('--i')).length, 2);
    assert.ok(folded.includes('Subject: =?utf-8?Q?Z=C3=BCrich?= … Content-Type: multipart/mixed; boundary=i'));
    const gap = lines.findIndex((line) => line.startsWith('[…'));
    const around = folds(analysis).filter(({ start, end }) => start < gap && gap < end);
    assert.deepEqual(
      around.map(({ start, end }) => end - start),
      [37, 32],
    );
    assert.ok(!folded.some((fold) => fold.startsWith(' …')), 'no fold begins at an empty line');
    assert.equal(new Set(starts).size, starts.length, 'a line begins one fold only');
  });

  it('is finished though nothing says so, and tells the bytes behind what is left out', async () => {
    const raw = await shown('@raw: on\nFrom: a@example.com\nTo: b@example.org\n\n<#part\n');
    assert.ok(raw.analysis.finished);
    assert.deepEqual(tree(symbols(raw.analysis)), [
      'field From · a@example.com',
      'field To · b@example.org',
      'part text/plain · 8 bytes',
    ]);
    const { analysis, message } = await shown(document);
    const [gap] = message.gaps;
    assert.match(hoverBase64(analysis, gap!.start - 10)!.markdown, /^Bytes 856 to 912 of 97.7 KB/);
    assert.match(hoverBase64(analysis, gap!.end)!.markdown, /^Bytes 99,124 to 99,180 of 97.7 KB/);
    assert.equal(hoverBase64(analysis, gap!.start + 5), undefined);
  });

  it('has the size of the whole and of each part told above it', async () => {
    const { message } = await shown(document);
    const lines = message.text.split('\r\n');
    const told = partSizes(message).map(
      ({ offset, title }) =>
        `${lines[message.text.slice(0, offset).split('\n').length - 1]!.replace(/_mb_.*/, '')} ${title}`,
    );
    assert.deepEqual(told, [
      `From: a@example.com 135 KB (${message.size.toLocaleString('en-US')} bytes) as sent, in 4 parts`,
      '--= multipart/alternative · 307 bytes',
      '--= text/plain · 6 bytes, 10 bytes as quoted-printable',
      '--= text/html · 13 bytes, 17 bytes as quoted-printable',
      '--= application/octet-stream · 97.7 KB, 134 KB as base64',
      '--= message/rfc822 · 153 bytes',
      '--i text/plain · 2 bytes',
      '--i image/png · 3 bytes',
    ]);
    assert.equal(
      partSizes(message)[4]!.tooltip,
      'big.bin: 100,000 bytes of content, sent as 136,844 bytes of base64, header apart',
    );
    const simple = await shown('From: a@example.com\nTo: b@example.org\n\nHi\n');
    assert.deepEqual(
      partSizes(simple.message).map(({ offset, title }) => [offset, title]),
      [
        [0, `${simple.message.size} bytes as sent`],
        [0, 'text/plain · 4 bytes'],
      ],
    );
  });
});

describe('links', () => {
  for (const html of [
    '<img src=p.png>',
    '<td BACKGROUND="p.png">',
    '<video poster=p.png>',
    '<image xlink:href="p.png"/>',
    '<img srcset="p.png 2x">',
    '<mj-section background-url="p.png">',
    '<p style="content: URL(p.png)">',
    '<style>p { content: url(p.png) }</style>',
  ])
    it(`find the picture in ${html}, among texts that have none`, () => {
      const part = (text: string): string => `<#part type=text/html>\n${text}\n<#/part>\n`;
      const text = `To: a@b\n\n${part('<p>')}${part(html)}${part('<p>')}${part(html)}`;
      const targets = links(new Analysis(text)).flatMap(({ target }) => ('path' in target ? target.path : []));
      assert.deepEqual(targets, ['p.png', 'p.png']);
    });

  it('lead to the files that parts take their text from, and to the first of many pictures', () => {
    const parts = `Subject: x\n\n<#part src=./a.html when=x>\n<#part when=!y src="./b c.html">\n<#part src="~/no">\nx\n`;
    const paths = (text: string) =>
      links(new Analysis(text)).map(({ range, target }) => [text.slice(range.start, range.end), target]);
    assert.deepEqual(paths(parts), [
      ['./a.html', { path: './a.html' }],
      ['./b c.html', { path: './b c.html' }],
    ]);
    const many = `Subject: x\n\n<#part type=text/html>\n${'<img src="./p.png">\n'.repeat(20_000)}`;
    const found = paths(many);
    assert.equal(found.length, 5000);
    assert.deepEqual(found.at(-1), ['./p.png', { path: './p.png' }]);
  });

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
    const text = 'To: {{x}} <{{y}}@b.example>\n\n<#attach ./{{x}}.pdf>\n<#attach /etc/passwd>\n<#attach ~/x>\n';
    assert.deepEqual(links(new Analysis(text)), []);
  });

  it('finds the addresses that stand between template expressions', () => {
    const found = (value: string): readonly string[] => {
      const text = `To: ${value}\n\nHi`;
      return links(new Analysis(text)).map(({ range }) => text.slice(range.start, range.end));
    };
    for (const [value, ...addresses] of [
      ['{{name}} <ann@a.example>', 'ann@a.example'],
      ['"{{name}}" <ann@a.example>, {{other}},\n  jo@b.example', 'ann@a.example', 'jo@b.example'],
      ['{{join names ", "}} <ann@a.example>', 'ann@a.example'],
      ['{% if x %}ann@a.example{% else %}jo@b.example{% endif %}', 'ann@a.example', 'jo@b.example'],
      ['{{#each list}}{{name}} <ann@a.example>, {{/each}}jo@b.example, li@c.example', 'ann@a.example', 'li@c.example'],
      ['ann{{#if x}}1{{/if}}@a.example, ann@a{{#if x}}1{{/if}}.example, ann@a.exam{{#if x}}ple{{/if}}'],
      ['{{#if x}}ann@a.example, {{/if}}jo@b.example', 'ann@a.example'],
      ['{{#if x}}<ann@a.example>{{/if}}, <jo@b.example>', 'ann@a.example', 'jo@b.example'],
      ['{{user}}@a.example, ann@{{domain}}, ann@a.{{tld}}, jo@b.example', 'jo@b.example'],
      ['{{name} <ann@a.example>'],
    ] as const)
      assert.deepEqual(found(value), addresses, value);
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
