import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { connect } from '../../../src/smtp/client.ts';
import type { ConnectOptions, SendOptions } from '../../../src/smtp/options.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { envelope, messageOf } from '../../support/smtp-message.ts';
import { feeds, script, scriptedServer } from '../../support/smtp-server.ts';

const hello = (...keywords: string[]) =>
  [
    'S: 220 x',
    'C: EHLO client.example',
    ...['x', ...keywords].map((word, index) => `S: 250${index === keywords.length ? ' ' : '-'}${word}`),
  ].join('\n');
const bye = 'C: QUIT\nS: 221 Bye\n!close';

const talks: [string, string, Parameters<typeof messageOf>, SendOptions, Partial<ConnectOptions>, string][] = [
  [
    'everything at once',
    `${hello('SIZE 100', '8BITMIME', 'SMTPUTF8', 'DSN', 'MT-PRIORITY', 'AUTH PLAIN')}
    C: MAIL FROM:<ann@a.example> SIZE=3 BODY=8BITMIME SMTPUTF8 RET=FULL ENVID=x+20y MT-PRIORITY=3 X-TEST=1
    S: 250 Ok
    C: RCPT TO:<bob@b.example> NOTIFY=NEVER X-R
    S: 250 Ok
    C: DATA
    S: 354 Go
    C: \xff
    C: .
    S: 250 Queued
    ${bye}`,
    ['\xff\r\n', { transparency: '8bit', utf8Header: true }],
    {
      dsn: { return: 'full', envelopeId: 'x y', notify: 'never' },
      priority: 3,
      mailParameters: ['X-TEST=1'],
      rcptParameters: ['X-R'],
    },
    {},
    'accepted',
  ],
  [
    'BDAT, octet for octet',
    `${hello('CHUNKING', 'BINARYMIME', 'PIPELINING')}
    C: MAIL FROM:<ann@a.example> BODY=BINARYMIME
    C: RCPT TO:<bob@b.example>
    S: 250 Ok
    S: 250 Ok
    C: BDAT 4
    C> ".\\r\\u0000\\n"
    C: BDAT 4
    C> "abcd"
    S: 250 4 octets
    C: BDAT 1 LAST
    C> "\\n"
    S: 250 4 octets
    S: 250 Queued
    ${bye}`,
    ['.\r\0\nabcd\n', { transparency: 'binary', split: 3 }],
    { chunking: 4 },
    {},
    'accepted',
  ],
  [
    'BDAT, one at a time',
    `${hello('CHUNKING')}
    C: MAIL FROM:<ann@a.example>
    S: 250 Ok
    C: RCPT TO:<bob@b.example>
    S: 250 Ok
    C: BDAT 4
    C> "abcd"
    S: 552 5.3.4 Too much
    C: RSET
    S: 250 Ok
    ${bye}`,
    ['abcdefgh', {}],
    { chunking: 4 },
    {},
    'refused',
  ],
  [
    'BDAT, nobody there',
    `${hello('CHUNKING')}
    C: MAIL FROM:<ann@a.example>
    S: 250 Ok
    C: RCPT TO:<bob@b.example>
    S: 550 No
    C: RSET
    S: 250 Ok
    ${bye}`,
    ['abcd', {}],
    { chunking: true },
    {},
    'refused',
  ],
  [
    'BDAT of nothing',
    `${hello('CHUNKING')}
    C: MAIL FROM:<ann@a.example>
    S: 250 Ok
    C: RCPT TO:<bob@b.example>
    S: 250 Ok
    C: BDAT 0 LAST
    S: 250 Queued
    ${bye}`,
    ['', {}],
    { chunking: true },
    {},
    'accepted',
  ],
  [
    'XCLIENT, which greets anew',
    `${hello('XCLIENT NAME ADDR')}
    C: XCLIENT ADDR=192.0.2.1 NAME=[UNAVAILABLE]
    S: 220 y
    C: EHLO client.example
    S: 250 y
    C: MAIL FROM:<ann@a.example>
    S: 250 Ok
    C: RCPT TO:<bob@b.example>
    S: 250 Ok
    C: DATA
    S: 354 Go
    C: x
    C: .
    S: 250 Queued
    ${bye}`,
    ['x', {}],
    {},
    { xclient: { addr: '192.0.2.1', name: '[UNAVAILABLE]' } },
    'accepted',
  ],
  [
    'PROXY ahead of all',
    `C: PROXY TCP4 192.0.2.1 192.0.2.2 1 25
    ${hello('PIPELINING')}
    C: MAIL FROM:<ann@a.example>
    C: RCPT TO:<bob@b.example>
    C: DATA
    S: 250 Ok
    S: 250 Ok
    S: 354 Go
    C: x
    C: .
    S: 250 Queued
    ${bye}`,
    ['x', {}],
    {},
    {
      proxyProtocol: {
        version: 1,
        source: { address: '192.0.2.1', port: 1 },
        destination: { address: '192.0.2.2', port: 25 },
      },
    },
    'accepted',
  ],
  [
    'pipelining turned off',
    `${hello('PIPELINING')}
    C: MAIL FROM:<ann@a.example>
    S: 250 Ok
    C: RCPT TO:<bob@b.example>
    S: 250 Ok
    C: DATA
    S: 354 Go
    C: x
    C: .
    S: 250 Queued
    ${bye}`,
    ['x', {}],
    {},
    { pipelining: false },
    'accepted',
  ],
];

