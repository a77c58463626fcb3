import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { gatheredAddresses } from '../../../src/language/complete-address.ts';
import { labels, suggestions, taken } from './cursor.ts';

const head = 'To: a@b\n\n';

/** A document, a suggestion, and the document with it. */
const takings: readonly (readonly [string, string, string])[] = [
  // Names of fields and settings
  ['|', 'Subject', 'Subject: '],
  ['Su|', 'Subject', 'Subject: '],
  ['To: a@b\nSu|', 'Subject', 'To: a@b\nSubject: '],
  ['To: a@b\nSu|\nCc: c@d\n\nHi', 'Subject', 'To: a@b\nSubject: \nCc: c@d\n\nHi'],
  ['To: a@b\n|\n\nHi', 'Subject', 'To: a@b\nSubject: \n\nHi'],
  ['To: a@b\nSub|ject: x\n', 'Reply-To', 'To: a@b\nReply-To: x\n'],
  ['@|\nTo: a@b\n', '@data', '@data: \nTo: a@b\n'],
  ['@da|: x\nTo: a@b\n', '@data', '@data: x\nTo: a@b\n'],
  // Values of fields
  ['To: |', 'Ann Zoë <ann@a.example>', 'To: Ann Zoë <ann@a.example>'],
  ['To: an|', 'Ann Zoë <ann@a.example>', 'To: Ann Zoë <ann@a.example>'],
  ['To: ann@a.example, d|', '"Doe, Jo" <jo@a.example>', 'To: ann@a.example, "Doe, Jo" <jo@a.example>'],
  ['To: Team: |', 'Ann Zoë <ann@a.example>', 'To: Team: Ann Zoë <ann@a.example>'],
  ['To: x@y,\n  a|', 'Ann Zoë <ann@a.example>', 'To: x@y,\n  Ann Zoë <ann@a.example>'],
  ['From: me@here.example\nTo: m|', 'me@here.example', 'From: me@here.example\nTo: me@here.example'],
  ['To: Zoë <ann@|', 'Ann Zoë <ann@a.example>', 'To: Ann Zoë <ann@a.example>'],
  ['To: @a.ex|', 'Ann Zoë <ann@a.example>', 'To: Ann Zoë <ann@a.example>'],
  [
    'From: =?utf-8?Q?J=C3=B6?= <j@b.example>\nTo: j|',
    'Jö <j@b.example>',
    'From: =?utf-8?Q?J=C3=B6?= <j@b.example>\nTo: Jö <j@b.example>',
  ],
  ['From: Jö <j@b.example>\nTo: j|', 'Jö <j@b.example>', 'From: Jö <j@b.example>\nTo: Jö <j@b.example>'],
  ['Importance: |', 'high', 'Importance: high'],
  ['Importance: lo|w', 'normal', 'Importance: normal'],
  ['Date: |', 'Tue, 1 Jul 2025 10:00:00 +0200', 'Date: Tue, 1 Jul 2025 10:00:00 +0200'],
  ['Content-Type: te|', 'text/html', 'Content-Type: text/html'],
  ['Content-Type: text/html; |', 'charset', 'Content-Type: text/html; charset='],
  ['Content-Type: text/html; charset=gb|', 'gb2312', 'Content-Type: text/html; charset=gb2312'],
  ['List-Unsubscribe-Post: |', 'List-Unsubscribe=One-Click', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click'],
  // Values of settings
  ['@server: |\n', 'staging', '@server: staging\n'],
  ['@server: in|box\n', 'staging', '@server: staging\n'],
  ['@data: |\n', 'data.json', '@data: ./data.json\n'],
  ['@record: |\n', '2', '@record: 2\n'],
  ['@text: |\n', 'auto', '@text: auto\n'],
  ['@envelope-from: |\n', '<>', '@envelope-from: <>\n'],
  // Directives
  [`${head}<|`, '<#attach', `${head}<#attach $1>`],
  [`${head}<#|`, '<#part', `${head}<#part type=$1>\n$0\n<#/part>`],
  [`${head}<#at|>`, '<#attach', `${head}<#attach $1>`],
  [`${head}<#att| ./x>`, '<#inline', `${head}<#inline ./x>`],
  [`${head}<#part>\nHi\n<#/|`, '<#/part>', `${head}<#part>\nHi\n<#/part>`],
  // Indented, as an editor does behind an open tag, none would be a directive.
  [`${head}<#part type=text/html>\n<div>\n  <#/|`, '<#/part>', `${head}<#part type=text/html>\n<div>\n<#/part>`],
  [`${head}<#part type=text/html>\n\t<#at|>`, '<#attach', `${head}<#part type=text/html>\n<#attach $1>`],
  [`${head}<#-|`, '<#-- -->', `${head}<#-- $0 -->`],
  // Attributes
  [`${head}<#attach ./x |>`, 'name', `${head}<#attach ./x name=>`],
  [`${head}<#attach ./x na|=y>`, 'charset', `${head}<#attach ./x charset=y>`],
  [`${head}<#part |>`, 'verbatim', `${head}<#part verbatim>`],
  [`${head}<#part header.|>`, 'header.Subject', `${head}<#part header.Subject=>`],
  [`${head}<#part type=|>`, 'text/calendar', `${head}<#part type=text/calendar>`],
  [`${head}<#part type="te|">`, 'text/html', `${head}<#part type="text/html">`],
  [`${head}<#multipart type=|>`, 'multipart/related', `${head}<#multipart type=multipart/related>`],
  [`${head}<#part charset=|>`, 'big5', `${head}<#part charset=big5>`],
  [`${head}<#part type=text/calendar method=|>`, 'CANCEL', `${head}<#part type=text/calendar method=CANCEL>`],
  [`${head}<#attach ./images/a.png name=|>`, 'a.png', `${head}<#attach ./images/a.png name=a.png>`],
  [`${head}<#attach ./x when=|>`, '!user.email', `${head}<#attach ./x when=!user.email>`],
  [`${head}<#attach ./x header.Importance=|>`, 'low', `${head}<#attach ./x header.Importance=low>`],
  // Paths
  [`${head}<#attach |>`, 'report.pdf', `${head}<#attach ./report.pdf>`],
  [`${head}<#attach ./re|>`, 'report.pdf', `${head}<#attach ./report.pdf>`],
  [`${head}<#attach |>`, 'a b.png', `${head}<#attach "./a b.png">`],
  [`${head}<#attach "|">`, 'a b.png', `${head}<#attach "./a b.png">`],
  [`${head}<#attach |>`, 'images/', `${head}<#attach ./images/>`],
  [`${head}<#inline ./images/|>`, 'logo.png', `${head}<#inline ./images/logo.png>`],
  [`${head}<#part src=|>`, 'data.json', `${head}<#part src=./data.json>`],
  // Pictures in HTML
  [
    `${head}<#part type=text/html>\n<img src="|">\n<#/part>\n<#inline ./l.png id=logo>`,
    'cid:logo',
    `${head}<#part type=text/html>\n<img src="cid:logo">\n<#/part>\n<#inline ./l.png id=logo>`,
  ],
  [`Content-Type: text/html\n\n<img src="|">`, 'a b.png', `Content-Type: text/html\n\n<img src="a%20b.png">`],
  [
    `Content-Type: text/html\n\n<p style="background: url(images/|)">`,
    'logo.png',
    `Content-Type: text/html\n\n<p style="background: url(images/logo.png)">`,
  ],
  // Template variables
  [`${head}Hi {{us|`, 'user', `${head}Hi {{user`],
  [`${head}Hi {{user.|}}`, 'name', `${head}Hi {{user.name}}`],
  [`${head}{{#each lines}}{{|}}{{/each}}`, 'title', `${head}{{#each lines}}{{title}}{{/each}}`],
  [`${head}{{#each lines}}{{this.|}}{{/each}}`, 'price', `${head}{{#each lines}}{{this.price}}{{/each}}`],
  [`${head}{{#|`, 'each', `${head}{{#each `],
  [`${head}{{$|}}`, '$guid', `${head}{{$guid}}`],
  ['@var: city=Bonn\nTo: a@b\n\n{{ci|}}', 'city', '@var: city=Bonn\nTo: a@b\n\n{{city}}'],
  ['Subject: {{user.n|}}', 'name', 'Subject: {{user.name}}'],
  [`${head}<#attach "./{{user.|}}">`, 'name', `${head}<#attach "./{{user.name}}">`],
  [
    `@template: liquid\n${head}{% for line in lines %}{{ line.|}}`,
    'title',
    `@template: liquid\n${head}{% for line in lines %}{{ line.title}}`,
  ],
  [`@template: liquid\n${head}{% |`, 'for', `@template: liquid\n${head}{% for $1 in $2 %}$0{% endfor %}`],
];

/** Documents in which nothing is to be suggested. */
const silent: readonly string[] = [
  `${head}Hello |`,
  `${head}Hi, this is text: |`,
  'To: an@|',
  'To: Ann <nn@a.example|',
  '# a comm|ent\nTo: a@b\n',
  `${head}<#-- a no|te -->`,
  `${head}Hi {{user}} |`,
  'Subject: He|llo',
  `${head}\\{{us|`,
  'MIME-Version: 1.0\n\n<#|',
  `${head}<#part template=off>\n{{us|\n<#/part>`,
  `${head}<#attach https://a.example/|>`,
  `Content-Type: text/html\n\n<|`,
];

describe('completion', () => {
  it('names the picture that a path or an id stands for, however its folder is written', () => {
    const pictures = (marked: string) => suggestions(marked).flatMap(({ picture }) => picture ?? []);
    assert.deepEqual(pictures(`${head}<#inline ./images/|>`), ['./images/logo.png']);
    const shown = `${head}<#part type=text/html>\n<img src="cid:|">\n<#/part>\n<#inline ./l.png id=logo>\n<#inline ./a.pdf id=a>`;
    assert.deepEqual(pictures(shown), ['./l.png']);
  });

  for (const [marked, label, expected] of takings) {
    it(`takes ${label} in ${JSON.stringify(marked)}`, () => assert.equal(taken(marked, label), expected));
  }

  for (const marked of silent) {
    it(`has nothing for ${JSON.stringify(marked)}`, () => assert.deepEqual(labels(marked), []));
  }

  it('offers a field that may stand once only once, and settings where they may stand', () => {
    const offered = labels('From: a@b\nSubject: x\n@text: auto\n|\n\nHi');
    assert.ok(!offered.includes('From') && !offered.includes('Subject') && !offered.includes('@text'));
    assert.ok(offered.includes('To') && offered.includes('@var') && offered.includes('Comments'));
    assert.ok(!labels('MIME-Version: 1.0\n|').includes('@data'));
  });

  it('says what a field is for', () => {
    const found = suggestions('|').find(({ label }) => label === 'Reply-To');
    assert.equal(found?.detail, 'Where answers go.');
    assert.match(
      found?.documentation ?? '',
      /\[RFC 5322 section 3\.6\.2\]\(https:\/\/www\.rfc-editor\.org\/rfc\/rfc5322\.html#section-3\.6\.2\)/,
    );
  });

  it('puts pictures first where a picture is wanted', () => {
    assert.deepEqual(labels(`${head}<#inline |>`), ['a b.png', 'images/', 'data.json', 'report.pdf', '../']);
    assert.deepEqual(labels(`${head}<#attach |>`), ['a b.png', 'data.json', 'report.pdf', 'images/', '../']);
    assert.deepEqual(labels('@data: |\n'), ['data.json', 'images/', '../']);
  });

  it('leaves out who is in the list already, and puts first whom the workspace knows best', () => {
    assert.deepEqual(labels('To: |'), ['Ann Zoë <ann@a.example>', '"Doe, Jo" <jo@a.example>']);
    assert.deepEqual(labels('To: jo@a.example, |'), ['Ann Zoë <ann@a.example>']);
    assert.deepEqual(labels('To: |, Ann <ann@a.example>'), ['"Doe, Jo" <jo@a.example>']);
  });

  it('knows the names of a loop', () => {
    const offered = labels(`${head}{{#each lines}}{{|}}{{/each}}`, 'variable');
    assert.deepEqual(offered, [
      'price',
      'title',
      'invoice',
      'lines',
      'user',
      '@first',
      '@index',
      '@key',
      '@last',
      'this',
    ]);
    assert.deepEqual(labels(`${head}{{#each lines}}{{/each}}{{|}}`, 'variable'), ['invoice', 'lines', 'user']);
  });
});

describe('the addresses of documents', () => {
  it('come by how many have them, each as most of them write it, in whatever order', () => {
    const plain = { text: 'ann@a.example', address: 'ann@a.example' };
    const ann = { text: 'Ann <ann@a.example>', address: 'ann@a.example' };
    const zoe = { text: 'Ann Zoë <ann@a.example>', address: 'ann@a.example' };
    const [bob, abe] = ['bob@a.example', 'abe@a.example'].map((address) => ({ text: address, address }));
    const documents = [[zoe], [plain], [ann, bob!], [plain, abe!], [plain], [ann]];
    for (const each of [documents, documents.toReversed()])
      assert.deepEqual(gatheredAddresses(each), [
        { text: 'Ann <ann@a.example>', address: 'ann@a.example', uses: 6 },
        { text: 'abe@a.example', address: 'abe@a.example', uses: 1 },
        { text: 'bob@a.example', address: 'bob@a.example', uses: 1 },
      ]);
  });
});
