import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { codeOf, codes, quickFixes } from './support/cursor.ts';
import { until } from './support/until.ts';
import { closeAll, fileUri, openFile } from './support/workbench.ts';

const FROM = 'From: ann@example.com\n';
const TO = 'To: jo@example.org\n';
const RICH = '<#part type=text/html>\n<p>Hello</p>\n<#/part>';
/** A mail with one more field, with that body, and with that HTML. */
const h = (field: string): string => `${FROM}${TO}Subject: Hi\n${field}\n\nHello\n`;
const b = (body: string): string => `${FROM}${TO}Subject: Hi\n\n${body}\n`;
const html = (text: string): string => b(`Hello\n<#part type=text/html>\n${text}\n<#/part>`);

/** In a mail that has a problem, what its fix (the one to be preferred, else the first) puts in place of what. */
const cases: readonly (readonly [code: string, mail: string, wrong: string, right: string])[] = [
  [
    'sender-missing',
    `From: Kim <kim@example.org>, lu@example.org\n${TO}\nHello\n`,
    'To',
    'Sender: Kim <kim@example.org>\nTo',
  ],
  ['sender-redundant', `${FROM}Sender: ann@example.com\n${TO}\nHello\n`, 'Sender: ann@example.com\nTo', 'To'],
  ['field-repeated', `${FROM}${TO}To: li@example.org\n\nHello\n`, 'jo@example.org\nTo:', 'jo@example.org,\n'],
  ['field-misspelt', h('Repyl-To: a@b.example'), 'Repyl-To', 'Reply-To'],
  ['field-value-invalid', h('Importance: hihg'), 'hihg', 'high'],
  ['encoded-word-typed', `${FROM}${TO}Subject: =?utf-8?q?caf=C3=A9?=\n\nHello\n`, '=?utf-8?q?caf=C3=A9?=', 'café'],
  ['transfer-encoding-field', h('Content-Transfer-Encoding: 8bit'), 'Content-Transfer-Encoding: 8bit\n', ''],
  ['multipart-not-here', h('Content-Type: multipart/mixed'), 'Content-Type: multipart/mixed\n', ''],
  ['date-invalid', h('Date: 2026-11-20'), 'Date: 2026-11-20\n', ''],
  ['date-weekday', h('Date: Mon, 20 Nov 2026 14:02:11 +0100'), 'Mon', 'Fri'],
  ['message-id-invalid', h('Message-ID: a@b.example'), 'a@b.example', '<a@b.example>'],
  ['list-uri-invalid', h('List-Help: https://a.example/help'), 'https://a.example/help', '<https://a.example/help>'],
  [
    'unsubscribe-post-missing',
    h('List-Unsubscribe: <https://a.example/u>'),
    '/u>\n',
    '/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n',
  ],
  [
    'unsubscribe-missing',
    b('News. To get no more: unsubscribe.'),
    'Hi\n',
    'Hi\nList-Unsubscribe: <mailto:unsubscribe@example.com>\n',
  ],
  ['header-not-a-field', `${FROM}${TO}Subject: Hi\nHello there\n`, 'Hello', '\nHello'],
  ['spaces-only-line', `${FROM}${TO}Subject: Hi\n \nHello\n`, '\n \n', '\n\n'],
  [
    'mbox-line',
    `From ann@example.com Fri Nov 20 14:02:11 2026\n${FROM}${TO}\nHello\n`,
    'From ann@example.com Fri Nov 20 14:02:11 2026\nFrom',
    'From',
  ],
  ['control-character', `${FROM}${TO}Subject: Hi\u0007\n\nHello\n`, 'Hi\u0007', 'Hi'],
  ['setting-unknown', `@sever: inbox\n${FROM}${TO}\nHello\n`, '@sever', '@server'],
  ['setting-value-invalid', `@css: inlin\n${FROM}${TO}\nHello\n`, 'inlin', 'inline'],
  ['setting-repeated', `@css: inline\n@css: off\n${FROM}${TO}\nHello\n`, '@css: off\n', ''],
  ['setting-value-missing', `@server:\n${FROM}${TO}\nHello\n`, '@server:\n', ''],
  ['setting-outranked', `@date: 2026-11-20\n${h('Date: Fri, 20 Nov 2026 14:02:11 +0100')}`, '@date: 2026-11-20\n', ''],
  ['field-empty', h('Reply-To:'), 'Reply-To:\n', ''],
  ['bcc-outranked', h('Resent-To: c@a.example\nBcc: x@a.example'), 'Bcc', 'Resent-Bcc'],
  [
    'unsubscribe-without-https',
    h('List-Unsubscribe: <mailto:u@a.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click'),
    'List-Unsubscribe-Post: List-Unsubscribe=One-Click\n',
    '',
  ],
  ['address-empty', `${FROM}To: jo@example.org,, li@example.org\n\nHello\n`, ',', ''],
  ['address-semicolon', `${FROM}To: jo@example.org; li@example.org\n\nHello\n`, 'jo@example.org;', 'jo@example.org,'],
  ['address-unexpected', `${FROM}To: jo@example.org li@example.org\n\nHello\n`, 'jo@example.org', 'jo@example.org,'],
  ['address-full-width', `${FROM}To: jo＠example.org\n\nHello\n`, 'jo＠example.org', 'jo@example.org'],
  ['address-unclosed', `${FROM}To: Jo <jo@example.org\n\nHello\n`, 'jo@example.org', 'jo@example.org>'],
  ['address-name-unquoted', `${FROM}To: jo@home <jo@example.org>\n\nHello\n`, 'jo@home', '"jo@home"'],
  ['address-route', `${FROM}To: <@a.example:jo@example.org>\n\nHello\n`, '@a.example:jo@example.org', 'jo@example.org'],
  ['address-local-part', `${FROM}To: jo..d@example.org\n\nHello\n`, 'jo..d@example.org', '"jo..d"@example.org'],
  ['directive-unknown', b('Hello\n<#attahc ./data/q3.csv>'), 'attahc', 'attach'],
  ['directive-unclosed', b('Hello\n<#attach ./data/q3.csv'), 'q3.csv', 'q3.csv>'],
  ['directive-indented', b('Hello\n  <#attach ./data/q3.csv>'), '  ', ''],
  ['text-after-directive', b('Hello\n<#attach ./data/q3.csv> See it.'), ' See', '\nSee'],
  ['path-backslash', b('Hello\n<#attach .\\data\\q3.csv>'), '.\\data\\q3.csv', './data/q3.csv'],
  ['note-unclosed', b('Hello\n<#-- ask Jo'), 'Jo', 'Jo -->'],
  ['text-after-note', b('Hello\n<#-- ask Jo --> soon'), '<#-- ask Jo --> soon', '<#-- ask Jo -->\n soon'],
  ['attribute-unknown', b('Hello\n<#attach ./data/q3.csv nmae=x.csv>'), 'nmae', 'name'],
  ['attribute-misplaced', b('Hello\n<#attach ./data/q3.csv src=x>'), 'q3.csv src=x', 'q3.csv'],
  ['attribute-repeated', b('Hello\n<#attach ./data/q3.csv name=a name=b>'), 'a name=b', 'a'],
  ['attribute-value-unexpected', b('<#part verbatim=on>\nx\n<#/part>'), 'verbatim=on', 'verbatim'],
  ['attribute-value-invalid', b('Hello\n<#attach ./data/q3.csv encoding=bas64>'), 'bas64', 'base64'],
  ['value-unclosed', b('Hello\n<#attach "./data/q3.csv>'), 'q3.csv', 'q3.csv"'],
  ['value-escape', b('Hello\n<#attach "./data\\q3.csv">'), 'data\\q3.csv', 'data/q3.csv'],
  ['value-quote', b('Hello\n<#attach ./data/"q3".csv>'), './data/"q3".csv', '"./data/\\"q3\\".csv"'],
  ['close-unmatched', b('Hello\n<#/part>'), '<#/part>\n', ''],
  [
    'multipart-unclosed',
    b('<#multipart type=mixed>\n<#part>\nHello\n<#/part>'),
    '<#/part>\n',
    '<#/part>\n<#/multipart>\n',
  ],
  ['verbatim-unclosed', b('<#part verbatim>\nHello'), 'Hello\n', 'Hello\n<#/part>\n'],
  [
    'text-after-part',
    b('Hello\n<#part type=text/html>\n<p>Hello</p>\n<#/part>\nMore'),
    '<#/part>\nMore',
    'More\n<#/part>',
  ],
  ['src-and-text', b('Hello\n<#part type=text/csv src=./data/q3.csv>\na,b\n<#/part>'), 'a,b\n', ''],
  [
    'alternatives-order',
    b(`${RICH}\n<#part>\nHello\n<#/part>`),
    `${RICH}\n<#part>\nHello\n<#/part>`,
    `<#part>\nHello\n<#/part>\n${RICH}`,
  ],
  ['alternative-twice', b('Hello\n<#part>\nBye\n<#/part>'), '<#part>\nBye\n<#/part>', 'Bye'],
  ['text-alternative-missing', `${FROM}${TO}Content-Type: text/html\n\n<p>Hello</p>\n`, 'From', '@text: auto\nFrom'],
  [
    'line-long',
    b('words '.repeat(200).trim()),
    'words '.repeat(199),
    `${`${'words '.repeat(12)}words\n`.repeat(15)}${'words '.repeat(4)}`,
  ],
  [
    'text-after-attachment',
    b('Hello\n<#attach ./data/q3.csv>\nSee it.'),
    '<#attach ./data/q3.csv>\nSee it.\n',
    'See it.\n<#attach ./data/q3.csv>\n',
  ],
  [
    'multipart-empty',
    b('Hello\n<#multipart type=mixed>\n<#/multipart>'),
    '<#multipart type=mixed>\n<#/multipart>\n',
    '',
  ],
  ['attribute-value-missing', b('Hello\n<#attach ./data/q3.csv name>'), 'q3.csv name', 'q3.csv'],
  ['reserved-attribute', b('Hello\n<#attach ./data/q3.csv param.name=x>'), 'param.name', 'name'],
  ['encoding-needs-setting', b('<#part encoding=8bit>\ncafé\n<#/part>'), 'From', '@encoding: 8bit\nFrom'],
  [
    'duplicate-cid',
    html('<img src="cid:logo" alt="x">') + '<#inline ./images/logo.png id=logo>\n<#attach ./images/logo.png id=logo>\n',
    '<#attach ./images/logo.png id=logo>',
    '<#attach ./images/logo.png id=logo-2>',
  ],
  ['text-auto-without-html', `@text: auto\n${FROM}${TO}\nHello\n`, '@text: auto\n', ''],
  [
    'template-unknown-variable',
    `@data: ./data/welcome.json\n${FROM}${TO}\nHello {{user.nmae}}\n`,
    'user.nmae',
    'user.name',
  ],
  ['template-without-data', b('Hello {{name}}'), 'From', '@template: off\nFrom'],
  ['unused-cid', b('Hello\n<#attach ./images/logo.png id=logo>'), 'logo.png id=logo', 'logo.png'],
  [
    'unused-cid',
    html('<p>Hello</p>') + '<#inline ./images/logo.png id=logo>\n',
    'inline ./images/logo.png id=logo',
    'attach ./images/logo.png',
  ],
  ['unused-inline', html('<p>Hello</p>') + '<#inline ./images/logo.png>\n', 'inline', 'attach'],
  ['dangling-cid', html('<img src="cid:lgo" alt="x">') + '<#inline ./images/logo.png id=logo>\n', 'lgo', 'logo'],
  ['file-missing', b('Hello\n<#attach ./data/q33.csv>'), 'q33.csv', 'q3.csv'],
  ['file-missing', html('<img src="./image/logo.png" alt="Logo">'), 'image', 'images'],
  ['unknown-charset', `${FROM}${TO}Content-Type: text/plain; charset=gb2321\n\nHello\n`, 'gb2321', 'gb2312'],
  ['unmappable-character', `${FROM}${TO}Content-Type: text/plain; charset=gb2312\n\n你好 😀\n`, 'gb2312', 'utf-8'],
  ['unmappable-character', `${FROM}${TO}Content-Type: text/plain; charset=iso-2022-jp\n\nﾃ\n`, 'ﾃ', 'テ'],
  ['template-engine-unknown', `@template: liquit\n${FROM}${TO}\nHello\n`, 'liquit', 'liquid'],
  [
    'template-block-across-parts',
    `@data: ./data/welcome.json\n${b('Hello\n{{#if user}}\n<#attach ./data/q3.csv>\n{{/if}}')}`,
    '{{#if user}}\n<#attach ./data/q3.csv>\n{{/if}}',
    '<#attach ./data/q3.csv when=user>',
  ],
  ['unknown-server', `@server: inbx\n${FROM}${TO}\nHello\n`, 'inbx', 'inbox'],
];

describe('the quick fix of', () => {
  for (const [index, [code, mail, wrong, right]] of cases.entries()) {
    const name = `quick-fix-${index}.eml`;
    it(`${code}: ${JSON.stringify(wrong.slice(0, 40))} becomes ${JSON.stringify(right.slice(0, 40))}`, async () => {
      assert.ok(mail.includes(wrong));
      const { document } = await openFile(name, mail);
      try {
        const { range } = await until(code, () =>
          vscode.languages.getDiagnostics(document.uri).find((each) => codeOf(each) === code),
        );
        const { edit } = await until('its fix', async () => {
          const own = (await quickFixes(document.uri, range)).filter(
            ({ edit, title }) => edit && !/^Silence/.test(title),
          );
          return own.find(({ isPreferred }) => isPreferred) ?? own[0];
        });
        await vscode.workspace.applyEdit(edit!);
        assert.equal(
          document.getText(),
          mail.replace(wrong, () => right),
        );
        await until(`no ${code}`, () => !codes(document.uri).includes(code));
      } finally {
        await closeAll();
        await vscode.workspace.fs.delete(fileUri(name));
      }
    });
  }
});
