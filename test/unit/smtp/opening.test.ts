import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { DeliveryFailure } from '../../../src/base/errors.ts';
import { connect } from '../../../src/smtp/client.ts';
import type { ConnectOptions } from '../../../src/smtp/options.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { conversation } from '../../support/smtp-conversation.ts';
import { lineServer } from '../../support/smtp-line-server.ts';
import { feeds, scriptedServer } from '../../support/smtp-server.ts';

const bye = `
  C: QUIT
  S: 221 Bye
  !close`;

describe('smtp opening', () => {
  const openings: [string, string, Partial<ConnectOptions>, Partial<DeliveryFailure>][] = [
    [
      'a greeting of 554',
      `S: 554 5.7.1 Go away\n${bye}`,
      {},
      { step: 'greeting', reason: 'refused', code: 554, enhanced: '5.7.1' },
    ],
    [
      'a greeting of 421',
      'S: 421 4.3.2 Busy\n!close',
      {},
      { step: 'greeting', reason: 'service-closing', retryable: true },
    ],
    [
      'no SMTP at all',
      'S: SSH-2.0-OpenSSH_9.9\n!close',
      {},
      { step: 'greeting', failure: 'protocol', reason: 'malformed-reply' },
    ],
    ['closed before the greeting', '!close', {}, { step: 'greeting', failure: 'closed', reason: 'closed' }],
    ['reset before the greeting', '!reset', {}, { retryable: true, sessionSurvives: false }],
    [
      'EHLO refused for now',
      `S: 220 x\nC: EHLO client.example\nS: 451 4.3.0 Later\n${bye}`,
      {},
      { step: 'ehlo', reason: 'refused', retryable: true },
    ],
    [
      'STARTTLS required and not offered',
      `S: 220 x\nC: EHLO client.example\nS: 250 x\n${bye}`,
      { security: 'starttls' },
      { step: 'starttls', failure: 'local', reason: 'starttls-missing' },
    ],
    [
      'STARTTLS required and refused',
      `S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 454 4.7.0 Not now\n${bye}`,
      { security: 'starttls' },
      { step: 'starttls', failure: 'refused', reason: 'starttls-refused', code: 454 },
    ],
    [
      'AUTH not offered',
      `S: 220 x\nC: EHLO client.example\nS: 250 x\n${bye}`,
      { credentials: { user: 'u', password: 'secret' } },
      { step: 'auth', failure: 'local', reason: 'auth-missing' },
    ],
    [
      'no mechanism in common',
      `S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 AUTH GSSAPI NTLM\n${bye}`,
      { credentials: { user: 'u', password: 'secret' } },
      { step: 'auth', failure: 'local', reason: 'auth-no-mechanism' },
    ],
    [
      'a wrong password, not tried by another mechanism',
      `S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 AUTH LOGIN PLAIN\nC: AUTH PLAIN AHUAc2VjcmV0\nS: 535 5.7.8 secret AHUAc2VjcmV0 is wrong\n${bye}`,
      { credentials: { user: 'u', password: 'secret' } },
      {
        step: 'auth',
        failure: 'refused',
        reason: 'auth-refused',
        code: 535,
        lines: ['535 5.7.8 •••••••• •••••••• is wrong'],
      },
    ],
  ];
  for (const [name, text, options, expected] of openings) {
    it(
      `reports ${name}`,
      conversation(text, async (port) => {
        const failure = await failureOf(connect(optionsFor(port, options)));
        for (const [key, value] of Object.entries(expected))
          assert.deepEqual(failure[key as keyof DeliveryFailure], value, key);
        assert.equal(failure.details?.host, '127.0.0.1');
      }),
    );
  }

  const hostile = fc
    .tuple(fc.string(), fc.constantFrom('\r\n', '\n', '\r', '\0'), fc.string())
    .map((parts) => parts.join(''));

  it('connects to nobody for a host, a path or a name with a line end or a NUL in it, through a proxy or not', async () => {
    let called = 0;
    const server = await lineServer('220 x', () => {
      called++;
      return undefined;
    });
    try {
      const proxy = `http://127.0.0.1:${server.port}`;
      const places: ((text: string) => Partial<ConnectOptions>)[] = [
        (text) => ({ host: text }),
        (text) => ({ host: text, proxy }),
        (text) => ({ host: text, proxy: proxy.replace('http', 'socks5') }),
        (text) => ({ proxy: `http://${text}@127.0.0.1:${server.port}` }),
        (text) => ({ path: text }),
        (text) => ({ clientName: text }),
        (text) => ({ tls: { serverName: text } }),
      ];
      await fc.assert(
        fc.asyncProperty(hostile, fc.constantFrom(...places), async (text, place) => {
          const failure = await failureOf(connect(optionsFor(server.port, place(text))));
          assert.deepEqual([failure.failure, failure.reason], ['local', 'unsafe-argument']);
        }),
      );
      assert.equal(called, 0);
    } finally {
      await server.close();
    }
  });

  it('says one line at a time whatever user and password hold', async () => {
    const said: string[] = [];
    const server = await lineServer('220 x', (line) => {
      said.push(line);
      if (line.startsWith('EHLO')) return '250-x\r\n250 AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2 OAUTHBEARER SCRAM-SHA-256';
      if (line === 'QUIT') return '221 Bye';
      return line.startsWith('AUTH') ? `334 ${Buffer.from('x').toString('base64')}` : '535 No';
    });
    const mechanisms = ['plain', 'login', 'cram-md5', 'xoauth2', 'oauthbearer', 'scram-sha-256'] as const;
    try {
      await fc.assert(
        fc.asyncProperty(hostile, hostile, fc.constantFrom(...mechanisms), async (user, password, auth) => {
          await failureOf(connect(optionsFor(server.port, { credentials: { user, password }, auth })));
        }),
        { numRuns: 60 },
      );
      const lawful =
        /^(?:EHLO client\.example|AUTH [A-Z0-9-]+(?: [A-Za-z0-9+/]*={0,2})?|[A-Za-z0-9+/]*={0,2}|\*|QUIT)$/;
      assert.deepEqual(
        said.filter((line) => !lawful.test(line)),
        [],
      );
    } finally {
      await server.close();
    }
  });

  it('fails where anything stands behind the 220 to STARTTLS', async () => {
    for (const feed of feeds) {
      const server = await scriptedServer(
        'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 Go\nS: 250-x\nS: 250 AUTH PLAIN',
        { feed },
      );
      const failure = await failureOf(connect(optionsFor(server.port, { security: 'starttls' })));
      // In one piece with the 220 it is found before the handshake begins; later, it is no TLS.
      if (feed === 'whole') assert.equal(failure.reason, 'starttls-injection');
      else assert.ok(['starttls-injection', 'not-tls'].includes(failure.reason), failure.reason);
      assert.ok(!(await server.said).includes('AUTH PLAIN\nC: EHLO'));
      await server.close();
    }
  });
});
