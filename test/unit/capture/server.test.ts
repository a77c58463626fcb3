import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, before, beforeEach, describe, it } from 'mocha';
import { makeCertificate } from '../../../src/capture/certificate.ts';
import type { MessageRecord, ReceivedMessage } from '../../../src/capture/message.ts';
import { type CaptureOptions, type CaptureServer, type KeyPair, startCapture } from '../../../src/capture/server.ts';
import type { MessageSink } from '../../../src/capture/store.ts';
import { turns } from '../../support/turns.ts';

/** A client that speaks line by line: `said` resolves once a reply has come in full. */
class Client {
  socket: Socket;
  #text = '';
  #wake = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    this.#listen();
  }

  #listen(): void {
    this.socket.on('data', (octets: Buffer) => {
      this.#text += octets.toString('latin1');
      this.#wake();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => this.#wake());
  }

  /** The next reply; empty where the connection ended before it. */
  async said(): Promise<string> {
    for (;;) {
      const match = /^(?:\d{3}-.*\r\n)*\d{3} .*\r\n/.exec(this.#text);
      if (match !== null) {
        this.#text = this.#text.slice(match[0].length);
        return match[0];
      }
      if (this.socket.destroyed || this.socket.readableEnded) return '';
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  async say(line: string): Promise<string> {
    this.socket.write(`${line}\r\n`, 'latin1');
    return this.said();
  }

  async secure(ca: string): Promise<void> {
    this.socket.removeAllListeners('data');
    this.socket = connectTls({ socket: this.socket, ca, servername: 'localhost' });
    this.#listen();
    await once(this.socket, 'secureConnect');
  }
}

/** Keeps messages in memory, when it is let. */
class MemoryStore implements MessageSink {
  readonly messages: ReceivedMessage[] = [];
  gate: Promise<unknown> = Promise.resolve();

  async add(message: ReceivedMessage): Promise<MessageRecord> {
    await this.gate;
    this.messages.push(message);
    return { id: `id${this.messages.length}`, received: 0, size: message.size, summary: {} };
  }
}

describe('the capture server', () => {
  let store: MemoryStore;
  const servers: CaptureServer[] = [];
  const clients: Client[] = [];
  let pair: KeyPair;

  before(async () => {
    pair = await makeCertificate({ now: Date.now() });
  });
  beforeEach(() => {
    store = new MemoryStore();
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.socket.destroy();
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });

  async function start(options: Partial<CaptureOptions> = {}): Promise<CaptureServer> {
    const server = await startCapture({ port: 0, store, ...options });
    servers.push(server);
    return server;
  }

  function dial(server: CaptureServer): Client {
    const client = new Client(server.port === 0 ? connect(server.address) : connect(server.port, server.address));
    clients.push(client);
    return client;
  }

  async function send(client: Client, text = 'x'): Promise<string> {
    for (const line of ['MAIL FROM:<a@a.example>', 'RCPT TO:<b@b.example>', 'DATA'])
      assert.match(await client.say(line), /^[23]/);
    return client.say(`${text}\r\n.`);
  }

  it('takes a message from a socket and tells of it', async () => {
    const told: MessageRecord[] = [];
    const server = await start({
      onMessage: (record) => {
        told.push(record);
        throw new Error('a listener in trouble');
      },
    });
    const client = dial(server);
    assert.equal(await client.said(), '220 mailbench.local ESMTP\r\n');
    assert.equal(
      await client.say('EHLO x'),
      '250-mailbench.local\r\n250-PIPELINING\r\n250-SIZE 67108864\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-CHUNKING\r\n250-BINARYMIME\r\n' +
        '250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n250-AUTH PLAIN LOGIN\r\n250 HELP\r\n',
    );
    assert.equal(await send(client), '250 2.0.0 Kept as id1\r\n');
    assert.equal(await send(client), '250 2.0.0 Kept as id2\r\n');
    assert.deepEqual(
      told.map(({ id }) => id),
      ['id1', 'id2'],
    );
    assert.equal(store.messages[0]?.session.address, '127.0.0.1');
    assert.equal(store.messages[0]?.session.port, client.socket.localPort);
    assert.equal(await client.say('QUIT'), '221 2.0.0 Bye\r\n');
    await once(client.socket, 'close');
  });

  it('goes over to TLS, asking for its certificate then and once', async () => {
    let asked = 0;
    const server = await start({
      certificate: async () => {
        asked++;
        return pair;
      },
    });
    for (const turn of [1, 2]) {
      const client = dial(server);
      await client.said();
      assert.match(await client.say('EHLO x'), /250-STARTTLS\r\n/);
      assert.equal(asked, turn - 1 === 0 ? 0 : 1);
      assert.equal(await client.say('STARTTLS'), '220 2.0.0 Ready to start TLS\r\n');
      await client.secure(pair.certificate);
      assert.doesNotMatch(await client.say('EHLO x'), /STARTTLS/);
      assert.equal(await send(client), `250 2.0.0 Kept as id${turn}\r\n`);
      assert.deepEqual(store.messages.at(-1)?.session.tls, { version: 'TLSv1.3', cipher: 'TLS_AES_256_GCM_SHA384' });
      assert.equal(store.messages.at(-1)?.session.protocol, 'ESMTPS');
      assert.equal(await client.say('QUIT'), '221 2.0.0 Bye\r\n');
    }
    assert.equal(asked, 1);
  });

  it('speaks TLS from the first octet', async () => {
    const server = await start({ security: 'tls', certificate: async () => pair });
    const client = dial(server);
    await client.secure(pair.certificate);
    assert.equal(await client.said(), '220 mailbench.local ESMTP\r\n');
    assert.doesNotMatch(await client.say('EHLO x'), /STARTTLS/);
    assert.equal(await send(client), '250 2.0.0 Kept as id1\r\n');
  });

  it('survives a handshake that fails and a certificate that can not be had', async () => {
    const server = await start({ certificate: async () => Promise.reject(new Error('no')) });
    const client = dial(server);
    await client.said();
    await client.say('EHLO x');
    await client.say('STARTTLS');
    assert.equal(await client.said(), '');
    const other = await start({ certificate: async () => pair });
    const second = dial(other);
    await second.said();
    await second.say('EHLO x');
    await second.say('STARTTLS');
    assert.equal(await second.say('this is no handshake'), '');
    assert.match(await dial(other).said(), /^220/);
  });

  it('speaks LMTP over a Unix socket', async () => {
    const root = await mkdtemp(join(tmpdir(), 'mailbench-lmtp-'));
    const server = await start({ path: join(root, 's'), protocol: 'lmtp' });
    assert.deepEqual([server.address, server.port], [join(root, 's'), 0]);
    const client = dial(server);
    assert.equal(await client.said(), '220 mailbench.local LMTP\r\n');
    await client.say('LHLO x');
    assert.equal(await send(client), '250 2.0.0 Kept as id1\r\n');
    await server.close();
    await rm(root, { recursive: true });
  });

  it('takes the next free port where it may', async () => {
    const first = await start();
    await assert.rejects(start({ port: first.port }), { code: 'EADDRINUSE' });
    const second = await start({ port: first.port, fallbackPorts: true });
    assert.notEqual(second.port, first.port);
    assert.match(await dial(second).said(), /^220/);
  });

  it('is for this machine only, unless told otherwise', async () => {
    for (const host of ['0.0.0.0', '::', '192.0.2.1', '127.0.0.1.example', 'example.com']) {
      await assert.rejects(start({ host }), { code: 'ERR_NOT_LOOPBACK' }, host);
    }
    const server = await start({ host: '0.0.0.0', allowRemote: true });
    assert.equal(server.address, '0.0.0.0');
    for (const host of ['127.0.0.1', '127.0.0.2', 'localhost']) assert.ok((await start({ host })).port > 0, host);
  });

  it('listens on both loopback addresses, since localhost may mean either', async function () {
    const probe = createServer();
    const hasIpv6 = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(0, '::1', () => resolve(true));
    });
    probe.close();
    if (!hasIpv6) this.skip();
    const server = await start();
    const client = new Client(connect(server.port, '::1'));
    clients.push(client);
    assert.match(await client.said(), /^220/);
  });

  it('sends away whom it has no room for', async () => {
    const server = await start({ limits: { connections: 1 } });
    const [first, second] = [dial(server), dial(server)];
    assert.match(await first.said(), /^220/);
    assert.equal(await second.said(), '421 4.3.2 Too many connections; try again later\r\n');
    await first.say('QUIT');
    await once(first.socket, 'close');
    assert.match(await dial(server).said(), /^220/);
  });

  it('parts with a client that falls silent, under TLS too, but not while it is slow itself', async () => {
    const server = await start({ limits: { idle: 20 }, certificate: async () => pair });
    const client = dial(server);
    await client.said();
    assert.equal(await client.said(), '421 4.4.2 Nothing heard for too long; closing\r\n');
    const slow = await start({ limits: { idle: 20 }, faults: [{ at: 'mail', delay: 80 }] });
    const patient = dial(slow);
    await patient.said();
    await patient.say('EHLO x');
    assert.equal(await patient.say('MAIL FROM:<>'), '250 2.1.0 Ok\r\n');
    // A handshake on a busy machine takes longer than the twenty milliseconds.
    const secure = dial(await start({ limits: { idle: 1000 }, certificate: async () => pair }));
    await secure.said();
    await secure.say('EHLO x');
    await secure.say('STARTTLS');
    await secure.secure(pair.certificate);
    assert.equal(await secure.said(), '421 4.4.2 Nothing heard for too long; closing\r\n');
    const stuck = dial(server);
    await stuck.said();
    await stuck.say('EHLO x');
    await stuck.say('STARTTLS');
    assert.equal(await stuck.said(), '');
  });

  it('hangs up where a fault says so', async () => {
    const server = await start({ faults: [{ at: 'data', drop: true }] });
    const client = dial(server);
    await client.said();
    for (const line of ['EHLO x', 'MAIL FROM:<>', 'RCPT TO:<b>']) assert.match(await client.say(line), /^250/);
    assert.equal(await client.say('DATA'), '');
  });

  it('offers no extension that it was told not to', async () => {
    const server = await start({ withoutExtensions: ['pipelining', 'AUTH'] });
    const client = dial(server);
    await client.said();
    assert.doesNotMatch(await client.say('EHLO x'), /PIPELINING|AUTH/);
  });

  it('finishes what it was told before the client closed its side', async () => {
    const server = await start();
    const client = dial(server);
    await client.said();
    client.socket.end('HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<b>\r\nBDAT 1 LAST\r\nx');
    const replies = [await client.said(), await client.said(), await client.said(), await client.said()];
    assert.equal(replies.join(''), '250 mailbench.local\r\n250 2.1.0 Ok\r\n250 2.1.5 Ok\r\n250 2.0.0 Kept as id1\r\n');
  });

  it('takes a large message from a client that does not read, while the store is slow', async () => {
    let open = () => {};
    store.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const server = await start();
    const client = dial(server);
    await client.said();
    const text = `${'x'.repeat(998)}\r\n`.repeat(3000);
    client.socket.write(`HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<b>\r\nDATA\r\n${text}.\r\n`);
    client.socket.write('NOOP\r\n'.repeat(200_000));
    for (let turn = 0; turn < 4; turn++) await client.said();
    open();
    assert.equal(await client.said(), '250 2.0.0 Kept as id1\r\n');
    for (let turn = 0; turn < 200_000; turn++) assert.equal(await client.said(), '250 2.0.0 Ok\r\n');
    assert.equal(Buffer.concat(store.messages[0]!.pieces).toString(), text);
  });

  it('does not end before a message is kept whose sender has gone', async () => {
    let open = () => {};
    store.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const server = await start();
    const client = dial(server);
    await client.said();
    client.socket.write('HELO x\r\nMAIL FROM:<>\r\nRCPT TO:<b>\r\nBDAT 1 LAST\r\nx');
    for (let turn = 0; turn < 3; turn++) await client.said();
    client.socket.destroy();
    let over = false;
    const closed = server.close().then(() => {
      over = true;
    });
    await once(client.socket, 'close');
    await turns(20);
    assert.equal(over, false);
    open();
    await closed;
    assert.equal(store.messages.length, 1);
  });

  it('ends everything at close, what is on its way to the store first', async () => {
    let open = () => {};
    const server = await start();
    const [idle, busy, stubborn] = [dial(server), dial(server), dial(server)];
    for (const client of [idle, busy, stubborn]) await client.said();
    stubborn.socket.pause();
    await busy.say('HELO x');
    for (const line of ['MAIL FROM:<>', 'RCPT TO:<b>']) await busy.say(line);
    store.gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    busy.socket.write('BDAT 1 LAST\r\nx');
    await idle.say('NOOP');
    const closed = server.close();
    assert.equal(server.close(), closed);
    assert.equal(await idle.said(), '421 4.3.2 The server is being stopped; closing\r\n');
    open();
    assert.equal(await busy.said(), '250 2.0.0 Kept as id1\r\n');
    assert.equal(await busy.said(), '421 4.3.2 The server is being stopped; closing\r\n');
    await closed;
    assert.equal(store.messages.length, 1);
    const refused = connect(server.port, server.address);
    const [error] = await once(refused, 'error');
    assert.equal(error.code, 'ECONNREFUSED');
  });
});
