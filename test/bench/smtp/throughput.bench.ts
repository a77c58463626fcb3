/**
 * Messages a second over one connection to smtp-sink, against nodemailer's pool, Python's smtplib, Postfix's smtp-source and a bare
 * pipelined socket, in one run, as ratios. Medians of the rounds. `node test/bench/smtp/throughput.bench.ts [rounds]`
 */
import { connect } from '../../../src/smtp/client.ts';
import { createPool } from '../../../src/smtp/pool.ts';
import { bareSocket, pipeliningSocket, postfixProgram, run, startDelay, startSink } from './peers.ts';

type Send = (port: number, count: number, recipients: number, message: Buffer) => Promise<number | undefined>;

const contenders: Record<string, Send> = {
  /** The floor: nothing is made, nothing is read but line ends. */
  async 'bare, octets made before'(port, count, recipients, message) {
    return timed(() => bareSocket(port, count, recipients, message));
  },
  /** The same with what the protocol asks for: each message stuffed, its envelope printed, each reply read and held against its command. */
  async 'bare, pipelined'(port, count, recipients, message) {
    return timed(() => pipeliningSocket(port, count, recipients, message));
  },
  mailbench: (port, count, recipients, message) => mailbench(port, count, recipients, message, true),
  async 'mailbench, pipelining off'(port, count, recipients, message) {
    return mailbench(port, count, recipients, message, false);
  },
  async 'mailbench pool'(port, count, recipients, whole) {
    const pool = createPool({ connect: { protocol: 'smtp', host: '127.0.0.1', port, security: 'none' } });
    const [envelope, message] = [envelopeTo(recipients), sourceOf(whole)];
    await pool.send(envelope, message);
    const time = await timed(() => rolling(count, () => pool.send(envelope, message)));
    await pool.close();
    return time;
  },
  async 'nodemailer pool'(port, count, recipients, message) {
    const { createTransport } = await import('nodemailer');
    const pool = createTransport({
      host: '127.0.0.1',
      port,
      pool: true,
      maxConnections: 1,
      maxMessages: Number.POSITIVE_INFINITY,
      ignoreTLS: true,
    });
    const envelope = { from: 'a@a.example', to: Array.from({ length: recipients }, (_, i) => `b${i}@b.example`) };
    await pool.sendMail({ envelope, raw: message });
    const time = await timed(async () => {
      await rolling(count, () => pool.sendMail({ envelope, raw: message }));
    });
    pool.close();
    return time;
  },
  async smtplib(port, count, recipients, message) {
    const program = `
import smtplib, sys, time
port, count, recipients, size = map(int, sys.argv[1:])
body = ("Subject: x\\r\\n\\r\\n" + "x" * 70 + "\\r\\n").encode()
message = body + (b"y" * 70 + b"\\r\\n") * ((size - len(body)) // 72)
to = ["b%d@b.example" % i for i in range(recipients)]
s = smtplib.SMTP("127.0.0.1", port)
s.sendmail("a@a.example", to, message)
began = time.perf_counter()
for _ in range(count): s.sendmail("a@a.example", to, message)
print((time.perf_counter() - began) * 1000)
s.quit()`;
    return Number(await run('python3', ['-c', program, port, count, recipients, message.length].map(String)));
  },
  async 'smtp-source'(port, count, recipients, message) {
    const args = [
      '-s',
      '1',
      '-m',
      count,
      '-l',
      message.length,
      '-r',
      recipients,
      '-d',
      '-f',
      'a@a.example',
      '-t',
      'b@b.example',
      `127.0.0.1:${port}`,
    ];
    const [program, env] = postfixProgram('smtp-source');
    return timed(() => run(program, args.map(String), env));
  },
};

async function mailbench(
  port: number,
  count: number,
  recipients: number,
  whole: Buffer,
  pipelining: boolean,
): Promise<number> {
  const client = await connect({ protocol: 'smtp', host: '127.0.0.1', port, security: 'none', pipelining });
  const [envelope, message] = [envelopeTo(recipients), sourceOf(whole)];
  await client.send(envelope, message);
  const time = await timed(async () => {
    await rolling(count, () => client.send(envelope, message));
  });
  await client.quit();
  return time;
}

function envelopeTo(recipients: number) {
  return { sender: 'a@a.example', recipients: Array.from({ length: recipients }, (_, i) => `b${i}@b.example`) };
}

function sourceOf(whole: Buffer) {
  return {
    size: whole.length,
    transparency: '7bit' as const,
    utf8Header: false,
    whole,
    read: async function* () {
      yield whole;
    },
  };
}

/** Keeps a few messages waiting behind the one under way, as a batch does. */
async function rolling(count: number, send: () => Promise<unknown>): Promise<void> {
  let left = count;
  const one = async () => {
    while (left-- > 0) await send();
  };
  await Promise.all(Array.from({ length: 16 }, one));
}

async function timed(what: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await what();
  return performance.now() - began;
}

function messageOf(size: number): Buffer {
  const head = `Subject: x\r\n\r\n${'x'.repeat(70)}\r\n`;
  return Buffer.from(head + `${'y'.repeat(70)}\r\n`.repeat(Math.max(0, Math.floor((size - head.length) / 72))));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

const rounds = Number(process.argv[2] ?? 5);
const sink = await startSink();
const slow = await startDelay(sink.port, 50);
const cases: [string, number, number, number, number, number][] = [
  ['1 KB to 1', sink.port, 20_000, 1, 1024, rounds],
  ['1 KB to 20', sink.port, 1500, 20, 1024, rounds],
  ['1 MB to 1', sink.port, 100, 1, 1024 * 1024, rounds],
  ['1 KB to 1 at 50 ms of round trip', slow.port, 20, 1, 1024, 1],
];
try {
  for (const [name, port, count, recipients, size, repeats] of cases) {
    const message = messageOf(size);
    const times = new Map<string, number[]>();
    // Turn and turn about, so that what else the machine does falls on all of them. A round before them warms everything up.
    for (let round = repeats === 1 ? 0 : -1; round < repeats; round++) {
      for (const [who, send] of Object.entries(contenders)) {
        const time = await send(port, count, recipients, message).catch((error) => console.error(who, error));
        if (time !== undefined && round >= 0) times.set(who, [...(times.get(who) ?? []), time]);
      }
    }
    const own = median(times.get('mailbench')!);
    console.log(`\n${name}, ${count} messages, median of ${repeats}`);
    for (const [who, all] of times) {
      const time = median(all);
      const rate = Math.round((count / time) * 1000).toLocaleString('en');
      console.log(`  ${who.padEnd(28)} ${rate.padStart(9)}/s   mailbench is ${(time / own).toFixed(2)} x`);
    }
  }
} finally {
  sink.stop();
  slow.stop();
}
