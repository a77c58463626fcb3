import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { isDeliveryFailure } from '../../../src/base/errors.ts';
import { auth, bdat, type Command, checkedLine, hello, mail, print, rcpt } from '../../../src/smtp/command.ts';
import { extensionParameters, recipientParameters } from '../../../src/smtp/parameters.ts';
import {
  addressFault,
  domainOf,
  fromXtext,
  isDomain,
  lineFault,
  parsePath,
  splitAt,
  xtext,
} from '../../../src/smtp/syntax.ts';
import { xclient } from '../../../src/smtp/xclient.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { playSession, stateWith } from '../../support/smtp-session.ts';

/** Text with what could end a line or a string, at any place. */
const hostile = fc
  .tuple(
    fc.string({ maxLength: 10, unit: 'binary' }),
    fc.constantFrom('\r', '\n', '\r\n', '\0', '\r\nDATA\r\n', '\x7f', '\x1b'),
    fc.string({ maxLength: 10 }),
  )
  .map((parts) => parts.join(''));

const everything = stateWith([
  'DSN',
  'AUTH PLAIN',
  'XCLIENT NAME ADDR',
  'MT-PRIORITY',
  'DELIVERBY 60',
  'FUTURERELEASE 3600 2030-01-01T00:00:00Z',
  'REQUIRETLS',
  'SIZE 1000',
]);

