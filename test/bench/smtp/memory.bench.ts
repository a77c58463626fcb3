/**
 * What sending a large message takes in memory: growth of heap and of resident memory at its peak, over one connection to a peer
 * that throws everything away, and to one that stops reading for a while. The reach: under 32 MB of heap growth.
 *
 *     node --expose-gc test/bench/smtp/memory.bench.ts [megabytes…]
 */
import { createServer, type Socket } from 'node:net';
import { connect } from '../../../src/smtp/client.ts';

const reach = 32;
const megabyte = 1024 * 1024;
const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [100, 1024];

/** A server that takes a message; after `stallAt` octets of it, it does not read for a second. */
async function startPeer(stallAt: number): Promise<{ port: number; stop(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    let inText = false;
    let taken = 0;
    let tail = '';
    socket.write('220 x\r\n');
    socket.on('data', (piece) => {
      if (inText) {
        const before = taken;
        taken += piece.length;
        if (before < stallAt && taken >= stallAt) {
          socket.pause();
          setTimeout(() => socket.resume(), 1000);
        }
        tail = (tail + piece.subarray(-5).toString('latin1')).slice(-5);
        if (tail === '\r\n.\r\n') {
          inText = false;
          socket.write('250 Ok\r\n');
        }
        return;
      }
      const line = piece.toString('latin1');
      inText = line.startsWith('DATA');
      socket.write(inText ? '354 Go\r\n' : line.startsWith('QUIT') ? '221 Bye\r\n' : '250 x\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  };
  return { port: (server.address() as { port: number }).port, stop };
}

const line = Buffer.from(`${'y'.repeat(76)}\r\n`);
const block = Buffer.alloc(line.length * 800, line);

function sourceOf(size: number) {
  return {
    size,
    transparency: '7bit' as const,
    utf8Header: false,
    read: async function* () {
      for (let left = size; left > 0; left -= block.length) {
        // A block of its own each time, as a reader of files would give.
        yield Buffer.from(left >= block.length ? block : block.subarray(0, left));
      }
    },
  };
}

for (const megabytes of sizes) {
  for (const stalled of [false, true]) {
    const size = Math.floor((megabytes * megabyte) / line.length) * line.length;
    const peer = await startPeer(stalled ? size / 2 : Number.POSITIVE_INFINITY);
    const client = await connect({ protocol: 'smtp', host: '127.0.0.1', port: peer.port, security: 'none' });
    globalThis.gc?.();
    const before = process.memoryUsage();
    let heap = 0;
    let resident = 0;
    const timer = setInterval(() => {
      const now = process.memoryUsage();
      heap = Math.max(heap, now.heapUsed - before.heapUsed);
      resident = Math.max(resident, now.rss - before.rss);
    }, 10);
    const began = performance.now();
    const delivery = await client.send({ sender: 'a@a.example', recipients: ['b@b.example'] }, sourceOf(size));
    const seconds = (performance.now() - began) / 1000;
    clearInterval(timer);
    await client.quit();
    peer.stop();
    if (delivery.outcome !== 'accepted') throw new Error(delivery.outcome);
    const [grown, more] = [heap / megabyte, resident / megabyte].map((value) => value.toFixed(1));
    const verdict = heap / megabyte < reach ? 'within' : 'OVER';
    console.log(
      `${String(megabytes).padStart(5)} MB${stalled ? ', stalled peer' : '              '}  heap +${grown} MB (${verdict} ${reach}), resident +${more} MB, server in the same process; ${(megabytes / seconds).toFixed(0)} MB/s`,
    );
    if (heap / megabyte >= reach) process.exitCode = 1;
  }
}
