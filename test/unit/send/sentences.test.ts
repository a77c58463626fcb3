import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { DeliveryFailure, type FailureFacts } from '../../../src/base/errors.ts';
import { adviceFor } from '../../../src/send/sentences/advice.ts';
import { changeSentence } from '../../../src/send/sentences/change.ts';
import { failureSentence } from '../../../src/send/sentences/failure.ts';
import { problemCodes, problemSentence } from '../../../src/send/sentences/problem.ts';
import { count, list, octets, quoted, seconds, stopped } from '../../../src/send/sentences/words.ts';
import { parseServer } from '../../../src/send/server-settings.ts';
import { parseServerUrl } from '../../../src/send/server-url.ts';
import type { SmtpReason } from '../../../src/smtp/reasons.ts';

const { server } = parseServer('staging', { host: 'smtp.example.com', user: 'ann@example.com' });
assert.ok(server);

/** One failure for every reason there is: the compiler asks for each. */
const failures = {
  'no-such-host': { step: 'resolve' },
  'dns-failed': { step: 'resolve', details: { code: 'ESERVFAIL' } },
  'connection-refused': { step: 'connect' },
  unreachable: { step: 'connect', details: { code: 'ENETUNREACH' } },
  'connection-reset': { step: 'connect' },
  'no-such-socket': { step: 'connect', details: { path: '/run/lmtp' } },
  'permission-denied': { step: 'connect' },
  'local-address': { step: 'connect', details: { localAddress: '192.0.2.9' } },
  'connect-failed': { step: 'connect', details: { code: 'EMFILE' } },
  'proxy-unreachable': { step: 'connect', details: { proxy: 'socks5://127.0.0.1:1080', code: 'ECONNREFUSED' } },
  'proxy-refused': { step: 'connect', details: { proxy: 'http://127.0.0.1:3128', answer: '403 Forbidden' } },
  'proxy-authentication': { step: 'connect', details: { proxy: 'http://127.0.0.1:3128', answer: '407' } },
  'proxy-broken': { step: 'connect', details: { proxy: 'socks5://127.0.0.1:80' } },
  'certificate-expired': { step: 'tls', details: { validTo: '2026-01-01' } },
  'certificate-not-yet-valid': { step: 'tls', details: { validFrom: '2027-01-01' } },
  'certificate-wrong-host': { step: 'tls', details: { names: 'mail.example.com' } },
  'certificate-self-signed': { step: 'tls' },
  'certificate-untrusted': { step: 'tls', details: { issuer: 'Example CA' } },
  'certificate-invalid': { step: 'tls', details: { code: 'CERT_REVOKED' } },
  'tls-too-old': { step: 'tls' },
  'not-tls': { step: 'tls' },
  'client-certificate': { step: 'tls' },
  'tls-settings': { step: 'tls', details: { code: 'ERR_OSSL_PEM_NO_START_LINE' } },
  'tls-failed': { step: 'tls', details: { code: 'ECONNRESET' } },
  closed: { step: 'rcpt', details: { code: 'ECONNRESET' } },
  timeout: { step: 'connect', details: { phase: 'connect', seconds: 20 } },
  aborted: { step: 'data' },
  refused: { step: 'data', code: 552, enhanced: '5.3.4', lines: ['552 5.3.4 Message too big'] },
  'service-closing': { step: 'mail', code: 421, lines: ['421 Too busy'] },
  'malformed-reply': { step: 'ehlo', details: { line: '\u001b]0;x\u0007hello' } },
  'reply-too-long': { step: 'ehlo' },
  'unexpected-reply': { step: 'mail', lines: ['354 Go on'] },
  'starttls-injection': { step: 'starttls' },
  'starttls-missing': { step: 'starttls' },
  'starttls-refused': { step: 'starttls', lines: ['454 TLS not available'] },
  'auth-missing': { step: 'auth' },
  'auth-no-mechanism': { step: 'auth', details: { offered: 'NTLM, GSSAPI' } },
  'auth-needs-tls': { step: 'auth' },
  'auth-needs-certificate': { step: 'auth', details: { certificate: 'DEPTH_ZERO_SELF_SIGNED_CERT' } },
  'auth-refused': { step: 'auth', lines: ['535 5.7.8 No'] },
  'auth-server-unproven': { step: 'auth' },
  'auth-channel-binding': {
    step: 'auth',
    details: { mechanism: 'SCRAM-SHA-256-PLUS', fault: 'unsupported-channel-binding-type' },
  },
  'auth-broken': { step: 'auth', details: { mechanism: 'CRAM-MD5' } },
  'unsafe-argument': { step: 'mail', details: { field: 'sender', fault: 'line-break' } },
  'bad-address': { step: 'rcpt', details: { address: 'a b@x', fault: 'local-part' } },
  'no-recipients': { step: 'rcpt' },
  'too-large': { step: 'mail', details: { size: 12_000_000, limit: 10_485_760 } },
  'needs-8bitmime': { step: 'mail' },
  'needs-binarymime': { step: 'mail' },
  'needs-smtputf8': { step: 'mail', details: { address: 'jürgen@example.com' } },
  'extension-missing': { step: 'mail', details: { extension: 'DSN' } },
  'extension-limit': { step: 'mail', details: { extension: 'DELIVERBY', limit: 60 } },
  'source-failed': { step: 'data', cause: new Error('EIO: i/o error') },
  'source-changed': { step: 'data', details: { expected: 100, got: 90 } },
  'fate-unknown': { step: 'data' },
  'not-connected': { step: 'mail' },
  'null-mx': { step: 'resolve', details: { domain: 'example.org' } },
  'mx-failed': {
    step: 'connect',
    details: { domain: 'example.org', hosts: 2 },
    cause: new DeliveryFailure({
      failure: 'network',
      step: 'connect',
      reason: 'timeout',
      sessionSurvives: false,
      retryable: true,
      details: { host: 'mx2.example.org', port: 25, phase: 'connect', seconds: 20 },
    }),
  },
  stopped: { step: 'rcpt', details: { at: 'rcpt' } },
  'stop-unreached': { step: 'auth', details: { at: 'auth' } },
} satisfies Record<SmtpReason, Pick<FailureFacts, 'step'> & Partial<FailureFacts>>;

