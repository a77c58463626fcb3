import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';
import { makeCertificate } from '../../src/capture/certificate.ts';
import type { KeyPair } from '../../src/capture/server.ts';
import { connect } from '../../src/smtp/client.ts';
import type { ConnectOptions } from '../../src/smtp/options.ts';
import { failureOf, optionsFor } from '../support/smtp-connect.ts';
import { messageOf } from '../support/smtp-message.ts';
import { account } from './harness/accounts.ts';
import { type Dovecot, startDovecot } from './harness/dovecot.ts';
import { newMark, recording, speaksTls, statuses, takesMail, textOf, withClient } from './harness/exchange.ts';
import { NextHop } from './harness/next-hop.ts';

describe('Dovecot', () => {
  let hop: NextHop;
  let dovecot: Dovecot;
  let pair: KeyPair;
  const recipients = (count: number) => Array.from({ length: count }, (_, index) => `bob${index}@b.example`);

  before(async () => {
    hop = await NextHop.start();
    pair = await makeCertificate({ now: Date.now() });
    dovecot = await startDovecot(hop.port, pair);
  });
  after(async () => {
    await dovecot?.end();
    await hop?.close();
  });

  for (const how of ['TCP', 'a Unix socket'] as const) {
    describe(`LMTP over ${how}`, () => {
      const options = (): ConnectOptions =>
        optionsFor(dovecot.lmtp, { protocol: 'lmtp', ...(how === 'TCP' ? {} : { path: dovecot.lmtpSocket }) });

      takesMail(
        () => ({
          options: options(),
          hop: dovecot.mail,
          recipients,
          refused: { address: 'nobody@b.example', code: 550 },
        }),
        { size: true },
      );

      it('answers for each recipient, and the session is used again', async () => {
        await withClient(options(), async (client) => {
          for (const mark of [newMark(), newMark()]) {
            const to = ['bob1@b.example', 'nobody@b.example', 'bob2+tag@b.example'];
            const delivery = await client.send(
              { sender: 'ann@a.example', recipients: to },
              messageOf(textOf(mark, 'x\r\n')),
            );
            assert.equal(delivery.outcome, 'partial');
            assert.deepEqual(statuses(delivery), [
              ['bob1@b.example', 'accepted', 250],
              ['nobody@b.example', 'refused', 550],
              ['bob2+tag@b.example', 'accepted', 250],
            ]);
            assert.deepEqual(
              delivery.recipients.map(({ step }) => step),
              ['data', 'rcpt', 'data'],
            );
            // Each got a reply of its own, after the text.
            assert.match(delivery.recipients[0]?.reply?.lines[0] ?? '', /<bob1@b\.example> \S+ Saved/);
            assert.match(delivery.recipients[2]?.reply?.lines[0] ?? '', /<bob2\+tag@b\.example> \S+ Saved/);
            assert.equal((await dovecot.mail.messages(mark, 2)).length, 2);
          }
        });
      });

      it('takes chunks', async () => {
        const mark = newMark();
        const text = textOf(mark, `.\r\n${'0123456789'.repeat(50)}\r\n.\r\n`);
        await withClient(options(), async (client) => {
          const delivery = await client.send({ sender: '', recipients: recipients(2) }, messageOf(text), {
            chunking: 100,
          });
          assert.equal(delivery.outcome, 'accepted');
        });
        for (const arrived of await dovecot.mail.messages(mark, 2))
          assert.equal(arrived.text.slice(-text.length), text);
      });
    });
  }

  describe('LMTP under TLS', () => {
    speaksTls(() => ({ options: optionsFor(dovecot.lmtp, { protocol: 'lmtp' }), ca: pair.certificate }));
  });

  describe('submission', () => {
    const submission = (more: Partial<ConnectOptions> = {}) =>
      optionsFor(dovecot.submission, {
        host: 'localhost',
        security: 'starttls',
        tls: { ca: pair.certificate },
        credentials: account,
        ...more,
      });

    takesMail(() => ({ options: submission(), hop, recipients, refused: undefined }), {
      refusal: true,
    });
    speaksTls(() => ({ options: optionsFor(dovecot.submission), ca: pair.certificate }));
    speaksTls(() => ({ options: optionsFor(dovecot.submissions), ca: pair.certificate }), 'tls');

    for (const auth of ['auto', 'plain', 'login', 'cram-md5', 'scram-sha-1', 'scram-sha-256'] as const) {
      it(`takes AUTH ${auth}, and refuses a wrong password`, async () => {
        const { transcript, lines } = recording();
        await withClient(submission({ auth, transcript }), async (client) => {
          if (auth !== 'auto') assert.equal(client.authenticated, auth.toUpperCase());
          assert.equal((await client.noop()).code, 250);
        });
        assert.equal(lines.join('\n').includes(Buffer.from(account.password).toString('base64').slice(0, 8)), false);
        const wrong = { ...account, password: 'wrong' };
        const failure = await failureOf(connect(submission({ auth, credentials: wrong })));
        assert.deepEqual([failure.step, failure.code], ['auth', 535]);
      });
    }

    it('goes through a failed exchange of XOAUTH2 and OAUTHBEARER to its end', async () => {
      for (const auth of ['xoauth2', 'oauthbearer'] as const) {
        const { transcript, lines } = recording();
        const credentials = { user: account.user, password: 'ya29.a-token-nobody-issued' };
        const failure = await failureOf(connect(submission({ auth, credentials, transcript })));
        assert.equal(failure.step, 'auth');
        assert.equal(lines.join('\n').includes('ya29'), false);
      }
    });

    // Its submission service panics ("assertion failed: (conn->state.pending_rcpt_cmds == 0)") where the next envelope comes
    // right behind a message, lawful as that is by RFC 2920 section 3.1.
    it('takes many messages handed in at once, without an envelope behind any of them', async () => {
      const marks = Array.from({ length: 6 }, () => newMark());
      const { transcript, lines } = recording();
      const deliveries = await withClient(submission({ transcript }), (client) =>
        Promise.all(
          marks.map((mark) =>
            client.send({ sender: 'ann@a.example', recipients: recipients(2) }, messageOf(textOf(mark, 'x\r\n'))),
          ),
        ),
      );
      assert.deepEqual(
        deliveries.map(({ outcome }) => outcome),
        marks.map(() => 'accepted'),
      );
      for (const mark of marks) await hop.message(mark);
      const behind = lines.filter(
        (line, index) => line.includes('bytes of message') && / MAIL /.test(lines[index + 1] ?? ''),
      );
      assert.deepEqual(behind, []);
    });
  });
});
