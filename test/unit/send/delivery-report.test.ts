import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { type DeliverPorts, deliver } from '../../../src/send/deliver.ts';
import { type Attempted, deliveryReport, sessionLines } from '../../../src/send/delivery-report.ts';
import { factLines, textTable } from '../../../src/send/text-table.ts';
import { composedOf } from './support/composed.ts';
import { fixedClock, portsOf } from './support/fixed.ts';
import { friendly } from './support/scripted-server.ts';
import { HI, type Rules, sendTo, serverOf } from './support/send-to.ts';

const offering: Rules = [
  [
    /^EHLO/,
    '250-mail.example.org at your service\n250-PIPELINING\n250-SIZE 50\n250-X-NEW a b\n250 LIMITS RCPTMAX=1000 MAILMAX=20',
  ],
  [/^RCPT TO:<eve/, '550-5.7.1 Not | here\n550 5.7.1 Go `away`'],
  ...friendly,
];

describe('send/delivery-report', () => {
  it('tells all that a check learnt', async () => {
    const { outcome, server } = await sendTo(
      HI,
      [[/^EHLO/, offering[0]![1]!.replace('SIZE 50', 'SIZE 5000')], ...offering],
      {
        recipients: ['bob@example.org', 'eve@example.net'],
        ports: { sendOptions: { dryRun: true } },
      },
    );
    assert.equal(outcome.kind, 'partial');
    assert.ok(!server.received.includes('DATA'));
    const report = deliveryReport('welcome.eml', outcome as Attempted, fixedClock.now());
    assert.equal(
      report.replaceAll(String(server.port), 'PORT').split('## Transcript')[0],
      [
        '# Delivery check of welcome.eml',
        '',
        'Server "staging" would take the message for 1 of 2 recipients only. Recipient eve@example.net refused: 550-5.7.1 Not | here 550 5.7.1 Go `away`. It is against the server’s rules: check whether this sender may write to this recipient here, and whether a login is wanted.',
        '',
        '- Server:  "staging", 127.0.0.1:PORT',
        '- From:    ann@example.com',
        '- To:      2 recipients',
        '- Message: 66 bytes, not sent',
        '',
        '## Recipients',
        '',
        '| Address         | Would be | Answer                                        |',
        '| --------------- | -------- | --------------------------------------------- |',
        '| bob@example.org | accepted | 250 OK                                        |',
        '| eve@example.net | refused  | 550-5.7.1 Not \\| here / 550 5.7.1 Go \\`away\\` |',
        '',
        '## Session',
        '',
        '- Connected to: 127.0.0.1',
        `- Greeting:     ${HI}`,
        '- Calls itself: mail.example.org at your service',
        '- TLS:          none: everything goes in plain text',
        '- Login:        not offered',
        '',
        '## Extensions',
        '',
        '- PIPELINING: takes commands in groups (RFC 2920)',
        '- SIZE:       5000 – says the largest message it takes (RFC 1870)',
        '- X-NEW:      a b',
        '- LIMITS:     RCPTMAX=1000 MAILMAX=20 – says its limits (RFC 9422)',
        '',
        'Not offered: 8BITMIME, SMTPUTF8, DSN, CHUNKING.',
        '',
        '## Limits',
        '',
        '- Size of a message:       5,000 bytes at most: this one fits',
        '- Recipients of a message: 1,000',
        '- Messages in a session:   20',
        '',
        '',
      ].join('\n'),
    );
    assert.match(
      report,
      /\n## Transcript\n\n```text\n=== 14:02:11\.093 {2}Connecting[\s\S]*no message sent; 0 ms, \d+ round trips\n```\n$/,
    );
  });

  it('tells what it learnt before a refusal', async () => {
    const { outcome } = await sendTo(HI, offering, { ports: { sendOptions: { dryRun: true } } });
    assert.equal(outcome.kind, 'failed');
    const report = deliveryReport('a.eml', outcome as Attempted, 0);
    assert.match(report, /\nThe message has 66 bytes; server "staging" \(127\.0\.0\.1:\d+\) takes at most 50 bytes\./);
    assert.match(report, /\n- Size of a message: {7}50 bytes at most: this one is too large\n/);
  });

  it('tells of a certificate: whose, by whom, how long, and whether it holds', () => {
    const now = Date.UTC(2026, 10, 20);
    const tls = {
      protocol: 'TLS 1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      verified: false,
      verificationProblem: 'CERT_HAS_EXPIRED',
      peer: {
        subject: 'CN=mail.example.org',
        issuer: 'CN=mail.example.org',
        names: ['mail.example.org', 'mx.example.org'],
        validFrom: Date.UTC(2026, 0, 1),
        validTo: Date.UTC(2026, 10, 18),
        fingerprint256: 'AB:CD',
      },
    };
    const session = {
      remoteAddress: '192.0.2.1',
      greeting: ['220 hi'],
      capabilities: { greeting: 'hi', keywords: new Map(), auth: ['PLAIN'], limits: new Map() },
      authenticated: 'PLAIN' as const,
    };
    const certificate = (facts: object, at = now) =>
      sessionLines({ ...session, tls: { ...tls, ...facts } }, undefined, at).slice(6, 16);
    assert.deepEqual(certificate({}), [
      '- Login:        PLAIN',
      '',
      '## Certificate',
      '',
      '- Verified: no: it has expired',
      '- Subject:  CN=mail.example.org',
      '- Names:    mail.example.org, mx.example.org',
      '- Issuer:   CN=mail.example.org (itself)',
      '- Valid:    2026-01-01 to 2026-11-18, expired 2 days ago',
      '- SHA-256:  AB:CD',
    ]);
    assert.equal(certificate({ verified: true })[4], '- Verified: yes');
    assert.equal(certificate({ verificationProblem: 'NEW_WORD' })[4], '- Verified: no: NEW_WORD');
    assert.equal(certificate({}, Date.UTC(2026, 10, 17))[8], '- Valid:    2026-01-01 to 2026-11-18, 1 day left');
  });

  it('asks nobody, since nothing is sent; what the guard forbids, it forbids', async () => {
    const far = { host: 'mail.invalid', timeouts: { dns: 1 } };
    const dns = {
      addresses: async () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
      mx: async () => [],
    } as unknown as NonNullable<DeliverPorts['dns']>;
    const ports = portsOf({ sendOptions: { dryRun: true }, dns });
    assert.equal((await deliver(composedOf({}), serverOf(far), ports)).kind, 'failed');
    await assert.rejects(deliver(composedOf({}), serverOf(far), portsOf({ dns })), /nobody was to be asked/);
    const guarded = serverOf({ ...far, guard: { allow: ['a.example'] } });
    assert.equal((await deliver(composedOf({}), guarded, ports)).kind, 'refused');
  });

  it('looks at a folder without writing to it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailbench-dry-'));
    try {
      const path = join(folder, 'to be made', 'out');
      const ports = portsOf({ sendOptions: { dryRun: true } });
      const outcome = await deliver(composedOf({}), serverOf({ transport: 'folder', path }), ports);
      assert.equal(outcome.kind, 'delivered');
      await assert.rejects(rm(join(folder, 'to be made')), { code: 'ENOENT' });
      const refused = await deliver(composedOf({}), serverOf({ transport: 'folder', path: '/dev/null/x' }), ports);
      assert.equal(refused.kind === 'refused' && refused.refusal.code, 'folder-unwritable');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('send/text-table', () => {
  it('aligns by what is seen, and lets no cell out of its place', () => {
    assert.deepEqual(
      textTable(
        ['a', 'b'],
        [
          ['你好', '1'],
          ['x|y\r\nz', '<b>'],
        ],
      ),
      ['| a      | b    |', '| ------ | ---- |', '| 你好   | 1    |', '| x\\|y z | \\<b> |'],
    );
    assert.deepEqual(
      factLines([
        ['a', '1'],
        ['long', ''],
      ]),
      ['- a:    1', '- long: '],
    );
  });
});