const dotSent = { phase: 'final', seconds: 300, fate: 'unknown' };

/** What can be said of a reason in more than one way. */
const variants: readonly [SmtpReason, Pick<FailureFacts, 'step'> & Partial<FailureFacts>][] = [
  ['timeout', { step: 'data', details: dotSent }],
  ['aborted', { step: 'data', details: dotSent }],
  ['malformed-reply', { step: 'data', details: { line: 'huh', fate: 'unknown' } }],
  ['closed', { step: 'greeting' }],
  ['local-address', { step: 'connect', details: { localAddress: '192.0.2.9', family: 4 } }],
  ['not-connected', { step: 'mail', code: 421, lines: ['421 4.4.2 Timeout'] }],
  ['not-connected', { step: 'mail', code: 250, lines: ['250 Ok'] }],
  ['timeout', { step: 'greeting', details: { phase: 'greeting', seconds: 60 } }],
  ['timeout', { step: 'mail', details: { phase: 'command', seconds: 60 } }],
  ['refused', { step: 'greeting', code: 554, lines: ['554 No service'] }],
  ['unsafe-argument', { step: 'ehlo', details: { field: 'client name', fault: 'domain' } }],
  ['unsafe-argument', { step: 'ehlo', details: { field: 'XCLIENT', fault: 'name' } }],
  ['unsafe-argument', { step: 'connect', details: { field: 'host', fault: 'space' } }],
  ['unsafe-argument', { step: 'mail', details: { field: 'chunking', fault: 'number' } }],
  ['unsafe-argument', { step: 'command', details: { field: 'BDAT', fault: 'not-as-line' } }],
  ['unsafe-argument', { step: 'command', details: { field: 'STARTTLS', fault: 'not-as-line' } }],
  ['unsafe-argument', { step: 'starttls', details: { field: 'STARTTLS', fault: 'twice' } }],
  ['extension-limit', { step: 'rcpt', details: { extension: 'LIMITS', limit: 5 } }],
  ['extension-limit', { step: 'rcpt', details: { extension: 'LIMITS', limit: 5, transactions: 7 } }],
  ['needs-smtputf8', { step: 'mail' }],
];

