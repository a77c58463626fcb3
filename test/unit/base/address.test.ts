import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { mailboxesOf, parseAddressList } from '../../../src/base/address.ts';
import { formatMailbox, formatPhrase } from '../../../src/base/address-write.ts';
import type { TextEdit } from '../../../src/base/problem.ts';

/** What a list reads as: mailboxes as they are written, groups with their members, then problems with their place. */
function read(text: string): readonly string[] {
  const { addresses, problems } = parseAddressList(text);
  const shown = addresses.map((address) =>
    address.type === 'mailbox'
      ? formatMailbox(address)
      : `${formatPhrase(address.name.text)}: ${address.members.map(formatMailbox).join(', ')};`,
  );
  return [...shown, ...problems.map((p) => `${p.severity} ${p.code} «${text.slice(p.range.start, p.range.end)}»`)];
}

function applied(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((result, { range, text: insert }) => result.slice(0, range.start) + insert + result.slice(range.end), text);
}

function fixed(text: string): string | undefined {
  const fix = parseAddressList(text).problems.flatMap((problem) => problem.fixes ?? [])[0];
  return fix && applied(text, fix.edits);
}

describe('parseAddressList', () => {
  const table: readonly (readonly [string, ...string[]])[] = [
    [''],
    [' \t '],
    ['jo@a.example', 'jo@a.example'],
    ['Ann Zoë <ann@exämple.com>', 'Ann Zoë <ann@exämple.com>'],
    [
      '"Doe, Jo" <jo@a.example>, Team: x@a.example, y@a.example;',
      '"Doe, Jo" <jo@a.example>',
      'Team: x@a.example, y@a.example;',
    ],
    ['undisclosed-recipients:;', 'undisclosed-recipients: ;'],
    ['J. R. "Bob" Dobbs <x@y>', '"J. R. Bob Dobbs" <x@y>'],
    ['J.R. Doe <x@y>', '"J.R. Doe" <x@y>'],
    ['"a \\"b\\" \\\\" <x@y>', '"a \\"b\\" \\\\" <x@y>'],
    ['"" <x@y>', '"" <x@y>'],
    ['小王 <me@163.example>', '小王 <me@163.example>'],
    ['用户@例子.example', '用户@例子.example'],
    // Nothing of these ever goes anywhere else than it reads.
    ['"a@gmail.com x"@internal.example', '"a@gmail.com x"@internal.example'],
    ['user@good.example(x)evil.example', 'user@good.example', 'error address-unexpected «evil.example»'],
    ['user@good.example evil.example', 'user@good.example', 'error address-unexpected «evil.example»'],
    ['a@b@c.example', 'a@b', 'error address-unexpected «@c.example»'],
    ['"<a@evil.example>" <b@good.example>', '"<a@evil.example>" <b@good.example>'],
    ['(<a@evil.example>, ) b@good.example', 'b@good.example'],
    // Comments and obsolete forms (RFC 5322 section 4.4).
    ['a@b (c (d) \\) e)', 'a@b'],
    ['Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>', 'Pete <pete@silly.test>'],
    ['john . doe @ ex . example', 'john.doe@ex.example'],
    ['"john".doe@a.example', 'john.doe@a.example'],
    ['<@a,@b:c@d.example>', 'c@d.example', 'warning address-route «@a,@b:»'],
    ['a@b,, c@d', 'a@b', 'c@d', 'hint address-empty «,»'],
    ['user@[127.0.0.1]', 'user@[127.0.0.1]'],
    ['user@[IPv6:::1]', 'user@[IPv6:::1]'],
    // What is wrong, at its place.
    ['a@x; b@y', 'a@x', 'b@y', 'error address-semicolon «;»'],
    ['a@x b@y', 'a@x', 'b@y', 'error address-unexpected «b@y»'],
    ['Doe, Jo <jo@x>', 'Jo <jo@x>', 'error address-without-domain «Doe»'],
    ['jo@x <jo@x>', '"jo@x" <jo@x>', 'error address-name-unquoted «jo@x»'],
    ['[EXT] Jo <x@y>', '"[EXT] Jo" <x@y>', 'error address-name-unquoted «[EXT] Jo»'],
    ['jo@', 'error address-domain «»'],
    ['@x', 'error address-without-local-part «@»'],
    ['jo', 'error address-without-domain «jo»'],
    ['jo <>', 'error address-without-domain «<>»'],
    ['jo <jo@x', 'jo <jo@x>', 'error address-unclosed «<jo@x»'],
    ['<jo@x y>', 'error address-unexpected «y»'],
    ['a..b@c', '"a..b"@c', 'error address-local-part «a..b»'],
    ['.a@c', '".a"@c', 'error address-local-part «.a»'],
    ['Jo Doe jo@x.example', 'jo@x.example', 'error address-local-part «Jo Doe jo»'],
    [
      '=?utf-8?q?x=40evil.example=3E?=@c.example',
      '=?utf-8?q?x=40evil.example=3E?=@c.example',
      'error address-encoded-word «=?utf-8?q?x=40evil.example=3E?=»',
    ],
    ['"=?utf-8?b?eA==?="@c', '=?utf-8?b?eA==?=@c', 'error address-encoded-word «"=?utf-8?b?eA==?="»'],
    ['=?x@c', '=?x@c'],
    ['a@-b.example', 'a@-b.example', 'error address-domain «-b.example»'],
    ['a@b.', 'a@b.', 'error address-domain «b.»'],
    ['a@192.0.2.1', 'a@192.0.2.1', 'error address-domain «192.0.2.1»'],
    ['a: b: c@d;, e@f;', 'a: c@d, e@f;', 'error address-nested-group «b:»'],
    ['Team: a@b', 'Team: a@b;', 'error address-unclosed «Team:»'],
    ['a\0b@c', 'error address-unexpected «a\0b@c»', 'error address-control-character «\0»'],
    ['"a\0"@c', '"a\0"@c', 'error address-control-character «\0»'],
    ['a\ud800@c', 'a\ud800@c', 'error address-control-character «\ud800»'],
    [`${'a'.repeat(65)}@c`, `${'a'.repeat(65)}@c`, `warning address-too-long «${'a'.repeat(65)}»`],
  ];
  for (const [text, ...expected] of table) {
    it(JSON.stringify(text.slice(0, 60)), () => assert.deepEqual(read(text), expected));
  }

  const fixes: readonly (readonly [string, string])[] = [
    ['a@x; b@y', 'a@x, b@y'],
    ['a@x, b@y;', 'a@x, b@y'],
    ['a@x b@y', 'a@x, b@y'],
    ['Doe, Jo <jo@x>', '"Doe, Jo" <jo@x>'],
    ['jo@x <jo@x>', '"jo@x" <jo@x>'],
    ['jo <jo@x, y@z', 'jo <jo@x>, y@z'],
    ['Team: a@b', 'Team: a@b;'],
    ['Jo Doe jo@x.example', 'Jo Doe <jo@x.example>'],
    ['张三＜a@b.example＞', '张三<a@b.example>'],
    ['a@x.example，b@y.example', 'a@x.example,b@y.example'],
    ['a@192.0.2.1', 'a@[192.0.2.1]'],
    ['<@a:b@c>', '<b@c>'],
  ];
  for (const [text, result] of fixes) it(`fixes ${text}`, () => assert.equal(fixed(text), result));

  it('offers no comma where no address follows', () =>
    assert.equal(fixed('user@good.example(x)evil.example'), undefined));

  it('keeps the first error after any number of hints', () => {
    const { problems } = parseAddressList(`${','.repeat(5000)} broken`);
    assert.equal(problems.filter((problem) => problem.severity === 'error').length, 1);
  });

  it('reads a long list once for all who ask, and another one anew', () => {
    const long = Array.from({ length: 2000 }, (_, index) => `jo.${index}@a.example`).join(', ');
    const list = parseAddressList(long);
    // As another part of the program has it: the same letters, another string.
    assert.equal(parseAddressList(Buffer.from(long).toString()), list);
    const other = parseAddressList(long.replace('jo.7@', 'ann@'));
    assert.equal(mailboxesOf(other.addresses)[7]?.local, 'ann');
    assert.equal(mailboxesOf(parseAddressList(long).addresses)[7]?.local, 'jo.7');
    assert.deepEqual(parseAddressList(`${long},`).addresses, list.addresses);
  });

  it('is total, and its ranges lie within the text and its mailboxes', () => {
    const odd = fc.string({ unit: fc.constantFrom(...'ab.@<>,;:()[]"\\ \t\0，＠é😀'), maxLength: 60 });
    fc.assert(
      fc.property(odd, (text) => {
        const { addresses, problems } = parseAddressList(text);
        for (const { range, fixes = [] } of problems) {
          assert.ok(0 <= range.start && range.start <= range.end && range.end <= text.length);
          for (const fix of fixes) for (const edit of fix.edits) assert.ok(edit.range.end <= text.length);
        }
        for (const mailbox of mailboxesOf(addresses)) {
          assert.ok(mailbox.range.start <= mailbox.localRange.start && mailbox.domainRange.end <= mailbox.range.end);
        }
        // Without errors, an @ outside quotes and comments is one mailbox each.
        if (problems.some((problem) => problem.severity === 'error')) return;
        const again = mailboxesOf(addresses).map(formatMailbox).join(', ');
        assert.deepEqual(
          mailboxesOf(parseAddressList(again).addresses).map(({ local, domain }) => [local, domain]),
          mailboxesOf(addresses).map(({ local, domain }) => [local, domain]),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('gives back any mailbox that was written', () => {
    const text = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 20 })
      .filter((value) => !/[\x00-\x1f\x7f-\x9f]/.test(value));
    fc.assert(
      fc.property(text, text, (name, local) => {
        const written = formatMailbox({ name: { text: name }, local, domain: 'a.example' });
        const { addresses, problems } = parseAddressList(written);
        assert.deepEqual(
          problems.filter((problem) => problem.severity === 'error' && problem.code !== 'address-local-part'),
          [],
        );
        const [mailbox, ...others] = addresses;
        assert.equal(others.length, 0);
        assert.ok(mailbox?.type === 'mailbox');
        assert.equal(mailbox.local, local);
        assert.equal(mailbox.domain, 'a.example');
        assert.equal(mailbox.name?.text, name);
      }),
    );
  });

  for (const piece of [
    'a:',
    '(',
    '"\\',
    '[',
    '<',
    '@',
    '.',
    ';',
    ',',
    'a@b ',
    '<a@b>',
    '"',
    '<@a,',
    'a: b: ',
    'a b ',
  ]) {
    // Quadratic, this would take minutes, and the runner would stop it.
    it(`takes 100,000 times ${JSON.stringify(piece)}`, () => {
      assert.ok(parseAddressList(piece.repeat(100_000)).problems.length <= 1001);
    });
  }
});
