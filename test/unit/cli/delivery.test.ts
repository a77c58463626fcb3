import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { describe, it } from 'mocha';
import { friendly, scriptedServer } from '../send/support/scripted-server.ts';
import { run } from './support/run.ts';
import { withWorkspace } from './support/workspace.ts';

const PLAIN = 'From: ann@example.com\nTo: bob@example.org, eve@example.net\nSubject: Hi\n\nHello.\n';
const HI = '220 mail.example.org ESMTP';
const PEOPLE = 'name,email\nBob,bob@a.example\nZoë,zoe@b.example\n';
const TEMPLATE = '@data: ./people.csv\nFrom: me@x.example\nTo: {{name}} <{{email}}>\nSubject: Hi\n\nHello {{name}}.\n';

type Rules = readonly (readonly [RegExp, string | null])[];

async function send(
  rules: Rules,
  args: readonly string[],
  files: Record<string, string> = { 'a.eml': PLAIN },
  expected?: number,
) {
  const server = await scriptedServer(HI, rules);
  try {
    const here = Object.entries(files).map(([name, text]) => [name, text.replace('PORT', String(server.port))]);
    return await withWorkspace(Object.fromEntries(here), async (cwd) => {
      const ran = await run(['send', 'a.eml', '-s', `smtp://127.0.0.1:${server.port}?security=none`, ...args], { cwd });
      // What was sent just before the connection was dropped is still on its way to the other side.
      for (let turn = 0; turn < 200 && server.received.length < (expected ?? 0); turn++) await setImmediate();
      const mask = (text: string) => text.replaceAll(String(server.port), 'PORT');
      return { ...ran, stdout: mask(ran.stdout.toString()), stderr: mask(ran.stderr), received: [...server.received] };
    });
  } finally {
    await server.close();
  }
}

describe('cli send --dry-run', () => {
  it('prints a report, and sends no message', async () => {
    const rules: Rules = [[/^RCPT TO:<eve/, '550 5.1.1 No such user'], ...friendly];
    const { code, stdout, stderr, received } = await send(rules, ['--dry-run']);
    assert.equal(code, 1);
    assert.deepEqual(received, [
      'EHLO [127.0.0.1]',
      'MAIL FROM:<ann@example.com>',
      'RCPT TO:<bob@example.org>',
      'RCPT TO:<eve@example.net>',
      'RSET',
      'QUIT',
    ]);
    assert.equal(
      stdout.replace(/\d+ bytes/, 'N bytes'),
      [
        '# Delivery check of a.eml',
        '',
        '127.0.0.1:PORT would take the message for 1 of 2 recipients only. Recipient eve@example.net refused: 550 5.1.1 No such user. There is no such mailbox: check the part before the @.',
        '',
        '- Server:  127.0.0.1:PORT',
        '- From:    ann@example.com',
        '- To:      2 recipients',
        '- Message: N bytes, not sent',
        '',
        '## Recipients',
        '',
        '| Address         | Would be | Answer                 |',
        '| --------------- | -------- | ---------------------- |',
        '| bob@example.org | accepted | 250 OK                 |',
        '| eve@example.net | refused  | 550 5.1.1 No such user |',
        '',
        '## Session',
        '',
        '- Connected to: 127.0.0.1',
        '- Greeting:     220 mail.example.org ESMTP',
        '- Calls itself: mail.example.org',
        '- TLS:          none: everything goes in plain text',
        '- Login:        not offered',
        '',
        '## Extensions',
        '',
        'None.',
        '',
        '## Limits',
        '',
        '- Size of a message:       not told',
        '- Recipients of a message: not told',
        '- Messages in a session:   not told',
        '',
      ].join('\n'),
    );
    assert.match(stderr, /=== 1 of 2 recipients accepted, no message sent; \d+ ms, \d+ round trips\n$/);
  });

  it('has a section for each server of the recipients, where mail goes straight to them', async () => {
    const files = {
      'a.eml': PLAIN.replace(/^To: .*$/m, 'To: bob@[127.0.0.1]'),
      '.vscode/settings.json': '{ "mailbench.servers": { "straight": { "transport": "mx", "port": PORT } } }',
    };
    const { code, stdout, received } = await send(friendly, ['--dry-run', '--server', 'straight'], files);
    assert.equal(code, 0);
    assert.ok(!received.includes('DATA'));
    assert.match(
      stdout,
      /\n## Mail servers of \[127\.0\.0\.1\]\n\n- 127\.0\.0\.1 \(0\): answered\n\n## Session of 127\.0\.0\.1\n\n- Connected to: 127\.0\.0\.1\n[\s\S]*\n## Extensions of 127\.0\.0\.1\n[\s\S]*\n## Limits of 127\.0\.0\.1\n/,
    );
  });

  it('exits with 0 where all would be taken', async () => {
    const { code, stderr } = await send(friendly, ['--dry-run', '--quiet']);
    assert.deepEqual([code, stderr], [0, '']);
  });
});

