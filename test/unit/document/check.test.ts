import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { checkDocument, checkDraft } from '../../../src/document/check.ts';
import { parseMailDate } from '../../../src/document/date.ts';
import { draftOf } from '../../../src/document/draft-of.ts';
import { FIELDS, fieldFacts, fieldKind } from '../../../src/document/fields.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import { fixedBy, shown } from './shown.ts';

const HEAD = 'From: a@x.example\nTo: b@x.example\n';

function checked(text: string): readonly string[] {
  return shown(text, checkDocument(parseDocument(text).document));
}

function fixed(text: string, code: string, title?: string): string | undefined {
  return fixedBy(text, checkDocument(parseDocument(text).document), code, title);
}

describe('checkDocument', () => {
  const table: readonly (readonly [string, string, ...string[]])[] = [
    ['nothing at all', '', 'error from-missing «»', 'error recipients-missing «»'],
    ['a plain header', `${HEAD}\nx`],
    ['no From', 'To: a@b\n\nx', 'error from-missing «To»'],
    ['no recipients', 'From: a@b\n\nx', 'error recipients-missing «From»'],
    ['recipients that are empty', 'From: a@b\nTo:\n\nx', 'error recipients-missing «To»', 'error field-empty «To:»'],
    ['an empty Bcc', `${HEAD}Bcc:\n\nx`],
    [
      'a Bcc that Resent-* fields outrank',
      `Resent-From: g@x\nResent-To: f@x\nResent-Bcc: e@x\n${HEAD}Bcc: c@d\n\nx`,
      'warning bcc-outranked «Bcc»',
    ],
    ['only a Bcc', 'From: a@b\nBcc: c@d\n\nx'],
    ['what is missing may stand below', 'Subject: x\nhello\nFrom: a@b\n'],
    ['several authors without a Sender', 'From: a@b, c@d\nTo: e@f\n\n', 'error sender-missing «From»'],
    ['several authors with a Sender', 'From: a@b, c@d\nSender: a@b\nTo: e@f\n\n'],
    ['a Sender that is the author', 'From: A <a@b>\nSender: a@B\nTo: e@f\n\n', 'hint sender-redundant «Sender: a@B»'],
    ['two senders', `${HEAD}Sender: c@d, e@f\n\n`, 'error mailbox-not-one «e@f»'],
    ['a group as author', 'From: G: a@b;\nTo: e@f\n\n', 'error address-group-not-allowed «G: a@b;»'],
    ['semicolons', 'From: a@b\nTo: c@d; e@f\n\n', 'error address-semicolon «;»'],
    [
      'a problem on a folded line',
      'From: a@b\nTo: c@d,\n e@@f\n\n',
      'error address-domain «»',
      'error address-unexpected «@f»',
    ],
    ['a field twice', `${HEAD}Subject: a\nsubject: b\n\n`, 'error field-repeated «subject»'],
    ['a field that may repeat', `${HEAD}Comments: a\nComments: b\nReceived: x\nReceived: y\nX-A: 1\nX-A: 2\n\n`],
    ['a misspelt field', `${HEAD}Subjcet: a\n\n`, 'warning field-misspelt «Subjcet»'],
    ['an unknown field', `${HEAD}X-Anything: a\nQwertz: b\n\n`],
    [
      'a typed encoded-word',
      `${HEAD}Subject: =?utf-8?q?caf=C3=A9?= x\n\n`,
      'hint encoded-word-typed «=?utf-8?q?caf=C3=A9?=»',
    ],
    ['an encoded-word where none is read', `${HEAD}X-SMTPAPI: =?utf-8?q?a?=\nMessage-ID: <=?utf-8?q?a?=@b>\n\n`],
    ['what only looks like an encoded-word', `${HEAD}Subject: =?nope?q?a?= =?utf-8?x?a?=\n\n`],
    [
      'Content-Transfer-Encoding',
      `${HEAD}Content-Transfer-Encoding: 8bit\n\n`,
      'error transfer-encoding-field «Content-Transfer-Encoding: 8bit»',
    ],
    [
      'multipart in the header',
      `${HEAD}Content-Type: multipart/mixed\n\n`,
      'error multipart-not-here «Content-Type: multipart/mixed»',
    ],
    ['a date', `${HEAD}Date: Tue, 1 Jul 2025 10:00:00 +0200\n\n`],
    ['no date', `${HEAD}Date: tomorrow\n\n`, 'error date-invalid «tomorrow»'],
    ['another day of the week', `${HEAD}Date: Mon, 1 Jul 2025 10:00:00 +0200\n\n`, 'warning date-weekday «Mon»'],
    ['message ids', `${HEAD}Message-ID: <a@b>\nReferences: <a@b>\n <"x y"@[127.0.0.1]> (c)\n\n`],
    [
      'no message id',
      `${HEAD}Message-ID: a@b\nIn-Reply-To: <ab>\n\n`,
      'error message-id-invalid «a@b»',
      'error message-id-invalid «<ab>»',
    ],
    ['two message ids', `${HEAD}Message-ID: <a@b> <c@d>\n\n`, 'error message-id-invalid «<a@b> <c@d>»'],
    ['values of a list', `${HEAD}Importance: High\nAuto-Submitted: auto-replied; x=y\nX-Priority: 1 (Highest)\n\n`],
    [
      'values of no list',
      `${HEAD}Importance: hihg\nX-Priority: 9\n\n`,
      'warning field-value-invalid «hihg»',
      'warning field-value-invalid «9»',
    ],
    [
      'one-click unsubscription',
      `${HEAD}List-Unsubscribe: <mailto:u@x.example>, <https://x.example/u>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\n`,
    ],
    [
      'https without one click',
      `${HEAD}List-Unsubscribe: <https://x.example/u>\n\n`,
      'hint unsubscribe-post-missing «List-Unsubscribe»',
    ],
    [
      'one click without https',
      `${HEAD}List-Unsubscribe: <mailto:u@x.example>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\n`,
      'warning unsubscribe-without-https «List-Unsubscribe-Post: List-Unsubscribe=One-Click»',
    ],
    [
      'a URI without brackets',
      `${HEAD}List-Help: https://x.example/\n\n`,
      'warning list-uri-invalid «https://x.example/»',
    ],
    ['a list without a URI', `${HEAD}List-Post: NO\n\n`],
    ['a read receipt', `${HEAD}Disposition-Notification-To: jo\n\n`, 'error address-without-domain «jo»'],
    ['an envelope sender', `@envelope-from: <>\n${HEAD}\n`],
    ['a bad envelope sender', `@envelope-from: jo\n${HEAD}\n`, 'error envelope-from-invalid «jo»'],
    [
      'expressions, which are left alone',
      '@envelope-from: {{x}}\nFrom: {{a}}\nTo: {{b}}\nDate: {{c}}\nMessage-ID: {{d}}\n\n',
    ],
    [
      'a finished message: mostly warnings',
      'From: a\nTo: b@c\nTo: d@e\nDate: x\nSubject: =?utf-8?q?a?=\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\n',
      'warning address-without-domain «a»',
      'warning field-repeated «To»',
      'warning date-invalid «x»',
    ],
    ['a finished message that goes nowhere', 'From: a@b\nMIME-Version: 1.0\n\n', 'error recipients-missing «From»'],
  ];
  for (const [name, text, ...expected] of table) it(name, () => assert.deepEqual(checked(text), expected));

  const fixes: readonly (readonly [code: string, text: string, result: string, title?: string])[] = [
    ['sender-missing', 'From: a@b, C <c@d>\r\nTo: e@f\r\n\r\n', 'From: a@b, C <c@d>\r\nSender: a@b\r\nTo: e@f\r\n\r\n'],
    ['sender-redundant', 'From: a@b\nSender: a@b\nTo: e@f\n\n', 'From: a@b\nTo: e@f\n\n'],
    ['address-semicolon', 'From: a@b\nTo: c@d;\n e@f\n\n', 'From: a@b\nTo: c@d,\n e@f\n\n'],
    ['field-repeated', `From: a@b\nTo: c@d\nTo: e@f\n\n`, 'From: a@b\nTo: c@d,\n e@f\n\n'],
    ['field-repeated', `${HEAD}Subject: a\nSubject: b\n\n`, `${HEAD}Subject: a\n\n`],
    ['field-misspelt', `${HEAD}Subjcet: a\n\n`, `${HEAD}Subject: a\n\n`],
    ['encoded-word-typed', `${HEAD}Subject: a =?utf-8?b?w6k=?= b\n\n`, `${HEAD}Subject: a é b\n\n`],
    ['encoded-word-typed', `${HEAD}Cc: =?gb2312?B?0KHN9Sw=?= <c@d>\n\n`, `${HEAD}Cc: "小王," <c@d>\n\n`],
    ['encoded-word-typed', `${HEAD}Subject: =?utf-8?q?=C3?=\n =?utf-8?q?=A9?=\n\n`, `${HEAD}Subject: é\n\n`],
    ['encoded-word-typed', `${HEAD}Subject: =?utf-8?q?a=0ABcc:_x?=\n\n`, undefined as unknown as string],
    [
      'date-weekday',
      `${HEAD}Date: Mon, 1 Jul 2025 10:00:00 +0200\n\n`,
      `${HEAD}Date: Tue, 1 Jul 2025 10:00:00 +0200\n\n`,
    ],
    ['message-id-invalid', `${HEAD}Message-ID: a@b\n\n`, `${HEAD}Message-ID: <a@b>\n\n`],
    ['list-uri-invalid', `${HEAD}List-Help: https://x.example/\n\n`, `${HEAD}List-Help: <https://x.example/>\n\n`],
    ['list-uri-invalid', `${HEAD}List-Owner: jo@x.example\n\n`, `${HEAD}List-Owner: <mailto:jo@x.example>\n\n`],
    [
      'unsubscribe-post-missing',
      `${HEAD}List-Unsubscribe: <https://x/>\n\n`,
      `${HEAD}List-Unsubscribe: <https://x/>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n\n`,
    ],
    ['transfer-encoding-field', `${HEAD}Content-Transfer-Encoding: 8bit\n\n`, `${HEAD}\n`],
    ['field-value-invalid', `${HEAD}Importance: hihg\n\n`, `${HEAD}Importance: high\n\n`],
  ];
  for (const [code, text, result] of fixes) {
    it(`${code} in ${JSON.stringify(text.replace(HEAD, ''))}`, () => assert.equal(fixed(text, code), result));
  }

  it('finds the same in a draft, where rendered values have one place', () => {
    const text = 'From: a@b; c@d\nTo: {{x}}\n\n';
    const { document } = parseDocument(text);
    const { draft } = draftOf(document, {
      text: (value) => {
        if (!value.text.includes('{{')) return { value, problems: [] };
        return { value: { text: 'x@y; z', segments: [], range: value.range, rendered: true }, problems: [] };
      },
      test: () => undefined,
    });
    assert.deepEqual(shown(text, checkDraft(draft)), [
      'error sender-missing «From»',
      'error address-semicolon «;»',
      'error address-semicolon «{{x}}»',
      'error address-without-domain «{{x}}»',
    ]);
  });
});

