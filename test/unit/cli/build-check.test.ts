import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'mocha';
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
