import assert from 'node:assert/strict';
import { createServer, type Server, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { afterEach, describe, it } from 'mocha';
import { systemClock } from '../../../src/base/system-clock.ts';
import { Connection } from '../../../src/net/connection.ts';
import { dial } from '../../../src/net/dial.ts';
import { certificate, type Pair } from '../../support/smtp-certificates.ts';
import { failureOf } from '../../support/smtp-connect.ts';
import { turns, turnsUntil } from '../../support/turns.ts';

const servers: Server[] = [];
const ends: { destroy(): void }[] = [];

/** A connection as the engine dials it, and its other end. */
async function pair(asStream = false): Promise<{ connection: Connection; peer: Socket; socket: Socket }> {
  let peer: Socket | undefined;
  const server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    ends.push(socket);
    peer = socket;
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const socket = await dial({
    host: '127.0.0.1',
    port: address.port,
    resolver: { addresses: async () => [], mx: async () => [] },
    timeouts: { dns: 0, connect: 0 },
    clock: systemClock,
    details: {},
    asStream,
  });
  const connection = new Connection(socket);
  ends.push(connection);
  await turnsUntil(() => peer !== undefined);
  return { connection, peer: peer!, socket };
}

/** Octets that tell at which place of the whole they stand. */
function numbered(length: number): Buffer {
  const octets = Buffer.alloc(length);
  for (let at = 0; at + 4 <= length; at += 4) octets.writeUInt32BE(at, at);
  return octets;
}

function takeAll(connection: Connection): Buffer {
  const pieces: Buffer[] = [];
  for (let piece = connection.take(); piece !== undefined; piece = connection.take()) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function takeUntilEnd(connection: Connection): Promise<Buffer> {
  const pieces: Buffer[] = [];
  await turnsUntil(() => {
    pieces.push(takeAll(connection));
    return connection.ended && !connection.readable;
  });
  return Buffer.concat(pieces);
}

const tls = (host: string, options: object = {}) => ({ host, options, ms: 0, details: {} });

describe('net/connection', () => {
  afterEach(async () => {
    for (const end of ends.splice(0)) end.destroy();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  for (const asStream of [false, true]) {
    describe(asStream ? 'over a stream, as a proxy leaves it' : 'over what is read as it comes', () => {
      it('holds a peer back that sends what nobody takes, and loses nothing of it', async () => {
        const { connection, peer } = await pair(asStream);
        const whole = numbered(8 * 1024 * 1024);
        peer.end(whole);
        // Until nothing moves any more: the buffers of both ends of the loopback are full.
        let left = -1;
        await turnsUntil(() => connection.readable);
        while (left !== peer.writableLength) {
          left = peer.writableLength;
          await turns(50);
        }
        assert.ok(left > 0, 'the peer could send all of it');
        assert.ok(!connection.ended);
        const first = takeAll(connection);
        // One read over the mark at most.
        assert.ok(first.length >= 256 * 1024 && first.length < 512 * 1024, String(first.length));
        const got = Buffer.concat([first, await takeUntilEnd(connection)]);
        assert.ok(got.equals(whole));
        assert.equal(connection.failure, undefined);
      });

      it('hands out what came before the end, whenever that is looked at', async () => {
        const { connection, peer } = await pair(asStream);
        let changes = 0;
        connection.onChange = () => changes++;
        peer.end('220 x\r\n421 y\r\n');
        await turnsUntil(() => connection.ended);
        assert.ok(changes >= 2);
        assert.equal(takeAll(connection).toString(), '220 x\r\n421 y\r\n');
        // What is written to one who has gone is no error.
        connection.write('QUIT\r\n');
        await turns(5);
        assert.equal(connection.failure, undefined);
      });

      it('hands out pieces that later reads leave alone', async () => {
        const { connection, peer } = await pair(asStream);
        const pieces: Buffer[] = [];
        connection.onChange = () => {
          for (let piece = connection.take(); piece !== undefined; piece = connection.take()) pieces.push(piece);
        };
        const octets = () => pieces.reduce((sum, piece) => sum + piece.length, 0);
        for (let i = 0; i < 20; i++) {
          peer.write(`${i}`.padStart(5000, '.'));
          await turnsUntil(() => octets() === 5000 * (i + 1));
        }
        const texts = Array.from({ length: 20 }, (_, i) => `${i}`.padStart(5000, '.'));
        assert.equal(Buffer.concat(pieces).toString(), texts.join(''));
      });

      it('is over, and lets nobody wait, once destroyed with its peer held back', async () => {
        const { connection, peer } = await pair(asStream);
        peer.write(numbered(8 * 1024 * 1024));
        await turnsUntil(() => connection.readable);
        await turns(50);
        let told = false;
        connection.onChange = () => {
          told ||= connection.ended;
        };
        connection.destroy();
        await turnsUntil(() => told);
        assert.ok(connection.destroyed);
      });

      it('tells a peer that breaks off from one that ends', async () => {
        const { connection, peer } = await pair(asStream);
        peer.resetAndDestroy();
        await turnsUntil(() => connection.ended);
        assert.equal((connection.failure as NodeJS.ErrnoException | undefined)?.code, 'ECONNRESET');
      });

      describe('goes over to TLS', () => {
        let own: Pair;
        const secured = async (early: string | Buffer, under: Buffer) => {
          own ??= await certificate({ name: 'x.example', hosts: ['x.example'] });
          const { connection, peer } = await pair(asStream);
          connection.write('STARTTLS\r\n');
          await new Promise((resolve) => peer.once('data', resolve));
          peer.write('220 Go\r\n');
          await turnsUntil(() => connection.readable);
          assert.equal(takeAll(connection).toString(), '220 Go\r\n');
          if (early !== '') peer.write(early);
          const upgraded = connection.upgrade(tls('x.example', { ca: own.cert }));
          const server = new TLSSocket(peer, { isServer: true, cert: own.cert, key: own.key });
          server.on('error', () => {});
          ends.push(server);
          if (under.length > 0) server.end(under);
          return { connection, upgraded };
        };

        it('and reads all that comes under it, held back in between', async () => {
          const whole = numbered(4 * 1024 * 1024);
          const { connection, upgraded } = await secured('', whole);
          assert.equal((await upgraded).verified, true);
          await turnsUntil(() => connection.readable);
          await turns(200);
          assert.ok(!connection.ended);
          assert.ok((await takeUntilEnd(connection)).equals(whole));
        });

        it('and lets nothing said in plain text vanish that was held back unseen', async () => {
          own ??= await certificate({ name: 'x.example', hosts: ['x.example'] });
          const { connection, peer, socket } = await pair(asStream);
          peer.write(numbered(256 * 1024));
          await turnsUntil(() => socket.isPaused());
          peer.write('250 mail.evil.example\r\n');
          // In the buffer of the stream, or still in that of the system.
          await turnsUntil(() => socket.readableLength > 0 || !asStream);
          await turns(50);
          assert.equal(takeAll(connection).length, 256 * 1024);
          assert.ok(!connection.readable);
          const upgraded = connection.upgrade(tls('x.example', { ca: own.cert }));
          const server = new TLSSocket(peer, { isServer: true, cert: own.cert, key: own.key });
          server.on('error', () => {});
          ends.push(server);
          assert.equal((await failureOf(upgraded)).step, 'tls');
          assert.ok(connection.destroyed);
        });

        it('but takes nothing said in plain text for something said under it', async () => {
          const { connection, upgraded } = await secured('250 mail.evil.example\r\n', Buffer.alloc(0));
          const failure = await failureOf(upgraded);
          assert.equal(failure.step, 'tls');
          assert.ok(!connection.readable);
          assert.ok(connection.destroyed);
        });
      });
    });
  }
});
