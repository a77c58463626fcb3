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
import { newMark, speaksTls, statuses, takesMail, textOf, withClient } from './harness/exchange.ts';
import { type Exim, startExim } from './harness/exim.ts';
import { NextHop } from './harness/next-hop.ts';

describe('Exim', () => {
  let hop: NextHop;
  let exim: Exim;
  let pair: KeyPair;
  const envelope = { sender: 'ann@a.example', recipients: ['bob@b.example'] };

  before(async () => {
    hop = await NextHop.start();
    pair = await makeCertificate({ now: Date.now() });
    exim = await startExim(hop.port, pair);
  });
  after(async () => {
    await exim?.end();
    await hop?.close();
  });

  takesMail(() => ({
    options: optionsFor(exim.smtp),
    hop,
    recipients: (count) => Array.from({ length: count }, (_, index) => `bob${index}@b.example`),
    refused: { address: 'refused@b.example', code: 550 },
  }));
  speaksTls(() => ({ options: optionsFor(exim.smtp), ca: pair.certificate }));
  speaksTls(() => ({ options: optionsFor(exim.smtps), ca: pair.certificate }), 'tls');

  it('offers what it is known to offer', async () => {
    await withClient(optionsFor(exim.smtp), async ({ capabilities, greeting }) => {
      assert.match(greeting.lines[0] ?? '', /^exim\.test ESMTP Exim 4\./);
      const offered = [...capabilities.keywords.keys()].sort();
      const expected = [
        '8BITMIME',
        'AUTH',
        'CHUNKING',
        'DSN',
        'HELP',
        'PIPECONNECT',
        'PIPELINING',
        'SIZE',
        'SMTPUTF8',
        'STARTTLS',
        'VRFY',
      ];
      assert.deepEqual(
        offered.filter((keyword) => keyword !== 'PIPECONNECT' && keyword !== 'PRDR'),
        expected.filter((keyword) => keyword !== 'PIPECONNECT'),
      );
    });
  });

  it('tells transient refusals from permanent ones, and refuses a text', async () => {
    await withClient(optionsFor(exim.smtp), async (client) => {
      const to = ['refused@b.example', 'later@b.example', 'bob@b.example'];
      const mixed = await client.send({ ...envelope, recipients: to }, messageOf(textOf(newMark(), 'x\r\n')));
      assert.deepEqual(statuses(mixed), [
        ['refused@b.example', 'refused', 550],
        ['later@b.example', 'refused', 451],
        ['bob@b.example', 'accepted', 250],
      ]);
      const refused = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n', 'X-Refuse: yes\r\n')));
      assert.equal(refused.outcome, 'refused');
      assert.equal(refused.failure?.step, 'data');
      assert.equal(refused.reply?.enhanced, '5.7.1');
      assert.equal(client.usable, true);
    });
  });

  for (const auth of ['auto', 'plain', 'login', 'cram-md5'] as const) {
    it(`takes AUTH ${auth}, and refuses a wrong password`, async () => {
      const options = optionsFor(exim.smtps, {
        host: 'localhost',
        security: 'tls',
        tls: { ca: pair.certificate },
        auth,
        credentials: account,
      });
      const mark = newMark();
      await withClient(options, (client) => client.send(envelope, messageOf(textOf(mark, 'x\r\n'))));
      assert.match((await hop.message(mark)).text, /with esmtpsa/);
      const failure = await failureOf(connect({ ...options, credentials: { ...account, password: 'wrong' } }));
      assert.deepEqual([failure.step, failure.code], ['auth', 535]);
    });
  }

  it('takes UTF-8 addresses, chunks and notification requests', async () => {
    const mark = newMark();
    const text = Buffer.from(textOf(mark, '.\r\nGrüße\r\n').replace('us-ascii', 'utf-8')).toString('latin1');
    await withClient(optionsFor(exim.smtp), async (client) => {
      const delivery = await client.send(
        { sender: 'änn@a.example', recipients: ['böb@b.example'] },
        messageOf(text, { transparency: '8bit', utf8Header: true }),
        { chunking: 50, dsn: { return: 'full', envelopeId: 'id1', notify: ['delay'] } },
      );
      assert.equal(delivery.outcome, 'accepted');
    });
    const arrived = await hop.message(mark);
    assert.equal(arrived.text.slice(-text.length), text);
    assert.deepEqual(arrived.envelope.recipients, ['böb@b.example']);
    assert.ok(arrived.envelope.mailParameters?.some(({ keyword, value }) => keyword === 'ENVID' && value === 'id1'));
  });
});
