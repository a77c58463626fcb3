import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
import PostalMime from 'postal-mime';
import type { ReceivedMessage } from '../../../src/capture/message.ts';
import { startCapture } from '../../../src/capture/server.ts';
import { friendly, scriptedServer } from '../send/support/scripted-server.ts';
import { run, start } from './support/run.ts';
import { PNG, withWorkspace } from './support/workspace.ts';

const PLAIN = 'From: ann@example.com\nTo: bob@example.org\nSubject: Hi\n\nHello.\n';
const HI = '220 mail.example.org ESMTP';

async function withCapture<T>(use: (port: number, received: readonly ReceivedMessage[]) => Promise<T>): Promise<T> {
  const received: ReceivedMessage[] = [];
  const server = await startCapture({
    host: '127.0.0.1',
    port: 0,
    store: {
      add: async (message) => {
        received.push(message);
        return { id: '1', received: 0, size: message.size, summary: {} };
      },
    },
  });
  try {
    return await use(server.port, received);
  } finally {
    await server.close();
  }
}

function whole(message: ReceivedMessage | undefined): Buffer {
  return Buffer.concat(message?.pieces ?? []);
}

describe('cli send', () => {
  it('sends, with the transcript on standard error', async () => {
    await withCapture((port, received) =>
      withWorkspace({ 'a.eml': PLAIN }, async (cwd) => {
        const { code, stdout, stderr } = await start(
          ['send', 'a.eml', '--server', `smtp://127.0.0.1:${port}?security=none`],
          { cwd },
        ).ended;
        assert.equal(code, 0, stderr);
        assert.equal(stdout.toString(), `127.0.0.1:${port} took the message for bob@example.org.\n`);
        const lines = stderr.split('\n');
        assert.match(lines[0] ?? '', /^=== \d\d:\d\d:\d\d\.\d{3} {2}Connecting to 127\.0\.0\.1:\d+$/);
        assert.ok(
          lines.some((line) => / -> MAIL FROM:<ann@example\.com>/.test(line)),
          stderr,
        );
        assert.match(lines.at(-2) ?? '', /^=== 1 of 1 recipient accepted; \d+ ms, \d+ round trips?$/);
        assert.match(whole(received[0]).toString('latin1'), /^From: ann@example\.com\r\n[\s\S]*\r\n\r\nHello\.\r\n$/);
        assert.deepEqual(received[0]?.envelope.recipients, ['bob@example.org']);
      }),
    );
  });

  it('sends what was written: every part, as postal-mime and Python read it', async () => {
    const pdf = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) % 256));
    const files = {
      'w.eml': [
        '# a comment',
        'From: Ann Zoë <ann@example.com>',
        'To: "Doe, Jo" <jo@a.example>, Team: x@a.example, y@a.example;',
        'Bcc: audit@a.example',
        'Subject: Quarterly figures – résumé',
        '',
        'Grüße, see the table.',
        '<#!attach this line is text>',
        '<#-- not sent -->',
        '.',
        '<#part type=text/html>',
        '<p>Grüße <img src="./logo.png" alt="X"></p>',
        '<#/part>',
        '<#attach "./out/q3 v2.pdf" name="Übersicht 第三季度.pdf" type=application/pdf>',
        '',
      ].join('\n'),
      'logo.png': PNG,
      'out/q3 v2.pdf': pdf,
    };
    await withCapture((port, received) =>
      withWorkspace(files, async (cwd) => {
        const { code, stderr } = await run(['send', 'w.eml', '-s', `smtp://localhost:${port}`], { cwd });
        assert.equal(code, 0, stderr);
        const message = whole(received[0]);
        assert.deepEqual(received[0]?.envelope.recipients, [
          'jo@a.example',
          'x@a.example',
          'y@a.example',
          'audit@a.example',
        ]);
        assert.ok(!message.toString('latin1').includes('audit'));
        const mail = await PostalMime.parse(message);
        assert.deepEqual(mail.from, { name: 'Ann Zoë', address: 'ann@example.com' });
        assert.equal(mail.subject, 'Quarterly figures – résumé');
        // postal-mime ends each text part with a line end more than there is.
        assert.equal(mail.text, 'Grüße, see the table.\n<#attach this line is text>\n.\n\n');
        const cid = mail.attachments.find((part) => part.mimeType === 'image/png')?.contentId?.replace(/[<>]/g, '');
        assert.equal(mail.html, `<p>Grüße <img src="cid:${cid}" alt="X"></p>\n\n`);
        assert.deepEqual(
          mail.attachments.map((part) => [
            part.mimeType,
            part.disposition,
            part.filename,
            sha(part.content as ArrayBuffer),
          ]),
          [
            ['image/png', 'inline', 'logo.png', sha(PNG)],
            ['application/pdf', 'attachment', 'Übersicht 第三季度.pdf', sha(pdf)],
          ],
        );
        const python = parsedByPython(message);
        if (python !== undefined) {
          assert.deepEqual(python, [
            ['text/plain', null, sha(Buffer.from('Grüße, see the table.\n<#attach this line is text>\n.\n'))],
            ['text/html', null, sha(Buffer.from(`<p>Grüße <img src="cid:${cid}" alt="X"></p>\n`))],
            ['image/png', 'logo.png', sha(PNG)],
            ['application/pdf', 'Übersicht 第三季度.pdf', sha(pdf)],
          ]);
        }
      }),
    );
  });

  it('sends Chinese in gb2312', async () => {
    const text =
      'From: 小王 <me@163.example>\nTo: friend@qq.example\nSubject: 你好\nContent-Type: text/html; charset=gb2312\n\n<p>这是一个测试邮件</p>\n';
    await withCapture((port, received) =>
      withWorkspace({ 'c.eml': text }, async (cwd) => {
        const { code, stderr } = await run(['send', 'c.eml', '-s', `smtp://localhost:${port}`], { cwd });
        assert.equal(code, 0, stderr);
        const mail = await PostalMime.parse(whole(received[0]));
        assert.deepEqual([mail.from?.name, mail.subject, mail.html], ['小王', '你好', '<p>这是一个测试邮件</p>\r\n']);
        assert.match(whole(received[0]).toString('latin1'), /^Content-Type: text\/html; charset=gb2312\r$/m);
      }),
    );
  });

  it('exits 1 unless all recipients were accepted, and says why once', async () => {
    const server = await scriptedServer(HI, [[/^RCPT TO:<bob/, '550 5.1.1 No such user'], ...friendly]);
    try {
      await withWorkspace(
        { 'a.eml': PLAIN, 'b.eml': PLAIN.replace('bob@example.org', 'bob@example.org, cy@example.org') },
        async (cwd) => {
          const url = `smtp://127.0.0.1:${server.port}`;
          const all = await run(['send', 'a.eml', '-s', url], { cwd });
          assert.deepEqual([all.code, all.stdout.toString()], [1, '']);
          assert.equal(
            all.stderr.match(/Recipient bob@example\.org refused: 550 5\.1\.1 No such user\. There is no such mailbox/g)
              ?.length,
            1,
          );
          const some = await run(['send', 'b.eml', '-s', url], { cwd });
          assert.equal(some.code, 1);
          assert.match(
            some.stderr,
            /\n127\.0\.0\.1:\d+ took the message for 1 of 2 recipients only\. Recipient bob@example\.org refused/,
          );
        },
      );
    } finally {
      await server.close();
    }
  });

  it('logs in with MAILBENCH_PASSWORD, and shows it nowhere', async () => {
    const server = await scriptedServer(HI, [
      [/^EHLO/, '250-mail.example.org\n250 AUTH PLAIN'],
      [/^AUTH/, '235 OK'],
      ...friendly,
    ]);
    try {
      await withWorkspace({ 'a.eml': PLAIN }, async (cwd) => {
        const args = ['send', 'a.eml', '-s', `smtp://ann@127.0.0.1:${server.port}?security=none`];
        const { code, stderr } = await run(args, { cwd, env: { MAILBENCH_PASSWORD: 'hunter2' } });
        assert.equal(code, 0, stderr);
        assert.ok(server.received.includes(`AUTH PLAIN ${Buffer.from('\0ann\0hunter2').toString('base64')}`));
        assert.ok(!stderr.includes('hunter2') && !stderr.includes(Buffer.from('\0ann\0hunter2').toString('base64')));
        const without = await run(args, { cwd });
        assert.equal(without.code, 1);
        assert.equal(
          without.stderr,
          `No password is known for "ann" on 127.0.0.1:${server.port}, and MAILBENCH_PASSWORD is not set. Nothing was sent. Set it first. Check the user and the password; some services want an app password or an authorization code in place of the login password.\n`,
        );
      });
    } finally {
      await server.close();
    }
  });

  it('asks before it sends off this machine; --yes answers', async () => {
    await withWorkspace({ 'a.eml': PLAIN }, async (cwd) => {
      const { code, stdout, stderr } = await run(['send', 'a.eml', '-s', 'smtp://relay.invalid'], { cwd });
      assert.deepEqual([code, stdout.toString()], [1, '']);
      assert.equal(
        stderr,
        [
          'Send to 1 recipient over relay.invalid:587?',
          '  From: ann@example.com',
          '  To: bob@example.org',
          'Not sent: nobody can be asked here. Add --yes to send all the same.',
          '',
        ].join('\n'),
      );
    });
  });

  it('sends to servers of the workspace by name, under its guard', async () => {
    await withCapture((port, received) => {
      const settings = `{
        // local
        "mailbench.servers": {
          "staging": { "host": "127.0.0.1:${port}", "security": "none", "guard": { "redirectTo": ["qa@example.com"] } },
          "out": { "transport": "folder", "path": "./out" },
          "bad": { "host": "x", "password": "hunter2" },
        },
        "mailbench.server": "staging",
      }`;
      const url = `smtp://ann@127.0.0.1:${port}?security=none&passwordEnv=SECRET`;
      const files = {
        'mail/a.eml': PLAIN,
        'mail/u.eml': `@server: ${url}\n${PLAIN}`,
        '.vscode/settings.json': settings,
      };
      return withWorkspace(files, async (cwd) => {
        const active = await run(['send', 'mail/a.eml'], { cwd });
        assert.equal(active.code, 0, active.stderr);
        assert.deepEqual(received[0]?.envelope.recipients, ['qa@example.com']);
        const folder = await run(['send', 'mail/a.eml', '-s', 'out'], { cwd });
        assert.equal(folder.code, 0, folder.stderr);
        assert.match(
          folder.stdout.toString(),
          /^The folder "out" took the message for bob@example\.org: .*my project\/out\/\w+\.eml\.\n$/,
        );
        const bad = await run(['send', 'mail/a.eml', '-s', 'bad'], { cwd });
        assert.equal(bad.code, 2);
        assert.match(bad.stderr, /^mailbench send: mailbench\.servers\.bad\.password holds a password/);
        assert.ok(!bad.stderr.includes('hunter2'));
        const brought = await run(['send', 'mail/u.eml'], { cwd, env: { SECRET: 'hunter2' } });
        assert.equal(brought.code, 2);
        assert.match(brought.stderr, /^mailbench send: There is no server "smtp:\/\/ann@127\.0\.0\.1:/);
        const unknown = await run(['send', 'mail/a.eml', '-s', 'stagin'], { cwd });
        assert.equal(
          unknown.stderr,
          'mailbench send: There is no server "stagin" among the 3 configured ones: inbox, staging and out. Give one of those, or a URL, as smtp://host:port. Did you mean "staging"?\nTry "mailbench send --help".\n',
        );
      });
    });
  });

  it('is cancelled by SIGINT', async function () {
    if (process.platform === 'win32') this.skip();
    const server = await scriptedServer(
      HI,
      friendly.filter(([pattern]) => pattern.source !== '^DATA'),
    );
    try {
      await withWorkspace({ 'a.eml': PLAIN }, async (cwd) => {
        const sending = start(['send', 'a.eml', '-s', `smtp://127.0.0.1:${server.port}`], { cwd });
        await sending.until(/-> DATA\n/);
        sending.child.kill('SIGINT');
        const { code, stdout, stderr } = await sending.ended;
        assert.deepEqual([code, stdout.toString()], [130, '']);
        assert.match(
          stderr,
          / -> DATA\n=== \+\d+ ms {2}Cancelled\nCancelled: nothing was delivered, and the document is as it was\.\n$/,
        );
      });
    } finally {
      await server.close();
    }
  });

  it('refuses a password in a URL', async () => {
    await withWorkspace({ 'a.eml': PLAIN }, async (cwd) => {
      const { code, stderr } = await run(['send', 'a.eml', '-s', 'smtp://ann:hunter2@h'], { cwd });
      assert.equal(code, 2);
      assert.equal(
        stderr,
        'mailbench send: A password does not belong into a URL, where the shell keeps it: take it out, and give it in the environment variable MAILBENCH_PASSWORD.\nTry "mailbench send --help".\n',
      );
    });
  });

  it('sends nothing of a document with errors', async () => {
    await withWorkspace({ 'a.eml': 'From: ann@example.com\n\nHello.\n' }, async (cwd) => {
      const { code, stderr } = await run(['send', 'a.eml', '-s', 'smtp://127.0.0.1:9'], { cwd });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /^a\.eml:\d+:\d+: error recipients-missing: There are no recipients: write To, Cc or Bcc\.\n/m,
      );
      assert.match(stderr, /\nNot sent: the document has errors\.\n$/);
    });
  });
});

function sha(content: ArrayBuffer | Uint8Array): string {
  return createHash('sha256')
    .update(Buffer.from(content as Uint8Array))
    .digest('hex');
}

/** Type, name and hash of each leaf; undefined where this machine has no Python. */
function parsedByPython(message: Buffer): unknown {
  const script = [
    'import sys, json, hashlib, email, email.policy',
    'm = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)',
    'def body(p):',
    '    c = p.get_content()',
    '    return c.replace("\\r\\n", "\\n").encode() if isinstance(c, str) else c',
    'print(json.dumps([[p.get_content_type(), p.get_filename(), hashlib.sha256(body(p)).hexdigest()]',
    '                  for p in m.walk() if not p.is_multipart()]))',
  ].join('\n');
  try {
    return JSON.parse(
      execFileSync('python3', ['-c', script], { input: message, stdio: ['pipe', 'pipe', 'pipe'] }).toString(),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
