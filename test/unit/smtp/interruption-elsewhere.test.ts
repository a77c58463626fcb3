import assert from 'node:assert/strict';
import { connect as openSocket, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { describe, it } from 'mocha';
import type { Resolver } from '../../../src/net/resolver.ts';
import { connect } from '../../../src/smtp/client.ts';
import { deliverByMx } from '../../../src/smtp/mx.ts';
import { createPool } from '../../../src/smtp/pool.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { envelope, messageOf } from '../../support/smtp-message.ts';
import { scriptedServer } from '../../support/smtp-server.ts';
import { settlesWithin, turns } from '../../support/turns.ts';

const hello = 'S: 220 x\nC: EHLO client.example\nS: 250 x';
const message = messageOf('x\r\n');
const here: Resolver = {
  addresses: async () => [{ address: '127.0.0.1', family: 4 }],
  mx: async () => [{ exchange: 'mx.b.example', preference: 1 }],
};
const neverMx: Resolver = { ...here, mx: () => new Promise(() => {}) };
const neverAddress: Resolver = { ...here, addresses: () => new Promise(() => {}) };

/** What a wait is made of: the server's part, and what is asked of it. */
const waits: [string, string, (port: number, signal: AbortSignal) => Promise<unknown>][] = [
  ...['http', 'socks5', 'socks4'].map((scheme): (typeof waits)[number] => [
    `a ${scheme} proxy`,
    '!silence',
    (port, signal) => connect(optionsFor(25, { host: '192.0.2.1', proxy: `${scheme}://127.0.0.1:${port}`, signal })),
  ]),
  ...(
    [
      ['the MX records', '!silence', neverMx],
      ['the address of an MX host', '!silence', neverAddress],
      ['the greeting of an MX host', '!silence', here],
      ['the reply to EHLO of an MX host', 'S: 220 x\nC: EHLO client.example\n!silence', here],
      ['the reply to MAIL of an MX host', `${hello}\nC: MAIL FROM:<ann@a.example>\n!silence`, here],
    ] as const
  ).map(([name, text, dns]): (typeof waits)[number] => [
    name,
    text,
    (port, signal) => {
      const { protocol: _, host: __, ...options } = optionsFor(port, { dns, signal });
      return deliverByMx(envelope, message, options);
    },
  ]),
  ...(
    [
      ['a session of a pool', '!silence'],
      ['a reply in a pool', `${hello}\nC: MAIL FROM:<ann@a.example>\n!silence`],
    ] as const
  ).map(([name, text]): (typeof waits)[number] => [
    name,
    text,
    async (port, signal) => {
      const pool = createPool({ connect: optionsFor(port, { signal }) });
      try {
        const both = [pool.send(envelope, message), pool.send(envelope, message)];
        return await Promise.all(both.map(async (one) => Promise.reject(await failureOf(one))));
      } finally {
        pool.destroy();
      }
    },
  ]),
  [
    'a session of a pool, for one message',
    '!silence',
    async (port, signal) => {
      const pool = createPool({ connect: optionsFor(port) });
      try {
        return await pool.send(envelope, message, { signal });
      } finally {
        pool.destroy();
      }
    },
  ],
];

/** Sockets and timers that keep the process alive. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCPSocketWrap|TLSWrap|Timeout|PipeWrap|GetAddrInfo/.test(name));
}

/** Until sockets that were destroyed are gone from the event loop. */
async function settled(): Promise<void> {
  await turns(5);
}

/**
 * A port whose calls are not answered: its queue is full, and its thread stands still, so that nobody ever takes one off it.
 */
async function unanswering(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const halted = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { workerData, parentPort } = require('node:worker_threads');
     const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
       parentPort.postMessage(server.address().port);
       Atomics.wait(workerData, 0, 0);
       process.exit();
     });`,
    { eval: true, workerData: halted },
  );
  const port = await new Promise<number>((resolve) => worker.once('message', resolve));
  const fillers: Socket[] = [];
  // Its queue holds a few; the first call that hangs shows that it is full.
  for (let full = false; !full; ) {
    const socket = openSocket(port, '127.0.0.1').on('error', () => {});
    fillers.push(socket);
    const connected = new Promise<boolean>((resolve) => socket.once('connect', () => resolve(true)));
    full = !(await Promise.race([connected, turns(200).then(() => false)]));
    assert.ok(fillers.length < 100, 'this system answers for everybody');
  }
  return {
    port,
    async close() {
      for (const socket of fillers) socket.destroy();
      Atomics.store(halted, 0, 1);
      Atomics.notify(halted, 0);
      await new Promise((resolve) => worker.once('exit', resolve));
    },
  };
}

describe('smtp interruption elsewhere', () => {
  it('waits for a connection no longer than it may, stops waiting when told, and leaves nothing', async () => {
    const silent = await unanswering();
    try {
      await settled();
      const before = handles().length;
      const late = await failureOf(connect(optionsFor(silent.port, { timeouts: { connect: 30 } })));
      assert.deepEqual(
        [late.failure, late.step, late.details?.phase, late.details?.seconds],
        ['timeout', 'connect', 'connect', 0.03],
      );
      const total = await failureOf(connect(optionsFor(silent.port, { timeouts: { total: 30 } })));
      assert.deepEqual([total.failure, total.step, total.details?.phase], ['timeout', 'connect', 'total']);
      const controller = new AbortController();
      const failing = failureOf(connect(optionsFor(silent.port, { signal: controller.signal })));
      await turns(20);
      controller.abort();
      assert.equal(await settlesWithin(50, failing), true);
      const told = await failing;
      assert.deepEqual([told.failure, told.step], ['aborted', 'connect']);
      await settled();
      assert.ok(handles().length <= before, handles().join());
    } finally {
      await silent.close();
    }
  });

  it('an abort ends a goodbye at once', async () => {
    const controller = new AbortController();
    let silent = () => {};
    const silence = new Promise<void>((resolve) => {
      silent = resolve;
    });
    const server = await scriptedServer(`${hello}\nC: QUIT\n!silence`, { onSilence: silent });
    const client = await connect(optionsFor(server.port, { signal: controller.signal }));
    const leaving = client.quit();
    await silence;
    controller.abort();
    assert.equal(await settlesWithin(50, leaving), true);
    await server.close();
  });

  for (const [name, text, run] of waits) {
    const asks = !/^the (?:MX records|address)/.test(name);
    it(`stops waiting for ${name} when told, and leaves nothing`, async () => {
      await settled();
      const before = handles().length;
      let silent = () => {};
      const silence = new Promise<void>((resolve) => {
        silent = resolve;
      });
      const server = await scriptedServer(text, { onSilence: silent });
      const controller = new AbortController();
      const failing = failureOf(run(server.port, controller.signal));
      // Where it waits for a name, the server never hears of it.
      if (asks) await silence;
      // What the server said last has still to be read.
      await turns(20);
      controller.abort();
      assert.equal(await settlesWithin(50, failing), true);
      const failure = await failing;
      assert.equal(failure.failure, 'aborted');
      await server.close();
      await settled();
      assert.ok(handles().length <= before, handles().join());
    });
  }
});
