import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { grouped, printable } from '../../../src/net/printable.ts';
import { pop3Detector, Secrets, smtpDetector } from '../../../src/net/secrets.ts';
import { Transcript } from '../../../src/net/transcript.ts';
import { testClock } from '../../support/smtp-message.ts';

function record(options: Partial<ConstructorParameters<typeof Transcript>[0]> = {}): {
  transcript: Transcript;
  lines: string[];
} {
  const lines: string[] = [];
  return { lines, transcript: new Transcript({ sink: (line) => lines.push(line), clock: testClock(), ...options }) };
}

describe('net/printable', () => {
  const cases: [string, Buffer, string][] = [
    ['plain text', Buffer.from('250 Ok'), '250 Ok'],
    ['UTF-8', Buffer.from('grüße 你好'), 'grüße 你好'],
    ['controls', Buffer.from('a\t\x07\x1b[31m\x7f'), 'a\\x09\\x07\\x1B[31m\\x7F'],
    ['C1 controls', Buffer.from('\u009b'), '\\xC2\\x9B'],
    ['direction marks', Buffer.from('a\u202eb'), 'a\\xE2\\x80\\xAEb'],
    ['zero width', Buffer.from('a\u200bb\ufeff'), 'a\\xE2\\x80\\x8Bb\\xEF\\xBB\\xBF'],
    ['no UTF-8', Buffer.from([0x61, 0xff, 0xc3, 0xa9]), 'a\\xFF\\xC3\\xA9'],
    ['a backslash', Buffer.from('C:\\x86 \\x'), 'C:\\x5Cx86 \\x'],
  ];
  for (const [name, octets, expected] of cases) it(name, () => assert.equal(printable(octets), expected));

  it('gives no two lines the same look', () => {
    const back = (text: string) =>
      Buffer.concat(
        text
          .split(/(\\x[0-9A-F]{2})/)
          .map((part) => (/^\\x[0-9A-F]{2}$/.test(part) ? Buffer.from(part.slice(2), 'hex') : Buffer.from(part))),
      );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (octets) =>
        assert.deepEqual(back(printable(octets)), Buffer.from(octets)),
      ),
    );
  });

  it('groups digits', () =>
    assert.deepEqual([0, 999, 1000, 4312, 1234567].map(grouped), ['0', '999', '1,000', '4,312', '1,234,567']));
});

describe('net/secrets', () => {
  it('finds a secret as it is and encoded, at any alignment', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 6, maxLength: 30, unit: 'binary' }),
        fc.uint8Array({ maxLength: 5 }),
        fc.uint8Array({ maxLength: 5 }),
        (secret, before, after) => {
          const secrets = new Secrets();
          secrets.add(secret);
          const core = Buffer.from(secret, 'utf8');
          for (const [encoding, text] of [
            ['plain', secret],
            ['base64', Buffer.concat([before, core, after]).toString('base64')],
            ['base64url', Buffer.concat([before, core, after]).toString('base64url')],
          ] as const) {
            const hidden = secrets.hide(`x ${text} y`);
            assert.ok(hidden.includes('••••••••'), encoding);
            if (encoding === 'plain') assert.equal(hidden, 'x •••••••• y');
          }
        },
      ),
    );
  });

  it('does not hide what is too short to be told from anything', () => {
    const secrets = new Secrets();
    secrets.add('250');
    assert.equal(secrets.hide('250 Ok'), '250 Ok');
  });

  const exchanges: [string, ReturnType<typeof smtpDetector>, string[], string[]][] = [
    [
      'AUTH PLAIN at once',
      smtpDetector(),
      ['C: AUTH PLAIN AGEAYg==', 'S: 235 Ok', 'C: NOOP'],
      ['AUTH PLAIN ••••••••', 'NOOP'],
    ],
    ['in small letters', smtpDetector(), ['C:   auth  plain   AGEAYg=='], ['  auth  plain   ••••••••']],
    [
      'LOGIN',
      smtpDetector(),
      ['C: AUTH LOGIN', 'S: 334 x', 'C: YQ==', 'S: 334 y', 'C: Yg==', 'S: 535 No', 'C: QUIT'],
      ['AUTH LOGIN', '••••••••', '••••••••', 'QUIT'],
    ],
    [
      'cancelled',
      smtpDetector(),
      ['C: AUTH LOGIN', 'S: 334 x', 'C: *', 'S: 501 No', 'C: RSET'],
      ['AUTH LOGIN', '*', 'RSET'],
    ],
    ['an empty response', smtpDetector(), ['C: AUTH EXTERNAL =', 'S: 334 ', 'C: '], ['AUTH EXTERNAL =', '']],
    [
      'ahead of the reply',
      smtpDetector(),
      ['C: AUTH LOGIN', 'C: YQ==', 'C: Yg=='],
      ['AUTH LOGIN', '••••••••', '••••••••'],
    ],
    [
      'a reply of several lines',
      smtpDetector(),
      ['C: AUTH PLAIN', 'S: 334-a', 'S: 334 b', 'C: YQ=='],
      ['AUTH PLAIN', '••••••••'],
    ],
    ['a word that only begins like it', smtpDetector(), ['C: AUTHENTIC x'], ['AUTHENTIC x']],
    [
      'POP3 PASS',
      pop3Detector(),
      ['C: USER ann', 'S: +OK', 'C: PASS a b', 'S: +OK', 'C: STAT'],
      ['USER ann', 'PASS ••••••••', 'STAT'],
    ],
    ['POP3 APOP', pop3Detector(), ['C: APOP ann 00ff'], ['APOP ann ••••••••']],
    [
      'POP3 AUTH',
      pop3Detector(),
      ['C: AUTH PLAIN', 'S: + ', 'C: YQ==', 'S: +OK', 'C: STAT'],
      ['AUTH PLAIN', '••••••••', 'STAT'],
    ],
  ];
  for (const [name, detector, talk, expected] of exchanges) {
    it(name, () => {
      const shown: string[] = [];
      for (const line of talk) {
        if (line.startsWith('S')) detector.server(line.slice(3));
        else shown.push(detector.client(line.slice(3)));
      }
      assert.deepEqual(shown, expected);
    });
  }
});

