import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { draftOf } from '../../../src/document/draft-of.ts';
import { type EnvelopeOptions, envelopeOf } from '../../../src/document/envelope.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import { shown } from './shown.ts';

function envelope(header: string, options?: EnvelopeOptions): string {
  const text = `${header}\n\nx`;
  const result = envelopeOf(draftOf(parseDocument(text).document).draft, options);
  const said = shown(text, result.problems).join('; ');
  return result.envelope ? `${result.envelope.sender || '<>'} -> ${result.envelope.recipients.join(' ')}${said}` : said;
}

describe('envelopeOf', () => {
  const table: readonly (readonly [string, string, EnvelopeOptions?])[] = [
    ['From: A <a@x>\nTo: b@x\nCc: c@x\nBcc: d@x', 'a@x -> b@x c@x d@x'],
    ['From: a@x\nTo: T: b@x, c@x;, d@x', 'a@x -> b@x c@x d@x'],
    ['From: a@x\nTo: b@x, B <b@X>\nCc: B@x', 'a@x -> b@x B@x'],
    ['From: a@exämple.com\nTo: é@例え.テスト', 'a@xn--exmple-cua.com -> é@xn--r8jz45g.xn--zckzah'],
    ['From: a@x\nTo: "a@gmail.com x"@internal.example', 'a@x -> "a@gmail.com x"@internal.example'],
    ['From: a@x\nTo: b@[127.0.0.1]', 'a@x -> b@[127.0.0.1]'],
    ['From: a@x, b@x\nSender: b@x\nTo: c@x', 'b@x -> c@x'],
    ['From: a@x\nSender: b@x\nTo: c@x', 'b@x -> c@x'],
    ['From: a@x\nSender: b@x\nTo: c@x', 's@x -> c@x', { serverEnvelopeFrom: 's@x' }],
    ['From: a@x\nTo: c@x', '<> -> c@x', { serverEnvelopeFrom: '<>' }],
    ['From: a@x\nTo: c@x', '<> -> c@x', { serverEnvelopeFrom: '' }],
    ['@envelope-from: e@x\nFrom: a@x\nTo: c@x', 'e@x -> c@x', { serverEnvelopeFrom: 's@x' }],
    ['@envelope-from: <>\nFrom: a@x\nTo: c@x', '<> -> c@x'],
    ['@envelope-from: <e@exämple.com>\nFrom: a@x\nTo: c@x', 'e@xn--exmple-cua.com -> c@x'],
    ['From: a@x\nTo: b@x\nResent-From: r@x\nResent-To: s@x', 'r@x -> s@x'],
    ['Resent-From: r2@x\nResent-To: s2@x\nResent-From: r1@x\nResent-To: s1@x\nFrom: a@x\nTo: b@x', 'r2@x -> s2@x'],
    [
      'Resent-From: r@x, q@x\nResent-Sender: q@x\nResent-To: s@x\nResent-Bcc: t@x\nFrom: a@x\nTo: b@x',
      'q@x -> s@x t@x',
    ],
    ['From: a@x\nTo: user@good.example(x)evil.example', 'error address-unexpected «evil.example»'],
    ['From: a@x\nTo: good@x, bad', 'error address-without-domain «bad»'],
    ['From: a@x', 'error recipients-missing «From»'],
    ['From: a@x\nTo: g:;', 'error recipients-missing «To»'],
    ['From: a@x, b@x\nTo: c@x', 'error sender-unknown «From»'],
    ['To: c@x', 'error sender-unknown «To»'],
    ['@envelope-from: e\nFrom: a@x\nTo: c@x', 'error envelope-from-invalid «e»'],
    ['@envelope-from: a@x, b@x\nFrom: a@x\nTo: c@x', 'error envelope-from-invalid «a@x, b@x»'],
    ['@envelope-from: E <e@x>\nFrom: a@x\nTo: c@x', 'error envelope-from-invalid «E <e@x>»'],
    ['From: a@x\nTo: c@x', 'error envelope-from-invalid «»', { serverEnvelopeFrom: 'a@x>\r\nRCPT TO:<e@x' }],
  ];
  for (const [header, expected, options] of table)
    it(JSON.stringify(header), () => assert.equal(envelope(header, options), expected));
});