describe('cli send --stop-…', () => {
  const MAIL = 'MAIL FROM:<ann@example.com>';
  const table: [args: string[], received: string[]][] = [
    [['--stop-after', 'greeting'], ['QUIT']],
    [
      ['--stop-after', 'ehlo'],
      ['EHLO [127.0.0.1]', 'QUIT'],
    ],
    [
      ['--stop-after', 'MAIL'],
      ['EHLO [127.0.0.1]', MAIL, 'QUIT'],
    ],
    [
      ['--stop-after', 'mail', '--drop'],
      ['EHLO [127.0.0.1]', MAIL],
    ],
    [
      ['--stop-before', 'mail'],
      ['EHLO [127.0.0.1]', 'QUIT'],
    ],
    [
      ['--stop-in', 'rcpt', '--drop'],
      ['EHLO [127.0.0.1]', MAIL, 'RCPT TO:<bob@example.org>'],
    ],
  ];
  for (const [args, received] of table) {
    it(args.join(' '), async () => {
      const ran = await send(friendly, args, undefined, received.length);
      assert.deepEqual(ran.received, received);
      assert.deepEqual([ran.code, ran.stdout], [0, '']);
      assert.match(ran.stderr, /=== \+\d+ ms {2}Stopped on request at \w+; the message was not delivered\.\n/);
      assert.ok(!ran.stderr.includes('***'));
    });
  }

  it('says that the message was taken where the stop comes after that', async () => {
    const { code, stdout } = await send(friendly, ['--stop-after', 'message']);
    assert.deepEqual([code, stdout], [0, '127.0.0.1:PORT took the message for bob@example.org and eve@example.net.\n']);
  });

  it('fails where the stop was not reached', async () => {
    const { code } = await send([[/^MAIL/, '550 No'], ...friendly], ['--stop-after', 'rcpt']);
    assert.equal(code, 1);
  });

  it('delivers nothing, and exits with 1, where the stop never came up', async () => {
    const { code, stderr, received } = await send(friendly, ['--stop-after', 'auth'], undefined, 2);
    assert.equal(code, 1);
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'QUIT']);
    assert.match(stderr, /=== \+\d+ ms {2}There was no stopping at auth: stopping before MAIL\n/);
    assert.match(stderr, /The session never came to auth, where it was to stop/);
  });

  const wrong: [args: string[], said: string][] = [
    [
      ['--stop-after', 'dinner'],
      '--stop-after is one of connect, greeting, ehlo, starttls, tls, auth, mail, rcpt, data, message, not "dinner"',
    ],
    [['--drop'], '--drop needs --stop-after, --stop-in or --stop-before'],
    [['--stop-after', 'mail', '--stop-in', 'rcpt'], '--stop-after and --stop-in exclude each other'],
    [['--stop-after', 'mail', '--dry-run'], '--dry-run stops by itself: leave the stop point out'],
    [['--all-records', '--record', '1'], '--all-records and --record exclude each other'],
    [['--rate', '3'], '--rate needs --all-records'],
    [['--connections', '3'], '--connections needs --all-records'],
    [['--retry-delay', '3'], '--retry-delay needs --retry'],
    [['--retry', '1'], '--retry has to be a whole number from 2 to 20, not "1"'],
    [['--retry', '3', '--retry-delay', 'x'], '--retry-delay has to be a number from 0 to 3600, not "x"'],
    [['--retry', '3', '--dry-run'], '--retry and --dry-run exclude each other'],
    [['--retry', '3', '--stop-after', 'mail'], '--retry and a stop point exclude each other'],
    [['--all-records', '--connections', '101'], '--connections has to be a whole number from 1 to 100, not "101"'],
    [['--all-records', '--rate', '0'], '--rate has to be a number from 0.001 to 10000, not "0"'],
    [['--all-records', '--rate', '.'], '--rate has to be a number from 0.001 to 10000, not "."'],
    [['--all-records', '--rate', '1e3'], '--rate has to be a number from 0.001 to 10000, not "1e3"'],
    [
      ['--all-records', '--rate', '0,5'],
      '--rate has to be a number from 0.001 to 10000, not "0,5" (a point, no comma: 0.5)',
    ],
  ];
  for (const [args, said] of wrong) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, stderr, received } = await send(friendly, args);
      assert.deepEqual([code, stderr, received], [2, `mailbench send: ${said}\nTry "mailbench send --help".\n`, []]);
    });
  }
});