describe('parseMailDate', () => {
  const table: readonly (readonly [string, string | undefined, number?])[] = [
    ['Tue, 1 Jul 2025 10:00:00 +0200', '2025-07-01T08:00:00.000Z', 120],
    ['1 Jul 2025 10:00 -0530', '2025-07-01T15:30:00.000Z', -330],
    ['tue , 01 JUL 2025 10:00:00 GMT (a comment)', '2025-07-01T10:00:00.000Z', 0],
    ['1 Jul 99 10:00:00 EST', '1999-07-01T15:00:00.000Z', -300],
    ['1 Jul 05 10:00:00 Z', '2005-07-01T10:00:00.000Z', 0],
    ['31 Dec 2016 23:59:60 +0000', '2016-12-31T23:59:59.000Z', 0],
    ['30 Feb 2025 10:00:00 +0000', undefined],
    ['1 Jul 2025 24:00:00 +0000', undefined],
    ['1 Jul 2025 10:60:00 +0000', undefined],
    ['1 Jul 2025 10:00:00 +0260', undefined],
    ['1 Jul 2025 10:00:00', undefined],
    ['1 Jux 2025 10:00:00 +0000', undefined],
    ['Xxx, 1 Jul 2025 10:00:00 +0000', undefined],
    ['2025-07-01T10:00:00Z', undefined],
    ['', undefined],
  ];
  for (const [text, iso, offset] of table) {
    it(JSON.stringify(text), () => {
      const date = parseMailDate(text);
      assert.equal(date && new Date(date.time).toISOString(), iso);
      assert.equal(date?.offset, offset);
    });
  }
});

describe('the table of fields', () => {
  it('names each field once', () =>
    assert.equal(new Set(FIELDS.map((field) => field.name.toLowerCase())).size, FIELDS.length));
  it('knows the kinds', () => {
    assert.equal(fieldKind('FROM'), 'mailbox-list');
    assert.equal(fieldKind('X-Whatever'), 'unstructured');
    assert.equal(fieldKind('List-Anything'), 'opaque');
    assert.equal(fieldFacts('reply-to')?.name, 'Reply-To');
  });
});
