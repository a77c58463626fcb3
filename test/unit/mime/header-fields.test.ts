import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { parseAddressList } from '../../../src/base/address.ts';
import { decodeWords } from '../../../src/base/decode-words.ts';
import { addressField } from '../../../src/mime/address-field.ts';
import { charsetOf, utf8 } from '../../../src/mime/charset.ts';
import { encodedWords } from '../../../src/mime/encoded-word.ts';
import { writeField } from '../../../src/mime/header.ts';
import type { MimeProblem } from '../../../src/mime/problems.ts';
import { unstructuredField } from '../../../src/mime/unstructured.ts';

const unfold = (field: string): string => field.replace(/\r\n(?=[ \t])/g, '').replace(/\r\n$/, '');
const lines = (field: string): string[] => field.split('\r\n').slice(0, -1);
const addresses = (text: string) => addressField('To', parseAddressList(text).addresses);

describe('unstructured fields', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['Hello', 'Subject: Hello\r\n'],
    ['', 'Subject: \r\n'],
    ['Quarterly figures – résumé', 'Subject: Quarterly figures =?utf-8?B?4oCTIHLDqXN1bcOp?=\r\n'],
    ['Café', 'Subject: =?utf-8?B?Q2Fmw6k=?=\r\n'],
    ['Café in the morning', 'Subject: =?utf-8?B?Q2Fmw6k=?= in the morning\r\n'],
    ['Résumés', 'Subject: =?utf-8?B?UsOpc3Vtw6lz?=\r\n'],
    ['Straßenbahn', 'Subject: =?utf-8?Q?Stra=C3=9Fenbahn?=\r\n'],
    ['你好', 'Subject: =?utf-8?B?5L2g5aW9?=\r\n'],
    ['see =?utf-8?Q?x?= there', 'Subject: see =?utf-8?B?PT91dGYtOD9RP3g/PQ==?= there\r\n'],
    ['two  spaces stay', 'Subject: two  spaces stay\r\n'],
    ['é  two', 'Subject: =?utf-8?Q?=C3=A9__two?=\r\n'],
    ['a_b=c?', 'Subject: a_b=c?\r\n'],
    [
      'The quick brown fox jumps over the lazy dog and then over another one once more',
      'Subject: The quick brown fox jumps over the lazy dog and then over another one\r\n once more\r\n',
    ],
    [
      'é'.repeat(40),
      'Subject: =?utf-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6k=?=\r\n' +
        ' =?utf-8?B?w6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOpw6nDqcOp?=\r\n',
    ],
  ];
  for (const [value, field] of cases)
    it(JSON.stringify(value).slice(0, 60), () => assert.equal(unstructuredField('Subject', value), field));

  it('in the charset of the message where it has every character, else in UTF-8', async () => {
    const gb = (await charsetOf('gb2312'))!;
    assert.equal(unstructuredField('Subject', '你好', gb), 'Subject: =?gb2312?B?xOO6ww==?=\r\n');
    assert.equal(unstructuredField('Subject', '한글', gb), 'Subject: =?utf-8?B?7ZWc6riA?=\r\n');
  });

  const word = fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
    fc.constantFrom('=?utf-8?Q?x?=', '=?', '?=', 'x'.repeat(120), 'y'.repeat(1500), '漢'.repeat(50), '_', '\t', '  '),
  );
  const value = fc
    .array(word, { maxLength: 20 })
    .map((words) =>
      words
        .join(' ')
        .replace(/[\r\n\0]/g, '')
        .trim(),
    )
    .filter((text) => text.isWellFormed());

  it('are what was typed once decoded, whatever was typed', () => {
    fc.assert(
      fc.property(value, (text) => {
        const field = unstructuredField('Subject', text);
        assert.equal(decodeWords(unfold(field).slice('Subject: '.length)), text);
      }),
      { numRuns: 500 },
    );
  });

  it('keep to the lengths of lines, and hold nothing but ASCII', () => {
    fc.assert(
      fc.property(value, (text) => {
        for (const line of lines(unstructuredField('Subject', text))) {
          assert.match(line, /^[\t\x20-\x7e]*$/);
          assert.ok(line.length <= 998);
          if (/=\?utf-8\?[BQ]\?/.test(line)) assert.ok(line.length <= 76 || !/ /.test(line.trim()), line);
          if (line.length > 78) assert.ok(!/\S \S/.test(line.replace(/^Subject: | /, '')), line);
          assert.ok(line.trim() !== '' || text === '');
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('encoded-words', () => {
  const charsets: readonly (readonly [string, string])[] = [
    ['utf-8', 'aé漢😀_=? '],
    ['gb18030', 'aé漢😀_=? '],
    ['gb2312', 'a你好。_=? '],
    ['shift_jis', 'a東ｱ表_=? '],
    ['iso-2022-jp', 'a東京カ_=? '],
    ['iso-8859-1', 'aéñ_=? '],
  ];
  for (const [name, alphabet] of charsets)
    it(`in ${name}: at most 75, none empty, each whole by itself`, async () => {
      const charset = (await charsetOf(name))!;
      fc.assert(
        fc.property(
          fc
            .array(fc.constantFrom(...alphabet), { minLength: 1, maxLength: 200 })
            .map((characters) => characters.join('')),
          fc.constantFrom<'text' | 'phrase'>('text', 'phrase'),
          fc.integer({ min: 0, max: 80 }),
          (text, context, room) => {
            const words = encodedWords(text, charset, context, room);
            let decoded = '';
            for (const word of words) {
              assert.ok(word.length <= 75, word);
              const [, label, , content] = /^=\?([^?]+)\?([BQ])\?([^?\s]+)\?=$/.exec(word)!;
              assert.equal(label, name);
              assert.ok(content!.length > 0);
              decoded += decodeWords(word);
            }
            assert.equal(decoded, text);
            if (context === 'phrase')
              for (const word of words)
                assert.match(word, /^=\?[^?]+\?(?:Q\?[A-Za-z0-9!*+\-/=_]+|B\?[A-Za-z0-9+/=]+)\?=$/);
          },
        ),
      );
    });
});

describe('address fields', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['a@b.example', 'To: a@b.example\r\n'],
    ['<a@b.example>', 'To: <a@b.example>\r\n'],
    ['Ann Lee <a@b.example>', 'To: Ann Lee <a@b.example>\r\n'],
    ['"Doe, Jo" <a@b.example>', 'To: "Doe, Jo" <a@b.example>\r\n'],
    ['"Doe \\"J\\" \\\\ Jo" <a@b.example>', 'To: "Doe \\"J\\" \\\\ Jo" <a@b.example>\r\n'],
    ['Ann Zoë <ann@exämple.com>', 'To: =?utf-8?Q?Ann_Zo=C3=AB?= <ann@xn--exmple-cua.com>\r\n'],
    ['"=?utf-8?Q?x?=" <a@b.example>', 'To: =?utf-8?B?PT91dGYtOD9RP3g/PQ==?= <a@b.example>\r\n'],
    ['"a@gmail.com x"@internal.example', 'To: "a@gmail.com x"@internal.example\r\n'],
    ['a@[192.0.2.1]', 'To: a@[192.0.2.1]\r\n'],
    ['Team: a@b.example, Bo <c@d.example>;, e@f.example', 'To: Team: a@b.example, Bo <c@d.example>;, e@f.example\r\n'],
    ['undisclosed-recipients:;', 'To: undisclosed-recipients:;\r\n'],
    [
      'a.rather.long.address@department.company.example, another.rather.long.address@department.company.example',
      'To: a.rather.long.address@department.company.example,\r\n another.rather.long.address@department.company.example\r\n',
    ],
    ['jörg@b.example', 'To: jörg@b.example\r\n'],
  ];
  for (const [written, field] of cases) it(written.slice(0, 60), () => assert.equal(addresses(written), field));

  it('never hold an encoded-word in an address or in quotes, and lose no name', () => {
    const name = fc
      .string({
        unit: fc.oneof(
          fc.constantFrom('"', '\\', ',', ' ', '.', 'é', '漢', '=', '?'),
          fc.string({ minLength: 1, maxLength: 1 }),
        ),
        minLength: 1,
        maxLength: 60,
      })
      .map((text) => text.replace(/[\x00-\x1f\x7f]/g, '').trim())
      .filter((text) => text !== '' && text.isWellFormed() && !/ {2}/.test(text));
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), (names) => {
        const list = names.map((text, i) => `"${text.replace(/["\\]/g, '\\$&')}" <user${i}@b.example>`).join(', ');
        const field = addressField('To', parseAddressList(list).addresses);
        for (const line of lines(field)) assert.ok(line.length <= 78, line);
        for (const quoted of unfold(field).match(/"(?:[^"\\]|\\.)*"/g) ?? []) assert.ok(!quoted.includes('=?'));
        const read = parseAddressList(unfold(field).slice(4));
        assert.deepEqual(
          read.addresses.map(
            (address) => address.type === 'mailbox' && [decodeWords(address.name?.text ?? ''), address.local],
          ),
          names.map((text, i) => [text, `user${i}`]),
        );
      }),
    );
  });
});

describe('a field', () => {
  const write = (name: string, text: string): { field: string; problems: string[] } => {
    const problems: MimeProblem[] = [];
    const value = { text, segments: [{ start: 0, at: 100 }], range: { start: 100, end: 100 + text.length } };
    const field = writeField({ name, value, range: { start: 90, end: 100 + text.length } }, utf8, problems);
    return { field, problems: problems.map(({ code, range }) => `${code} ${range.start}-${range.end}`) };
  };
  const long = (count: number): string =>
    Array.from({ length: count }, (_, i) => `<message-number-${i}@mail.example>`).join(' ');

  const cases: readonly (readonly [string, string, string, ...string[]])[] = [
    ['Message-ID', '<a@b.example>', 'Message-ID: <a@b.example>\r\n'],
    [
      'References',
      long(3),
      'References: <message-number-0@mail.example> <message-number-1@mail.example>\r\n <message-number-2@mail.example>\r\n',
    ],
    ['In-Reply-To', '<é@b.example>', '', 'field-not-ascii 101-102'],
    ['List-Unsubscribe', '<https://b.example/é>', '', 'field-not-ascii 119-120'],
    ['Date', '2026-03-03T14:00:00+01:00', 'Date: Tue, 3 Mar 2026 14:00:00 +0100\r\n'],
    ['Date', 'Tue, 3 Mar 2026 14:00:00 +0100', 'Date: Tue, 3 Mar 2026 14:00:00 +0100\r\n'],
    ['Date', 'yesterday', 'Date: yesterday\r\n'],
    [
      'List-Unsubscribe',
      `<https://news.example/unsubscribe?token=${'x'.repeat(40)}>, <mailto:unsubscribe@news.example?subject=a,b>`,
      `List-Unsubscribe: <https://news.example/unsubscribe?token=${'x'.repeat(40)}>,\r\n <mailto:unsubscribe@news.example?subject=a,b>\r\n`,
    ],
    ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click', 'List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n'],
    ['List-Id', 'Übersicht <news.example>', 'List-Id: =?utf-8?Q?=C3=9Cbersicht?= <news.example>\r\n'],
    ['List-Id', '"My list, daily" <news.example>', 'List-Id: "My list, daily" <news.example>\r\n'],
    ['X-Thing', 'a\r\nBcc: x@y.example', '', 'unsafe-value 100-119'],
    ['X-Thing', 'a\nb', '', 'unsafe-value 100-103'],
    ['X-Thing', 'a\0b', '', 'unsafe-value 100-103'],
    ['X Thing', 'a', '', 'attribute-name-invalid 90-101'],
    ['X-Thing\r\nBcc', 'a', '', 'attribute-name-invalid 90-101'],
    ['X:', 'a', '', 'attribute-name-invalid 90-101'],
    ['X-Thing', 'a\ud800', '', 'lone-surrogate 101-102'],
    ['Message-ID', `<${'x'.repeat(1000)}@b.example>`, '', 'field-too-long 100-1112'],
    ['To', '', ''],
  ];
  for (const [name, text, field, ...problems] of cases)
    it(`${name}: ${text}`.slice(0, 60).replace(/[\r\n\0\ud800]/g, '·'), () =>
      assert.deepEqual(write(name, text), { field, problems }),
    );

  it('is one field, whatever is in it', () => {
    const names = [
      'Subject',
      'X-Any',
      'To',
      'Message-ID',
      'References',
      'Date',
      'List-Unsubscribe',
      'List-Id',
      'Auto-Submitted',
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...names),
        fc.string({
          unit: fc.oneof(
            fc.constantFrom('\r', '\n', '\0', ' ', '<', '>', ',', '"', '@'),
            fc.string({ minLength: 1, maxLength: 1 }),
          ),
        }),
        (name, text) => {
          const { field } = write(name, text);
          if (field === '') return;
          assert.match(field, new RegExp(`^${name}:(?: |\\r\\n )`));
          assert.match(field, /\r\n$/);
          // Every line end inside of it is a fold, and no line holds white space only.
          assert.doesNotMatch(field.slice(0, -2), /\r(?!\n[ \t])|(?<!\r)\n|\0/);
          for (const line of lines(field).slice(1)) assert.notEqual(line.trim(), '');
        },
      ),
      { numRuns: 1000 },
    );
  });
});