describe('smtp/command', () => {
  const printed: [Command, string][] = [
    [hello('EHLO', '[IPv6:2001:db8::1]'), 'EHLO [IPv6:2001:db8::1]\r\n'],
    [hello('LHLO', 'client.example'), 'LHLO client.example\r\n'],
    [mail('', []), 'MAIL FROM:<>\r\n'],
    [mail('ann@a.example', ['SIZE=5', 'SMTPUTF8']), 'MAIL FROM:<ann@a.example> SIZE=5 SMTPUTF8\r\n'],
    [rcpt('"a b"@c.example', []), 'RCPT TO:<"a b"@c.example>\r\n'],
    [bdat(5, false), 'BDAT 5\r\n'],
    [bdat(0, true), 'BDAT 0 LAST\r\n'],
    [auth('PLAIN', undefined), 'AUTH PLAIN\r\n'],
    [auth('EXTERNAL', '='), 'AUTH EXTERNAL =\r\n'],
  ];
  for (const [command, expected] of printed) it(JSON.stringify(expected), () => assert.equal(print(command), expected));

  const fields: [string, (text: string) => unknown][] = [
    ['a verb', (text) => print({ verb: text, step: 'ehlo' })],
    ['an argument', (text) => print({ verb: 'NOOP', argument: text, step: 'ehlo' })],
    ['a raw line', (text) => checkedLine(text, 'ehlo', 'line')],
    ['a client name', (text) => print(hello('EHLO', text))],
    ['a sender', (text) => print(mail(text, []))],
    ['a recipient', (text) => print(rcpt(text, []))],
    ['a local part', (text) => print(rcpt(`${text}@b.example`, []))],
    ['a quoted local part', (text) => print(rcpt(`"${text}"@b.example`, []))],
    ['a domain', (text) => print(rcpt(`a@${text}`, []))],
    ['a parameter', (text) => print(mail('', [text]))],
    ['a parameter’s value', (text) => print(mail('', [`X=${text}`]))],
    ['an initial response', (text) => print(auth('PLAIN', text))],
    ['an envelope id', (text) => extensionParameters(everything, { dsn: { envelopeId: text } })],
    [
      'an original recipient',
      (text) => recipientParameters(everything, { dsn: { originalRecipient: { a: text } } }, 'a'),
    ],
    ['a submitter', (text) => extensionParameters(everything, { submitter: text })],
    [
      'an XCLIENT attribute',
      (text) => {
        const { error, said } = playSession(xclient(everything, { NAME: text }), 'S: 220 x');
        assert.equal(said, '');
        throw error;
      },
    ],
    [
      'the name of an XCLIENT attribute',
      (text) => {
        const { error, said } = playSession(xclient(everything, { [text]: 'x' }), 'S: 220 x');
        assert.equal(said, '');
        throw error;
      },
    ],
  ];
  for (const [name, use] of fields) {
    it(`lets no line end into ${name}`, () => {
      fc.assert(
        fc.property(hostile, (text) => {
          assert.throws(
            () => use(text),
            (error) => isDeliveryFailure(error) && error.failure === 'local' && error.sessionSurvives,
          );
        }),
        { numRuns: 50 },
      );
    });
  }

  it('prints exactly one line, or nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        let line: string;
        try {
          line = print({ verb: 'X', argument: text, step: 'ehlo' });
        } catch {
          return;
        }
        assert.match(line, /^[^\x00-\x1f\x7f]*\r\n$/);
      }),
    );
  });

  const parameters: [string, Parameters<typeof extensionParameters>[1], string[] | string][] = [
    ['DSN', { dsn: { return: 'headers', envelopeId: 'a+b=c d' } }, ['RET=HDRS', 'ENVID=a+2Bb+3Dc+20d']],
    ['an envelope id too long', { dsn: { envelopeId: 'x'.repeat(101) } }, 'extension-limit'],
    ['an envelope id beyond ASCII', { dsn: { envelopeId: 'zoë' } }, 'unsafe-argument'],
    ['a priority', { priority: -9 }, ['MT-PRIORITY=-9']],
    ['no such priority', { priority: 10 }, 'extension-limit'],
    ['half a priority', { priority: 0.5 }, 'extension-limit'],
    ['a deadline', { deliverBy: { seconds: 120, mode: 'return', trace: true } }, ['BY=120;RT']],
    ['a deadline sooner than it can', { deliverBy: { seconds: 30, mode: 'return' } }, 'extension-limit'],
    ['a deadline gone by', { deliverBy: { seconds: -30, mode: 'notify' } }, ['BY=-30;N']],
    ['a return gone by', { deliverBy: { seconds: -30, mode: 'return' } }, 'extension-limit'],
    ['a hold', { hold: { seconds: 60 } }, ['HOLDFOR=60']],
    ['a hold too long', { hold: { seconds: 3601 } }, 'extension-limit'],
    ['a hold until', { hold: { until: Date.UTC(2029, 0, 2, 3, 4, 5) } }, ['HOLDUNTIL=2029-01-02T03:04:05Z']],
    ['a hold until too late', { hold: { until: Date.UTC(2031, 0, 1) } }, 'extension-limit'],
    ['a submitter', { submitter: 'e+mc2@example.com' }, ['AUTH=e+2Bmc2@example.com']],
    ['no submitter', { submitter: '<>' }, ['AUTH=<>']],
    ['REQUIRETLS in plain text', { requireTls: true }, 'extension-limit'],
  ];
  for (const [name, options, expected] of parameters) {
    it(`parameters: ${name}`, () => {
      if (typeof expected !== 'string') assert.deepEqual(extensionParameters(everything, options), expected);
      else assert.throws(() => extensionParameters(everything, options), { reason: expected });
      assert.throws(() => extensionParameters(stateWith([]), options), { reason: 'extension-missing' });
    });
  }

  it('parameters of a recipient', () => {
    const dsn = { notify: ['success', 'delay'] as const, originalRecipient: true as const };
    assert.deepEqual(recipientParameters(everything, { dsn }, 'a+b@c.example'), [
      'NOTIFY=SUCCESS,DELAY',
      'ORCPT=rfc822;a+2Bb@c.example',
    ]);
    assert.deepEqual(recipientParameters(everything, { dsn: { notify: 'never' } }, 'a@b'), ['NOTIFY=NEVER']);
    assert.deepEqual(recipientParameters(everything, { dsn: { originalRecipient: true } }, 'zoë@b.example'), [
      'ORCPT=utf-8;zo\\x{EB}@b.example',
    ]);
    assert.throws(() => recipientParameters(stateWith([]), { dsn: {} }, 'a@b'), { reason: 'extension-missing' });
  });
});

