import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Analysis } from '../../../src/language/analysis.ts';
import { type Mendable, mendings } from '../../../src/language/mending.ts';
import { composed } from '../../support/composed.ts';
import { applied } from '../document/shown.ts';

const FROM = 'From: ann@example.com\n';
const TO = 'To: jo@example.org\n';
const h = (lines: string): string => `${FROM}${TO}${lines}\n\nHello\n`;
const b = (body: string): string => `${FROM}${TO}\n${body}\n`;
const rich = '<#part type=text/html>\n<p>Hi</p>\n<#/part>\n';

const files = {
  'q3.csv': 'a,b\n',
  'data.json': '[{"user":{"name":"Jo"}},{"user":{"name":"Li"}}]',
  'latin.txt': new Uint8Array([0x63, 0x61, 0x66, 0xe9]),
  notes: 'x',
  'cal.ics': 'BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nEND:VCALENDAR\r\n',
  'mail.txt.eml': 'From: a@b.example\r\n\r\nHi\r\n',
};

/** In a document with a problem: the title of each fix, and what it puts in place of what. */
const cases: readonly (readonly [
  code: Mendable['code'],
  document: string,
  ...fixes: readonly (readonly [title: string, wrong: string, right: string])[],
])[] = [
  [
    'setting-repeated',
    h('@server: inbox\n@server: relay'),
    ['Remove this @server: the first one counts', '@server: relay\n', ''],
    ['Remove the first @server, so that this one counts', '@server: inbox\n', ''],
  ],
  [
    'setting-repeated',
    h('@css: inline\nSubject: Hi\n@css: inline'),
    ['Remove this @css: the first one counts', 'Hi\n@css: inline', 'Hi'],
  ],
  ['setting-value-missing', `@server:\n${h('Subject: Hi')}`, ['Remove the line', '@server:\n', '']],
  [
    'setting-outranked',
    h('@date: 2026-03-03T14:00:00+01:00\nDate: Tue, 3 Mar 2026 14:00:00 +0100'),
    ['Remove the line', '@date: 2026-03-03T14:00:00+01:00\n', ''],
  ],
  [
    'setting-without-effect',
    `@css: inline\nMIME-Version: 1.0\n${h('Subject: Hi')}`,
    ['Remove the line', '@css: inline\n', ''],
  ],
  [
    'encoding-excludes-dkim',
    `@encoding: 8bit\n@dkim: s@example.com\n${h('Subject: Hi')}`,
    ['Remove @encoding', '@encoding: 8bit\n', ''],
    ['Remove @dkim', '@dkim: s@example.com\n', ''],
  ],
  ['field-empty', h('Reply-To:\nSubject: Hi'), ['Remove the line', 'Reply-To:\n', '']],
  [
    'content-fields-unused',
    `${FROM}Content-Language: en\n${TO}Content-Type: text/plain\n\n${rich}`,
    ['Remove Content-Language, Content-Type', `Content-Language: en\n${TO}Content-Type: text/plain\n`, TO],
  ],
  [
    'bcc-outranked',
    `${h('Bcc: x@a.example\nResent-From: b@a.example\nResent-To: c@a.example')}`,
    ['Change to Resent-Bcc', 'Bcc', 'Resent-Bcc'],
  ],
  ['bcc-outranked', h('Resent-To: c@a.example\nResent-Bcc: y@a.example\nBcc: x@a.example')],
  ['mailbox-not-one', h('Sender: a@x.example, b@x.example'), ['Keep only the first address', ', b@x.example', '']],
  [
    'address-group-not-allowed',
    `From: "The: team": a@x.example, B <b@x.example>;\nSender: a@x.example\n${TO}\nHi\n`,
    ['Leave only its addresses', '"The: team": a@x.example, B <b@x.example>;', 'a@x.example, B <b@x.example>'],
  ],
  [
    'address-control-character',
    `${FROM}To: jo@example.org, li@exa\u0001mple.org\n\nHi\n`,
    ['Take the character out', '\u0001', ''],
  ],
  ['lone-surrogate', h('Subject: Hi\ud83d'), ['Take the character out', '\ud83d', '']],
  ['lone-surrogate', b('Hi\ude00 there'), ['Take the character out', '\ude00', '']],
  [
    'unsubscribe-without-https',
    h('List-Unsubscribe: <mailto:u@example.com>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click'),
    [
      'Remove List-Unsubscribe-Post: one-click takes an https address',
      '\nList-Unsubscribe-Post: List-Unsubscribe=One-Click',
      '',
    ],
  ],
  [
    'unsubscribe-without-https',
    h(
      'List-Unsubscribe: <mailto:u@example.com>,\n <http://example.com/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click',
    ),
    ['Use https, if the server answers there', 'http:', 'https:'],
    [
      'Remove List-Unsubscribe-Post: one-click takes an https address',
      '\nList-Unsubscribe-Post: List-Unsubscribe=One-Click',
      '',
    ],
  ],
  [
    'text-after-attachment',
    b('Hello\n<#attach ./q3.csv>\n\nSee it.'),
    ['Move the text before the attachments', '<#attach ./q3.csv>\n\nSee it.\n', '\nSee it.\n<#attach ./q3.csv>\n'],
  ],
  [
    'text-after-attachment',
    b('<#attach ./q3.csv>\n<#attach ./q3.csv name=b>\nSee it.').trimEnd(),
    [
      'Move the text before the attachments',
      '<#attach ./q3.csv>\n<#attach ./q3.csv name=b>\nSee it.',
      'See it.\n<#attach ./q3.csv>\n<#attach ./q3.csv name=b>\n',
    ],
  ],
  [
    'text-after-attachment',
    b(`Hello\n${rich}<#attach ./q3.csv>\nSee it.`),
    [
      'Move the text before the attachments',
      `Hello\n${rich}<#attach ./q3.csv>\nSee it.\n`,
      `Hello\nSee it.\n${rich}<#attach ./q3.csv>\n`,
    ],
  ],
  [
    'text-after-attachment',
    b(`${rich}<#attach ./q3.csv>\n<p>See it.</p>`),
    [
      'Move the text before the attachments',
      `<#/part>\n<#attach ./q3.csv>\n<p>See it.</p>\n`,
      `<p>See it.</p>\n<#/part>\n<#attach ./q3.csv>\n`,
    ],
  ],
  [
    'text-after-attachment',
    b(`<#multipart type=mixed>\nHello\n<#attach ./q3.csv>\nSee it.\n<#/multipart>`),
    [
      'Move the text before the attachments',
      'Hello\n<#attach ./q3.csv>\nSee it.\n',
      'Hello\nSee it.\n<#attach ./q3.csv>\n',
    ],
  ],
  ['text-after-attachment', b('<#multipart type=mixed>\nHello\n<#attach ./q3.csv>\n<#/multipart>\nBye')],
  ['text-after-attachment', b('<#part src=./q3.csv>\n<#attach ./q3.csv>\nBye')],
  [
    'multipart-empty',
    b('Hello\n<#multipart type=mixed>\n\n<#/multipart>'),
    ['Remove the multipart', '<#multipart type=mixed>\n\n<#/multipart>\n', ''],
  ],
  ['multipart-empty', b('Hello\n<#multipart type=mixed>\n<#-- pictures -->\n<#/multipart>')],
  ['attribute-value-missing', b('<#attach ./q3.csv name type=text/csv>'), ['Remove name', ' name', '']],
  ['attribute-name-invalid', b('<#attach ./q3.csv header.a:b=c>'), ['Remove header.a:b', ' header.a:b=c', '']],
  ['multipart-type-here', b('<#part type=multipart/mixed>\nHi'), ['Remove type', ' type=multipart/mixed', '']],
  [
    'encoding-not-for-message',
    b('<#attach ./mail.txt.eml encoding=base64>'),
    ['Remove encoding', ' encoding=base64', ''],
  ],
  ['encoding-unfit', b('<#part encoding=7bit>\ncafé'), ['Remove encoding', ' encoding=7bit', '']],
  [
    'encoding-needs-setting',
    b('<#part encoding=8bit>\ncafé'),
    ['Allow it: @encoding: 8bit', FROM, `@encoding: 8bit\n${FROM}`],
    ['Remove encoding', ' encoding=8bit', ''],
  ],
  [
    'encoding-needs-setting',
    `@encoding: 8bit\n${b('<#attach ./q3.csv encoding=binary>')}`,
    ['Allow it: @encoding: binary', '8bit', 'binary'],
    ['Remove encoding', ' encoding=binary', ''],
  ],
  [
    'encoding-needs-setting',
    `@dkim: s@example.com\n${b('<#part encoding=8bit>\ncafé')}`,
    ['Remove encoding', ' encoding=8bit', ''],
  ],
  ['charset-label', b('<#attach ./latin.txt charset=utf-8>'), ['Remove charset', ' charset=utf-8', '']],
  [
    'when-without-data',
    `@template: handlebars\n${b('<#attach ./q3.csv when=paid>')}`,
    ['Remove when', ' when=paid', ''],
  ],
  [
    'reserved-attribute',
    b('<#attach ./q3.csv param.charset=utf-8>'),
    ['Change to charset', 'param.charset', 'charset'],
    ['Remove param.charset', ' param.charset=utf-8', ''],
  ],
  [
    'reserved-attribute',
    b('<#attach ./q3.csv header.Content-Type="text/csv; header=present">'),
    ['Remove header.Content-Type', ' header.Content-Type="text/csv; header=present"', ''],
  ],
  [
    'reserved-attribute',
    b('<#attach ./q3.csv header.Bcc=a@b.example>'),
    ['Remove header.Bcc', ' header.Bcc=a@b.example', ''],
  ],
  [
    'duplicate-cid',
    b(
      '<#part type=text/html>\n<img src="cid:q3@a">\n<#inline ./q3.csv id=q3@a>\n<#inline ./notes id=q3@a>\n<#attach ./q3.csv id=q3-2@a>',
    ),
    ['Change to q3-3@a', './notes id=q3@a', './notes id=q3-3@a'],
  ],
  [
    'unknown-file-type',
    b('<#attach ./notes name=x>'),
    ['Say so: type=application/octet-stream', './notes', './notes type=application/octet-stream'],
  ],
  [
    'calendar-method',
    b('<#part type=text/calendar method=REQUEST src=./cal.ics>'),
    ['Change to CANCEL', 'REQUEST', 'CANCEL'],
  ],
  [
    'calendar-method',
    b('<#part type=text/calendar method=REQUEST>\nBEGIN:VCALENDAR\nEND:VCALENDAR'),
    ['Remove method', ' method=REQUEST', ''],
  ],
  ['text-auto-without-html', `@text: auto\n${b('Hi')}`, ['Remove @text', '@text: auto\n', '']],
  [
    'boundary-in-content',
    `@boundary: part\n${b('Hi\n--part\n<#attach ./q3.csv>')}`,
    ['Remove @boundary', '@boundary: part\n', ''],
  ],
  ['var-invalid', `@var: name: Jo\n${b('Hi')}`, ['Change to name=Jo', 'name: Jo', 'name=Jo']],
  ['var-invalid', `@var: name\n${b('Hi')}`],
  ['record-missing', `@data: ./data.json\n@record: 7\n${b('Hi')}`, ['Remove @record', '@record: 7\n', '']],
  [
    'template-without-data',
    b('Hi {{name}}'),
    ['Send braces as they are written (@template: off)', FROM, `@template: off\n${FROM}`],
  ],
  [
    'template-unknown-variable',
    `@data: ./data.json\n${b('Hi {{ user.nmae }}')}`,
    ['Change to user.name', 'user.nmae', 'user.name'],
  ],
  [
    'template-unknown-variable',
    `@template: liquid\n@data: ./data.json\n${b('Hi {{ user.nmae }}')}`,
    ['Change to user.name', 'user.nmae', 'user.name'],
  ],
  [
    'template-unknown-helper',
    `@data: ./data.json\n${b('{{#iff user}}x{{#if user}}{{#iff user}}y{{/iff}}{{/if}}{{/iff}} {{#iff user}}{{/iff}}')}`,
    [
      'Change to if',
      '{{#iff user}}x{{#if user}}{{#iff user}}y{{/iff}}{{/if}}{{/iff}} ',
      '{{#if user}}x{{#if user}}{{#iff user}}y{{/iff}}{{/if}}{{/if}} ',
    ],
  ],
  ['template-unknown-value', `@data: ./data.json\n${b('{{$gudi}}')}`, ['Change to $guid', '$gudi', '$guid']],
];

