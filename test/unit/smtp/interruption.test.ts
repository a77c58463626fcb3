import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { describe, it } from 'mocha';
import type { Resolver } from '../../../src/net/resolver.ts';
import { connect } from '../../../src/smtp/client.ts';
import type { ConnectOptions } from '../../../src/smtp/options.ts';
import { type Listening, onLoopback } from '../../support/loopback.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { envelope, messageOf } from '../../support/smtp-message.ts';
import { scriptedServer } from '../../support/smtp-server.ts';
import { settlesWithin, turns } from '../../support/turns.ts';

const hello = 'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250-STARTTLS\nS: 250 AUTH LOGIN';
const mail = `${hello}\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\nS: 250 Ok`;
const never: Resolver = { addresses: () => new Promise(() => {}), mx: () => new Promise(() => {}) };
const endless = {
  ...messageOf('', { split: 1, size: 1e12 }),
  async *read() {
    for (;;) yield Buffer.alloc(100_000, 'x');
  },
};
const stuck = {
  ...messageOf('', { split: 1, size: 1e12 }),
  async *read() {
    yield Buffer.from('x');
    await new Promise(() => {});
  },
};

/** Where a server leaves the client waiting; the step and phase that the failure is to name. */
const waits: [
  string,
  string,
  Partial<ConnectOptions>,
  'none' | 'send' | 'chunk' | 'endless' | 'stuck',
  string,
  string,
][] = [
  ['the name', '!silence', { host: 'x.example', dns: never }, 'none', 'resolve', 'dns'],
  ['the greeting', '!silence', {}, 'none', 'greeting', 'greeting'],
  ['the reply to EHLO', 'S: 220 x\nC: EHLO client.example\nS> "250-x\\r\\n"\n!silence', {}, 'none', 'ehlo', 'command'],
  [
    'the reply to HELO',
    'S: 220 x\nC: EHLO client.example\nS: 502 What\nC: HELO client.example\n!silence',
    {},
    'none',
    'ehlo',
    'command',
  ],
  [
    'the reply to XCLIENT',
    'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 XCLIENT ADDR\nC: XCLIENT ADDR=192.0.2.7\n!silence',
    { xclient: { ADDR: '192.0.2.7' } },
    'none',
    'ehlo',
    'command',
  ],
  ['the reply to STARTTLS', `${hello}\nC: STARTTLS\n!silence`, { security: 'starttls' }, 'none', 'starttls', 'command'],
  ['TLS', `${hello}\nC: STARTTLS\nS: 220 Go\n!silence`, { security: 'starttls' }, 'none', 'tls', 'tls'],
  ['implicit TLS', '!silence', { security: 'tls' }, 'none', 'tls', 'tls'],
  [
    'AUTH',
    `${hello}\nC: AUTH LOGIN\nS: 334 \nC: dQ==\n!silence`,
    { credentials: { user: 'u', password: 'pass' } },
    'none',
    'auth',
    'command',
  ],
  ['the reply to MAIL', `${hello}\nC: MAIL FROM:<ann@a.example>\n!silence`, {}, 'send', 'mail', 'command'],
  [
    'the reply to RCPT',
    `${hello}\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\n!silence`,
    {},
    'send',
    'rcpt',
    'command',
  ],
  ['the 354', `${mail}\nC: DATA\n!silence`, {}, 'send', 'data', 'dataStart'],
  [
    'the reply to a chunk',
    `S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 CHUNKING\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\nS: 250 Ok\nC: BDAT 3 LAST\nC: x\n!silence`,
    {},
    'chunk',
    'data',
    'final',
  ],
  [
    'the reply to a message over LMTP',
    `S: 220 x\nC: LHLO client.example\nS: 250 x\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\nS: 250 Ok\nC: DATA\nS: 354 Go\nC: x\nC: .\n!silence`,
    { protocol: 'lmtp' },
    'send',
    'data',
    'final',
  ],
  ['a block', `${mail}\nC: DATA\nS: 354 Go\n!silence`, {}, 'endless', 'data', 'block'],
  ['the reply to the message', `${mail}\nC: DATA\nS: 354 Go\nC: x\nC: .\n!silence`, {}, 'send', 'data', 'final'],
];