describe('smtp extensions', () => {
  for (const [name, text, message, options, connecting, outcome] of talks) {
    it(name, async () => {
      for (const feed of feeds) {
        const server = await scriptedServer(text, { feed });
        const client = await connect(optionsFor(server.port, connecting));
        assert.equal((await client.send(envelope, messageOf(...message), options)).outcome, outcome);
        await client.quit();
        assert.equal(await server.said, script(text));
        await server.close();
      }
    });
  }

  const limits: [string, string, Parameters<typeof messageOf>, string][] = [
    ['a message over SIZE', 'SIZE 3', ['abcd', {}], 'too-large'],
    ['8-bit without 8BITMIME', 'SIZE', ['\xff', { transparency: '8bit' }], 'needs-8bitmime'],
    ['binary without CHUNKING', 'BINARYMIME', ['\0', { transparency: 'binary' }], 'extension-missing'],
    ['more parts than transactions', 'LIMITS RCPTMAX=1 MAILMAX=1', ['x', {}], 'extension-limit'],
  ];
  for (const [name, keyword, message, reason] of limits) {
    it(`refuses ${name} before MAIL`, async () => {
      const server = await scriptedServer(`${hello(keyword)}\n${bye}`);
      const client = await connect(optionsFor(server.port));
      const to = { ...envelope, recipients: ['bob@b.example', 'carl@b.example'] };
      const failure = await failureOf(client.send(to, messageOf(...message)));
      assert.deepEqual([failure.failure, failure.reason, failure.sessionSurvives], ['local', reason, true]);
      await client.quit();
      await server.close();
    });
  }

  const foreign: [string, string[], SendOptions, string][] = [
    ['an envelope id beyond ASCII', ['DSN', 'SMTPUTF8'], { dsn: { envelopeId: 'é' } }, 'unsafe-argument'],
    ['a submitter beyond ASCII', ['AUTH PLAIN'], { submitter: 'zoë@a.example' }, 'unsafe-argument'],
    ['a parameter of MAIL beyond ASCII', ['DSN'], { mailParameters: ['X=é'] }, 'needs-smtputf8'],
    ['a parameter of RCPT beyond ASCII', ['DSN'], { rcptParameters: ['X=é'] }, 'needs-smtputf8'],
    ['REQUIRETLS in plain text', ['REQUIRETLS'], { requireTls: true }, 'extension-limit'],
  ];
  for (const [name, keywords, sending, reason] of foreign) {
    it(`refuses ${name} before MAIL`, async () => {
      const server = await scriptedServer(`${hello(...keywords)}\n${bye}`);
      const client = await connect(optionsFor(server.port));
      const failure = await failureOf(client.send(envelope, messageOf('x\r\n'), sending));
      assert.deepEqual([failure.failure, failure.reason, failure.sessionSurvives], ['local', reason, true]);
      await client.quit();
      await server.close();
    });
  }

  it('LMTP over a Unix socket', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'lmtp-'));
    const path = join(folder, 'lmtp.sock');
    const text = `
      S: 220 x
      C: LHLO localhost
      S: 250-x
      S: 250 PIPELINING
      C: MAIL FROM:<ann@a.example>
      C: RCPT TO:<bob>
      C: RCPT TO:<carl>
      C: DATA
      S: 250 Ok
      S: 250 Ok
      S: 250 Ok
      S: 354 Go
      C: x
      C: .
      S: 250 2.0.0 bob has it
      S: 552 5.2.2 carl has no room
      ${bye}`;
    const server = await scriptedServer(text, { path });
    const client = await connect({ protocol: 'lmtp', host: 'localhost', port: 24, path, security: 'none' });
    assert.equal(client.remoteAddress, path);
    const delivery = await client.send({ ...envelope, recipients: ['bob', 'carl'] }, messageOf('x\r\n'));
    assert.deepEqual(
      delivery.recipients.map((one) => one.reply?.full[0]),
      ['250 2.0.0 bob has it', '552 5.2.2 carl has no room'],
    );
    assert.equal(delivery.outcome, 'partial');
    await client.quit();
    assert.equal(await server.said, script(text));
    await server.close();
    await rm(folder, { recursive: true });
  });

  for (const scheme of ['socks5', 'http']) {
    it(`a session through ${scheme}, greeted in the proxy's last packet`, async () => {
      const heard: string[] = [];
      const answers: Buffer[] =
        scheme === 'http'
          ? [Buffer.from('HTTP/1.1 200 Ok\r\n\r\n220 x\r\n')]
          : [
              Buffer.from([5, 0]),
              Buffer.concat([Buffer.from([5, 0, 0, 1, 127, 0, 0, 1, 0, 25]), Buffer.from('220 x\r\n')]),
            ];
      answers.push(Buffer.from('250 x\r\n'), Buffer.from('221 Bye\r\n'));
      const proxy = createServer((socket) => {
        socket.on('data', (piece) => {
          heard.push(piece.toString('latin1'));
          socket.write(answers.shift() ?? '');
          if (answers.length === 0) socket.end();
        });
      });
      await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
      const { port } = proxy.address() as { port: number };
      const client = await connect(optionsFor(25, { host: 'mx.example', proxy: `${scheme}://127.0.0.1:${port}` }));
      await client.quit();
      assert.deepEqual(heard.slice(-2), ['EHLO client.example\r\n', 'QUIT\r\n']);
      await new Promise((resolve) => proxy.close(resolve));
    });
  }

  const stops: [ConnectOptions['stop'] & object, string][] = [
    [{ at: 'connect', before: 'next', how: 'drop' }, ''],
    [{ at: 'greeting', before: 'next', how: 'quit' }, 'S: 220 x\nC: QUIT\nS: 221 Bye'],
    [{ at: 'ehlo', before: 'command', how: 'drop' }, 'S: 220 x'],
    [{ at: 'ehlo', before: 'reply', how: 'drop' }, 'S: 220 x\nC: EHLO client.example'],
    [
      { at: 'ehlo', before: 'next', how: 'quit' },
      'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 AUTH PLAIN\nC: QUIT\nS: 221 Bye',
    ],
    [
      { at: 'auth', before: 'reply', how: 'drop' },
      'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 AUTH PLAIN\nC: AUTH PLAIN AHUAcGFzcw==',
    ],
  ];
  for (const [stop, text] of stops) {
    it(`stops at ${stop.at} before ${stop.before} by ${stop.how}`, async () => {
      const server = await scriptedServer(text === '' ? '!silence' : text);
      const failure = await failureOf(
        connect(optionsFor(server.port, { stop, credentials: { user: 'u', password: 'pass' } })),
      );
      assert.equal(failure.reason, 'stopped');
      assert.equal(await server.said, text === '' ? '!silence' : text);
      await server.close();
    });
  }
});
