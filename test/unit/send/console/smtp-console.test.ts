import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { runScript } from '../../../../src/send/console/script.ts';
import { type ConsolePorts, type ConsoleServer, SmtpConsole } from '../../../../src/send/console/smtp-console.ts';
import { turns, turnsUntil } from '../../../support/turns.ts';
import { portsOf } from '../support/fixed.ts';
import { friendly, type ScriptedServer, scriptedServer } from '../support/scripted-server.ts';
import { GREETED, HI, type Rules, serverOf } from '../support/send-to.ts';

interface Talk {
  readonly printed: string[];
  readonly received: readonly string[];
  readonly troubles: number;
}

async function* each(lines: readonly string[]): AsyncIterable<string> {
  yield* lines;
}

async function talk(
  rules: Rules,
  lines: readonly string[],
  options: { settings?: Record<string, unknown>; ports?: Partial<ConsolePorts>; bare?: boolean } = {},
): Promise<Talk> {
  const server = await scriptedServer(HI, rules);
  try {
    const { printed, ports } = portsFor(server, options.ports);
    const to = serverFor(server, options.settings);
    const troubles = await runScript(to, ports, each(lines), options.bare ?? false);
    return { printed, received: server.received, troubles };
  } finally {
    await server.close();
  }
}

function serverFor(server: ScriptedServer, settings: Record<string, unknown> = {}): ConsoleServer {
  return serverOf({ host: `127.0.0.1:${server.port}`, security: 'none', ...settings }) as ConsoleServer;
}

function portsFor(server: ScriptedServer, given: Partial<ConsolePorts> = {}) {
  const printed: string[] = [];
  const ports: ConsolePorts = {
    ...portsOf(),
    ...given,
    print: (line) => printed.push(line.replaceAll(`:${server.port}`, ':PORT')),
  };
  return { printed, ports };
}

const BYE = [' -> QUIT', '<-  221 Bye'];

