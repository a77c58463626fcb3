import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ConsoleShell, type ShellPorts } from '../../../../src/send/console/console-shell.ts';
import type { ConsoleServer } from '../../../../src/send/console/smtp-console.ts';
import { turnsUntil } from '../../../support/turns.ts';
import { portsOf } from '../support/fixed.ts';
import { friendly, type ScriptedServer, scriptedServer } from '../support/scripted-server.ts';
import { HI, type Rules, serverOf } from '../support/send-to.ts';

/** What a screen shows in the end of what was written: lines, each as it was last drawn, without colours. */
function screen(written: string): string[] {
  return written
    .replace(/\x1b\[[0-9;]*m/g, '')
    .split('\r\n')
    .map((line) => {
      const drawn = line.split('\r').filter((each) => !/^(\x1b\[\d*[KC])*$/.test(each));
      const erased = line.lastIndexOf('\x1b[K');
      const last = drawn.at(-1)?.replace(/\x1b\[\d*[KC]/g, '') ?? '';
      return erased === -1 ? line : last;
    });
}

async function session(
  rules: Rules,
  use: (
    shell: ConsoleShell,
    shown: () => string[],
    type: (keys: string) => Promise<void>,
    server: ScriptedServer,
  ) => Promise<void>,
  options: { settings?: Record<string, unknown>; ports?: Partial<ShellPorts> } = {},
): Promise<{ received: readonly string[]; written: string }> {
  const server = await scriptedServer(HI, rules);
  let written = '';
  try {
    const settings = { host: `127.0.0.1:${server.port}`, security: 'none', ...options.settings };
    const shell = new ConsoleShell(serverOf(settings) as ConsoleServer, {
      ...portsOf(),
      ...options.ports,
      write: (text) => {
        written += text;
      },
      columns: 80,
    });
    await shell.start(false);
    const shown = () => screen(written).map((line) => line.replaceAll(String(server.port), 'PORT'));
    await use(shell, shown, (keys) => shell.input(keys), server);
    await shell.end();
    return { received: server.received, written };
  } finally {
    await server.close();
  }
}

const OPENED = [
  '=== 14:02:11.093  Connecting to 127.0.0.1:PORT (server "staging")',
  '=== +0 ms  Connected to 127.0.0.1:PORT in 0.0 ms',
  `<-  ${HI}`,
  ' -> EHLO [127.0.0.1]',
  '<-  250 mail.example.org',
  'Type a command, "help" for what there is, "quit" to end.',
];

describe('console/console-shell', () => {
  it('shows a command as it went over the wire, in place of what was typed', async () => {
    const { received } = await session(friendly, async (_shell, shown, type) => {
      await type('RSE');
      assert.deepEqual(shown(), [...OPENED, 'smtp> RSE']);
      await type('T\r');
      assert.deepEqual(shown(), [...OPENED, ' -> RSET', '<-  250 OK', 'smtp> ']);
      await type('\x1b[A');
      assert.deepEqual(shown().at(-1), 'smtp> RSET');
    });
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'RSET', 'QUIT']);
  });

  it('takes what is pasted line by line, a message among it', async () => {
    const { received } = await session(friendly, async (_shell, shown, type) => {
      await type('MAIL FROM:<a@b.example>\rRCPT TO:<c@d.example>\rDATA\rSubject: x\r\rHi\r.\r');
      assert.deepEqual(shown().slice(OPENED.length), [
        ' -> MAIL FROM:<a@b.example>',
        '<-  250 OK',
        ' -> RCPT TO:<c@d.example>',
        '<-  250 OK',
        ' -> DATA',
        '<-  354 Go on',
        'message> Subject: x',
        'message> ',
        'message> Hi',
        'message> .',
        ' -> [18 bytes of message, 3 lines]',
        '<-  250 Taken',
        'smtp> ',
      ]);
    });
    assert.deepEqual(received.slice(3, 8), ['DATA', 'Subject: x', '', 'Hi', '.']);
  });

  it('asks for a password without showing it', async () => {
    const rules: Rules = [[/^EHLO/, '250-mail.example.org\n250 AUTH PLAIN'], [/^AUTH/, '235 In'], ...friendly];
    const { written, received } = await session(
      rules,
      async (_shell, shown, type) => {
        const login = type('login\r');
        await new Promise((resolve) => setImmediate(resolve));
        assert.equal(shown().at(-1), 'Password of ann: ');
        await type('geheim');
        await type('123\r');
        await login;
        assert.deepEqual(shown().slice(-5), [
          'smtp> login',
          'Password of ann: ',
          ' -> AUTH PLAIN ••••••••',
          '<-  235 In',
          'smtp> ',
        ]);
        await type('\x1b[A');
        assert.equal(shown().at(-1), 'smtp> login');
      },
      { settings: { user: 'ann' } },
    );
    assert.ok(received.includes(`AUTH PLAIN ${Buffer.from('\0ann\0geheim123').toString('base64')}`));
    assert.ok(!written.includes('geheim'));
  });

  it('lets an answer to a challenge be seen by nobody, nor be found again', async () => {
    const rules: Rules = [[/^AUTH/, '334 '], [/^Z2Vo/, '535 No'], [/^\*/, '501 Off'], ...friendly];
    const { written } = await session(rules, async (_shell, shown, type) => {
      await type('AUTH LOGIN\r');
      await type('Z2VoZWlt');
      assert.equal(shown().at(-1), 'answer (hidden)> ');
      await type('\r');
      assert.deepEqual(shown().slice(-3), [' -> ••••••••', '<-* 535 No', 'smtp> ']);
      await type('AUTH PLAIN Z2VoZWlt\r');
      await type('\x03');
      assert.deepEqual(shown().slice(-5, -1), [' -> AUTH PLAIN ••••••••', '<-  334 ', ' -> *', '<-* 501 Off']);
      await type('\x1b[A');
      assert.equal(shown().at(-1), 'smtp> AUTH LOGIN');
    });
    assert.ok(!written.includes('Z2Vo'));
  });

  it('ends by quit, and by Ctrl+D', async () => {
    for (const keys of ['quit\r', '\x04']) {
      await session(friendly, async (shell, shown, type) => {
        await type(keys);
        await shell.ended;
        assert.deepEqual(shown().slice(-4), ['smtp> quit', ' -> QUIT', '<-  221 Bye', '']);
        await type('RSET\r');
        assert.equal(shown().filter((line) => line === ' -> RSET').length, 0);
      });
    }
  });

  it('ends by Ctrl+D in a message or in AUTH too, and sends nothing that was not typed', async () => {
    for (const [typed, last] of [
      ['DATA\rHi\r', 'DATA'],
      ['AUTH LOGIN\r', 'AUTH LOGIN'],
    ] as const) {
      const { received } = await session([[/^AUTH/, '334 '], ...friendly], async (shell, _shown, type) => {
        await type(typed);
        await type('\x04');
        await shell.ended;
      });
      assert.equal(received.at(-1), last);
    }
  });

  it('says in a message how it ends', async () => {
    await session(friendly, async (_shell, shown, type) => {
      await type('DATA\r');
      await type('\x03');
      assert.match(shown().at(-2)!, /^A dot on a line of its own sends the message; Ctrl\+D drops it/);
    });
  });

  it('breaks off by Ctrl+C what takes too long, and drops what was typed ahead', async () => {
    const { received } = await session(friendly, async (_shell, shown, type) => {
      const waiting = type('SLEEP\r');
      await type('RSET\r');
      await type('\x03');
      await waiting;
      assert.deepEqual(shown().slice(-3), [
        '=== +0 ms  Broken off',
        '=== +0 ms  The session is over: "open" begins another',
        'closed> ',
      ]);
    });
    assert.ok(!received.includes('RSET'));
  });

  it('takes what was typed ahead once its turn comes', async () => {
    const { received } = await session(friendly, async (_shell, shown, type) => {
      const first = type('RSET\r');
      await type('MAIL FROM:<a@b.example>\rRC');
      await first;
      assert.equal(shown().at(-1), 'smtp> RC');
    });
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'RSET', 'MAIL FROM:<a@b.example>', 'QUIT']);
  });

  it('gives up a line by Ctrl+C, and says how to end on an empty one', async () => {
    await session(friendly, async (_shell, shown, type) => {
      await type('RS\x03');
      assert.equal(shown().at(-1), 'smtp> ');
      await type('\x03');
      assert.deepEqual(shown().slice(-2), ['"quit", or Ctrl+D, ends the session.', 'smtp> ']);
    });
  });

  it('tells at once of a server that ends an idle session, keeps what is being typed, and opens another by Enter', async () => {
    const { received } = await session(friendly, async (_shell, shown, type, server) => {
      const closed = () => shown().at(-1)?.startsWith('closed> ') ?? false;
      await type('RSE');
      server.hangUp('421 4.4.2 Idle for too long');
      await turnsUntil(closed);
      assert.deepEqual(shown().slice(OPENED.length), [
        '<-* 421 4.4.2 Idle for too long',
        '=== +0 ms  The session is over: "open" begins another',
        'Press Enter to open another, or type "quit".',
        'closed> RSE',
      ]);
      await type('\x15\r');
      assert.deepEqual(shown().slice(OPENED.length + 4), [...OPENED.slice(0, -1), 'smtp> ']);
      await type('RSET\r');
      assert.equal(shown().at(-2), '<-  250 OK');
      server.hangUp();
      await turnsUntil(closed);
      await type('help\r');
      // What stands behind another line is no answer to the offer.
      await type('\r');
      assert.ok(closed());
    });
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'EHLO [127.0.0.1]', 'RSET']);
  });

  it('takes no empty line that was pasted for an answer to that', async () => {
    const rules: Rules = [[/^DATA/, '250 Ok\n421 4.3.2 Going down'], ...friendly];
    const { received } = await session(rules, async (_shell, shown, type) => {
      await type('DATA\rSubject: x\r\rRSET\r');
      assert.ok(!shown().some((line) => line.startsWith('Press Enter')));
      assert.equal(shown().at(-1), 'closed> ');
    });
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'DATA']);
  });

  it('lets nothing from a server steer the terminal', async () => {
    const { written } = await session(
      [[/^HELP/, '214 \x1b]0;title\x07 \x1b[2J'], ...friendly],
      async (_shell, _shown, type) => {
        await type('HELP\r');
      },
    );
    assert.ok(written.includes('\\x1B]0;title\\x07 \\x1B[2J'));
    assert.ok(!written.includes('\x1b]0;') && !written.includes('\x07'));
  });
});
