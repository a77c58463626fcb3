import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';
import { makeCertificate } from '../../src/capture/certificate.ts';
import type { KeyPair } from '../../src/capture/server.ts';
import { connect } from '../../src/smtp/client.ts';
import { failureOf, optionsFor } from '../support/smtp-connect.ts';
import { messageOf } from '../support/smtp-message.ts';
import { account } from './harness/accounts.ts';
import { type Aiosmtpd, startAiosmtpd } from './harness/aiosmtpd.ts';
import { newMark, speaksTls, statuses, takesMail, textOf, withClient } from './harness/exchange.ts';

describe('aiosmtpd', () => {
  let aiosmtpd: Aiosmtpd;
  let pair: KeyPair;
  const recipients = (count: number) => Array.from({ length: count }, (_, index) => `bob${index}@b.example`);
  const refused = { address: 'refused@b.example', code: 550 };

  before(async () => {
    pair = await makeCertificate({ now: Date.now() });
    aiosmtpd = await startAiosmtpd(pair);
  });
  after(() => aiosmtpd?.end());

  describe('over SMTP', () => {
    takesMail(() => ({ options: optionsFor(aiosmtpd.smtp), hop: aiosmtpd.hop, recipients, refused }));
    speaksTls(() => ({ options: optionsFor(aiosmtpd.smtp), ca: pair.certificate }));

    it('gets nothing but the octets of the message', async () => {
      for (const text of ['', '.', '\r\n', '.\r\n', '..\r\n.', 'no end', '\r\n.\r\n.\r\n', 'x\r\n\r\n\r\n']) {
        const mark = newMark();
        const whole = textOf(mark, text);
        await withClient(optionsFor(aiosmtpd.smtp), (client) =>
          client.send({ sender: '', recipients: recipients(1) }, messageOf(whole)),
        );
        // A text whose last line has no end gets one: otherwise the dot would be part of it.
        const expected = whole.endsWith('\r\n') ? whole : `${whole}\r\n`;
        assert.equal((await aiosmtpd.hop.message(mark)).text, expected, JSON.stringify(text));
      }
    });

    it('takes UTF-8 in addresses and header', async () => {
      const mark = newMark();
      const text = Buffer.from(textOf(mark, 'ü\r\n').replace('us-ascii', 'utf-8')).toString('latin1');
      await withClient(optionsFor(aiosmtpd.smtp), async (client) => {
        const delivery = await client.send(
          { sender: 'änn@a.example', recipients: ['böb@b.example'] },
          messageOf(text, { transparency: '8bit', utf8Header: true }),
        );
        assert.equal(delivery.outcome, 'accepted');
      });
      const arrived = await aiosmtpd.hop.message(mark);
      assert.equal(arrived.text, text);
      assert.deepEqual(arrived.envelope, { sender: 'änn@a.example', recipients: ['böb@b.example'] });
    });

    for (const auth of ['auto', 'plain', 'login'] as const) {
      it(`takes AUTH ${auth}, and refuses a wrong password`, async () => {
        const options = optionsFor(aiosmtpd.smtp, {
          host: 'localhost',
          security: 'starttls',
          tls: { ca: pair.certificate },
          auth,
          credentials: account,
        });
        await withClient(options, async (client) => assert.equal((await client.noop()).code, 250));
        const failure = await failureOf(connect({ ...options, credentials: { ...account, password: 'wrong' } }));
        assert.deepEqual([failure.step, failure.code], ['auth', 535]);
      });
    }
  });

  describe('over LMTP', () => {
    it('takes a message, octet for octet, and refuses one recipient', async () => {
      const mark = newMark();
      const text = textOf(mark, '.\r\n..\r\n');
      await withClient(optionsFor(aiosmtpd.lmtp, { protocol: 'lmtp' }), async (client) => {
        const to = ['bob@b.example', refused.address];
        const delivery = await client.send({ sender: 'ann@a.example', recipients: to }, messageOf(text));
        assert.deepEqual(statuses(delivery), [
          ['bob@b.example', 'accepted', 250],
          [refused.address, 'refused', 550],
        ]);
      });
      assert.equal((await aiosmtpd.hop.message(mark)).text, text);
    });
  });
});
