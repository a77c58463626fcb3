/**
 * Messages a second that the capture server takes and keeps, each as a `.eml` and a record, written and renamed; beside
 * it, in the same run, npm's smtp-server with a handler that writes and renames the same two files, and the two files
 * written in a bare loop without any server. A client of raw pipelining sockets runs in a thread of its own.
 *
 *     node test/bench/capture.bench.ts [messages] [connections]
 */
import { mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SMTPServer } from 'smtp-server';
import { startCapture } from '../../src/capture/server.ts';
import { openMessageStore } from '../../src/capture/store.ts';

const messages = Number(process.argv[2] ?? 20_000);
const connections = Number(process.argv[3] ?? 8);
const header =
  'From: a@a.example\r\nTo: b@b.example\r\nSubject: =?utf-8?Q?=E2=9C=93?= bench\r\nMessage-ID: <1@a.example>\r\n\r\n';
const text = header + `${'x'.repeat(70)}\r\n`.repeat(Math.ceil((1024 - header.length) / 72));

/** Sends them all; resolves to the milliseconds that it took, the thread's start not counted. */
async function clients(port: number, count: number): Promise<number> {
  const worker = new Worker(new URL('./capture-client.ts', import.meta.url), {
    workerData: { port, count, connections, text },
  });
  return new Promise((resolve, reject) => {
    worker.once('error', reject);
    worker.once('message', resolve);
  });
}

interface Run {
  readonly name: string;
  /** Resolves to milliseconds. */
  run(directory: string, count: number): Promise<number>;
}

const capture = (name: string, durable: boolean, keep?: number): Run => ({
  name,
  async run(directory, count) {
    const store = await openMessageStore(directory, { durable, ...(keep !== undefined && { keep }) });
    const server = await startCapture({ port: 0, store });
    const spent = await clients(server.port, count);
    await server.close();
    // What is beyond the limit may still be on its way out.
    while (keep !== undefined && (await store.ids()).length > keep)
      await new Promise((resolve) => setTimeout(resolve, 5));
    return spent;
  },
});

const smtpServer: Run = {
  name: 'smtp-server, two files written and renamed',
  async run(directory, count) {
    let next = 0;
    const server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      disableReverseLookup: true,
      onData(stream, session, done) {
        const parts: Buffer[] = [];
        stream.on('data', (part: Buffer) => parts.push(part));
        stream.on('end', () => {
          const path = join(directory, `${next++}`);
          const record = JSON.stringify({ envelope: session.envelope, remote: session.remoteAddress });
          writeFile(`${path}.json.tmp`, record)
            .then(() => rename(`${path}.json.tmp`, `${path}.json`))
            .then(() => writeFile(`${path}.eml.tmp`, Buffer.concat(parts)))
            .then(() => rename(`${path}.eml.tmp`, `${path}.eml`))
            .then(() => done(), done);
        });
      },
    });
    const port = await new Promise<number>((resolve) => {
      const listening = server.listen(0, '127.0.0.1', () => {
        const address = listening.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
    const spent = await clients(port, count);
    await new Promise<void>((resolve) => server.close(() => resolve()));
    return spent;
  },
};

const bare: Run = {
  name: 'no server: two files written and renamed, 8 at a time',
  async run(directory, count) {
    const started = performance.now();
    const octets = Buffer.from(text);
    const record = JSON.stringify({
      envelope: { sender: 'a@a.example', recipients: ['b@b.example'] },
      at: '127.0.0.1',
    });
    let next = 0;
    const writer = async () => {
      while (next < count) {
        const path = join(directory, `${next++}`);
        await writeFile(`${path}.json.tmp`, record);
        await rename(`${path}.json.tmp`, `${path}.json`);
        await writeFile(`${path}.eml.tmp`, octets);
        await rename(`${path}.eml.tmp`, `${path}.eml`);
      }
    };
    await Promise.all(Array.from({ length: 8 }, writer));
    return performance.now() - started;
  },
};

async function measure({ name, run }: Run, count: number, kept = count): Promise<number> {
  const directory = await mkdtemp(join(tmpdir(), 'mailbench-bench-'));
  const perSecond = (count / (await run(directory, count))) * 1000;
  const found = (await readdir(directory)).filter((file) => file.endsWith('.eml')).length;
  if (found !== kept) throw new Error(`${name}: ${found} of ${kept} messages are there`);
  await rm(directory, { recursive: true });
  console.log(`${name.padEnd(56)} ${Math.round(perSecond).toLocaleString('en').padStart(8)} messages/s`);
  return perSecond;
}

console.log(`${messages} messages of ${text.length} octets over ${connections} connections, Node ${process.version}`);
const ours = capture('capture server', false);
await measure({ ...ours, name: 'capture server, to warm up' }, Math.min(messages, 2000));
const best = await measure(ours, messages);
const limited = await measure(capture('capture server, the newest 1000 kept', false, 1000), messages, 1000);
const durable = await measure(capture('capture server, fsync', true), Math.ceil(messages / 10));
const rival = await measure(smtpServer, Math.ceil(messages / 2));
const floor = await measure(bare, messages);
const ratio = (value: number) => value.toFixed(2);
console.log(
  `capture server: ${ratio(best / 5000)} of the reach of 5,000/s, ${ratio(best / rival)} of smtp-server, ${ratio(best / floor)} of the bare loop`,
);
console.log(`with a limit ${ratio(limited / best)}, with fsync ${ratio(durable / best)} of that`);
