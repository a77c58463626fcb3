import assert from 'node:assert/strict';
import {
  createServer as createTlsServer,
  type TlsOptions as ServerTlsOptions,
  type Server as TlsServer,
} from 'node:tls';
import { before, describe, it } from 'mocha';
import type { TlsOptions } from '../../../src/net/tls-options.ts';
import { Transcript } from '../../../src/net/transcript.ts';
import { connect } from '../../../src/smtp/client.ts';
import type { ConnectOptions } from '../../../src/smtp/options.ts';
import { certificate, type Pair } from '../../support/smtp-certificates.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { envelope, messageOf, testClock } from '../../support/smtp-message.ts';
import { script, scriptedServer } from '../../support/smtp-server.ts';

/** A server that speaks TLS from the first octet, then greets and takes EHLO and QUIT. */
async function tlsServer(
  options: ServerTlsOptions,
): Promise<{ port: number; names: unknown[]; close(): Promise<void> }> {
  const names: unknown[] = [];
  const server: TlsServer = createTlsServer(options, (socket) => {
    names.push(socket.servername);
    socket.on('error', () => {});
    socket.write('220 mx.example ESMTP\r\n');
    socket.on('data', (piece: Buffer) => {
      if (piece.toString().startsWith('QUIT')) socket.end('221 Bye\r\n');
      else socket.write('250 mx.example\r\n');
    });
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  return { port, names, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

describe('smtp over TLS', () => {
  let authority: Pair;
  let good: Pair;
  before(async () => {
    authority = await certificate({ name: 'Test Authority', authority: true });
    good = await certificate({ name: 'mx.example', hosts: ['mx.example', '127.0.0.1'] }, authority);
  });

  const verdicts: [string, () => Promise<Pair>, TlsOptions, string | undefined][] = [
    ['a certificate that verifies', async () => good, {}, undefined],
    ['a certificate for the name asked for', async () => good, { serverName: 'mx.example' }, undefined],
    [
      'an expired one',
      () => certificate({ name: 'x', hosts: ['127.0.0.1'], from: -10, to: -1 }, authority),
      {},
      'certificate-expired',
    ],
    [
      'one that is not valid yet',
      () => certificate({ name: 'x', hosts: ['127.0.0.1'], from: 5 }, authority),
      {},
      'certificate-not-yet-valid',
    ],
    [
      'one for another host',
      () => certificate({ name: 'x', hosts: ['other.example'] }, authority),
      {},
      'certificate-wrong-host',
    ],
    ['a self-signed one', () => certificate({ name: 'x', hosts: ['127.0.0.1'] }), {}, 'certificate-self-signed'],
    [
      'an unknown issuer',
      async () =>
        certificate({ name: 'x', hosts: ['127.0.0.1'] }, await certificate({ name: 'Nobody', authority: true })),
      {},
      'certificate-untrusted',
    ],
  ];
  for (const [name, make, tls, reason] of verdicts) {
    it(`${reason === undefined ? 'takes' : 'refuses'} ${name}`, async () => {
      const pair = await make();
      const server = await tlsServer(pair);
      try {
        const options = optionsFor(server.port, { security: 'tls', tls: { ca: authority.cert, ...tls } });
        if (reason === undefined) {
          const client = await connect(options);
          assert.equal(client.tls?.verified, true);
          assert.equal(client.tls?.protocol, 'TLS 1.3');
          await client.quit();
          return;
        }
        const failure = await failureOf(connect(options));
        assert.deepEqual([failure.failure, failure.step, failure.reason], ['certificate', 'tls', reason]);
        assert.match(String(failure.details?.subject), /^CN=x/);
        // Unverified on request, the session says what it would have said.
        const lines: string[] = [];
        const transcript = new Transcript({ sink: (line) => lines.push(line), clock: testClock() });
        const client = await connect({ ...options, transcript, tls: { ...tls, verify: false } });
        assert.equal(client.tls?.verified, false);
        assert.ok(
          lines.some((line) =>
            /^=== .*TLS 1\.3, TLS_\w+, peer CN=x, valid until \d{4}-\d\d-\d\d, certificate not verified \(/.test(line),
          ),
        );
        assert.ok(lines.includes('<~  220 mx.example ESMTP'));
        assert.ok(lines.includes(' ~> EHLO client.example'));
        await client.quit();
      } finally {
        await server.close();
      }
    });
  }

  it('names the host it wants', async () => {
    const server = await tlsServer(good);
    const dns = { addresses: async () => [{ address: '127.0.0.1', family: 4 as const }], mx: async () => [] };
    const base: ConnectOptions = optionsFor(server.port, {
      security: 'tls',
      host: 'mx.example',
      dns,
      tls: { ca: authority.cert },
    });
    await (await connect(base)).quit();
    await (await connect({ ...base, host: '127.0.0.1' })).quit();
    assert.deepEqual(server.names, ['mx.example', false]);
    await server.close();
  });

  const handshakes: [string, ServerTlsOptions, TlsOptions, string][] = [
    ['a server too old', { maxVersion: 'TLSv1.2', minVersion: 'TLSv1.2' }, { minVersion: 'TLSv1.3' }, 'tls-too-old'],
    ['a server too new', { minVersion: 'TLSv1.3' }, { maxVersion: 'TLSv1.2' }, 'tls-too-old'],
  ];
  for (const [name, server, tls, reason] of handshakes) {
    it(`tells ${name}`, async () => {
      const running = await tlsServer({ ...good, ...server });
      const failure = await failureOf(
        connect(optionsFor(running.port, { security: 'tls', tls: { ca: authority.cert, ...tls } })),
      );
      assert.deepEqual([failure.failure, failure.step, failure.reason], ['tls', 'tls', reason]);
      await running.close();
    });
  }

  it('tells a server that wants a client certificate, and shows one', async () => {
    const client = await certificate({ name: 'ann' }, authority);
    const server = await tlsServer({ ...good, requestCert: true, rejectUnauthorized: true, ca: authority.cert });
    const options = optionsFor(server.port, { security: 'tls', tls: { ca: authority.cert } });
    const failure = await failureOf(connect(options));
    assert.equal(failure.reason, 'client-certificate');
    await (await connect({ ...options, tls: { ca: authority.cert, ...client } })).quit();
    await server.close();
  });

  it('tells a port that speaks no TLS', async () => {
    const server = await scriptedServer('S: 220 mx.example ESMTP\n!silence');
    const failure = await failureOf(connect(optionsFor(server.port, { security: 'tls', tls: { ca: authority.cert } })));
    assert.deepEqual([failure.step, failure.reason], ['tls', 'not-tls']);
    await server.close();
  });

  it('refuses settings that are no certificate, before anything is sent', async () => {
    const server = await scriptedServer('!silence');
    const failure = await failureOf(
      connect(optionsFor(server.port, { security: 'tls', tls: { cert: 'nonsense', key: 'nonsense' } })),
    );
    assert.deepEqual([failure.failure, failure.reason], ['local', 'tls-settings']);
    assert.equal(await server.said, '!silence');
    await server.close();
  });

  it('forgets under STARTTLS what it learnt before', async () => {
    const text = `
      S: 220 mx.example
      C: EHLO client.example
      S: 250-mx.example
      S: 250-AUTH PLAIN
      S: 250-SIZE 1
      S: 250 STARTTLS
      C: STARTTLS
      S: 220 Go
      !tls
      C: EHLO client.example
      S: 250-mx.example
      S: 250 AUTH LOGIN
      C: AUTH LOGIN
      S: 334 VXNlcm5hbWU6
      C: YW5u
      S: 334 UGFzc3dvcmQ6
      C: Y29ycmVjdCBob3JzZQ==
      S: 235 Ok
      C: MAIL FROM:<ann@a.example>
      S: 250 Ok
      C: RCPT TO:<bob@b.example>
      S: 250 Ok
      C: DATA
      S: 354 Go
      C: Hello
      C: .
      S: 250 Queued
      C: QUIT
      S: 221 Bye
      !close`;
    for (const feed of ['whole', 'byte'] as const) {
      const server = await scriptedServer(text, { ...good, feed });
      const lines: string[] = [];
      const transcript = new Transcript({ sink: (line) => lines.push(line), clock: testClock(), data: 'full' });
      const client = await connect(
        optionsFor(server.port, {
          security: 'starttls',
          tls: { ca: authority.cert },
          transcript,
          credentials: { user: 'ann', password: 'correct horse' },
        }),
      );
      assert.equal(client.capabilities.size, undefined);
      assert.equal(client.authenticated, 'LOGIN');
      await client.send(envelope, messageOf('Hello\r\n', { split: 2 }));
      await client.quit();
      assert.equal(await server.said, script(text));
      await server.close();
      assert.deepEqual(
        lines.filter((line) => !line.startsWith('===')),
        [
          '<-  220 mx.example',
          ' -> EHLO client.example',
          '<-  250-mx.example',
          '<-  250-AUTH PLAIN',
          '<-  250-SIZE 1',
          '<-  250 STARTTLS',
          ' -> STARTTLS',
          '<-  220 Go',
          ' ~> EHLO client.example',
          '<~  250-mx.example',
          '<~  250 AUTH LOGIN',
          ' ~> AUTH LOGIN',
          '<~  334 VXNlcm5hbWU6',
          ' ~> ••••••••',
          '<~  334 UGFzc3dvcmQ6',
          ' ~> ••••••••',
          '<~  235 Ok',
          ' ~> MAIL FROM:<ann@a.example>',
          '<~  250 Ok',
          ' ~> RCPT TO:<bob@b.example>',
          '<~  250 Ok',
          ' ~> DATA',
          '<~  354 Go',
          ' ~> Hello',
          ' ~> .',
          '<~  250 Queued',
          ' ~> QUIT',
          '<~  221 Bye',
        ],
      );
    }
  });
});