/** Sockets and timers that keep the process alive, those of the test server aside. */
function handles(): string[] {
  return process
    .getActiveResourcesInfo()
    .filter((name) => /TCPSocketWrap|TLSWrap|Timeout|PipeWrap|GetAddrInfo/.test(name));
}

describe('smtp interruption', () => {
  for (const [name, text, options, what, step, phase] of waits) {
    const run = async (more: Partial<ConnectOptions>, waiting?: () => void): Promise<unknown> => {
      const server = await serverFor(text, what, waiting);
      try {
        const connecting = connect(optionsFor(server.port, { ...options, ...more }));
        // Nobody is asked before there is an address.
        if (step === 'resolve') waiting?.();
        if (what === 'none') return await failureOf(connecting);
        const client = await connecting;
        const message = what === 'endless' ? endless : what === 'stuck' ? stuck : messageOf('x\r\n');
        return await failureOf(client.send(envelope, message, what === 'chunk' ? { chunking: true } : {}));
      } finally {
        await server.close();
      }
    };

    it(`waits for ${name} no longer than it may`, async () => {
      await settled();
      const before = handles().length;
      const failure = (await run({ timeouts: { [phase]: 30 } })) as Awaited<ReturnType<typeof failureOf>>;
      assert.deepEqual(
        [
          failure.failure,
          failure.reason,
          failure.step,
          failure.details?.phase,
          failure.details?.seconds,
          failure.sessionSurvives,
        ],
        ['timeout', 'timeout', step, phase, 0.03, false],
      );
      assert.equal(failure.retryable, phase !== 'final');
      await settled();
      assert.ok(handles().length <= before, handles().join());
    });

    it(`stops waiting for ${name} when told`, async () => {
      await settled();
      const before = handles().length;
      const controller = new AbortController();
      let atOnce: Promise<boolean> | undefined;
      const running = run({ signal: controller.signal }, async () => {
        // What the server said last has still to be read.
        await turns(20);
        controller.abort(new Error('enough'));
        atOnce = settlesWithin(50, running);
      });
      const failure = (await running) as Awaited<ReturnType<typeof failureOf>>;
      assert.equal(await atOnce, true);
      assert.deepEqual([failure.failure, failure.reason, failure.step], ['aborted', 'aborted', step]);
      assert.equal((failure.cause as Error).message, 'enough');
      await settled();
      assert.ok(handles().length <= before, handles().join());
    });
  }

  for (const [name, end] of [
    ['silence', '!silence'],
    ['the end of the connection', '!close'],
    ['nonsense', 'S: what'],
  ] as const) {
    it(`a refusal stays what it is where ${name} follows RSET`, async () => {
      const refused = `${hello}\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\nS: 550 No\nC: RSET\n${end}`;
      const server = await scriptedServer(refused);
      const client = await connect(optionsFor(server.port, { timeouts: { command: 30 } }));
      const delivery = await client.send(envelope, messageOf('x\r\n'));
      assert.deepEqual([delivery.outcome, delivery.failure?.code], ['refused', 550]);
      assert.equal(client.usable, false);
      await client.quit();
      await server.close();
    });
  }

  it('a cancel at RSET is a cancel', async () => {
    const controller = new AbortController();
    const server = await scriptedServer(
      `${hello}\nC: MAIL FROM:<ann@a.example>\nS: 250 Ok\nC: RCPT TO:<bob@b.example>\nS: 550 No\nC: RSET\n!silence`,
      { onSilence: () => controller.abort() },
    );
    const client = await connect(optionsFor(server.port));
    const failure = await failureOf(client.send(envelope, messageOf('x\r\n'), { signal: controller.signal }));
    assert.equal(failure.failure, 'aborted');
    await server.close();
  });

  it('a source that gives nothing more does not keep an abort from settling', async () => {
    const controller = new AbortController();
    const abort = async () => {
      await turns(20);
      controller.abort();
    };
    const server = await serverFor(`${mail}\nC: DATA\nS: 354 Go\n!silence`, 'stuck', abort);
    const client = await connect(optionsFor(server.port));
    const failure = await failureOf(client.send(envelope, stuck, { signal: controller.signal }));
    assert.equal(failure.failure, 'aborted');
    assert.equal(client.usable, false);
    await server.close();
  });

  it('has an end for all of it', async () => {
    await settled();
    const before = handles().length;
    const server = await scriptedServer('S: 220 x\nC: EHLO client.example\n!silence');
    const failure = await failureOf(connect(optionsFor(server.port, { timeouts: { total: 30 } })));
    assert.deepEqual([failure.step, failure.details?.phase], ['ehlo', 'total']);
    await server.close();
    const unresolved = await failureOf(
      connect(optionsFor(1, { host: 'x.example', dns: never, timeouts: { total: 30 } })),
    );
    assert.deepEqual([unresolved.failure, unresolved.step, unresolved.details?.phase], ['timeout', 'resolve', 'total']);
    await settled();
    assert.ok(handles().length <= before, handles().join());
  });

  it('has an end for each message', async () => {
    const server = await serverFor(`${mail}\nC: DATA\n!silence`, 'send');
    const client = await connect(optionsFor(server.port, { timeouts: { total: 60 } }));
    const failure = await failureOf(client.send(envelope, messageOf('x\r\n')));
    assert.deepEqual([failure.step, failure.details?.phase], ['data', 'total']);
    await server.close();
  });

  it('does not begin once aborted', async () => {
    const failure = await failureOf(connect(optionsFor(9, { signal: AbortSignal.abort() })));
    assert.equal(failure.failure, 'aborted');
  });

  it('takes a message back before it is sent, and leaves the session', async () => {
    const server = await scriptedServer(
      `${mail}\nC: DATA\nS: 354 Go\nC: x\nC: .\nS: 250 Ok\nC: QUIT\nS: 221 Bye\n!close`,
    );
    const client = await connect(optionsFor(server.port));
    const controller = new AbortController();
    const first = client.send(envelope, messageOf('x\r\n'));
    const second = client.send(envelope, messageOf('y\r\n'), { signal: controller.signal });
    controller.abort();
    assert.equal((await failureOf(second)).failure, 'aborted');
    assert.equal((await first).outcome, 'accepted');
    await client.quit();
    assert.ok((await server.said).endsWith('!close'));
    await server.close();
  });

  it('a message taken back whose envelope went ahead lets the one before it end', async () => {
    const grouped = 'C: MAIL FROM:<ann@a.example>\nC: RCPT TO:<bob@b.example>\nC: DATA';
    const controller = new AbortController();
    const server = await scriptedServer(
      `S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 PIPELINING\n${grouped}\nS: 250 Ok\nS: 250 Ok\nS: 354 Go\nC: x\nC: .\n${grouped}\n!hold\nS: 250 Queued`,
      { onHold: () => controller.abort() },
    );
    const client = await connect(optionsFor(server.port));
    const first = client.send(envelope, messageOf('x\r\n'));
    const second = client.send(envelope, messageOf('y\r\n'), { signal: controller.signal });
    const third = client.send(envelope, messageOf('z\r\n'));
    const [outcome, taken, after] = await Promise.all([first, failureOf(second), failureOf(third)]);
    assert.equal(outcome.outcome, 'accepted');
    assert.equal(taken.failure, 'aborted');
    assert.equal(after.reason, 'not-connected');
    assert.equal(after.retryable, true);
    await server.close();
  });
});

/** A server that does not read on once it has nothing more to say, so that a peer's writes pile up. */
async function serverFor(text: string, what: string, onSilence: () => void = () => {}): Promise<Listening> {
  if (what !== 'endless') return scriptedServer(text, { onSilence });
  const server = createServer((socket) => {
    socket.write('220 x\r\n');
    const replies = ['250 x', '250 Ok', '250 Ok', '354 Go'];
    socket.on('data', () => {
      const next = replies.shift();
      if (next !== undefined) socket.write(`${next}\r\n`);
      if (replies.length > 0) return;
      socket.pause();
      onSilence();
    });
  });
  return onLoopback(server);
}

/** Until sockets that were destroyed are gone from the event loop. */
async function settled(): Promise<void> {
  await turns(5);
}
