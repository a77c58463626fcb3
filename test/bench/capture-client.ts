/** The client thread of capture.bench.ts: each message goes in one group with the next envelope (RFC 2920). */
import { connect } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';

const { port, count, connections, text } = workerData as {
  port: number;
  count: number;
  connections: number;
  text: string;
};
const envelope = 'MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\n';
const last = Buffer.from(`${text}.\r\nQUIT\r\n`);
const message = Buffer.from(`${text}.\r\n${envelope}`);

function client(share: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    let left = share;
    let greeted = false;
    let rest = '';
    socket.on('error', reject);
    socket.on('close', () => (left === 0 ? resolve() : reject(new Error(`${left} messages not sent`))));
    socket.on('data', (octets: Buffer) => {
      const lines = (rest + octets.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        if (!greeted) {
          if (line.startsWith('220 ')) socket.write('EHLO bench\r\n');
          else if (line.startsWith('250 ')) {
            greeted = true;
            socket.write(envelope);
          }
        } else if (line.startsWith('354')) socket.write(--left === 0 ? last : message);
        else if (!line.startsWith('2')) reject(new Error(line));
      }
    });
  });
}

const started = performance.now();
const share = Math.floor(count / connections);
await Promise.all(
  Array.from({ length: connections }, (_, index) => client(share + (index < count % connections ? 1 : 0))),
);
parentPort?.postMessage(performance.now() - started);