describe('net/transcript', () => {
  it('is the same whatever the pieces', () => {
    const text = Buffer.from('EHLO x\r\nAUTH PLAIN AGFubgBzZWNyZXQ=\r\nbare\nMAIL FROM:<zoë@x>\r\nlast');
    const whole = [' -> EHLO x', ' -> AUTH PLAIN ••••••••', ' -> ••••••••', ' -> ••••••••', ' -> ••••••••'];
    for (let size = 1; size <= text.length; size++) {
      const { transcript, lines } = record();
      for (let at = 0; at < text.length; at += size) transcript.sent(text.subarray(at, at + size));
      transcript.close();
      transcript.close();
      assert.deepEqual(
        lines,
        whole.map((line, index) => (index === 2 ? ' -> ••••••••\\x0A' : line)),
      );
    }
  });

  it('marks arrows, TLS, and what was not hoped for', () => {
    const { transcript, lines } = record();
    transcript.event('Connecting');
    transcript.received(Buffer.from('220 x\r\n'), true);
    transcript.secure = true;
    transcript.sent(Buffer.from('NOOP\r\n'));
    transcript.received(Buffer.from('500 \xff\n', 'latin1'), false);
    transcript.trouble('It went wrong');
    transcript.event('Closed');
    transcript.messageEnd(4312, 61);
    transcript.messageEnd(1, 1);
    assert.deepEqual(lines, [
      '=== 14:02:11.093  Connecting',
      '<-  220 x',
      ' ~> NOOP',
      '<~* 500 \\xFF\\x0A',
      '*** It went wrong',
      '=== +1 ms  Closed',
      ' ~> [4,312 bytes of message, 61 lines]',
      ' ~> [1 byte of message, 1 line]',
    ]);
  });

  it('shows messages and times where they are asked for', () => {
    const { transcript, lines } = record({ data: 'full', times: 'all' });
    transcript.event('Connecting');
    transcript.message(Buffer.from('..a\r\nb'));
    transcript.message(Buffer.from('\r\n.\r\n'));
    transcript.messageEnd(5, 2);
    transcript.received(Buffer.from('250 Ok\r\n'), true);
    assert.deepEqual(lines, [
      '=== 14:02:11.093  Connecting',
      ' -> +1 ms  ..a',
      ' -> +2 ms  b',
      ' -> +3 ms  .',
      '<-  +4 ms  250 Ok',
    ]);
  });

  it('hides known secrets wherever they stand', () => {
    const { transcript, lines } = record({ data: 'full' });
    transcript.secrets.add('correct horse');
    transcript.event('Trying correct horse');
    transcript.received(Buffer.from('535 correct horse is wrong, and so is Y29ycmVjdCBob3JzZQ==\r\n'), false);
    transcript.message(Buffer.from('Your password is correct horse.\r\n'));
    assert.deepEqual(lines, [
      '=== 14:02:11.093  Trying ••••••••',
      '<-* 535 •••••••• is wrong, and so is ••••••••',
      ' -> Your password is ••••••••.',
    ]);
  });
});
