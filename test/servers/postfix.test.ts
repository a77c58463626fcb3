import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';
import { makeCertificate } from '../../src/capture/certificate.ts';
import type { CapturedEnvelope } from '../../src/capture/message.ts';
import type { KeyPair } from '../../src/capture/server.ts';
import { connect } from '../../src/smtp/client.ts';
import type { ConnectOptions } from '../../src/smtp/options.ts';
import { failureOf, optionsFor } from '../support/smtp-connect.ts';
import { messageOf } from '../support/smtp-message.ts';
import { newMark, recording, speaksTls, statuses, takesMail, textOf, withClient } from './harness/exchange.ts';
import { NextHop } from './harness/next-hop.ts';
import { type Postfix, postfixUser, startPostfix } from './harness/postfix.ts';

/** The RCPT parameters of the first recipient, whatever their order. */
function parametersOf(envelope: CapturedEnvelope): Record<string, string | undefined> {
  return Object.fromEntries(envelope.accepted?.[0]?.parameters.map(({ keyword, value }) => [keyword, value]) ?? []);
}

describe('Postfix', () => {
  let hop: NextHop;
  let postfix: Postfix;
  let pair: KeyPair;
  const envelope = { sender: 'ann@a.example', recipients: ['bob@b.example'] };
  const credentials = { user: postfixUser.user, password: postfixUser.password };

  before(async () => {
    hop = await NextHop.start();
    pair = await makeCertificate({ now: Date.now() });
    postfix = await startPostfix(hop.port, pair);
  });
  after(async () => {
    await postfix?.end();
    await hop?.close();
  });

  const recipients = (count: number) => Array.from({ length: count }, (_, index) => `bob${index}@b.example`);

  describe('as an MX', () => {
    takesMail(() => ({
      options: optionsFor(postfix.mx),
      hop,
      recipients,
      refused: { address: 'refused@b.example', code: 550 },
    }));
    speaksTls(() => ({ options: optionsFor(postfix.mx), ca: pair.certificate }));

    it('offers what it is known to offer', async () => {
      await withClient(optionsFor(postfix.mx), async ({ capabilities, greeting }) => {
        assert.deepEqual(greeting.lines, ['postfix.test ESMTP Postfix']);
        assert.equal(capabilities.size, 5_000_000);
        assert.deepEqual(
          [...capabilities.keywords.keys()],
          [
            'PIPELINING',
            'SIZE',
            'VRFY',
            'ETRN',
            'STARTTLS',
            'ENHANCEDSTATUSCODES',
            '8BITMIME',
            'DSN',
            'SMTPUTF8',
            'CHUNKING',
          ],
        );
      });
    });

    it('tells transient refusals from permanent ones', async () => {
      const to = ['refused@b.example', 'later@b.example', 'bob@b.example'];
      const delivery = await withClient(optionsFor(postfix.mx), (client) =>
        client.send({ sender: 'ann@a.example', recipients: to }, messageOf(textOf(newMark(), 'x\r\n'))),
      );
      assert.deepEqual(statuses(delivery), [
        ['refused@b.example', 'refused', 550],
        ['later@b.example', 'refused', 450],
        ['bob@b.example', 'accepted', 250],
      ]);
      assert.deepEqual(
        delivery.recipients.map(({ transient }) => transient),
        [false, true, undefined],
      );
      assert.equal(delivery.recipients[0]?.reply?.enhanced, '5.1.1');
    });

    it('refuses a text after it has seen it', async () => {
      const delivery = await withClient(optionsFor(postfix.mx), (client) =>
        client.send(envelope, messageOf(textOf(newMark(), 'x\r\n', 'X-Refuse: yes\r\n'))),
      );
      assert.equal(delivery.outcome, 'refused');
      assert.deepEqual(delivery.reply?.full, ['550 5.7.1 Refused by its header']);
      assert.equal(delivery.failure?.step, 'data');
    });

    it('takes HELO alone', async () => {
      const mark = newMark();
      await withClient(optionsFor(postfix.mx, { hello: 'helo' }), async (client) => {
        assert.equal(client.capabilities.keywords.size, 0);
        assert.equal((await client.send(envelope, messageOf(textOf(mark, 'x\r\n')))).outcome, 'accepted');
      });
      assert.match(
        (await hop.message(mark)).text,
        /^Received: from client\.example [^\n]*\r\n\tby postfix\.test \(Postfix\) with SMTP /,
      );
    });

    it('takes 8-bit text and UTF-8 header and addresses', async () => {
      const mark = newMark();
      const text = Buffer.from(
        textOf(mark, 'Grüße\r\n').replace('us-ascii', 'utf-8').replace('Test', 'Grüße'),
      ).toString('latin1');
      await withClient(optionsFor(postfix.mx), async (client) => {
        const message = messageOf(text, { transparency: '8bit', utf8Header: true });
        const delivery = await client.send({ sender: 'änn@a.example', recipients: ['böb@b.example'] }, message);
        assert.equal(delivery.outcome, 'accepted');
      });
      const arrived = await hop.message(mark);
      assert.equal(arrived.text.slice(-text.length), text);
      assert.equal(arrived.envelope.sender, 'änn@a.example');
      assert.deepEqual(arrived.envelope.recipients, ['böb@b.example']);
    });

    it('takes chunks (BDAT), any octets in them', async () => {
      const mark = newMark();
      const text = textOf(mark, `.\r\n..\r\n${'x'.repeat(5000)}\r\n`.replaceAll('xxxxxxxxxx', 'xxxxxxxx\r\n'));
      await withClient(optionsFor(postfix.mx), async (client) => {
        for (const chunking of [true, 100]) {
          const delivery = await client.send(envelope, messageOf(text), { chunking });
          assert.equal(delivery.outcome, 'accepted');
        }
      });
      for (const arrived of await hop.messages(mark, 2)) assert.equal(arrived.text.slice(-text.length), text);
    });

    it('hands on what was asked of it for delivery status notifications', async () => {
      const mark = newMark();
      await withClient(optionsFor(postfix.mx), async (client) => {
        const delivery = await client.send(envelope, messageOf(textOf(mark, 'x\r\n')), {
          dsn: { return: 'headers', envelopeId: 'id+=1 x', notify: ['failure', 'delay'], originalRecipient: true },
        });
        assert.equal(delivery.outcome, 'accepted');
      });
      const { envelope: handedOn } = await hop.message(mark);
      const mail = new Map(handedOn.mailParameters?.map(({ keyword, value }) => [keyword, value]));
      assert.equal(mail.get('RET'), 'HDRS');
      assert.equal(mail.get('ENVID'), 'id+2B+3D1+20x');
      assert.deepEqual(parametersOf(handedOn), { NOTIFY: 'FAILURE,DELAY', ORCPT: 'rfc822;bob@b.example' });
    });

    it('sends the notification of a success that was asked for', async () => {
      const mark = newMark();
      await withClient(optionsFor(postfix.mx), (client) =>
        client.send({ ...envelope, sender: 'notify@a.example' }, messageOf(textOf(mark, 'x\r\n')), {
          dsn: { envelopeId: mark, notify: ['success'] },
        }),
      );
      // The next hop offers DSN, so that it is the one to notify: what it was told is what counts.
      const arrived = await hop.message(`Message-ID: <${mark}@`);
      assert.equal(parametersOf(arrived.envelope).NOTIFY, 'SUCCESS');
    });
  });

  describe('as a submission server', () => {
    const submission = (more: Partial<ConnectOptions> = {}) =>
      optionsFor(postfix.submission, {
        host: 'localhost',
        security: 'starttls',
        tls: { ca: pair.certificate },
        credentials,
        ...more,
      });

    takesMail(() => ({ options: submission(), hop, recipients, refused: { address: 'refused@b.example', code: 550 } }));
    speaksTls(() => ({ options: optionsFor(postfix.submissions), ca: pair.certificate }), 'tls');

    for (const auth of ['auto', 'plain', 'login', 'cram-md5', 'scram-sha-1', 'scram-sha-256'] as const) {
      it(`takes AUTH ${auth}, and tells nobody the password`, async () => {
        const { transcript, lines } = recording();
        const mark = newMark();
        await withClient(submission({ auth, transcript }), async (client) => {
          if (auth !== 'auto') assert.equal(client.authenticated, auth.toUpperCase());
          assert.equal((await client.send(envelope, messageOf(textOf(mark, 'x\r\n')))).outcome, 'accepted');
        });
        const all = lines.join('\n');
        for (const secret of ['pass wörd', Buffer.from('pass wörd').toString('base64')])
          assert.equal(all.includes(secret), false);
        assert.match(all, /^<~ {2}235 2\.7\.0 Authentication successful$/m);
        assert.match((await hop.message(mark)).text, /with ESMTPSA /);
      });

      it(`refuses AUTH ${auth} with a wrong password`, async () => {
        const failure = await failureOf(
          connect(submission({ auth, credentials: { user: postfixUser.user, password: 'wrong' } })),
        );
        assert.deepEqual([failure.step, failure.code], ['auth', 535]);
      });
    }

    it('takes AUTH over TLS from the first octet', async () => {
      const options = submission({ port: postfix.submissions, security: 'tls' });
      await withClient(options, async (client) => {
        assert.notEqual(client.authenticated, undefined);
        assert.equal((await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')))).outcome, 'accepted');
      });
    });

    it('refuses mail before TLS and before AUTH', async () => {
      await withClient(optionsFor(postfix.submission), async (client) => {
        const delivery = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')));
        assert.equal(delivery.failure?.code, 530);
      });
      const { credentials: _, ...anonymous } = submission();
      await withClient(anonymous, async (client) => {
        const delivery = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')));
        assert.equal(delivery.outcome, 'refused');
        assert.equal(delivery.recipients[0]?.reply?.code, 554);
      });
    });

    it('is not told the password in plain text where it offers AUTH only under TLS', async () => {
      const { transcript, lines } = recording();
      const failure = await failureOf(connect(submission({ security: 'none', transcript })));
      assert.equal(failure.step, 'auth');
      assert.equal(failure.reason, 'auth-missing');
      assert.equal(
        lines.some((line) => line.includes('AUTH')),
        false,
      );
    });
  });

  it('takes XCLIENT from whom it trusts', async () => {
    const mark = newMark();
    const xclient = { NAME: 'far.example', ADDR: '192.0.2.7', HELO: 'helo+=.example', PROTO: 'ESMTP' };
    // Its port takes mail for such clients alone, and this one comes from elsewhere.
    const direct = await withClient(optionsFor(postfix.xclient), (client) =>
      client.send(envelope, messageOf(textOf(newMark(), 'x\r\n'))),
    );
    assert.equal(direct.outcome, 'refused');
    const delivery = await withClient(optionsFor(postfix.xclient, { xclient }), (client) =>
      client.send(envelope, messageOf(textOf(mark, 'x\r\n'))),
    );
    assert.equal(delivery.outcome, 'accepted');
    // The EHLO that has to follow outranks HELO=.
    assert.match((await hop.message(mark)).text, /^Received: from client\.example \(far\.example \[192\.0\.2\.7\]\)/);
    const failure = await failureOf(connect(optionsFor(postfix.mx, { xclient })));
    assert.equal(failure.reason, 'extension-missing');
  });

  for (const version of [1, 2] as const) {
    it(`takes a PROXY header, version ${version}`, async () => {
      const mark = newMark();
      const proxyProtocol = {
        version,
        source: { address: '192.0.2.9', port: 4321 },
        destination: { address: '192.0.2.1', port: 25 },
      };
      const delivery = await withClient(optionsFor(postfix.proxied, { proxyProtocol }), (client) =>
        client.send(envelope, messageOf(textOf(mark, 'x\r\n'))),
      );
      assert.equal(delivery.outcome, 'accepted');
      assert.match((await hop.message(mark)).text, /^Received: from client\.example \(unknown \[192\.0\.2\.9\]\)/);
    });
  }

  it('stops where it is told to', async () => {
    for (const how of ['quit', 'drop'] as const) {
      await withClient(optionsFor(postfix.mx), async (client) => {
        const delivery = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')), {
          stop: { at: 'rcpt', before: 'next', how },
        });
        assert.equal(delivery.stopped, true);
        assert.equal(delivery.sent, 0);
      });
    }
  });
});
