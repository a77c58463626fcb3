import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { INBOX, identityOf, isLocal, isLoopback, type Server } from '../../../src/send/server.ts';
import { parseServer } from '../../../src/send/server-settings.ts';

function server(settings: Record<string, unknown>, name = 'staging'): Server {
  const parsed = parseServer(name, settings);
  assert.deepEqual(parsed.problems, []);
  assert.ok(parsed.server);
  return parsed.server;
}

describe('send/server', () => {
  it('knows what can only be this machine', () => {
    for (const host of [
      'localhost',
      'LOCALHOST.',
      'a.localhost',
      '127.0.0.1',
      '127.1.2.3',
      '::1',
      '[::1]',
      '0:0:0:0:0:0:0:1',
      '::ffff:127.0.0.1',
    ]) {
      assert.equal(isLoopback(host), true, host);
    }
    for (const host of [
      'localhost.example.com',
      'example.com',
      '127.0.0.1.example.com',
      '128.0.0.1',
      '127.0.0.256',
      '::2',
      '0.0.0.0',
      '::',
      '10.0.0.1',
      'notlocalhost',
    ]) {
      assert.equal(isLoopback(host), false, host);
    }
  });

  it('takes a server behind a proxy, or the MX, for far away', () => {
    assert.equal(isLocal(server({ host: 'localhost' })), true);
    assert.equal(isLocal(server({ host: 'localhost', proxy: 'socks5://127.0.0.1:1080' })), false);
    assert.equal(isLocal(server({ transport: 'mx' })), false);
    assert.equal(isLocal(server({ transport: 'lmtp', path: '/run/lmtp' })), true);
    assert.equal(isLocal(server({ transport: 'folder', path: 'x' })), true);
    assert.equal(isLocal(INBOX), true);
  });

  it('binds passwords to transport, host, port and user', () => {
    const base = { host: 'smtp.example.com', user: 'ann' };
    const identities = [
      base,
      { ...base, host: 'smtp.example.org' },
      { ...base, port: 2525 },
      { ...base, user: 'bob' },
      { ...base, transport: 'lmtp' },
    ].map((settings) => identityOf(server(settings)));
    assert.equal(new Set(identities).size, identities.length);
    assert.equal(identityOf(server(base, 'other')), identities[0]);
  });
});
