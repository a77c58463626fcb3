import assert from 'node:assert/strict';
import { before, describe, it } from 'mocha';
import { Transcript } from '../../../src/net/transcript.ts';
import { connect } from '../../../src/smtp/client.ts';
import type { ConnectOptions } from '../../../src/smtp/options.ts';
import { certificate, type Pair } from '../../support/smtp-certificates.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { envelope, messageOf, testClock } from '../../support/smtp-message.ts';
import { script, scriptedServer } from '../../support/smtp-server.ts';

const secured = 'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 STARTTLS\nC: STARTTLS\nS: 220 Go';
const plain = `S: 220 x
  C: EHLO client.example
  S: 250 STARTTLS
  C: MAIL FROM:<ann@a.example>
  S: 250 Ok
  C: RCPT TO:<bob@b.example>
  S: 250 Ok
  C: DATA
  S: 354 Go
  C: x
  C: .
  S: 250 Queued
  C: QUIT
  S: 221 Bye
  !close`;

describe('smtp/opportunistic', () => {
  let pair: Pair;
  before(async () => {
    pair = await certificate({ name: 'other', hosts: ['other.example'] });
  });
  const options = (port: number, more: Partial<ConnectOptions> = {}) =>
    optionsFor(port, { security: 'opportunistic', tls: { verify: false }, ...more });

  for (const [name, end] of [
    ['hangs up in the handshake', '!hold\n!close'],
    ['never answers it', '!silence'],
  ] as const) {
    it(`goes without TLS, over a new connection, where a server ${name}; the transcript says so`, async () => {
      const server = await scriptedServer([`${secured}\n${end}`, plain], {
        onHold: (heard) => heard(),
      });
      const lines: string[] = [];
      const transcript = new Transcript({ sink: (line) => lines.push(line), clock: testClock() });
      const client = await connect(options(server.port, { transcript, timeouts: { tls: 60 } }));
      assert.equal(client.tls, undefined);
      assert.equal((await client.send(envelope, messageOf('x\r\n'))).outcome, 'accepted');
      await client.quit();
      assert.equal(lines.filter((line) => /TLS with 127\.0\.0\.1 failed: trying again without/.test(line)).length, 1);
      assert.equal(lines.filter((line) => /^ -> STARTTLS/.test(line)).length, 1);
      assert.ok((await server.said).endsWith(script(plain)));
      await server.close();
    });
  }

  const kept: [string, string, Partial<ConnectOptions>, string][] = [
    ['a certificate that was to be verified', '!tls', { tls: {} }, 'certificate'],
    ['TLS that is required', '!silence', { security: 'starttls' }, 'timeout'],
    ['a fallback that is forbidden', '!silence', { plainFallback: false }, 'timeout'],
    ['settings that are no good', '!silence', { tls: { verify: false, ca: 'x', cert: 'y', key: 'z' } }, 'local'],
  ];
  for (const [name, end, more, kind] of kept) {
    it(`does not go without TLS for ${name}`, async () => {
      const server = await scriptedServer(`${secured}\n${end}`, pair);
      const timeouts = kind === 'timeout' ? { tls: 60 } : {};
      const failure = await failureOf(connect(options(server.port, { timeouts, ...more })));
      assert.deepEqual([failure.step, failure.failure], ['tls', kind]);
      await server.close();
    });
  }

  it('shows no password to the street when it falls back', async () => {
    // Behind a proxy nothing counts as loopback.
    const server = await scriptedServer(
      [
        `C: CONNECT mx.example:25 HTTP/1.1\nC: Host: mx.example:25\nC> "\\r\\n"\nS: HTTP/1.1 200 Ok\nS> "\\r\\n"\n${secured}\n!hold\n!close`,
        `C: CONNECT mx.example:25 HTTP/1.1\nC: Host: mx.example:25\nC> "\\r\\n"\nS: HTTP/1.1 200 Ok\nS> "\\r\\n"\nS: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 AUTH PLAIN\nC: QUIT\nS: 221 Bye\n!close`,
      ],
      { onHold: (heard) => heard() },
    );
    const failure = await failureOf(
      connect(
        options(25, {
          host: 'mx.example',
          proxy: `http://127.0.0.1:${server.port}`,
          credentials: { user: 'ann', password: 'secret' },
        }),
      ),
    );
    assert.deepEqual([failure.step, failure.reason], ['auth', 'auth-needs-tls']);
    await server.close();
  });

  it('tells no password to a certificate that nobody verified', async () => {
    const proxied = `C: CONNECT mx.example:25 HTTP/1.1\nC: Host: mx.example:25\nC> "\\r\\n"\nS: HTTP/1.1 200 Ok\nS> "\\r\\n"`;
    const offered = 'C: EHLO client.example\nS: 250-x\nS: 250 AUTH PLAIN\nC: QUIT\nS: 221 Bye\n!close';
    const server = await scriptedServer(`${proxied}\n${secured}\n!tls\n${offered}`, pair);
    const failure = await failureOf(
      connect(
        options(25, {
          host: 'mx.example',
          proxy: `http://127.0.0.1:${server.port}`,
          credentials: { user: 'ann', password: 'secret' },
        }),
      ),
    );
    assert.deepEqual([failure.step, failure.reason], ['auth', 'auth-needs-certificate']);
    await server.close();
  });
});