describe('language/mending', () => {
  for (const [code, text, ...fixes] of cases) {
    it(`${code}: ${JSON.stringify(text.replace(`${FROM}${TO}`, '').slice(0, 60))}`, async () => {
      const same = (all: readonly { readonly code: string }[]) => all.filter((each) => each.code === code);
      const { problems } = await composed(text, files);
      const problem = problems.find((each) => each.code === code);
      assert.ok(problem, 'the problem');
      const found = mendings(new Analysis(text), problem as Mendable);
      const made = found.map(({ title, edits }) => [title, applied(text, edits)]);
      const wanted = fixes.map(([title, wrong, right]) => {
        assert.equal(text.split(wrong).length, 2, `${wrong} once`);
        return [title, text.replace(wrong, () => right)];
      });
      assert.deepEqual(made, wanted);
      for (const [title, after] of made) {
        const left = (await composed(after!, files)).problems;
        assert.ok(same(left).length < same(problems).length, `${title} mends it`);
      }
    });
  }

  it('gives each of many parts with one id another, for all of them are mended at once', async () => {
    const ids = (text: string) => [...text.matchAll(/id=([^>]+)/g)].map((match) => match[1]);
    const parts = ['x', 'x', 'x-2', 'x', 'y@a', 'x-2', 'y@a'].map((id) => `<#inline ./q3.csv id=${id}>\n`);
    const text = b(parts.join(''));
    const { problems } = await composed(text, files);
    const analysis = new Analysis(text);
    const doubled = problems.filter(({ code }) => code === 'duplicate-cid');
    const edits = doubled.flatMap((problem) => mendings(analysis, problem as Mendable)[0]!.edits);
    assert.deepEqual(ids(applied(text, edits)), ['x', 'x-3', 'x-2', 'x-4', 'y@a', 'x-2-2', 'y-2@a']);
  });

  it('takes nothing out by itself that may be still to be written', async () => {
    const text = `@server:\n@text: auto\n${FROM}To:\nSubject: Hi\n\nHello\n<#attach ./q3.csv name=>\n<#multipart>\n<#/multipart>\n`;
    const { problems } = await composed(text, files);
    const analysis = new Analysis(text);
    const mended = problems.filter((problem) => mendings(analysis, problem as Mendable).length > 0);
    assert.deepEqual(mended.map(({ code }) => code).sort(), [
      'attribute-value-missing',
      'field-empty',
      'multipart-empty',
      'setting-value-missing',
      'text-auto-without-html',
    ]);
    for (const problem of mended)
      assert.ok(!mendings(analysis, problem as Mendable).some(({ preferred }) => preferred), problem.code);
  });
});
