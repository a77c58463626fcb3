import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';

import type { KeyPair } from '../../src/capture/server.ts';
import { connect } from '../../src/smtp/client.ts';
import type { ConnectOptions } from '../../src/smtp/options.ts';
import { failureOf, optionsFor } from '../support/smtp-connect.ts';
import { messageOf } from '../support/smtp-message.ts';
import { account } from './harness/accounts.ts';
import { newMark, recording, takesMail, textOf, withClient } from './harness/exchange.ts';
import { NextHop } from './harness/next-hop.ts';
import { type OpenSmtpd, startOpenSmtpd } from './harness/opensmtpd.ts';
import { makeRsaCertificate } from './harness/rsa.ts';

describe('OpenSMTPD', () => {
  let hop: NextHop;
  let opensmtpd: OpenSmtpd;
  let pair: KeyPair;
  const envelope = { sender: 'ann@a.example', recipients: ['bob@b.example'] };

  before(async () => {
    hop = await NextHop.start();
    // Its processes pass keys between them, RSA ones alone.
    pair = await makeRsaCertificate();
    opensmtpd = await startOpenSmtpd(hop.port, pair);
  });
  after(async () => {
    await opensmtpd?.end();
    await hop?.close();
  });

  takesMail(() => ({
    options: optionsFor(opensmtpd.smtp),
    hop,
    recipients: (count) => Array.from({ length: count }, (_, index) => `bob${index}@b.example`),
    refused: { address: 'refused@b.example', code: 550 },
  }));
  it('offers what it is known to offer', async () => {
    await withClient(optionsFor(opensmtpd.smtp), async ({ capabilities, greeting }) => {
      assert.match(greeting.lines[0] ?? '', /^opensmtpd\.test ESMTP OpenSMTPD/);
      assert.deepEqual([...capabilities.keywords.keys()].sort(), [
        '8BITMIME',
        'DSN',
        'ENHANCEDSTATUSCODES',
        'HELP',
        'SIZE',
        'STARTTLS',
      ]);
    });
  });

  // Debian 12's OpenSMTPD can't sign with its key since OpenSSL 3 (OpenSMTPD's issues 1171 and 1239): its log says "elliptic
  // curve routines::missing private key" for an ECDSA key, and each handshake ends with an alert of its. Where this fails
  // some day, speaksTls belongs here.
  for (const security of ['starttls', 'tls'] as const) {
    it(`is reported where its handshake breaks down (${security}), and nothing goes in plain text then`, async () => {
      const { transcript, lines } = recording();
      const options = optionsFor(security === 'tls' ? opensmtpd.smtps : opensmtpd.submission, {
        host: 'localhost',
        security,
        tls: { ca: pair.certificate },
        credentials: account,
        transcript,
      });
      const failure = await failureOf(connect(options));
      assert.deepEqual([failure.step, failure.failure, failure.reason], ['tls', 'tls', 'tls-failed']);
      assert.equal(failure.sessionSurvives, false);
      assert.equal(
        lines.some((line) => line.includes('AUTH PLAIN') && line.includes('->')),
        false,
      );
      assert.match(String(failure.cause), /alert internal error/);
    });
  }

  // It refuses to start with AUTH outside of TLS ("invalid listen option: auth requires tls/smtps"). A cipher suite without
  // certificates (RFC 4492 section 2.5) needs no signature: nobody knows who it is, but AUTH is AUTH.
  describe('AUTH, under TLS without a certificate', () => {
    const anonymous = (more: Partial<ConnectOptions> = {}) =>
      optionsFor(opensmtpd.submission, {
        security: 'starttls',
        tls: { verify: false, maxVersion: 'TLSv1.2', ciphers: 'AECDH-AES256-SHA:@SECLEVEL=0' },
        credentials: account,
        ...more,
      });

    for (const [name, port] of [
      ['STARTTLS', undefined],
      ['TLS from the first octet', 'smtps'],
    ] as const) {
      for (const auth of ['auto', 'plain', 'login'] as const) {
        it(`${name}: takes AUTH ${auth}, then mail, and refuses a wrong password`, async () => {
          const how = port === undefined ? {} : ({ port: opensmtpd.smtps, security: 'tls' } as const);
          const { transcript, lines } = recording();
          const mark = newMark();
          await withClient(anonymous({ auth, transcript, ...how }), async (client) => {
            assert.equal(client.authenticated, auth === 'login' ? 'LOGIN' : 'PLAIN');
            assert.deepEqual([client.tls?.verified, client.tls?.peer], [false, undefined]);
            const delivery = await client.send(envelope, messageOf(textOf(mark, 'x\r\n')));
            assert.equal(delivery.outcome, 'accepted');
          });
          await hop.message(mark);
          const shown = lines.join('\n');
          for (const secret of [account.password, Buffer.from(account.password).toString('base64')])
            assert.equal(shown.includes(secret), false);
          const wrong = { ...account, password: 'wrong' };
          const failure = await failureOf(connect(anonymous({ auth, credentials: wrong, ...how })));
          assert.deepEqual([failure.step, failure.reason, failure.code], ['auth', 'auth-refused', 535]);
        });
      }
    }

    it('is wanted before mail', async () => {
      const { host, port, security, tls } = anonymous();
      await withClient(optionsFor(port, { host, security, ...(tls ? { tls } : {}) }), async (client) => {
        const delivery = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')));
        assert.deepEqual([delivery.outcome, delivery.failure?.code], ['refused', 530]);
      });
    });
  });

  it('refuses mail before TLS where it wants TLS', async () => {
    await withClient(optionsFor(opensmtpd.submission), async (client) => {
      const delivery = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')));
      assert.equal(delivery.outcome, 'refused');
      assert.equal(delivery.failure?.code, 530);
    });
  });
});