describe('console/smtp-console', () => {
  it('says what is typed, and prints both sides', async () => {
    const rules: Rules = [
      [/^VRFY/, '252 2.1.5 Try it'],
      [/^expn/, '502 5.5.1 Not here'],
      [/^NOOP/, '250 OK'],
      ...friendly,
    ];
    const { printed, received, troubles } = await talk(rules, [
      '# a remark',
      'VRFY ann',
      'expn  staff',
      '',
      'RSET',
      '!NOOP',
    ]);
    assert.deepEqual(printed, [
      ...GREETED,
      ' -> VRFY ann',
      '<-  252 2.1.5 Try it',
      ' -> expn  staff',
      '<-* 502 5.5.1 Not here',
      ' -> RSET',
      '<-  250 OK',
      ' -> NOOP',
      '<-  250 OK',
      ...BYE,
    ]);
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'VRFY ann', 'expn  staff', 'RSET', 'NOOP', 'QUIT']);
    assert.equal(troubles, 1);
  });

  it('counts no trouble where all was answered well', async () => {
    const { printed, troubles } = await talk(friendly, ['RSET', 'quit', 'RSET']);
    assert.deepEqual(printed, [...GREETED, ' -> RSET', '<-  250 OK', ...BYE]);
    assert.equal(troubles, 0);
  });

  it('sends a message by hand, its dots stuffed', async () => {
    const { printed, received, troubles } = await talk(friendly, [
      'MAIL FROM:<a@b.example>',
      'RCPT TO:<c@d.example>',
      'DATA',
      'Subject: x',
      '',
      '.dot',
      '# no remark',
      'help',
      '.',
      'quit',
    ]);
    assert.deepEqual(printed, [
      ...GREETED,
      ' -> MAIL FROM:<a@b.example>',
      '<-  250 OK',
      ' -> RCPT TO:<c@d.example>',
      '<-  250 OK',
      ' -> DATA',
      '<-  354 Go on',
      ' -> [39 bytes of message, 5 lines]',
      '<-  250 Taken',
      ...BYE,
    ]);
    assert.deepEqual(received.slice(3, -1), ['DATA', 'Subject: x', '', '..dot', '# no remark', 'help', '.']);
    assert.equal(troubles, 0);
  });

  it('waits for as many replies of LMTP as there are recipients', async () => {
    const rules: Rules = [
      [/^LHLO/, '250 mail.example.org'],
      [/^RCPT TO:<no/, '550 No'],
      [/^\.$/, '250 One\n550 Two'],
      ...friendly,
    ];
    const { printed, troubles } = await talk(
      rules,
      [
        'MAIL FROM:<a@b.example>',
        'RCPT TO:<c@d.example>',
        'RCPT TO:<no@d.example>',
        'RCPT TO:<e@d.example>',
        'DATA',
        '.',
        'quit',
      ],
      { settings: { transport: 'lmtp' } },
    );
    assert.deepEqual(printed.slice(-5), [' -> [0 bytes of message, 0 lines]', '<-  250 One', '<-* 550 Two', ...BYE]);
    assert.equal(troubles, 2);
  });

  it('logs in with the password of the settings, and hides it wherever it turns up', async () => {
    const rules: Rules = [
      [/^EHLO/, '250-mail.example.org\n250 AUTH PLAIN'],
      [/^AUTH/, '535 5.7.8 geheim123 is wrong'],
      ...friendly,
    ];
    const { printed, received, troubles } = await talk(rules, ['login', 'quit'], {
      settings: { user: 'ann', passwordEnv: 'SECRET' },
      ports: { environment: (name) => (name === 'SECRET' ? 'geheim123' : undefined) },
    });
    assert.deepEqual(printed.slice(6), [
      ' -> AUTH PLAIN ••••••••',
      '<-* 535 5.7.8 •••••••• is wrong',
      '*** Server "staging" (127.0.0.1:PORT) did not accept the user "ann" with that password: "535 5.7.8 •••••••• is wrong". Check the user and the password; some services want an app password or an authorization code in place of the login password.',
      ...BYE,
    ]);
    assert.deepEqual(received[1], `AUTH PLAIN ${Buffer.from('\0ann\0geheim123').toString('base64')}`);
    assert.equal(troubles, 1);
  });

  it('keeps what is typed in a raw exchange out of sight', async () => {
    const rules: Rules = [
      [/^EHLO/, '250-mail.example.org\n250 AUTH LOGIN'],
      [/^AUTH/, '334 VXNlcg=='],
      [/^YW5u/, '334 UGFzcw=='],
      [/^Z2Vo/, '235 In'],
      ...friendly,
    ];
    const { printed } = await talk(rules, ['AUTH LOGIN', 'YW5u', 'Z2VoZWlt', 'quit']);
    assert.deepEqual(printed.slice(6), [
      ' -> AUTH LOGIN',
      '<-  334 VXNlcg==',
      ' -> ••••••••',
      '<-  334 UGFzcw==',
      ' -> ••••••••',
      '<-  235 In',
      ...BYE,
    ]);
  });

  it('shows no secret that was typed by hand, though the server repeats it, encoded or not', async () => {
    const code = (text: string) => Buffer.from(text).toString('base64');
    const plain = code('\0ann@b.example\0geheim123');
    const bearer = code('user=ann@b.example\x01auth=Bearer geheim123\x01\x01');
    const rules: Rules = [
      [/^AUTH (?:LOGIN|CRAM-MD5)$/, '334 UHJvbXB0'],
      [/^YW5u/, '334 UGFzcw=='],
      [new RegExp(`^(?: *AUTH PLAIN )?${plain.replaceAll('=', '\\=')}$`), `535 ${plain} (geheim123)`],
      [/^AUTH PLAIN$/i, '334 '],
      [/^AUTH XOAUTH2/, `535 ${bearer} (geheim123)`],
      [/^Z2Vo/, `535 ${code('geheim123')} is geheim123`],
      [/^VRFY/, '252 geheim123'],
      ...friendly,
    ];
    const scripts = [
      [`AUTH PLAIN ${plain}`],
      [`!  AUTH PLAIN ${plain}`],
      ['AUTH PLAIN', plain],
      [`AUTH XOAUTH2 ${bearer}`],
      ['AUTH LOGIN', code('ann@b.example'), code('geheim123')],
    ];
    for (const script of scripts) {
      const { printed, received } = await talk(rules, [...script, 'VRFY ann@b.example', 'quit']);
      const shown = printed.join('\n');
      assert.match(shown, /<-\* 535 ••••••••/, shown);
      assert.match(shown, /<- {2}252 ••••••••/, shown);
      for (const secret of ['geheim123', plain, bearer, code('geheim123')]) assert.ok(!shown.includes(secret), shown);
      // Whose it is, is no secret.
      assert.match(shown, / -> VRFY ann@b\.example/);
      assert.ok(received.some((line) => line.endsWith(script.at(-1)!.replace('!', ''))));
    }
  });

  it('knows what typed commands made of the session', async () => {
    const rules: Rules = [
      [/^EHLO/, '250-mail.example.org\n250-AUTH PLAIN LOGIN\n250 SIZE 5000'],
      [/^AUTH LOGIN/, '334 '],
      [/^YW5u/, '334 '],
      [/^Z2Vo/, '235 In'],
      [/^HELO/, '250 mail.example.org'],
      ...friendly,
    ];
    const about = async (...lines: string[]) =>
      (await talk(rules, [...lines, 'status', 'quit'])).printed.filter((line) => /^ {2}(?:Login|SIZE):/.test(line));
    const size = '  SIZE: 5000 – says the largest message it takes (RFC 1870)';
    assert.deepEqual(await about('RSET'), ['  Login:        offered, not used', size]);
    assert.match((await about('AUTH LOGIN', 'YW5u', 'Z2VoZWlt'))[0]!, /LOGIN/);
    assert.ok(!(await about('HELO me.example')).includes(size));
  });

  it('says of a message whose reply never came that nobody knows, and of a command no more than that', async () => {
    const dot = await talk([[/^\.$/, null], ...friendly], ['DATA', 'Hi', '.']);
    assert.equal(
      dot.printed.find((line) => line.startsWith('***')),
      '*** Server "staging" (127.0.0.1:PORT) took the whole message, then the connection ended without an answer: it may or may not have been delivered. Look into the mailbox before sending again, or it may arrive twice.',
    );
    const noop = await talk([[/^NOOP/, null], ...friendly], ['NOOP']);
    assert.equal(
      noop.printed.find((line) => line.startsWith('***')),
      '*** Server "staging" (127.0.0.1:PORT) closed the connection during a command.',
    );
  });

  it('drops the connection at the end of a script that ends in a message', async () => {
    const { printed, received, troubles } = await talk(friendly, ['DATA', 'Hi']);
    assert.equal(printed.at(-1), '=== +0 ms  Dropped in the midst of a message');
    assert.deepEqual([received.at(-1), troubles], ['DATA', 1]);
  });

  it('says what does what a line alone can’t', async () => {
    const { printed, received } = await talk(friendly, ['!starttls', '!BDAT 5 LAST', 'quit']);
    const told = printed.filter((line) => line.startsWith('***'));
    assert.match(told[0]!, /^\*\*\* STARTTLS is no command that a line alone can carry.*Type "starttls"/);
    assert.match(told[1]!, /^\*\*\* BDAT is no command .* Use DATA\.$/);
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'QUIT']);
  });

  it('stops at the greeting where it is to be bare', async () => {
    const { printed, received } = await talk(friendly, ['EHLO me.example', 'quit'], { bare: true });
    assert.deepEqual(printed.slice(2), [`<-  ${HI}`, ' -> EHLO me.example', '<-  250 mail.example.org', ...BYE]);
    assert.deepEqual(received, ['EHLO me.example', 'QUIT']);
  });

  it('says so where the server ends the session, and leaves the rest of the script', async () => {
    const rules: Rules = [[/^NOOP/, '421 4.3.2 Going down'], ...friendly];
    const { printed, received, troubles } = await talk(rules, ['NOOP', 'RSET']);
    assert.deepEqual(printed.slice(5), [
      ' -> NOOP',
      '<-* 421 4.3.2 Going down',
      '=== +0 ms  The session is over: "open" begins another',
    ]);
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'NOOP']);
    assert.equal(troubles, 1);
  });

  it('begins another session after that, and none of itself', async () => {
    const server = await scriptedServer(HI, [[/^NOOP/, null], ...friendly]);
    try {
      const { printed, ports } = portsFor(server);
      const smtp = new SmtpConsole(serverFor(server), ports);
      await smtp.open(false);
      await smtp.run('NOOP');
      assert.equal(smtp.isOpen, false);
      await smtp.run('RSET');
      assert.equal(printed.at(-1), '*** There is no session: "open" begins one.');
      await smtp.run('open');
      assert.equal(smtp.state, 'command');
      await smtp.run('status');
      assert.deepEqual(printed.slice(-15), [
        'Session:',
        '  Connected to: 127.0.0.1',
        `  Greeting:     ${HI}`,
        '  Calls itself: mail.example.org',
        '  TLS:          none: everything goes in plain text',
        '  Login:        not offered',
        '',
        'Extensions:',
        'None.',
        '',
        'Limits:',
        '  Size of a message:       not told',
        '  Recipients of a message: not told',
        '  Messages in a session:   not told',
        '',
      ]);
      await smtp.close();
    } finally {
      await server.close();
    }
  });

  it('hears of the end of a session that nothing was asked of, once, in a message too', async () => {
    const server = await scriptedServer(HI, friendly);
    try {
      let lost = 0;
      const { printed, ports } = portsFor(server, { lost: () => lost++ });
      const smtp = new SmtpConsole(serverFor(server), ports);
      await smtp.open(false);
      for (const line of ['MAIL FROM:<a@b.example>', 'RCPT TO:<c@d.example>', 'DATA', 'Subject: x'])
        await smtp.run(line);
      assert.equal(smtp.state, 'message');
      server.hangUp();
      await turnsUntil(() => !smtp.isOpen);
      assert.equal(printed.at(-1), '=== +0 ms  The session is over, the message was not sent: "open" begins another');
      assert.deepEqual([lost, smtp.troubles], [1, 0]);
      // One that was ended from here says nothing of the kind.
      await smtp.open(false);
      await smtp.close();
      await turns(20);
      assert.equal(printed.at(-1), '<-  221 Bye');
      assert.equal(lost, 1);
    } finally {
      await server.close();
    }
  });

  it('hears what came along with the last reply', async () => {
    const rules: Rules = [[/^EHLO/, '250 mail.example.org\n421 4.3.2 Going down'], ...friendly];
    const server = await scriptedServer(HI, rules);
    try {
      const { printed, ports } = portsFor(server);
      const smtp = new SmtpConsole(serverFor(server), ports);
      await smtp.open(false);
      await turnsUntil(() => !smtp.isOpen);
      assert.deepEqual(printed.slice(-2), [
        '<-* 421 4.3.2 Going down',
        '=== +0 ms  The session is over: "open" begins another',
      ]);
    } finally {
      await server.close();
    }
  });

  it('breaks off what takes too long', async () => {
    const server = await scriptedServer(HI, friendly);
    try {
      const { printed, ports } = portsFor(server);
      const smtp = new SmtpConsole(serverFor(server), ports);
      await smtp.open(false);
      const waiting = smtp.run('SLEEP');
      smtp.interrupt();
      await waiting;
      assert.equal(smtp.isOpen, false);
      assert.ok(printed.includes('=== +0 ms  Broken off'));
    } finally {
      await server.close();
    }
  });

  it('tells why a connection can’t be had', async () => {
    const server = await scriptedServer(null, []);
    try {
      const { printed, ports } = portsFor(server);
      assert.equal(await runScript(serverFor(server), ports, each(['NOOP']), false), 1);
      assert.match(printed.at(-1) ?? '', /^\*\*\* /);
    } finally {
      await server.close();
    }
  });

  it('takes no line end into a command', async () => {
    const { received, printed } = await talk(friendly, ['NOOP\nRSET', 'VRFY a\0b', 'quit']);
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'QUIT']);
    assert.equal(printed.filter((line) => line.startsWith('*** ')).length, 2);
  });
});
