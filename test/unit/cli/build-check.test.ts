import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, utimesSync, watch } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { describe, it } from 'mocha';
import { kinds, pem, verify } from '../../support/dkim.ts';
import { run, start } from './support/run.ts';
import { PNG, withWorkspace } from './support/workspace.ts';

const PLAIN = 'From: Ann <ann@example.com>\nTo: bob@example.org\nSubject: Grüße\n\nHello.\n';
const FIXED = ['--seed', 'seed', '--date', '2026-11-20T14:02:11Z'];

describe('cli build', () => {
  it('writes the message to standard output, exactly', async () => {
    await withWorkspace({ 'a.eml': PLAIN }, async (cwd) => {
      const env = { TZ: 'UTC' };
      const { code, stdout, stderr } = await start(['build', 'a.eml', ...FIXED], { cwd, env }).ended;
      assert.deepEqual([code, stderr], [0, '']);
      const id = /^Message-ID: <([A-Za-z0-9]+)@example\.com>\r$/m.exec(stdout.toString())?.[1] ?? '';
      assert.equal(id.length, 24);
      assert.equal(
        stdout.toString('latin1'),
        [
          'From: Ann <ann@example.com>',
          'To: bob@example.org',
          'Subject: =?utf-8?B?R3LDvMOfZQ==?=',
          'Date: Fri, 20 Nov 2026 14:02:11 +0000',
          `Message-ID: <${id}@example.com>`,
          'MIME-Version: 1.0',
          'Content-Type: text/plain; charset=utf-8',
          'Content-Transfer-Encoding: 7bit',
          '',
          'Hello.',
          '',
        ].join('\r\n'),
      );
      const again = await run(['build', 'a.eml', ...FIXED], { cwd });
      assert.equal(digest(again.stdout.subarray(0, 60)), digest(stdout.subarray(0, 60)));
    });
  });

  it('sends a finished message’s bytes as they stand, and says what it changed', async () => {
    const finished = Buffer.concat([
      Buffer.from('@server: inbox\nFrom: a@b.example\r\nTo: c@d.example\nBcc: e@f.example\r\nMIME-Version: 1.0\r\n'),
      Buffer.from('Content-Type: text/plain; charset=iso-8859-1\r\n\r\n'),
      Buffer.from([0x67, 0xfc, 0x6e]),
    ]);
    await withWorkspace({ 'f.eml': finished }, async (cwd) => {
      const { code, stdout, stderr } = await run(['build', 'f.eml'], { cwd });
      assert.equal(code, 0, stderr);
      assert.deepEqual(
        stdout,
        Buffer.concat([
          Buffer.from('From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\n'),
          Buffer.from('Content-Type: text/plain; charset=iso-8859-1\r\n\r\n'),
          Buffer.from([0x67, 0xfc, 0x6e, 0x0d, 0x0a]),
        ]),
      );
      assert.deepEqual(
        stderr.split('\n').filter((line) => !line.includes(': warning ')),
        [
          'f.eml: The settings @server were taken off.',
          'f.eml: Bcc was taken out: its recipients get the message, and nobody sees them.',
          'f.eml: 1 line end became CRLF.',
          'f.eml: The last line got its line end.',
          '',
        ],
      );
    });
  });

  it('ends as cancelled, in one line, whatever was under way', async () => {
    await withWorkspace({ 'a.eml': `${PLAIN}<#attach ./b.bin>\n`, 'b.bin': new Uint8Array(4 << 20) }, async (cwd) => {
      for (const args of [
        ['build', 'a.eml'],
        ['check', '--all', 'a.eml'],
        ['send', 'a.eml', '--server', 'folder:out'],
      ]) {
        const cancelled = new AbortController();
        cancelled.abort();
        const { code, stderr } = await run(args, { cwd, signal: cancelled.signal });
        assert.deepEqual([args[0], code, stderr], [args[0], 130, 'mailbench: cancelled\n']);
      }
    });
  });

  it('says what is wrong with data of the command line, and not with the document', async () => {
    const named = '@data: ./d.json\nFrom: a@b.example\nTo: c@d.example\n\nHi {{n}}\n';
    await withWorkspace({ 'a.eml': PLAIN, 't.eml': named, 'd.json': '[{"n":1},{"n":2}]' }, async (cwd) => {
      const table: [string[], string][] = [
        [['a.eml', '--record', '3'], 'a.eml names no data to take record 3 from: add @data, or give --data.'],
        [['t.eml', '--data', 'no.json'], 'no.json can’t be read: there is no such file.'],
        [['t.eml', '--data', '.'], '. can’t be read: it is a folder.'],
      ];
      for (const command of ['build', 'check', 'send'])
        for (const [args, told] of table) {
          const { code, stdout, stderr } = await run([command, ...args], { cwd });
          assert.deepEqual([code, stdout.length, stderr], [2, 0, `mailbench: ${told}\n`]);
        }
      assert.equal((await run(['build', 't.eml', '--record', '2'], { cwd })).code, 0);
      assert.equal((await run(['build', 'a.eml', '--data', 'd.json', '--record', '2'], { cwd })).code, 0);
    });
  });

  it('says which stream takes nothing more', async () => {
    const full = () =>
      new Writable({
        write: (_chunk, _encoding, done) => done(Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' })),
      }).on('error', () => {});
    await withWorkspace({ 'a.eml': PLAIN }, async (cwd) => {
      for (const args of [['build', 'a.eml'], ['check', 'a.eml', '--format', 'json'], ['--help']]) {
        const { code, stderr } = await run(args, { cwd, stdout: full() });
        assert.equal(code, 2);
        assert.equal(stderr, 'mailbench: standard output can’t be written: no space left on the device.\n');
      }
    });
  });

  it('takes data, a record and variables', async () => {
    const files = {
      'mail/t.eml':
        '@data: ../data/all.json\n@record: 1\n@var: greeting=Hello\nFrom: a@b.example\nTo: {{name}} <{{mail}}>\nSubject: {{greeting}} {{name}}\n\n{{greeting}}!\n',
      'data/all.json': '[{"name":"Doe, Jo","mail":"jo@x.example"},{"name":"Amy","mail":"amy@x.example"}]',
      '.vscode/settings.json': '{}',
    };
    await withWorkspace(files, async (cwd) => {
      const first = await run(['build', 'mail/t.eml'], { cwd });
      assert.equal(first.code, 0, first.stderr);
      assert.match(first.stdout.toString(), /^To: "Doe, Jo" <jo@x\.example>\r\nSubject: Hello Doe, Jo\r\n/m);
      const second = await run(['build', 'mail/t.eml', '--record', '2', '--var', 'greeting=Hi'], { cwd });
      assert.equal(second.code, 0, second.stderr);
      assert.match(second.stdout.toString(), /^To: Amy <amy@x\.example>\r\nSubject: Hi Amy\r\n/m);
    });
  });

  it('signs with a key of the command line, the settings or the environment', async () => {
    const { privateKey, record } = kinds['ed25519-sha256'];
    const signed = '@dkim: sel@b.example\nFrom: a@b.example\nTo: c@d.example\nSubject: Grüße\n\nx\n';
    const key = pem(privateKey);
    const settings = JSON.stringify({ 'mailbench.dkim.keys': { 'sel@b.example': 'key.pem' } });
    const ways: [string, Record<string, string>, string[], Record<string, string>][] = [
      ['command line', { 'key.pem': key }, ['--dkim-key', 'key.pem'], {}],
      ['settings', { 'key.pem': key, '.vscode/settings.json': settings }, [], {}],
      ['environment', {}, [], { MAILBENCH_DKIM_KEY: key.replaceAll('\n', '\\n') }],
    ];
    for (const [way, files, args, env] of ways)
      await withWorkspace({ ...files, 'd.eml': signed }, async (cwd) => {
        const date = ['--date', '2026-03-03T15:00:00+01:00'];
        const { code, stdout, stderr } = await run(['build', 'd.eml', ...args, ...date], { cwd, env });
        assert.deepEqual([code, stderr], [0, ''], way);
        assert.deepEqual(await verify(stdout, record), ['pass ed25519-sha256'], way);
      });
    await withWorkspace({ 'd.eml': signed, '.vscode/settings.json': settings }, async (cwd) => {
      const { code, stderr } = await run(['build', 'd.eml'], { cwd });
      assert.equal(code, 1);
      assert.match(stderr, /^d\.eml:1:8: error dkim-key-unusable: .*ENOENT/m);
    });
  });

  it('leaves nothing half written where a file changes while it is read', async () => {
    const files = { 'a.eml': `${PLAIN}<#attach ./big.bin>\n`, 'big.bin': Buffer.alloc(4_000_000, 7), 'old.eml': 'old' };
    const said = 'mailbench: ./big.bin: changed while it was read: nothing whole was written. Build it again.\n';
    await withWorkspace(files, async (cwd) => {
      const touch = () => utimesSync(join(cwd, 'big.bin'), 1, 1);
      const stdout = new Writable({
        write(_chunk, _encoding, done) {
          touch();
          done();
        },
      });
      const streamed = await run(['build', 'a.eml'], { cwd, stdout });
      assert.deepEqual([streamed.code, streamed.stderr], [2, said]);
      const watching = watch(cwd, (_event, name) => {
        if (name?.endsWith('.part')) utimesSync(join(cwd, 'big.bin'), 2, 2);
      });
      try {
        const saved = await run(['build', 'a.eml', '-o', 'old.eml'], { cwd });
        assert.deepEqual([saved.code, saved.stderr], [2, said]);
      } finally {
        watching.close();
      }
      assert.equal(readFileSync(join(cwd, 'old.eml'), 'utf8'), 'old');
      assert.deepEqual(readdirSync(cwd).sort(), ['a.eml', 'big.bin', 'old.eml']);
      const saved = await run(['build', 'a.eml', '-o', 'old.eml'], { cwd });
      assert.deepEqual([saved.code, saved.stderr], [0, '']);
      assert.ok(readFileSync(join(cwd, 'old.eml'), 'utf8').startsWith('From: Ann'));
    });
  });

  it('writes nothing where there are errors', async () => {
    await withWorkspace({ 'a.eml': 'To: bob@example.org\n\n<#attach ./none.pdf>\n' }, async (cwd) => {
      const { code, stdout, stderr } = await run(['build', 'a.eml'], { cwd });
      assert.deepEqual([code, stdout.length], [1, 0]);
      assert.match(stderr, /^a\.eml:3:10: error file-missing: There is no file "\.\/none\.pdf": check the path/m);
    });
  });

  it('ends without noise where nobody reads on', async () => {
    const files = { 'a.eml': PLAIN + '<#attach ./big.bin>\n', 'big.bin': Buffer.alloc(4_000_000, 7) };
    await withWorkspace(files, async (cwd) => {
      const { child, ended } = start(['build', 'a.eml'], { cwd });
      child.stdout?.once('data', () => child.stdout?.destroy());
      const { code, stderr } = await ended;
      assert.deepEqual([code, stderr], [0, '']);
    });
  });
});

describe('cli check', () => {
  const one = (text: string) => `From: a@b.example\nTo: c@d.example\nSubject: s\n${text}`;
  const bad: [string, string, RegExp][] = [
    [
      'no recipients',
      'From: a@b.example\nSubject: s\n\nx\n',
      /: error recipients-missing: There are no recipients: write To, Cc or Bcc\.$/m,
    ],
    [
      'no From',
      'To: c@d.example\nSubject: s\n\nx\n',
      /: error from-missing: There is no From: write who the message is from, as From: Ann <ann@example\.com>\.$/m,
    ],
    [
      'a missing attachment',
      one('\nx\n<#attach ./none.pdf>\n'),
      /^d\.eml:6:10: error file-missing: There is no file "\.\/none\.pdf": check the path, which counts from the document’s folder\.$/m,
    ],
    [
      'a folder attached',
      one('\nx\n<#attach ./sub>\n'),
      /^d\.eml:6:10: error file-is-directory: "\.\/sub" is a folder: name a file in it\.$/m,
    ],
    [
      'a path outside',
      one('\nx\n<#attach ../../../../etc/passwd>\n'),
      /^d\.eml:6:10: error file-outside: "\.\.\/\.\.\/\.\.\/\.\.\/etc\/passwd" is outside of the workspace \(links followed\), and nothing there is read: copy the file into the workspace\.$/m,
    ],
    [
      'an absolute path',
      one('\nx\n<#attach /etc/passwd>\n'),
      /^d\.eml:6:10: error bad-path: "\/etc\/passwd" can’t be used: paths count from the document’s folder, as \.\/picture\.png\.$/m,
    ],
    [
      'recipients parted by ;',
      'From: a@b.example\nTo: c@d.example; e@f.example\nSubject: s\n\nx\n',
      /^d\.eml:2:16: error address-semicolon: Recipients are parted by commas, not by semicolons: write a comma\.$/m,
    ],
    [
      'an unknown server',
      `@server: nobody\n${one('\nx\n')}`,
      /^d\.eml:1:10: error unknown-server: There is no server "nobody": configured are inbox\.$/m,
    ],
  ];
  for (const [title, text, expected] of bad) {
    it(`${title}: one line at its place, exit code 1`, async () => {
      await withWorkspace({ 'd.eml': text, 'sub/x': '' }, async (cwd) => {
        const { code, stdout, stderr } = await run(['check', 'd.eml'], { cwd });
        assert.match(stdout.toString(), expected);
        assert.deepEqual([code, stderr], [1, '']);
        assert.equal(stdout.toString().match(/: error /g)?.length, 1, stdout.toString());
      });
    });
  }

  it('is silent about a good document', async () => {
    await withWorkspace({ 'd.eml': one('\nx\n<#attach ./logo.png>\n'), 'logo.png': PNG }, async (cwd) => {
      const { code, stdout, stderr } = await run(['check', 'd.eml'], { cwd });
      assert.deepEqual([code, stdout.toString(), stderr], [0, '', '']);
    });
  });

  it('prints JSON for programs, of several files in one list', async () => {
    await withWorkspace({ 'a.eml': one('\nx\n'), 'b.eml': 'From: a@b.example\nSubject: s\n\nx\n' }, async (cwd) => {
      const { code, stdout } = await run(['check', 'a.eml', 'b.eml', '--format', 'json'], { cwd });
      assert.equal(code, 1);
      const [found, ...others] = JSON.parse(stdout.toString()) as Record<string, unknown>[];
      assert.deepEqual(others, []);
      assert.deepEqual(Object.keys(found ?? {}), ['file', 'line', 'column', 'severity', 'code', 'message']);
      assert.deepEqual(
        [found?.file, found?.severity, found?.code, found?.message],
        ['b.eml', 'error', 'recipients-missing', 'There are no recipients: write To, Cc or Bcc.'],
      );
      const none = await run(['check', 'a.eml', '--format', 'json'], { cwd });
      assert.deepEqual([none.code, none.stdout.toString()], [0, '[]\n']);
    });
  });

  it('checks the others where one can’t be read, and says so', async () => {
    await withWorkspace({ 'a.eml': one('\nx\n'), 'b.eml': 'From: a@b.example\nSubject: s\n\nx\n' }, async (cwd) => {
      const args = ['check', 'a.eml', 'gone.eml', '.', 'b.eml'];
      const { code, stdout, stderr } = await run(args, { cwd });
      const told =
        'mailbench: gone.eml can’t be read: there is no such file.\nmailbench: . can’t be read: it is a folder.\n';
      assert.deepEqual([code, stderr], [2, told]);
      assert.match(stdout.toString(), /^b\.eml:1:1: error recipients-missing: .*\n$/);
      const json = await run([...args, '--format', 'json'], { cwd });
      assert.deepEqual(
        [json.code, JSON.parse(json.stdout.toString()).map(({ file }: { file: string }) => file)],
        [2, ['b.eml']],
      );
    });
  });

  it('says in SARIF from where to where a problem goes, as the editor marks it', async () => {
    const text =
      '\ufeff@data: no.json\r\nFrom: a@b.example\r\nTo: b@b.example\r\nSubject: 🎉\t{{\r\n\r\nx\r\n<#part type=text/plain\r\n\t🎉 charset=nope>\r\n';
    await withWorkspace({ 'a.eml': text, 'cr.eml': one('\nx\n<#foo>\n').replaceAll('\n', '\r') }, async (cwd) => {
      const { stdout } = await run(['check', 'a.eml', 'cr.eml', '--format', 'sarif'], { cwd });
      const [{ results, newlineSequences }] = JSON.parse(stdout.toString()).runs;
      const places = results.map(({ ruleId, locations }: { ruleId: string; locations: never[] }) => {
        const [{ physicalLocation }] = locations as unknown as [{ physicalLocation: { region: object } }];
        return [ruleId, ...Object.values(physicalLocation.region)];
      });
      assert.deepEqual(places, [
        ['file-missing', 1, 8, 1, 15],
        ['template-without-data', 4, 13, 4, 15],
        ['directive-unclosed', 7, 1, 7, 23],
        ['alternative-twice', 7, 1, 7, 23],
        ['lone-cr', 1, 18, 2, 1],
        ['directive-unknown', 6, 1, 6, 6],
      ]);
      assert.deepEqual(newlineSequences, ['\r\n', '\n', '\r']);
    });
  });

  it('reads no file outside, through links either', async function () {
    if (process.platform === 'win32') this.skip();
    const { symlink } = await import('node:fs/promises');
    await withWorkspace({ 'd.eml': one('\nx\n<#attach ./link.txt>\n') }, async (cwd) => {
      await symlink('/etc/passwd', `${cwd}/link.txt`);
      const { code, stdout } = await run(['check', 'd.eml'], { cwd });
      assert.equal(code, 1);
      assert.match(stdout.toString(), /^d\.eml:6:10: error file-outside: /m);
    });
  });
});

function digest(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}