describe('cli send --retry', () => {
  it('sends again to those refused for now, as often as asked, and not without', async () => {
    const greylisting: Rules = [[/^RCPT/, '450 4.7.1 Greylisted'], ...friendly];
    const tries = async (args: readonly string[]) => {
      const { code, stderr, received } = await send(greylisting, args);
      assert.equal(code, 1, stderr);
      return [received.filter((line) => line.startsWith('RCPT')).length, stderr.match(/trying again/g)?.length ?? 0];
    };
    assert.deepEqual(await tries(['--retry', '3', '--retry-delay', '0']), [6, 2]);
    assert.deepEqual(await tries(['--retry', '2', '--retry-delay', '.01']), [4, 1]);
    assert.deepEqual(await tries([]), [2, 0]);
  });
});

describe('cli send --all-records', () => {
  const files = { 'a.eml': TEMPLATE, 'people.csv': PEOPLE };

  it('sends a message for each record, with a line for each', async () => {
    const { code, stdout, received } = await send(friendly, ['--all-records'], files);
    assert.equal(
      stdout,
      'record 1 (bob@a.example) sent\nrecord 2 (zoe@b.example) sent\n127.0.0.1:PORT took the messages of all 2 records.\n',
    );
    assert.equal(code, 0);
    assert.equal(received.filter((line) => line === 'QUIT').length, 1);
    assert.ok(received.includes('Hello Bob.'));
  });

  it('opens as many sessions as asked for, or as the server’s settings say', async () => {
    const settings = '{ "mailbench.servers": { "wide": { "host": "127.0.0.1:PORT", "pool": { "connections": 2 } } } }';
    for (const [args, more] of [
      [['--connections', '2'], {}],
      [['--server', 'wide'], { '.vscode/settings.json': settings }],
    ] as const) {
      const { code, stderr, received } = await send(friendly, ['--all-records', ...args], { ...files, ...more });
      assert.equal(code, 0, stderr);
      assert.equal(received.filter((line) => line === 'QUIT').length, 2);
      assert.match(stderr, /^=== [\d:.]+ {2}Up to 2 sessions at a time$\n=== Session 1$/m);
    }
  });

  it('takes a rate of a fraction, as the settings do', async () => {
    const began = performance.now();
    const { code, stderr } = await send(friendly, ['--all-records', '--rate', '2.5'], files);
    assert.equal(code, 0, stderr);
    // The second of the two is begun no sooner than 400 ms after the first; of `--rate 2` both are begun at once.
    assert.ok(performance.now() - began >= 400);
  });

  it('says where a rate has no meaning', async () => {
    const { code, stderr } = await send(
      friendly,
      ['--all-records', '--quiet', '--rate', '9', '-s', 'folder:out'],
      files,
    );
    assert.deepEqual(
      [code, stderr],
      [0, 'mailbench send: --rate has no meaning for the transport "folder": it is not used.\n'],
    );
  });

  it('exits with 1 where a record was refused', async () => {
    const { code, stdout, stderr } = await send(
      [[/^RCPT TO:<zoe/, '550 5.1.1 No'], ...friendly],
      ['--all-records', '--quiet'],
      files,
    );
    const why =
      '127.0.0.1:PORT refused zoe@b.example: 550 5.1.1 No. There is no such mailbox: check the part before the @.';
    assert.equal(stdout, `record 1 (bob@a.example) sent\nrecord 2 (zoe@b.example) failed: ${why}\n`);
    assert.equal(stderr, `127.0.0.1:PORT took the messages of 1 of 2 records. Record 2: ${why}\n`);
    assert.equal(code, 1);
  });

  it('checks the delivery of each, and sends none', async () => {
    const { code, stdout, received } = await send(friendly, ['--all-records', '--dry-run'], files);
    assert.equal(
      stdout,
      'record 1 (bob@a.example) would be taken\nrecord 2 (zoe@b.example) would be taken\n127.0.0.1:PORT would take the messages of all 2 records. Nothing was sent.\n',
    );
    assert.equal(code, 0);
    assert.ok(!received.includes('DATA'));
  });

  it('sends none where one record has an error, and tells which', async () => {
    const { code, stdout, stderr, received } = await send(friendly, ['--all-records'], {
      ...files,
      'people.csv': `${PEOPLE}Max,max\n`,
    });
    assert.deepEqual([code, stdout, received], [1, '', []]);
    assert.match(stderr, /^a\.eml:3:\d+: error .* \(record 3\)\n/);
    assert.match(stderr, /\n1 record of 3 makes a document with errors \(3\), so nothing was sent\. Record 3: .*\n$/);
  });

  it('needs data', async () => {
    const { code, stderr } = await send(friendly, ['--all-records']);
    assert.equal(code, 1);
    assert.equal(
      stderr,
      'There is no data with records to send to: name a JSON, YAML or CSV file with @data. Nothing was sent.\n',
    );
  });

  it('fills a folder', async () => {
    await withWorkspace(files, async (cwd) => {
      const ran = await run(['send', 'a.eml', '-s', 'folder:./out', '--all-records'], { cwd });
      assert.equal(ran.code, 0, ran.stderr);
      assert.equal((await readdir(join(cwd, 'out'))).length, 2);
    });
  });
});

