import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'mocha';
import type { Resolver } from '../../../src/net/resolver.ts';
import { deliver } from '../../../src/send/deliver.ts';
import { hasLeft } from '../../../src/send/outcome.ts';
import { outcomeSentence } from '../../../src/send/sentences/outcome.ts';
import { parseServer } from '../../../src/send/server-settings.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { turns } from '../../support/turns.ts';
import { composedOf, PLAIN } from './support/composed.ts';
import { portsOf } from './support/fixed.ts';
import { friendly, scriptedServer } from './support/scripted-server.ts';
import { ACCEPTED, BYE, CONNECTED, GREETED, HI, type Rules, sendTo, serverOf } from './support/send-to.ts';

describe('send/deliver', () => {
  it('delivers: the message as it is, the transcript whole', async () => {
    const { outcome, transcript, sentence, server } = await sendTo(HI, friendly);
    assert.equal(outcome.kind, 'delivered');
    assert.deepEqual(transcript, [
      ...GREETED,
      ...ACCEPTED,
      '<-  250 Taken',
      ...BYE,
      '=== 1 of 1 recipient accepted; 0 ms, 5 round trips',
    ]);
    assert.deepEqual(server.received, [
      'EHLO [127.0.0.1]',
      'MAIL FROM:<ann@example.com>',
      'RCPT TO:<bob@example.org>',
      'DATA',
      ...PLAIN.split('\r\n').slice(0, -1),
      '.',
      'QUIT',
    ]);
    assert.equal(sentence, 'Server "staging" took the message for bob@example.org.');
    assert.equal(hasLeft(outcome), true);
  });

  it('tells of a recipient that was refused, and never of success then', async () => {
    const rules: Rules = [[/^RCPT TO:<bob/, '550 5.1.1 No such user'], ...friendly];
    const { outcome, transcript, sentence } = await sendTo(HI, rules, {
      recipients: ['bob@example.org', 'cy@example.net'],
    });
    assert.equal(outcome.kind, 'partial');
    assert.deepEqual(transcript, [
      ...GREETED,
      ' -> MAIL FROM:<ann@example.com>',
      '<-  250 OK',
      ' -> RCPT TO:<bob@example.org>',
      '<-* 550 5.1.1 No such user',
      ' -> RCPT TO:<cy@example.net>',
      '<-  250 OK',
      ' -> DATA',
      '<-  354 Go on',
      ' -> [66 bytes of message, 5 lines]',
      '<-  250 Taken',
      ...BYE,
      '*** Recipient bob@example.org refused: 550 5.1.1 No such user. There is no such mailbox: check the part before the @.',
      '=== 1 of 2 recipients accepted; 0 ms, 6 round trips',
    ]);
    assert.equal(
      sentence,
      'Server "staging" took the message for 1 of 2 recipients only. Recipient bob@example.org refused: 550 5.1.1 No such user. There is no such mailbox: check the part before the @.',
    );
  });

  it('names the server where all of several were refused', async () => {
    const { sentence } = await sendTo(HI, [[/^RCPT/, '550 5.1.1 No such user'], ...friendly], {
      recipients: ['bob@example.org', 'cy@example.org'],
    });
    assert.equal(
      sentence,
      'Server "staging" refused all 2 recipients. Recipient bob@example.org refused: 550 5.1.1 No such user. There is no such mailbox: check the part before the @.',
    );
  });

  it('fails where all were refused', async () => {
    const rules: Rules = [[/^RCPT/, '550 5.7.1 Relay access denied'], ...friendly];
    const advice =
      '550 5.7.1 Relay access denied. The server does not pass mail on to that domain for strangers: log in, or use the server that the domain’s own mail goes to.';
    const { outcome, transcript, sentence } = await sendTo(HI, rules);
    assert.equal(outcome.kind, 'failed');
    assert.equal(hasLeft(outcome), false);
    assert.deepEqual(transcript.slice(GREETED.length), [
      ' -> MAIL FROM:<ann@example.com>',
      '<-  250 OK',
      ' -> RCPT TO:<bob@example.org>',
      '<-* 550 5.7.1 Relay access denied',
      ' -> RSET',
      '<-  250 OK',
      ...BYE,
      `*** Recipient bob@example.org refused: ${advice}`,
      '=== 0 of 1 recipient accepted; 0 ms, 4 round trips',
    ]);
    assert.equal(sentence, `Server "staging" refused bob@example.org: ${advice}`);
  });

  describe('one message and the transcript up to that point for', () => {
    const whole = 'Server "staging" (127.0.0.1:PORT)';
    const table: [string, string | null, Rules, Record<string, unknown>, readonly string[], string][] = [
      [
        'a server that closes at once',
        null,
        [],
        {},
        CONNECTED,
        `${whole} closed the connection during its greeting. A server that wants TLS at once does that: set "security" to "tls". Else look into the server’s log.`,
      ],
      [
        'a server that turns away',
        '554 5.7.1 No service for you',
        friendly,
        {},
        [...CONNECTED, '<-* 554 5.7.1 No service for you', ...BYE],
        `${whole} turned this connection away: "554 5.7.1 No service for you". It takes no mail from this address at all: ask who runs it, or go through the submission port (587) with a login.`,
      ],
      [
        'something that is no mail server',
        'HTTP/1.1 400 Bad Request',
        [],
        {},
        [...CONNECTED, '<-* HTTP/1.1 400 Bad Request'],
        'What server "staging" (127.0.0.1:PORT) answered during its greeting is not SMTP: "HTTP/1.1 400 Bad Request". Check the port: something else may be listening there.',
      ],
      [
        'a server that closes mid-session',
        HI,
        [[/^MAIL/, null], ...friendly],
        {},
        [...GREETED, ' -> MAIL FROM:<ann@example.com>'],
        `${whole} closed the connection during MAIL FROM. The message was not delivered, and the document is as it was: send again. If that happens every time, look into the server’s log.`,
      ],
      [
        'a server that closes after the message',
        HI,
        [[/^\.$/, null], ...friendly],
        {},
        [...GREETED, ...ACCEPTED],
        `${whole} took the whole message, then the connection ended without an answer: it may or may not have been delivered. Look into the mailbox before sending again, or it may arrive twice.`,
      ],
      [
        'a server that closes down',
        HI,
        [[/^MAIL/, '421 4.3.2 Shutting down'], ...friendly],
        {},
        [...GREETED, ' -> MAIL FROM:<ann@example.com>', '<-* 421 4.3.2 Shutting down'],
        `${whole} is closing down or too busy: "421 4.3.2 Shutting down". Try again in some minutes.`,
      ],
      [
        'a sender that is refused',
        HI,
        [[/^MAIL/, '553 5.7.1 Sender address rejected: not owned by user'], ...friendly],
        {},
        [
          ...GREETED,
          ' -> MAIL FROM:<ann@example.com>',
          '<-* 553 5.7.1 Sender address rejected: not owned by user',
          ...BYE,
        ],
        `${whole} refused MAIL FROM: "553 5.7.1 Sender address rejected: not owned by user". Use a sender address that the server knows, in From or in @envelope-from.`,
      ],
      [
        'a server that wants a login',
        HI,
        [[/^MAIL/, '530 5.7.0 Authentication required'], ...friendly],
        {},
        [...GREETED, ' -> MAIL FROM:<ann@example.com>', '<-* 530 5.7.0 Authentication required', ...BYE],
        `${whole} refused MAIL FROM: "530 5.7.0 Authentication required". The server wants a login first: give the server a "user", and its password.`,
      ],
      [
        'a message that is refused',
        HI,
        [[/^\.$/, '554 5.7.1 This looks like spam'], ...friendly],
        {},
        [...GREETED, ...ACCEPTED, '<-* 554 5.7.1 This looks like spam', ...BYE],
        `${whole} refused the message (DATA): "554 5.7.1 This looks like spam". The server takes the message for unwanted mail: look at its text and links, and at the sending address.`,
      ],
      [
        'TLS that is required and not offered',
        HI,
        friendly,
        { security: 'starttls' },
        [...GREETED, ...BYE],
        `${whole} does not offer STARTTLS, and TLS is required. Use the port for TLS (465) with "security": "tls". Where the server really has none, "security": "none" sends in plain text.`,
      ],
      [
        'TLS to a port that talks plain text',
        HI,
        friendly,
        { security: 'tls' },
        CONNECTED,
        'What server "staging" (127.0.0.1:PORT) answers is not TLS. That port talks plain text at first: set "security" to "starttls" (port 587), or use the port for TLS (465).',
      ],
      [
        'a server that falls silent',
        HI,
        friendly.filter(([pattern]) => pattern.source !== '^MAIL'),
        { timeouts: { command: 0.05 } },
        [...GREETED, ' -> MAIL FROM:<ann@example.com>'],
        'Gave up on server "staging" (127.0.0.1:PORT) after 0.1 seconds of waiting for the reply to a command. Nothing was delivered. Try again later, or give it longer in "timeouts".',
      ],
    ];
    for (const [title, greeting, rules, settings, transcript, sentence] of table) {
      it(title, async () => {
        const sent = await sendTo(greeting, rules, { settings });
        assert.equal(sent.outcome.kind, 'failed');
        const summed = sent.transcript.filter((line) => !/recipients? accepted;/.test(line));
        assert.deepEqual(summed, [...transcript, `*** ${sentence}`]);
        assert.equal(sent.sentence, sentence);
      });
    }

    it('a wrong password, and keeps it out of everything', async () => {
      const rules: Rules = [
        [/^EHLO/, '250-mail.example.org\n250 AUTH PLAIN'],
        [/^AUTH/, '535 5.7.8 Authentication failed'],
        ...friendly,
      ];
      const remembered: string[] = [];
      const { outcome, transcript, sentence } = await sendTo(HI, rules, {
        settings: { user: 'ann@example.com' },
        ports: {
          askPassword: async () => ({ password: 'hunter2', remember: true }),
          secrets: {
            get: async () => undefined,
            set: async (key) => void remembered.push(key),
            delete: async () => {},
          },
        },
      });
      assert.equal(outcome.kind, 'failed');
      assert.deepEqual(remembered, []);
      assert.deepEqual(transcript, [
        ...CONNECTED,
        '<-  220 mail.example.org ESMTP',
        ' -> EHLO [127.0.0.1]',
        '<-  250-mail.example.org',
        '<-  250 AUTH PLAIN',
        ' -> AUTH PLAIN ••••••••',
        '<-* 535 5.7.8 Authentication failed',
        ...BYE,
        `*** ${sentence}`,
      ]);
      assert.equal(
        sentence,
        `${whole} did not accept the user "ann@example.com" with that password: "535 5.7.8 Authentication failed". Check the user and the password; some services want an app password or an authorization code in place of the login password.`,
      );
      assert.ok(!JSON.stringify(outcome).includes('hunter2'));
    });

    it('a wrong password at 163 and QQ: what they want in its place', async () => {
      const rules: Rules = [
        [/^EHLO/, '250-mail.example.org\n250 AUTH LOGIN'],
        [/^AUTH/, '535 Error: authentication failed'],
        ...friendly,
      ];
      const ports = { askPassword: async () => ({ password: 'x', remember: false }) };
      for (const [user, expected] of [
        ['me@163.com', /takes an authorization code \(授权码\) here, not the login password/],
        ['12345@qq.com', /QQ Mail takes an authorization code \(授权码\) here, not the login password/],
        ['me@gmail.com', /Gmail takes an app password here, not the one of the account/],
      ] as const) {
        const { sentence } = await sendTo(HI, rules, { settings: { user }, ports });
        assert.match(sentence, expected);
      }
    });

    it('a host that does not resolve', async () => {
      const dns: Resolver = {
        addresses: () => Promise.reject(Object.assign(new Error('queryA'), { code: 'ENOTFOUND' })),
        mx: async () => [],
      };
      const server = serverOf({ host: 'smtp.example.con' });
      const outcome = await deliver(composedOf({}), server, portsOf({ dns, ask: async () => true }));
      const sentence =
        'The name smtp.example.con of server "staging" does not exist, or has no address. Check its spelling; if only an office network or a VPN knows it, connect to that first.';
      assert.ok(outcome.kind === 'failed');
      assert.deepEqual(outcome.transcript, [
        '=== 14:02:11.093  Connecting to smtp.example.con:587 (server "staging")',
        `*** ${sentence}`,
      ]);
      assert.equal(outcomeSentence(outcome), sentence);
    });

    it('a refused connection', async () => {
      const gone = await scriptedServer(HI, friendly);
      await gone.close();
      const server = serverOf({ host: `127.0.0.1:${gone.port}`, security: 'none' });
      const outcome = await deliver(composedOf({}), server, portsOf());
      assert.ok(outcome.kind === 'failed');
      const sentence = `Nothing accepts connections at server "staging" (127.0.0.1:${gone.port}): the connection was refused. Check the port, and that the mail server is running.`;
      assert.deepEqual(outcome.transcript, [
        `=== 14:02:11.093  Connecting to 127.0.0.1:${gone.port} (server "staging")`,
        `=== +0 ms  No connection to 127.0.0.1:${gone.port}: ECONNREFUSED, 0.0 ms`,
        `*** ${sentence}`,
      ]);
      assert.equal(outcomeSentence(outcome), sentence);
    });
  });

  it('is cancelled at once, in whatever phase', async () => {
    const phases: [string, Rules][] = [
      ['', []],
      [HI, []],
      [HI, friendly.filter(([pattern]) => !/MAIL/.test(pattern.source))],
      [HI, friendly.filter(([pattern]) => !/DATA/.test(pattern.source))],
    ];
    for (const [greeting, rules] of phases) {
      const stop = new AbortController();
      const lines: string[] = [];
      const cancelling = (line: string) => {
        lines.push(line);
        // After the last line that the server lets come.
        const seen = lines.length;
        void turns(50).then(() => lines.length === seen && stop.abort());
      };
      const { outcome, transcript, sentence } = await sendTo(greeting, rules, {
        ports: { signal: stop.signal, transcript: cancelling },
      });
      assert.equal(outcome.kind, 'cancelled');
      assert.equal(transcript.at(-1), '=== +0 ms  Cancelled');
      assert.equal(sentence, 'Cancelled: nothing was delivered, and the document is as it was.');
      assert.equal(hasLeft(outcome), false);
    }
  });

  it('only asks in a dry run', async () => {
    const { outcome, transcript, sentence } = await sendTo(HI, friendly, { ports: { sendOptions: { dryRun: true } } });
    assert.equal(outcome.kind, 'delivered');
    assert.equal(hasLeft(outcome), false);
    assert.equal(transcript.at(-1), '=== 1 of 1 recipient accepted, no message sent; 0 ms, 4 round trips');
    assert.equal(sentence, 'Server "staging" would take the message for bob@example.org. Nothing was sent.');
  });

  it('keeps a typed password once it has worked', async () => {
    const rules: Rules = [[/^EHLO/, '250-mail.example.org\n250 AUTH PLAIN'], [/^AUTH/, '235 Welcome'], ...friendly];
    const kept: [string, string][] = [];
    const { outcome, server } = await sendTo(HI, rules, {
      settings: { user: 'ann' },
      ports: {
        askPassword: async () => ({ password: 'hunter2', remember: true }),
        secrets: {
          get: async () => undefined,
          set: async (key, secret) => void kept.push([key, secret]),
          delete: async () => {},
        },
      },
    });
    assert.equal(outcome.kind, 'delivered');
    assert.deepEqual(kept, [[`mailbench.password smtp 127.0.0.1 ${server.port} ann`, 'hunter2']]);
  });

  it('says what the inbox could not do', async () => {
    const { server } = parseServer('inbox', {});
    assert.ok(server);
    const outcome = await deliver(
      composedOf({}),
      server,
      portsOf({ inbox: () => Promise.reject(new Error('EADDRINUSE')) }),
    );
    assert.equal(
      outcomeSentence(outcome),
      'The Local Inbox can’t be started: EADDRINUSE. Nothing was sent. Set mailbench.inbox.port to a free port.',
    );
  });

  it('says which file of the settings can’t be read', async () => {
    const server = serverOf({ host: 'localhost', security: 'tls', tls: { ca: './none.pem' } });
    const outcome = await deliver(composedOf({ workspaceRoot: tmpdir() }), server, portsOf());
    assert.equal(
      outcomeSentence(outcome),
      'The file "./none.pem", which "tls.ca" of server "staging" names, can’t be read (ENOENT). Nothing was sent. Correct the path.',
    );
    assert.equal(
      outcomeSentence(await deliver(composedOf({}), server, portsOf())),
      '"tls.ca" of server "staging" is the relative path "./none.pem", and no folder is open that it could be relative to. Nothing was sent. Open the folder, or write the whole path.',
    );
    const files = memoryFiles({ '/w/ca.pem': 'Subject: no certificate\n\n' });
    const mail = serverOf({ host: 'localhost', security: 'tls', tls: { ca: '/w/ca.pem' } });
    assert.equal(
      outcomeSentence(await deliver(composedOf({}), mail, portsOf({ files }))),
      'The file "/w/ca.pem", which "tls.ca" of server "staging" names, holds no certificate in PEM form. Nothing was sent. Correct the path.',
    );
  });
});
