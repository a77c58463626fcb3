import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { makeCertificate } from '../../src/capture/certificate.ts';
import type { KeyPair } from '../../src/capture/server.ts';
import { connect } from '../../src/smtp/client.ts';
import { failureOf, optionsFor } from '../support/smtp-connect.ts';
import { messageOf } from '../support/smtp-message.ts';
import { account } from './harness/accounts.ts';
import { newMark, speaksTls, statuses, takesMail, textOf, withClient } from './harness/exchange.ts';
import type { Arrived, Hop } from './harness/next-hop.ts';
import { pause } from './harness/program.ts';

/** npm's smtp-server, in this process: what many test suites run against. */
describe('smtp-server', () => {
  let pair: KeyPair;
  const servers: SMTPServer[] = [];
  const found: Arrived[] = [];
  const hop: Hop = {
    arrived: async () => [...found],
    async messages(mark, count) {
      for (;;) {
        const matching = found.filter(({ text }) => text.includes(mark));
        if (matching.length >= count) return matching;
        await pause(5);
      }
    },
    message: async (mark) => (await hop.messages(mark, 1))[0]!,
  };
  const recipients = (count: number) => Array.from({ length: count }, (_, index) => `bob${index}@b.example`);
  const ports = { smtp: 0, smtps: 0, lmtp: 0 };

  function refusal(text: string, code: number): Error {
    return Object.assign(new Error(text), { responseCode: code });
  }

  async function start(options: SMTPServerOptions): Promise<number> {
    const server = new SMTPServer({
      ...options,
      key: pair.key,
      cert: pair.certificate,
      minVersion: 'TLSv1.2',
      size: 5_000_000,
      disableReverseLookup: true,
      authOptional: true,
      authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
      onAuth(auth, _session, done) {
        const right =
          auth.username === account.user &&
          (auth.password === account.password ||
            auth.accessToken === 'token' ||
            (auth.method === 'CRAM-MD5' && auth.validatePassword(account.password)));
        done(right ? null : refusal('Wrong', 535), right ? { user: auth.username } : undefined);
      },
      onRcptTo(address, _session, done) {
        done(address.address.startsWith('refused@') ? refusal('No such user here', 550) : null);
      },
      onData(stream, session, done) {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const { mailFrom, rcptTo } = session.envelope;
          const sender = mailFrom === false ? '' : mailFrom.address;
          found.push({
            text: Buffer.concat(parts).toString('latin1'),
            envelope: { sender, recipients: rcptTo.map(({ address }) => address) },
          });
          done(null, options.lmtp ? (rcptTo.map(() => 'Taken') as unknown as string) : 'Taken');
        });
      },
    });
    servers.push(server);
    server.on('error', () => {});
    return new Promise((resolve) => {
      const listening = server.listen(0, '127.0.0.1', () => {
        const address = listening.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  before(async () => {
    pair = await makeCertificate({ now: Date.now() });
    ports.smtp = await start({});
    ports.smtps = await start({ secure: true });
    ports.lmtp = await start({ lmtp: true });
  });
  after(async () => {
    await Promise.all(servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve()))));
  });

  takesMail(() => ({
    options: optionsFor(ports.smtp),
    hop,
    recipients,
    refused: { address: 'refused@b.example', code: 550 },
  }));
  speaksTls(() => ({ options: optionsFor(ports.smtp), ca: pair.certificate }));
  speaksTls(() => ({ options: optionsFor(ports.smtps), ca: pair.certificate }), 'tls');

  for (const auth of ['auto', 'plain', 'login', 'cram-md5', 'xoauth2'] as const) {
    it(`takes AUTH ${auth}, and refuses a wrong secret`, async () => {
      const password = auth === 'xoauth2' ? 'token' : account.password;
      const options = optionsFor(ports.smtps, {
        host: 'localhost',
        security: 'tls',
        tls: { ca: pair.certificate },
        auth,
        credentials: { user: account.user, password },
      });
      await withClient(options, async (client) => assert.equal((await client.noop()).code, 250));
      const failure = await failureOf(connect({ ...options, credentials: { user: account.user, password: 'wrong' } }));
      assert.equal(failure.step, 'auth');
    });
  }

  it('takes mail as LMTP', async () => {
    const mark = newMark();
    await withClient(optionsFor(ports.lmtp, { protocol: 'lmtp' }), async (client) => {
      const to = ['refused@b.example', ...recipients(2)];
      const delivery = await client.send({ sender: 'ann@a.example', recipients: to }, messageOf(textOf(mark, '.\r\n')));
      assert.deepEqual(statuses(delivery), [
        ['refused@b.example', 'refused', 550],
        ['bob0@b.example', 'accepted', 250],
        ['bob1@b.example', 'accepted', 250],
      ]);
    });
    assert.equal((await hop.message(mark)).text, textOf(mark, '.\r\n'));
  });
});