describe('cli smtp', () => {
  async function smtp(rules: Rules, args: readonly string[], stdin = '', settings?: string) {
    const server = await scriptedServer(HI, rules);
    try {
      const files =
        settings === undefined ? {} : { '.vscode/settings.json': settings.replace('PORT', String(server.port)) };
      return await withWorkspace({ 'x.txt': '', ...files }, async (cwd) => {
        const ran = await run(['smtp', ...args.map((arg) => arg.replace('PORT', String(server.port)))], { cwd, stdin });
        const shown = ran.stdout
          .toString()
          .replace(/^=== .*\n/gm, '')
          .replaceAll(String(server.port), 'PORT');
        return { ...ran, shown, received: [...server.received] };
      });
    } finally {
      await server.close();
    }
  }
  const URL = 'smtp://127.0.0.1:PORT?security=none';
  const OPENED = '<-  220 mail.example.org ESMTP\n -> EHLO [127.0.0.1]\n<-  250 mail.example.org\n';

  it('talks as standard input says, and prints both sides', async () => {
    const rules: Rules = [[/^VRFY/, '252 Try'], ...friendly];
    const { code, shown, stderr, received } = await smtp(rules, [URL], '# remark\r\nVRFY ann\nRSET');
    assert.deepEqual([code, stderr], [0, '']);
    assert.equal(shown, `${OPENED} -> VRFY ann\n<-  252 Try\n -> RSET\n<-  250 OK\n -> QUIT\n<-  221 Bye\n`);
    assert.deepEqual(received, ['EHLO [127.0.0.1]', 'VRFY ann', 'RSET', 'QUIT']);
  });

  it('takes its lines from the command line too, and fails where one is refused', async () => {
    const rules: Rules = [[/^EXPN/, '550 5.7.1 No'], ...friendly];
    const { code, shown } = await smtp(rules, [URL, '-c', 'EXPN staff', '-c', 'quit', '--bare']);
    assert.equal(shown, `<-  220 mail.example.org ESMTP\n -> EXPN staff\n<-* 550 5.7.1 No\n -> QUIT\n<-  221 Bye\n`);
    assert.equal(code, 1);
  });

  it('knows the servers of the project', async () => {
    const settings = '{ "mailbench.servers": { "s": { "host": "127.0.0.1:PORT", "security": "none" } } }';
    const { code, shown } = await smtp(friendly, ['s'], 'RSET\n', settings);
    assert.deepEqual([code, shown], [0, `${OPENED} -> RSET\n<-  250 OK\n -> QUIT\n<-  221 Bye\n`]);
  });

  it('logs in with the password of the environment', async () => {
    const rules: Rules = [[/^EHLO/, '250-mail.example.org\n250 AUTH PLAIN'], [/^AUTH/, '235 In'], ...friendly];
    const server = await scriptedServer(HI, rules);
    try {
      const args = ['smtp', `smtp://127.0.0.1:${server.port}?security=none`, '-c', 'login ann'];
      const { code, stdout } = await run(args, { env: { MAILBENCH_PASSWORD: 'geheim123' } });
      assert.equal(code, 0);
      assert.ok(stdout.toString().includes(' -> AUTH PLAIN ••••••••\n<-  235 In\n'));
      assert.ok(server.received.includes(`AUTH PLAIN ${Buffer.from('\0ann\0geheim123').toString('base64')}`));
    } finally {
      await server.close();
    }
  });

  it('fails where there is nobody to talk to', async () => {
    const server = await scriptedServer(HI, []);
    await server.close();
    const { code, stdout } = await run(['smtp', `smtp://127.0.0.1:${server.port}?security=none`, '-c', 'NOOP']);
    assert.equal(code, 1);
    assert.match(stdout.toString(), /\n\*\*\* .+\n$/);
  });

  const wrong: [args: string[], said: string][] = [
    [['folder:./out'], 'the folder ./out is no single mail server that could be talked to'],
    [['a', 'b'], 'one server at a time'],
  ];
  for (const [args, said] of wrong) {
    it(`refuses ${args.join(' ')}`, async () => {
      const { code, stderr } = await run(['smtp', ...args]);
      assert.deepEqual([code, stderr], [2, `mailbench smtp: ${said}\nTry "mailbench smtp --help".\n`]);
    });
  }
});

