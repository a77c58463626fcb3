import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { serverProblemSentence } from '../../../src/send/sentences/server.ts';
import { addressOf, INBOX, type Server } from '../../../src/send/server.ts';
import { parseServer, parseServers } from '../../../src/send/server-settings.ts';

function server(settings: Record<string, unknown>, name = 'staging'): Server {
  const parsed = parseServer(name, settings);
  assert.deepEqual(parsed.problems, []);
  assert.ok(parsed.server);
  return parsed.server;
}

function told(settings: unknown, name = 'staging'): string[] {
  return parseServer(name, settings).problems.map(serverProblemSentence);
}

const session = {
  hello: 'ehlo',
  pipelining: true,
  tls: { verify: true, ca: [], allowPlaintextPassword: false },
  timeouts: {},
} as const;
const unverified = { ...session, tls: { ...session.tls, verify: false } } as const;
const common = { name: 'staging', production: false, guard: {} } as const;

describe('send/server-settings', () => {
  describe('defaults', () => {
    const table: [string, Record<string, unknown>, Server][] = [
      [
        'a host off loopback: STARTTLS, verified, on the submission port',
        { host: 'smtp.example.com' },
        {
          ...common,
          ...session,
          transport: 'smtp',
          security: 'starttls',
          auth: 'auto',
          endpoint: { kind: 'tcp', host: 'smtp.example.com', port: 587 },
        },
      ],
      [
        'port 465 is TLS from the start',
        { host: 'smtp.example.com:465' },
        {
          ...common,
          ...session,
          transport: 'smtp',
          security: 'tls',
          auth: 'auto',
          endpoint: { kind: 'tcp', host: 'smtp.example.com', port: 465 },
        },
      ],
      [
        'TLS from the start is port 465',
        { host: 'smtp.example.com', security: 'tls' },
        {
          ...common,
          ...session,
          transport: 'smtp',
          security: 'tls',
          auth: 'auto',
          endpoint: { kind: 'tcp', host: 'smtp.example.com', port: 465 },
        },
      ],
      [
        'loopback: TLS where offered, nothing verified, port 25',
        { host: 'localhost' },
        {
          ...common,
          ...unverified,
          transport: 'smtp',
          security: 'opportunistic',
          auth: 'auto',
          endpoint: { kind: 'tcp', host: 'localhost', port: 25 },
        },
      ],
      [
        'LMTP off loopback',
        { transport: 'lmtp', host: 'mail.example.com' },
        {
          ...common,
          ...session,
          transport: 'lmtp',
          security: 'starttls',
          auth: 'auto',
          endpoint: { kind: 'tcp', host: 'mail.example.com', port: 24 },
        },
      ],
      [
        'LMTP over a Unix socket',
        { transport: 'lmtp', path: '/run/lmtp' },
        {
          ...common,
          ...session,
          transport: 'lmtp',
          security: 'none',
          auth: 'auto',
          endpoint: { kind: 'socket', path: '/run/lmtp' },
        },
      ],
      [
        'straight to the MX: opportunistic, unverified, port 25',
        { transport: 'mx' },
        { ...common, ...unverified, transport: 'mx', security: 'opportunistic', port: 25 },
      ],
      [
        'straight to the MX that named servers tell',
        { transport: 'mx', nameServers: ['192.0.2.53', '[::1]:5353'] },
        {
          ...common,
          ...unverified,
          transport: 'mx',
          security: 'opportunistic',
          port: 25,
          nameServers: ['192.0.2.53', '[::1]:5353'],
        },
      ],
      ['the inbox', { transport: 'inbox' }, { ...common, transport: 'inbox' }],
      ['a folder', { transport: 'folder', path: './out' }, { ...common, transport: 'folder', path: './out' }],
    ];
    for (const [title, settings, expected] of table) {
      it(title, () => assert.deepEqual(server(settings), expected));
    }
  });

  it('takes every property there is', () => {
    assert.deepEqual(
      server({
        transport: 'smtp',
        host: 'Smtp.Exämple.com',
        port: 2525,
        security: 'starttls',
        user: 'ann@example.com',
        passwordEnv: 'STAGING_PASSWORD',
        auth: 'scram-sha-256',
        hello: 'helo',
        clientName: 'ci.example.com',
        envelopeFrom: 'bounces@example.com',
        localAddress: '192.0.2.7',
        pipelining: false,
        pool: { connections: 3, messagesPerConnection: 100, rate: 0.5 },
        retry: { delay: 1.5 },
        tls: {
          verify: false,
          ca: './ca.pem',
          certificate: 'c.pem',
          key: 'k.pem',
          passphraseEnv: 'KEY_PASS',
          minVersion: 'TLSv1.2',
          maxVersion: 'tlsv1.3',
          serverName: 'mail.example.com',
          ciphers: 'HIGH',
          channelBinding: 'tls-unique',
          allowPlaintextPassword: true,
        },
        timeouts: { connect: 5, total: 0, final: 0.5 },
        proxy: 'socks5://127.0.0.1:1080',
        guard: { allow: ['example.com', '*.Test', '@qa.example', 'Boss@Example.org'], redirectTo: 'me@example.com' },
        production: true,
      }),
      {
        name: 'staging',
        transport: 'smtp',
        endpoint: { kind: 'tcp', host: 'smtp.xn--exmple-cua.com', port: 2525 },
        security: 'starttls',
        user: 'ann@example.com',
        passwordEnv: 'STAGING_PASSWORD',
        auth: 'scram-sha-256',
        hello: 'helo',
        clientName: 'ci.example.com',
        envelopeFrom: 'bounces@example.com',
        localAddress: '192.0.2.7',
        pipelining: false,
        pool: { connections: 3, messagesPerConnection: 100, rate: 0.5 },
        retry: { attempts: 3, delay: 1500 },
        tls: {
          verify: false,
          unverifiedOnPurpose: true,
          ca: ['./ca.pem'],
          certificate: 'c.pem',
          key: 'k.pem',
          passphraseEnv: 'KEY_PASS',
          minVersion: 'TLSv1.2',
          maxVersion: 'TLSv1.3',
          serverName: 'mail.example.com',
          ciphers: 'HIGH',
          channelBinding: 'tls-unique',
          allowPlaintextPassword: true,
        },
        timeouts: { connect: 5000, total: 0, final: 500 },
        proxy: 'socks5://127.0.0.1:1080',
        guard: {
          allow: ['example.com', '*.test', 'qa.example', 'boss@example.org'],
          redirectTo: ['me@example.com'],
        },
        production: true,
      },
    );
  });

  describe('a host', () => {
    const table: [string, string | undefined][] = [
      ['smtp.example.com:25', 'smtp.example.com:25'],
      ['[::1]:2525', '[::1]:2525'],
      ['::1', '[::1]:25'],
      ['192.0.2.1', '192.0.2.1:587'],
      ['mail_relay', 'mail_relay:587'],
      ['例え.jp', 'xn--r8jz45g.jp:587'],
      ['smtp.example.com:0', undefined],
      ['smtp.example.com:65536', undefined],
      ['a b', undefined],
      ['user@host', undefined],
      ['smtp://host', undefined],
      ['host/path', undefined],
      ['-a.example', undefined],
      ['a..b', undefined],
      ['256.1.1.1', undefined],
      ['[::1', undefined],
      [`${'a'.repeat(64)}.example`, undefined],
    ];
    for (const [host, expected] of table) {
      it(`${host} is ${expected ?? 'none'}`, () => {
        const parsed = parseServer('s', { host });
        if (expected !== undefined) assert.equal(addressOf(parsed.server!), expected);
        else
          assert.deepEqual(parsed.problems, [
            { code: 'server-bad-host', severity: 'error', path: 'mailbench.servers.s.host', value: host },
          ]);
      });
    }
  });

  describe('what can’t be used gets a sentence with its path and what is allowed', () => {
    const at = 'mailbench.servers.staging';
    const table: [string, unknown, string[]][] = [
      ['no object', 'smtp.example.com', [`${at} has to be an object.`]],
      ['a list', [], [`${at} has to be an object.`]],
      ['no host', {}, [`${at}.host is missing: write the host of the mail server.`]],
      ['no folder', { transport: 'folder' }, [`${at}.path is missing: write the folder that messages are put into.`]],
      [
        'another transport',
        { transport: 'stmp', host: 'h' },
        [`${at}.transport can’t be "stmp" (did you mean "smtp"?). It is one of: smtp, lmtp, mx, inbox or folder.`],
      ],
      [
        'another security',
        { host: 'h', security: 'ssl' },
        [`${at}.security can’t be "ssl". It is one of: starttls, tls, opportunistic or none.`],
      ],
      ['port as text', { host: 'h', port: '25' }, [`${at}.port has to be a whole number.`]],
      ['port out of range', { host: 'h', port: 70000 }, [`${at}.port is 70000; it has to be from 1 to 65535.`]],
      ['two ports', { host: 'h:25', port: 26 }, [`${at}.port is 26, and "host" says 25: take one of them out.`]],
      ['an empty host', { host: '' }, [`${at}.host is empty: write something, or take it out.`]],
      [
        'a line break',
        { host: 'h', user: 'ann\r\nRSET' },
        [`${at}.user holds a line break or another control character: take it out.`],
      ],
      [
        'a misspelt property',
        { host: 'h', tiemouts: {} },
        [
          `${at}.tiemouts is no setting (did you mean "timeouts"?). There are: transport, host, port, security, user, passwordEnv, auth, hello, clientName, envelopeFrom, localAddress, pipelining, pool, retry, tls, timeouts, proxy, proxyPasswordEnv, guard and production.`,
        ],
      ],
      [
        'a password',
        { host: 'h', user: 'u', password: 'hunter2' },
        [
          `${at}.password holds a password, which does not belong into settings: they are shared and synchronized. Take it out: it is asked for when it is needed, and can come from the environment variable that "passwordEnv" names.`,
        ],
      ],
      [
        'the password as the name of a variable',
        { host: 'h', user: 'u', passwordEnv: 'hunter 2' },
        [`${at}.passwordEnv has to be the name of an environment variable (letters, digits and _), not what is in it.`],
      ],
      [
        'a mechanism without a user',
        { host: 'h', auth: 'plain' },
        [`${at}.auth has no meaning without "user": add the user, or take it out.`],
      ],
      [
        'an envelope sender with a name',
        { host: 'h', envelopeFrom: 'Ann <a@b.example>' },
        [
          `${at}.envelopeFrom can’t be "Ann <a@b.example>": write one address, as bounces@example.com, without name and angle brackets.`,
        ],
      ],
      [
        'a local address that is a name',
        { host: 'h', localAddress: 'eth0' },
        [`${at}.localAddress can’t be "eth0": write an IP address, as 192.0.2.7 or 2001:db8::7.`],
      ],
      [
        'a name server by name',
        { transport: 'mx', nameServers: ['192.0.2.53', 'ns.example.com'] },
        [`${at}.nameServers[1] can’t be "ns.example.com": write an IP address, as 192.0.2.7 or 2001:db8::7.`],
      ],
      [
        'name servers where no MX is asked for',
        { host: 'h', nameServers: '192.0.2.53' },
        [`${at}.nameServers has no meaning for the transport "smtp": it is not used.`],
      ],
      [
        'a proxy with a password',
        { host: 'h', proxy: 'socks5://u:p@proxy:1080' },
        [
          `${at}.proxy holds a password, which does not belong into settings: they are shared and synchronized. Take it out: it is asked for when it is needed, and can come from the environment variable that "passwordEnv" names.`,
        ],
      ],
      [
        'a proxy of another kind',
        { host: 'h', proxy: 'ftp://proxy:21' },
        [`${at}.proxy can’t be "ftp://proxy:21": write socks5://host:port or http://host:port.`],
      ],
      [
        'a key without its certificate',
        { host: 'h', tls: { key: 'k.pem' } },
        [`${at}.tls.certificate is missing: a client certificate is "certificate" and "key" together.`],
      ],
      [
        'something unknown in tls',
        { host: 'h', tls: { rejectUnauthorized: false } },
        [
          `${at}.tls.rejectUnauthorized is no setting. There are: certificate, key, passphraseEnv, serverName, minVersion, maxVersion, ciphers, channelBinding, verify, allowPlaintextPassword and ca.`,
        ],
      ],
      ['a timeout as text', { host: 'h', timeouts: { connect: '5s' } }, [`${at}.timeouts.connect has to be a number.`]],
      [
        'a rule of the guard',
        { host: 'h', guard: { allow: ['example.com', 'a b'] } },
        [
          `${at}.guard.allow[1] can’t be "a b": write an address (qa@example.com), a domain (example.com) or a domain with all below it (*.example.com).`,
        ],
      ],
      [
        'a property of another transport (a warning)',
        { transport: 'folder', path: 'out', port: 25 },
        [`${at}.port has no meaning for the transport "folder": it is not used.`],
      ],
    ];
    for (const [title, settings, expected] of table) {
      it(title, () => assert.deepEqual(told(settings), expected));
    }
  });

  it('never repeats a password', () => {
    for (const name of ['password', 'Pass', 'pwd', 'secret', 'apiKey', 'access_token']) {
      const { server: none, problems } = parseServer('s', { host: 'h', user: 'u', [name]: 'hunter2' });
      assert.equal(none, undefined);
      assert.deepEqual(
        problems.map((problem) => problem.code),
        ['server-password-in-settings'],
      );
      assert.ok(!JSON.stringify(problems).includes('hunter2'));
    }
  });

  it('has the inbox beside what is configured, and lets it be configured', () => {
    const { servers, problems } = parseServers({ a: { host: 'localhost' }, bad: { host: 5 } });
    assert.deepEqual([...servers.keys()], ['inbox', 'a']);
    assert.equal(servers.get('inbox'), INBOX);
    assert.deepEqual(problems.map(serverProblemSentence), ['mailbench.servers.bad.host has to be a text.']);
    assert.deepEqual([...parseServers(undefined).servers.keys()], ['inbox']);
    const own = parseServers({ inbox: { envelopeFrom: '<>' } }).servers.get('inbox');
    assert.deepEqual(own, { name: 'inbox', transport: 'inbox', production: false, guard: {}, envelopeFrom: '' });
  });

  it('lets nothing else be called inbox', () => {
    const { servers, problems } = parseServers({ inbox: { host: 'relay.example' } });
    assert.deepEqual([...servers.keys()], ['inbox']);
    assert.deepEqual(problems.map(serverProblemSentence), [
      'mailbench.servers.inbox.host has no meaning for the transport "inbox": it is not used.',
    ]);
    const smtp = parseServers({ inbox: { transport: 'smtp', host: 'relay.example' } });
    assert.deepEqual([...smtp.servers.keys()], []);
    assert.deepEqual(smtp.problems.map(serverProblemSentence), [
      'mailbench.servers.inbox can’t be another server: "inbox" is the Local Inbox. Give this one another name.',
    ]);
  });

  it('takes any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        for (const problem of parseServers(value).problems) assert.ok(serverProblemSentence(problem).endsWith('.'));
      }),
      { numRuns: 300 },
    );
    const names = ['transport', 'host', 'port', 'tls', 'timeouts', 'guard', 'proxy', 'user', 'envelopeFrom', 'path'];
    const some = fc.dictionary(fc.constantFrom(...names), fc.jsonValue());
    fc.assert(
      fc.property(some, (value) => void parseServer('s', value)),
      { numRuns: 300 },
    );
  });
});
