import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import { makeCertificate } from '../../../src/capture/certificate.ts';
import type { MessageRecord, ReceivedMessage } from '../../../src/capture/message.ts';
import { type CaptureOptions, type CaptureServer, type KeyPair, startCapture } from '../../../src/capture/server.ts';
import { type DeliverPorts, deliver } from '../../../src/send/deliver.ts';
import type { Outcome } from '../../../src/send/outcome.ts';
import { outcomeSentence } from '../../../src/send/sentences/outcome.ts';
import { INBOX, type Server } from '../../../src/send/server.ts';
import { parseServer } from '../../../src/send/server-settings.ts';
import { composedOf, PLAIN } from './support/composed.ts';
import { portsOf } from './support/fixed.ts';

/** Our client against our server, over real sockets. */
describe('send, end to end', () => {
  let servers: CaptureServer[] = [];
  const received: ReceivedMessage[] = [];
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()));
    servers = [];
    received.length = 0;
  });

  async function capture(options: Partial<CaptureOptions> = {}): Promise<CaptureServer> {
    const server = await startCapture({
      host: '127.0.0.1',
      port: 0,
      ...options,
      store: {
        add: async (message) => {
          received.push(message);
          return { id: '1', received: 0, size: message.size, summary: {} } satisfies MessageRecord;
        },
      },
    });
    servers.push(server);
    return server;
  }

  function serverOf(settings: Record<string, unknown>): Server {
    const { server, problems } = parseServer('staging', settings);
    assert.ok(server, JSON.stringify(problems));
    return server;
  }

  async function send(
    settings: Record<string, unknown>,
    ports: Partial<DeliverPorts> = {},
    recipients = ['bob@example.org'],
  ): Promise<Outcome> {
    return deliver(composedOf({ recipients, text: `${PLAIN}.\r\n..two\r\n` }), serverOf(settings), portsOf(ports));
  }

  function text(): string {
    assert.equal(received.length, 1);
    return Buffer.concat(received[0]?.pieces ?? []).toString('latin1');
  }

  function transcript(outcome: Outcome, port = 99999): string[] {
    assert.ok('transcript' in outcome);
    return outcome.transcript.map((line) => line.replaceAll(`:${port}`, ':PORT'));
  }

  it('reaches the inbox, which the first send starts', async () => {
    let started = 0;
    const inbox = async () => {
      started++;
      const { address, port } = await capture();
      return { host: address, port };
    };
    const outcome = await deliver(composedOf({}), INBOX, portsOf({ inbox }));
    assert.equal(outcome.kind, 'delivered');
    assert.equal(outcomeSentence(outcome), 'The Local Inbox took the message for bob@example.org.');
    assert.equal(started, 1);
    assert.equal(text(), PLAIN);
    assert.deepEqual(received[0]?.envelope.recipients, ['bob@example.org']);
    const lines = transcript(outcome, servers[0]?.port);
    assert.equal(lines[0], '=== 14:02:11.093  Connecting to 127.0.0.1:PORT (server "inbox")');
    assert.match(lines.at(-1) ?? '', /^=== 1 of 1 recipient accepted; 0 ms, \d round trips?$/);
  });

  it('delivers text with dots over LMTP, one result a recipient', async () => {
    const { port } = await capture({ protocol: 'lmtp' });
    const outcome = await send({ transport: 'lmtp', host: `127.0.0.1:${port}` }, {}, [
      'bob@example.org',
      'cy@example.org',
    ]);
    assert.equal(outcome.kind, 'delivered');
    assert.equal(text(), `${PLAIN}.\r\n..two\r\n`);
    assert.ok(transcript(outcome).includes(' -> LHLO [127.0.0.1]'));
  });

  it('delivers over a Unix socket', async function () {
    if (process.platform === 'win32') this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'mb-'));
    try {
      const path = join(folder, 's');
      await capture({ path, protocol: 'lmtp' });
      const outcome = await send({ transport: 'lmtp', path });
      assert.equal(outcome.kind, 'delivered');
      assert.match(transcript(outcome)[0] ?? '', /^=== 14:02:11\.093 {2}Connecting to \/.*\/s \(server "staging"\)$/);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('shows the message in full where that is wanted', async () => {
    const { port } = await capture();
    const lines = transcript(await send({ host: `127.0.0.1:${port}` }, { transcriptData: 'full' }));
    const from = lines.indexOf(' -> From: ann@example.com');
    assert.deepEqual(lines.slice(from, from + 9), [
      ' -> From: ann@example.com',
      ' -> To: bob@example.org',
      ' -> Subject: Hi',
      ' -> ',
      ' -> Text.',
      ' -> ..',
      ' -> ...two',
      ' -> .',
      lines[from + 8],
    ]);
  });

  describe('under TLS', () => {
    let pair: KeyPair;
    let expired: KeyPair;
    let folder: string;
    before(async () => {
      pair = await makeCertificate({ names: ['localhost', '127.0.0.1'], now: Date.now() });
      expired = await makeCertificate({ names: ['127.0.0.1'], now: Date.now() - 3 * 365 * 86_400_000, days: 30 });
      folder = await mkdtemp(join(tmpdir(), 'mailbench-tls-'));
      await writeFile(join(folder, 'ca.pem'), pair.certificate);
    });
    after(() => rm(folder, { recursive: true }));

    it('verifies, and says what did not', async () => {
      const { port } = await capture({ certificate: async () => pair });
      const outcome = await send({ host: `127.0.0.1:${port}`, security: 'starttls' });
      assert.equal(outcome.kind, 'failed');
      const sentence = `The certificate of server "staging" (127.0.0.1:${port}) is signed by itself, so nobody vouches for it. If it is your own server, name its certificate in "tls": { "ca": … }; for a test server, "tls": { "verify": false } goes on without checking.`;
      assert.equal(outcomeSentence(outcome), sentence);
      const lines = transcript(outcome);
      assert.ok(lines.includes(' -> STARTTLS'));
      assert.equal(lines.at(-1), `*** ${sentence}`);
      assert.ok(!lines.some((line) => line.includes('MAIL')));
      assert.equal(received.length, 0);
    });

    it('trusts the certificate that the settings name', async () => {
      const { port } = await capture({ certificate: async () => pair });
      const outcome = await send({
        host: `127.0.0.1:${port}`,
        security: 'starttls',
        tls: { ca: join(folder, 'ca.pem') },
      });
      assert.equal(outcome.kind, 'delivered');
      assert.ok(transcript(outcome).some((line) => line.startsWith(' ~> MAIL FROM:<ann@example.com>')));
    });

    it('speaks TLS from the start', async () => {
      const { port } = await capture({ certificate: async () => pair, security: 'tls' });
      const outcome = await send({ host: `127.0.0.1:${port}`, security: 'tls', tls: { verify: false } });
      assert.equal(outcome.kind, 'delivered');
      assert.ok(transcript(outcome).some((line) => line.startsWith(' ~> EHLO')));
    });

    it('takes TLS where it is offered, unverified, on this machine', async () => {
      const { port } = await capture({ certificate: async () => expired });
      const outcome = await send({ host: `127.0.0.1:${port}` });
      assert.equal(outcome.kind, 'delivered');
      assert.ok(transcript(outcome).some((line) => line.startsWith('<~')));
    });

    it('says that a certificate expired, or is for another host', async () => {
      const { port } = await capture({ certificate: async () => expired });
      await writeFile(join(folder, 'old.pem'), expired.certificate);
      const old = await send({ host: `127.0.0.1:${port}`, security: 'starttls', tls: { ca: join(folder, 'old.pem') } });
      assert.match(
        outcomeSentence(old),
        /^The certificate of server "staging" \(127\.0\.0\.1:\d+\) expired on \d{4}-\d\d-\d\d\. Have it renewed\./,
      );
      const second = await capture({ certificate: async () => pair });
      const tls = { ca: join(folder, 'ca.pem'), serverName: 'mail.example.com' };
      const other = await send({ host: `127.0.0.1:${second.port}`, security: 'starttls', tls });
      assert.match(outcomeSentence(other), /^The certificate of server "staging" \(127\.0\.0\.1:\d+\) is not for /);
    });
  });
});