describe('cli check --all', () => {
  const HTML =
    'From: a@b.example\nTo: c@d.example\nSubject: Hi\n\nHello, see below.\n<#part type=text/html>\n<html lang="en"><title>Hi</title><p>Hello, see <a href="#below">below</a>.</p></html>\n';
  const BROKEN =
    'a.eml:7:51: warning link-anchor-missing: Nothing in this mail is called "below": give an element that id.';

  it('looks at the message, at its place in the document', async () => {
    await withWorkspace({ 'a.eml': HTML }, async (cwd) => {
      const skip = ['support', 'spam', 'text'].flatMap((name) => ['--skip', name]);
      const ran = await run(['check', 'a.eml', '--all', ...skip], { cwd });
      assert.equal(ran.stdout.toString(), `${BROKEN}\n`);
      assert.deepEqual([ran.code, ran.stderr], [0, '']);
      assert.equal((await run(['check', 'a.eml'], { cwd })).stdout.toString(), '');
      const off = await run(['check', 'a.eml', '--all', ...skip, '--skip', 'links'], { cwd });
      assert.equal(off.stdout.toString(), '');
    });
  });

  it('gives JSON with exactly what it says', async () => {
    await withWorkspace({ 'a.eml': HTML, 'b.eml': 'Subject: x\n\nHi.\n' }, async (cwd) => {
      const ran = await run(['check', 'a.eml', 'b.eml', '--all', '--clients', 'gmail.*', '--format', 'json'], { cwd });
      const found = JSON.parse(ran.stdout.toString()) as Record<string, unknown>[];
      for (const each of found) {
        assert.deepEqual(Object.keys(each), ['file', 'line', 'column', 'severity', 'code', 'message']);
      }
      assert.ok(found.some(({ file, code }) => file === 'a.eml' && code === 'link-anchor-missing'));
      assert.ok(found.some(({ file, severity }) => file === 'b.eml' && severity === 'error'));
      assert.equal(ran.code, 1);
    });
  });

  it('gives SARIF', async () => {
    await withWorkspace({ 'a.eml': HTML }, async (cwd) => {
      const ran = await run(['check', 'a.eml', '--all', '--skip', 'support', '--format', 'sarif'], { cwd });
      const { version, runs } = JSON.parse(ran.stdout.toString());
      assert.equal(version, '2.1.0');
      assert.deepEqual([runs[0].tool.driver.name, runs[0].tool.driver.semanticVersion], ['mailbench', '1.2.3']);
      assert.ok(runs[0].results.some((each: { ruleId: string }) => each.ruleId === 'link-anchor-missing'));
    });
  });

  it('minds the settings of the project', async () => {
    const settings =
      '{ "mailbench.check.links": false, "mailbench.check.support": false, "mailbench.check.spam": false, "mailbench.check.text": false }';
    await withWorkspace({ 'a.eml': HTML, '.vscode/settings.json': settings }, async (cwd) => {
      assert.equal((await run(['check', 'a.eml', '--all'], { cwd })).stdout.toString(), '');
    });
  });

  const wrong: [args: string[], said: string][] = [
    [['--skip', 'links'], '--skip needs --all'],
    [['--clients', 'gmail.*'], '--clients needs --all'],
    [
      ['--all', '--skip', 'dinner'],
      '--skip is one of support, links, images, accessibility, spam, text, placeholders, weight, not "dinner"',
    ],
    [['--all', '--clients', 'gmial.*'], 'there is no mail client "gmial.*" in the data: gmail.*, *.ios'],
  ];
  for (const [args, said] of wrong) {
    it(`refuses ${args.join(' ')}`, async () => {
      await withWorkspace({ 'a.eml': HTML }, async (cwd) => {
        const { code, stderr } = await run(['check', 'a.eml', ...args], { cwd });
        assert.deepEqual([code, stderr], [2, `mailbench check: ${said}\nTry "mailbench check --help".\n`]);
      });
    });
  }
});
