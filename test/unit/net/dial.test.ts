import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { systemClock } from '../../../src/base/system-clock.ts';
import {
  type Attempt,
  type DialOptions,
  dial,
  hostAndPort,
  interleave,
  isLoopbackAddress,
} from '../../../src/net/dial.ts';
import { dialThrough } from '../../../src/net/proxy.ts';
import { proxyProtocolHeader } from '../../../src/net/proxy-protocol.ts';
import type { Address } from '../../../src/net/resolver.ts';
import { failureOf } from '../../support/smtp-connect.ts';
import { turns } from '../../support/turns.ts';

const servers: Server[] = [];
const sockets: Socket[] = [];

async function listening(host: string, on: (socket: Socket) => void = () => {}): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    on(socket);
  });
  servers.push(server);
  await new Promise<void>((resolve) =>
    server.listen(host.startsWith('/') ? { path: host } : { host, port: 0 }, resolve),
  );
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closedPort(): Promise<number> {
  const port = await listening('127.0.0.1');
  await new Promise((resolve) => servers.pop()!.close(resolve));
  return port;
}

function options(more: Partial<DialOptions>, addresses: readonly Address[] = []): DialOptions {
  return {
    host: 'x.example',
    port: 1,
    resolver: { addresses: async () => addresses, mx: async () => [] },
    timeouts: { dns: 1000, connect: 1000 },
    clock: systemClock,
    details: { host: 'x.example' },
    ...more,
  };
}

const four = (address: string): Address => ({ address, family: 4 });
const six = (address: string): Address => ({ address, family: 6 });

