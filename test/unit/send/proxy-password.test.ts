import assert from 'node:assert/strict';
import { createServer, connect as dial } from 'node:net';
import { describe, it } from 'mocha';
import { deliver } from '../../../src/send/deliver.ts';
import { outcomeSentence } from '../../../src/send/sentences/outcome.ts';
import { onLoopback } from '../../support/loopback.ts';
import { composedOf } from './support/composed.ts';
import { portsOf } from './support/fixed.ts';
import { friendly, scriptedServer } from './support/scripted-server.ts';
import { HI, serverOf } from './support/send-to.ts';

/** An HTTP proxy that lets in whoever knows the password, and keeps what it was asked. */
async function proxy(authorization: string) {
  const asked: string[] = [];
  const server = createServer((socket) => {
    socket.once('data', (head) => {
      const text = head.toString();
      asked.push(text);
      if (!text.includes(`\r\nProxy-Authorization: Basic ${authorization}\r\n`)) {
        // As careless as can be: it repeats the password.
        const given = /Basic (\S+)/.exec(text)?.[1] ?? '';
        const said = Buffer.from(given, 'base64').toString();
        socket.end(`HTTP/1.1 407 Not with ${said.slice(said.indexOf(':') + 1)}\r\n\r\n`);
        return;
      }
      const [, host = '', port = ''] = /^CONNECT ([^:]+):(\d+) /.exec(text) ?? [];
      const onward = dial(Number(port), host, () => socket.write('HTTP/1.1 200 Here you are\r\n\r\n'));
      onward.on('error', () => {});
      socket.once('close', () => onward.destroy());
      onward.pipe(socket);
      socket.pipe(onward);
    });
  });
  return { ...(await onLoopback(server)), asked };
}

describe('send through a proxy with a password', () => {
  const pair = Buffer.from('ann:geheim 123:@').toString('base64');

  async function send(environment?: (name: string) => string | undefined) {
    const server = await scriptedServer(HI, friendly);
    const through = await proxy(pair);
    try {
      const to = serverOf({
        host: `127.0.0.1:${server.port}`,
        security: 'none',
        proxy: `http://ann@127.0.0.1:${through.port}`,
        proxyPasswordEnv: 'PROXY_PW',
      });
      const ports = portsOf({ ask: async () => true, ...(environment ? { environment } : {}) });
      const outcome = await deliver(composedOf({}), to, ports);
      return { outcome, asked: through.asked, received: server.received };
    } finally {
      await through.close();
      await server.close();
    }
  }

  it('takes it from the variable, and shows it nowhere', async () => {
    const { outcome, received } = await send((name) => (name === 'PROXY_PW' ? 'geheim 123:@' : undefined));
    assert.equal(outcome.kind, 'delivered');
    assert.ok(received.includes('DATA'));
    assert.ok('transcript' in outcome);
    assert.match(
      outcome.transcript[0] ?? '',
      /^=== 14:02:11\.093 {2}Connecting to 127\.0\.0\.1:\d+ through http:\/\/127\.0\.0\.1:\d+\/? \(server "staging"\)$/,
    );
    assert.ok(!outcome.transcript.some((line) => /geheim/.test(line) || line.includes(pair)));
  });

  it('says what to do where it is wrong', async () => {
    const { outcome } = await send(() => 'othersecret');
    assert.match(outcomeSentence(outcome), /^The proxy .* wants another user or password/);
    assert.ok('transcript' in outcome);
    assert.match(outcome.transcript.at(-1) ?? '', /^\*\*\* The proxy .*: "HTTP\/1\.1 407 Not with ••••••••"\./);
    assert.ok(!outcome.transcript.join('\n').includes('othersecret'));
    assert.ok(!outcomeSentence(outcome).includes('othersecret'));
  });

  it('asks nobody to guess where the variable is not set', async () => {
    const { outcome, asked } = await send(() => undefined);
    assert.equal(
      outcomeSentence(outcome),
      'The password of the proxy of server "staging" is to be in the environment variable PROXY_PW, which is not set. Nothing was sent. Set it where this program is started from.',
    );
    assert.deepEqual(asked, []);
  });

  it('reads no variable where the workspace is not trusted', async () => {
    const { outcome, asked } = await send();
    assert.equal(
      outcomeSentence(outcome),
      'This workspace is not trusted, so the password of the proxy is not read from PROXY_PW. Nothing was sent. Trust the workspace, or take "proxyPasswordEnv" out.',
    );
    assert.deepEqual(asked, []);
  });
});