describe('smtp/syntax', () => {
  const addresses: [string, string | undefined][] = [
    ['ann@a.example', undefined],
    ['Postmaster', undefined],
    ['"a b\\"c"@a.example', undefined],
    ['a@[192.0.2.1]', undefined],
    ['a@[IPv6:2001:db8::1]', undefined],
    ['zoë@xn--exmple-cua.example', undefined],
    ['a@b_c.example', undefined],
    ['', 'empty'],
    ['a b@c.example', 'local-part'],
    ['.a@c.example', 'local-part'],
    ['a..b@c.example', 'local-part'],
    ['a@b@c.example', 'local-part'],
    ['<a@c.example>', 'local-part'],
    ['a>@c.example', 'local-part'],
    ['"a@c.example', 'local-part'],
    ['a@', 'domain'],
    ['a@-c.example', 'domain'],
    ['a@c..example', 'domain'],
    ['a@c.example ', 'domain'],
    ['a@c.example>', 'domain'],
    ['a@[192.0.2.1', 'domain'],
    ['a\r\n@c.example', 'line-break'],
    ['a\0@c.example', 'nul'],
    ['a\t@c.example', 'control'],
    ['\ud800@c.example', 'unpaired-surrogate'],
    [`${'a'.repeat(320)}@c.example`, 'too-long'],
  ];
  for (const [address, fault] of addresses)
    it(`address ${JSON.stringify(address).slice(0, 40)}`, () => assert.equal(addressFault(address), fault));

  it('takes linear time for hostile addresses', () => {
    const hostile = [
      'a.'.repeat(50_000),
      `"${'\\'.repeat(100_001)}`,
      `a@${'a-'.repeat(50_000)}`,
      `a@${'a.'.repeat(50_000)}`,
    ];
    const spent = cpuTime(() => {
      for (const text of hostile) {
        addressFault(text);
        isDomain(text);
        parsePath(`<${text}> X=${text}`);
      }
    });
    assert.ok(spent < 1000);
  });

  const paths: [string, [string, [string, string | true][]] | undefined][] = [
    ['<ann@a.example>', ['ann@a.example', []]],
    ['<>', ['', []]],
    [
      ' <ann@a.example> size=5 SMTPUTF8',
      [
        'ann@a.example',
        [
          ['SIZE', '5'],
          ['SMTPUTF8', true],
        ],
      ],
    ],
    ['ann@a.example BODY=8BITMIME', ['ann@a.example', [['BODY', '8BITMIME']]]],
    ['<"a>b"@c.example>', ['"a>b"@c.example', []]],
    ['<@relay.example,@b.example:ann@a.example>', ['ann@a.example', []]],
    ['<ann@a.example', undefined],
    ['<ann@a.example>SIZE=5', undefined],
    ['<a> SIZE=1 SIZE=2', undefined],
    ['<a> =5', undefined],
    ['<a> SIZE=', undefined],
    ['', undefined],
  ];
  for (const [text, expected] of paths) {
    it(`path ${JSON.stringify(text)}`, () => {
      const parsed = parsePath(text);
      assert.deepEqual(parsed && [parsed.address, [...parsed.parameters]], expected);
    });
  }

  it('splits at the last @ outside quotes', () => {
    assert.equal(splitAt('"a@b"@c'), 5);
    assert.equal(splitAt('"a@b"'), -1);
    assert.equal(domainOf('A@B.Example'), 'b.example');
    assert.equal(domainOf('postmaster'), '');
  });

  it('xtext goes there and back', () => {
    assert.equal(xtext('a+b=c d é'), 'a+2Bb+3Dc+20d+20+C3+A9');
    for (const bad of ['a b', '+2b', '+G0', 'a=b', '+']) assert.equal(fromXtext(bad), undefined);
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => assert.equal(fromXtext(xtext(text)), text)));
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => assert.equal(lineFault(xtext(text)), undefined)));
  });
});