describe('net/dial', () => {
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
  });

  it('takes the families in turn', () => {
    const mixed = interleave([six('::1'), six('::2'), six('::3'), four('1.1.1.1')]);
    assert.deepEqual(
      mixed.map((one) => one.address),
      ['::1', '1.1.1.1', '::2', '::3'],
    );
  });

  it('goes on to the next address, and lists every attempt', async () => {
    const port = await listening('127.0.0.1');
    const attempts: Attempt[] = [];
    const addresses = [four('127.0.0.2'), four('127.0.0.3'), four('127.0.0.1')];
    const socket = await dial(options({ port, onAttempt: (attempt) => attempts.push(attempt) }, addresses));
    assert.equal(socket.remoteAddress, '127.0.0.1');
    assert.deepEqual(
      attempts.map((one) => [one.address, one.error]),
      [
        [`127.0.0.2:${port}`, 'ECONNREFUSED'],
        [`127.0.0.3:${port}`, 'ECONNREFUSED'],
        [`127.0.0.1:${port}`, undefined],
      ],
    );
    socket.destroy();
  });

  const failures: [string, () => Promise<DialOptions>, string, string][] = [
    ['a name without address', async () => options({}), 'resolve', 'no-such-host'],
    [
      'a name that does not exist',
      async () =>
        options({
          resolver: {
            addresses: () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' })),
            mx: async () => [],
          },
        }),
      'resolve',
      'no-such-host',
    ],
    [
      'name servers that fail',
      async () =>
        options({
          resolver: {
            addresses: () => Promise.reject(Object.assign(new Error('x'), { code: 'EAI_AGAIN' })),
            mx: async () => [],
          },
        }),
      'resolve',
      'dns-failed',
    ],
    [
      'a port nobody listens on',
      async () => options({ host: '127.0.0.1', port: await closedPort() }),
      'connect',
      'connection-refused',
    ],
    ['a socket that is not there', async () => options({ path: '/nonexistent/socket' }), 'connect', 'no-such-socket'],
    [
      'an address that is not ours',
      async () => options({ host: '127.0.0.1', localAddress: '192.0.2.1', details: { localAddress: '192.0.2.1' } }),
      'connect',
      'local-address',
    ],
    [
      'an address of the other family',
      async () => options({ host: '127.0.0.1', localAddress: '::1', details: { localAddress: '::1' } }),
      'connect',
      'local-address',
    ],
  ];
  it('tells an address of the other family from one that is not ours', async () => {
    const families = await Promise.all(
      ['::1', '192.0.2.1'].map(async (localAddress) => {
        const details = { localAddress };
        return (await failureOf(dial(options({ host: '127.0.0.1', localAddress, details })))).details?.family;
      }),
    );
    assert.deepEqual(families, [6, undefined]);
  });

  for (const [name, given, step, reason] of failures) {
    it(name, async () => {
      const failure = await failureOf(dial(await given()));
      assert.deepEqual([failure.step, failure.reason], [step, reason]);
    });
  }

  it('connects to a Unix socket, and from an address', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dial-'));
    const path = join(folder, 's');
    await listening(path);
    (await dial(options({ path }))).destroy();
    await rm(folder, { recursive: true });
    const port = await listening('127.0.0.1');
    const socket = await dial(options({ host: '127.0.0.1', port, localAddress: '127.0.0.9' }));
    assert.equal(socket.localAddress, '127.0.0.9');
    socket.destroy();
  });

  it('knows loopback', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1', '/run/x'])
      assert.ok(isLoopbackAddress(address), address);
    for (const address of ['128.0.0.1', '::2', '10.0.0.1', '127.0.0.1.example', ''])
      assert.ok(!isLoopbackAddress(address), address);
    assert.equal(hostAndPort('::1', 25), '[::1]:25');
  });

  describe('through a proxy', () => {
    /** A proxy that says its lines, each after something was said to it, and keeps what it heard. */
    const proxy = async (answers: readonly (string | Buffer)[]) => {
      const heard: Buffer[] = [];
      const left = [...answers];
      const port = await listening('127.0.0.1', (socket) => {
        socket.on('data', (piece) => {
          heard.push(piece);
          const next = left.shift();
          if (next !== undefined) socket.write(next);
          else socket.write('220 x\r\n');
        });
      });
      return { port, heard };
    };

    it('HTTP CONNECT, with what came behind its answer', async () => {
      const { port, heard } = await proxy(['HTTP/1.1 200 Fine\r\nX: y\r\n\r\n220 mx']);
      const socket = await dialThrough(
        `http://us%40er:pa%3Ass@127.0.0.1:${port}`,
        options({ host: 'mx.example', port: 25 }),
      );
      const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve).resume());
      assert.equal(String(first), '220 mx');
      assert.equal(
        String(heard[0]),
        `CONNECT mx.example:25 HTTP/1.1\r\nHost: mx.example:25\r\nProxy-Authorization: Basic ${Buffer.from('us@er:pa:ss').toString('base64')}\r\n\r\n`,
      );
      socket.destroy();
    });

    it('SOCKS5, with a name for the proxy to look up', async () => {
      const { port, heard } = await proxy([Buffer.from([5, 0]), Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 25])]);
      const socket = await dialThrough(`socks5://127.0.0.1:${port}`, options({ host: 'mx.example', port: 25 }));
      assert.deepEqual(
        heard[1],
        Buffer.concat([Buffer.from([5, 1, 0, 3, 10]), Buffer.from('mx.example'), Buffer.from([0, 25])]),
      );
      socket.destroy();
    });

    const refusals: [string, string, (string | Buffer)[], string][] = [
      ['HTTP 407', 'http', ['HTTP/1.1 407 Who are you\r\n\r\n'], 'proxy-authentication'],
      ['HTTP 403', 'http', ['HTTP/1.1 403 No\r\n\r\n'], 'proxy-refused'],
      ['no HTTP', 'http', ['220 mx.example\r\n\r\n'], 'proxy-broken'],
      [
        'SOCKS5: refused',
        'socks5',
        [Buffer.from([5, 0]), Buffer.from([5, 5, 0, 1, 0, 0, 0, 0, 0, 0])],
        'proxy-refused',
      ],
      ['SOCKS5: no method', 'socks5', [Buffer.from([5, 255])], 'proxy-authentication'],
      ['no SOCKS', 'socks5', ['HTTP/1.1 400 No\r\n\r\n'], 'proxy-broken'],
    ];
    for (const [name, scheme, answers, reason] of refusals) {
      it(name, async () => {
        const { port } = await proxy(answers);
        const failure = await failureOf(
          dialThrough(`${scheme}://u:secret@127.0.0.1:${port}`, options({ host: 'mx.example', port: 25 })),
        );
        assert.equal(failure.reason, reason);
        assert.ok(!JSON.stringify(failure.details).includes('secret'));
      });
    }

    it('one that is not there, none at all, and one that never answers', async () => {
      const port = await closedPort();
      assert.equal((await failureOf(dialThrough(`http://127.0.0.1:${port}`, options({})))).reason, 'proxy-unreachable');
      assert.equal((await failureOf(dialThrough('ftp://x', options({})))).reason, 'proxy-broken');
      assert.equal((await failureOf(dialThrough('not a url', options({})))).reason, 'proxy-broken');
      const silent = await listening('127.0.0.1');
      for (const scheme of ['http', 'socks5']) {
        const failure = await failureOf(
          dialThrough(`${scheme}://127.0.0.1:${silent}`, options({ timeouts: { dns: 100, connect: 30 } })),
        );
        assert.deepEqual([failure.failure, failure.details?.phase], ['timeout', 'connect']);
        const controller = new AbortController();
        void turns(20).then(() => controller.abort());
        assert.equal(
          (await failureOf(dialThrough(`${scheme}://127.0.0.1:${silent}`, options({ signal: controller.signal }))))
            .failure,
          'aborted',
        );
      }
    });
  });

  describe('PROXY headers', () => {
    const ends = {
      localAddress: '::ffff:127.0.0.1',
      localPort: 4000,
      remoteAddress: '::ffff:127.0.0.1',
      remotePort: 25,
    };
    const source = { address: '192.0.2.7', port: 1234 };
    it('version 1', () => {
      assert.equal(
        String(proxyProtocolHeader({ version: 1 }, ends).octets),
        'PROXY TCP4 127.0.0.1 127.0.0.1 4000 25\r\n',
      );
      assert.equal(
        String(proxyProtocolHeader({ version: 1, source }, ends).octets),
        'PROXY TCP4 192.0.2.7 127.0.0.1 1234 25\r\n',
      );
      assert.equal(
        String(proxyProtocolHeader({ version: 1, source: { address: '::1', port: 1 } }, ends).octets),
        'PROXY UNKNOWN\r\n',
      );
      const hostile = proxyProtocolHeader({ version: 1, source: { address: '1.1.1.1\r\nMAIL', port: 1 } }, ends);
      assert.equal(String(hostile.octets), 'PROXY UNKNOWN\r\n');
    });
    it('version 2', () => {
      const hex = (given: Parameters<typeof proxyProtocolHeader>[0]) =>
        Buffer.from(proxyProtocolHeader(given, ends).octets).toString('hex');
      const signature = '0d0a0d0a000d0a515549540a';
      assert.equal(hex({ version: 2, source }), `${signature}2111000cc00002077f00000104d20019`);
      assert.equal(
        hex({
          version: 2,
          source: { address: '2001:db8::1', port: 1 },
          destination: { address: '::ffff:1.2.3.4', port: 2 },
        }),
        `${signature}21210024${'20010db8000000000000000000000001'}${'00000000000000000000ffff01020304'}00010002`,
      );
      assert.equal(hex({ version: 2, source: { address: 'x', port: 1 } }), `${signature}20000000`);
    });
  });
});