describe('send/sentences', () => {
  it('has one for every failure: what happened, where, and what to do', () => {
    const told = [...Object.entries(failures), ...variants].map(([reason, facts]) => {
      const failure = new DeliveryFailure({
        failure: 'network',
        reason,
        sessionSurvives: false,
        retryable: false,
        ...facts,
      });
      return `${reason}\n    ${failureSentence(failure, server)}`;
    });
    // Read the file when it changes: it is what people read. `UPDATE_GOLDEN=1` writes it.
    const golden = new URL('./failure-sentences.golden.txt', import.meta.url);
    const whole = `${told.join('\n')}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(golden, whole);
    assert.equal(whole, readFileSync(golden, 'utf8'));
    assert.doesNotMatch(whole, /undefined|NaN|\(\)|\.\.|: \.|\S {2}/);
  });

  it('tells what a channel binding may have to do with a login that is refused', () => {
    const tell = (reason: string, details: Record<string, string>) =>
      failureSentence(
        new DeliveryFailure({
          failure: 'refused',
          step: 'auth',
          reason,
          code: 535,
          lines: ['535 5.7.8 No'],
          sessionSurvives: true,
          retryable: false,
          details: { mechanism: 'SCRAM-SHA-1-PLUS', ...details },
        }),
        server,
      );
    assert.match(
      tell('auth-channel-binding', { fault: 'channel-bindings-dont-match' }),
      /does not see the TLS connection that was made here: something stands in between\. No password was sent\. .* set "auth" to "scram-sha-1"; else/,
    );
    assert.match(tell('auth-refused', {}), /"auth": "scram-sha-1" logs in without\.$/);
    assert.doesNotMatch(tell('auth-refused', { mechanism: 'PLAIN' }), /binding/);
  });

  it('names a server given by its URL once', () => {
    const { server: byUrl } = parseServerUrl('smtp://localhost:2525');
    assert.ok(byUrl);
    const failure = new DeliveryFailure({
      failure: 'network',
      step: 'connect',
      reason: 'connection-refused',
      sessionSurvives: false,
      retryable: true,
    });
    assert.equal(
      failureSentence(failure, byUrl),
      'Nothing accepts connections at localhost:2525: the connection was refused. Check the port, and that the mail server is running.',
    );
  });

  it('has one for a reason that it does not know', () => {
    const failure = new DeliveryFailure({
      failure: 'network',
      step: 'mail',
      reason: 'of-tomorrow',
      lines: ['500 What'],
      sessionSurvives: false,
      retryable: false,
    });
    assert.equal(
      failureSentence(failure, server),
      'Sending to server "staging" (smtp.example.com:587) failed at MAIL FROM (of-tomorrow): "500 What". The message was not delivered, and the document is as it was: send again.',
    );
  });

  it('has one for every problem of a document', () => {
    assert.ok(problemCodes.length > 100, String(problemCodes.length));
    // Whatever the values are, no sentence throws; what they look like, the documents' own tests show.
    const values = new Proxy(
      {
        ...{ expected: ['a', 'b'], names: ['a'], known: ['inbox'], offset: 1, count: 2, range: { start: 0, end: 0 } },
        ...{ line: 'text', what: 'quote', fault: 'empty', reason: '8bit', wanted: 'name', end: 'open', part: 'local' },
      },
      { get: (target, key) => (key in target ? Reflect.get(target, key) : 'x') },
    );
    for (const code of problemCodes) {
      const problem = new Proxy(values, { get: (target, key) => (key === 'code' ? code : Reflect.get(target, key)) });
      const sentence = problemSentence(problem as never);
      assert.notEqual(sentence, code);
      assert.match(sentence, /[.x]$/, code);
    }
  });

  it('has one for every change', () => {
    const range = { start: 0, end: 0 };
    assert.deepEqual(
      [
        changeSentence({ change: 'bom' }),
        changeSentence({ change: 'settings', names: ['server', 'raw'], range }),
        changeSentence({ change: 'mbox-line', range }),
        changeSentence({ change: 'bcc', name: 'Resent-Bcc', counts: true, range }),
        changeSentence({ change: 'bcc', name: 'Bcc', counts: false, range }),
        changeSentence({ change: 'line-ends', count: 1 }),
        changeSentence({ change: 'last-line-end' }),
      ],
      [
        'The byte order mark at its start was taken off.',
        'The settings @server and @raw were taken off.',
        'The "From " line of an mbox file was taken off.',
        'Resent-Bcc was taken out: its recipients get the message, and nobody sees them.',
        'Bcc was taken out. The newest Resent- fields say who gets the message, so its recipients do not.',
        '1 line end became CRLF.',
        'The last line got its line end.',
      ],
    );
  });

  describe('advice', () => {
    const table: [Parameters<typeof adviceFor>, RegExp | ''][] = [
      [[{ step: 'rcpt', code: 450, lines: ['450 4.2.0 Greylisted'] }], /greylisting/],
      [[{ step: 'rcpt', code: 554, lines: ['554 5.7.1 <a@b>: Relay access denied'] }], /does not pass mail on/],
      [[{ step: 'rcpt', code: 550 }], /Check the address/],
      [[{ step: 'rcpt', code: 452, enhanced: '4.5.3' }], /fewer recipients/],
      [[{ step: 'rcpt', code: 452 }], /short of room/],
      [[{ step: 'rcpt', code: 550, enhanced: '5.7.23' }], /SPF/],
      [[{ step: 'data', code: 550, enhanced: '5.7.1', lines: ['550 5.7.1 SPF unauthenticated mail'] }], /rules/],
      [[{ step: 'mail', code: 553 }, 'smtp.163.com'], /addresses of the account/],
      [[{ step: 'auth', code: 534, enhanced: '5.7.9' }, 'smtp.gmail.com'], /app password/],
      [[{ step: 'ehlo', code: 501 }], /clientName/],
      [[{ step: 'rcpt', code: 599 }], ''],
    ];
    for (const [args, expected] of table) {
      it(JSON.stringify(args), () => {
        const advice = adviceFor(...args);
        if (expected === '') assert.equal(advice, '');
        else assert.match(advice, expected);
      });
    }
  });

  it('are made of well-formed pieces', () => {
    assert.equal(count(1, 'recipient'), '1 recipient');
    assert.equal(count(1200, 'recipient'), '1,200 recipients');
    assert.equal(list([]), '');
    assert.equal(list(['a']), 'a');
    assert.equal(list(['a', 'b', 'c'], 10, 'or'), 'a, b or c');
    assert.equal(list(['a', 'b', 'c', 'd'], 3), 'a, b and 2 more');
    assert.equal(quoted('a\u202eb\u0007\n'), '"a\\u{202e}b\\x07\\x0A"');
    assert.equal(quoted('x'.repeat(90), 10), '"xxxxxxxxx…"');
    assert.deepEqual([0, 9999, 10_240, 5_000_000, 3e9].map(octets), [
      '0 bytes',
      '9,999 bytes',
      '10 KB',
      '4.8 MB',
      '2.8 GB',
    ]);
    assert.deepEqual([1000, 1500, 60_000].map(seconds), ['1 second', '1.5 seconds', '60 seconds']);
    assert.deepEqual(['a', 'a.', 'a?"', '"a"'].map(stopped), ['a.', 'a.', 'a?"', '"a".']);
  });
});
