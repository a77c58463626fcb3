import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { describe, it } from 'mocha';
import { isDeliveryFailure } from '../../../src/base/errors.ts';
import { type Delivery, deliveryOf } from '../../../src/smtp/delivery.ts';
import { createPool } from '../../../src/smtp/pool.ts';
import { optionsFor } from '../../support/smtp-connect.ts';
import { messageOf } from '../../support/smtp-message.ts';

/** Numbers from 0 up to 1, the same for the same seed. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x80000000;
  };
}

/** A server that refuses, closes and hangs up now and then, at any step, and remembers whose message it took. */
async function moody(random: () => number) {
  const taken = new Map<string, number>();
  const sockets = new Set<Socket>();
  let greeted = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    // The first is let in: a server that has taken nothing yet is not waited for.
    if (greeted++ > 0 && random() < 0.05) return void socket.end('421 Busy\r\n');
    socket.write('220 x\r\n');
    let held = '';
    let over = false;
    let inText = false;
    let mail = false;
    let to: string[] = [];
    const last = (reply?: string) => {
      over = true;
      if (reply === undefined) socket.destroy();
      else socket.end(`${reply}\r\n`);
    };
    const take = () => {
      for (const address of to) taken.set(address, (taken.get(address) ?? 0) + 1);
    };
    const answer = (line: string): string | undefined => {
      const now = random();
      if (inText) {
        if (line !== '.') return undefined;
        inText = mail = false;
        if (now < 0.02) return '451 Later';
        if (now < 0.03) return void last('421 4.3.2 Shutting down');
        take();
        if (now < 0.04) return void last();
        if (now < 0.06) return void last('250 Ok\r\n421 Enough');
        return '250 Ok';
      }
      switch (line.slice(0, 4)) {
        case 'EHLO':
          return '250-x\r\n250 PIPELINING';
        case 'MAIL':
          to = [];
          if (now < 0.02) return void last('421 Bye');
          if (now < 0.03) return void last();
          mail = now >= 0.05;
          return mail ? '250 Ok' : '450 No';
        case 'RCPT':
          if (!mail) return '503 MAIL first';
          if (now < 0.005) return void last('421 Bye');
          if (now < 0.04) return '450 Greylisted';
          to.push(/<(.*)>/.exec(line)![1]!);
          return '250 Ok';
        case 'DATA':
          if (to.length === 0) return '503 RCPT first';
          if (now < 0.01) return '451 No';
          if (now < 0.02) return void last('421 Bye');
          inText = true;
          return '354 Go';
        case 'QUIT':
          return void last('221 Bye');
        default:
          mail = false;
          return '250 Ok';
      }
    };
    socket.on('data', (piece) => {
      const lines = (held + piece.toString('latin1')).split('\r\n');
      held = lines.pop()!;
      for (const line of lines) {
        if (over) return;
        const reply = answer(line);
        if (reply !== undefined) socket.write(`${reply}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const close = () =>
    new Promise<void>((resolve) => {
      for (const socket of sockets) socket.destroy();
      server.close(() => resolve());
    });
  return { port: address.port, taken, close };
}

describe('smtp/pool with a server that does what it likes', () => {
  for (const [seed, connections] of [
    [1, 1],
    [2, 1],
    [3, 4],
    [4, 4],
  ] as const) {
    it(`loses nothing, sends nothing twice and tells it as it was: seed ${seed}, ${connections} at a time`, async () => {
      const server = await moody(dice(seed));
      // Whatever is waited for is over at once.
      const later = (run: () => void) => {
        const timer = setImmediate(run);
        return () => clearImmediate(timer);
      };
      const pool = createPool({ connect: optionsFor(server.port), connections, later });
      try {
        const all = Array.from({ length: 500 }, async (_, id) => {
          const recipients = [`a${id}@x.example`, `b${id}@x.example`];
          const known = await pool.send({ sender: 'ann@a.example', recipients }, messageOf(`${id}\r\n`)).then(
            (delivery): Delivery | undefined => delivery,
            (error: unknown) => {
              assert.ok(isDeliveryFailure(error), String(error));
              return deliveryOf(error);
            },
          );
          return recipients.map((address) => ({
            address,
            status: known?.recipients.find((one) => one.address === address)?.status ?? 'unsent',
          }));
        });
        const results = (await Promise.all(all)).flat();
        await pool.close();
        for (const { address, status } of results) {
          const times = server.taken.get(address) ?? 0;
          const honest = status === 'accepted' ? times === 1 : status === 'unknown' ? times <= 1 : times === 0;
          assert.ok(honest, `${address} is ${status}, and was taken ${times} times`);
        }
        const count = (wanted: string) => results.filter(({ status }) => status === wanted).length;
        assert.ok(count('accepted') > 600, `${count('accepted')} of 1000 accepted`);
        assert.ok(count('refused') > 0);
        // Several sessions share the dice in whatever order they come to them.
        if (connections === 1) assert.ok(count('unknown') > 0);
      } finally {
        pool.destroy();
        await server.close();
      }
    });
  }
});
