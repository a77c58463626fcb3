import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';

import type { KeyPair } from '../../src/capture/server.ts';
import { connect } from '../../src/smtp/client.ts';
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

  // Debian 12's OpenSMTPD can't sign with its key since OpenSSL 3 (OpenSMTPD's issues 1171 and 1239): each handshake
  // ends with an alert of its. So AUTH can't be tried either. Where this fails some day, speaksTls belongs here.
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

  it('refuses mail before TLS where it wants TLS', async () => {
    await withClient(optionsFor(opensmtpd.submission), async (client) => {
      const delivery = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')));
      assert.equal(delivery.outcome, 'refused');
      assert.equal(delivery.failure?.code, 530);
    });
  });
});
