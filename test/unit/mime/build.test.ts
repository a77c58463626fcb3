import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { nodeFiles } from '../../../src/base/node-files.ts';
import type { FileAccess } from '../../../src/base/ports.ts';
import { outline } from '../../../src/inspect/outline.ts';
import { type BuildOptions, buildMessage } from '../../../src/mime/build.ts';
import { isSourceFailure } from '../../../src/mime/source-failure.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { attach, draft, inline, type MadeDraft, multipart, part } from './drafts.ts';
import { located } from './tree.ts';

const none = memoryFiles({});

async function build(made: MadeDraft, files: FileAccess = none, options: Partial<BuildOptions> = {}) {
  const { message, problems } = await buildMessage(made, {
    seed: 'seed',
    clock: fixedClock,
    files,
    documentPath: '/docs/mail.eml',
    workspaceRoot: '/docs',
    documentText: made.documentText,
    ...options,
  });
  return { message: message!, problems: problems.map((problem) => located(problem, made.documentText)), raw: problems };
}

const bytes = async (made: MadeDraft, files?: FileAccess): Promise<string> => {
  const { message, problems } = await build(made, files);
  assert.deepEqual(problems, []);
  assert.equal(message.size, message.whole!.length);
  return Buffer.from(message.whole!).toString();
};

async function readAll(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

describe('buildMessage', () => {
  it('plain text, several recipients, a group, attachments with other names, types and charsets', async () => {
    const files = memoryFiles({ '/docs/out/q3 v2.csv': 'a;b\r\n', '/docs/earlier.eml': 'Subject: x\n\nhello\n' });
    const made = draft(
      [
        ['From', 'Ann Zoë <ann@exämple.com>'],
        ['To', '"Doe, Jo" <jo@a.example>, Team: x@a.example, y@a.example;'],
        ['Bcc', 'audit@a.example'],
        ['Subject', 'Quarterly figures – résumé'],
      ],
      'See the table.\n<#attach this line is text>\n',
      attach('./out/q3 v2.csv', { name: 'Übersicht Q3.csv', type: 'text/csv', charset: 'iso-8859-1' }),
      attach('./earlier.eml'),
    );
    assert.equal(
      await bytes(made, files),
      crlf(`From: =?utf-8?Q?Ann_Zo=C3=AB?= <ann@xn--exmple-cua.com>
To: "Doe, Jo" <jo@a.example>, Team: x@a.example, y@a.example;
Subject: Quarterly figures =?utf-8?B?4oCTIHLDqXN1bcOp?=
Date: Tue, 3 Mar 2026 15:00:00 +0100
Message-ID: <M1ph6QuyVsjUH9ExPwndEwGR@xn--exmple-cua.com>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="=_mb_BOUNDARY"

--=_mb_BOUNDARY
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 7bit

See the table.
<#attach this line is text>

--=_mb_BOUNDARY
Content-Type: text/csv; charset=iso-8859-1;
 name="=?utf-8?Q?=C3=9Cbersicht_Q3=2Ecsv?="
Content-Transfer-Encoding: base64
Content-Disposition: attachment; filename*=utf-8''%C3%9Cbersicht%20Q3.csv

YTtiDQo=
--=_mb_BOUNDARY
Content-Type: message/rfc822; name="earlier.eml"
Content-Transfer-Encoding: 7bit
Content-Disposition: attachment; filename="earlier.eml"

Subject: x

hello

--=_mb_BOUNDARY--
`).replaceAll('BOUNDARY', 'GW28cF3z6Dbvcpx3Dx4kCYvu'),
    );
  });

  it('Chinese in gb2312', async () => {
    const made = draft(
      [
        ['From', '小王 <me@163.example>'],
        ['To', 'friend@qq.example'],
        ['Subject', '你好'],
        ['@message-id', '<1@163.example>'],
        ['@date', '2026-03-03T08:00:00Z'],
        ['Content-Type', 'text/html; charset=gb2312'],
      ],
      '<p>这是一个测试邮件</p>\n',
    );
    assert.equal(
      await bytes(made),
      crlf(`From: =?gb2312?B?0KHN9Q==?= <me@163.example>
To: friend@qq.example
Subject: =?gb2312?B?xOO6ww==?=
Date: Tue, 3 Mar 2026 08:00:00 +0000
Message-ID: <1@163.example>
MIME-Version: 1.0
Content-Type: text/html; charset=gb2312
Content-Transfer-Encoding: base64

PHA+1eLKx9K7uPay4srU08q8/jwvcD4NCg==
`),
    );
  });

  it('every attribute', async () => {
    const files = memoryFiles({ '/docs/a.bin': Buffer.from([0, 255]) });
    const made = draft(
      [
        ['From', 'a@b.example'],
        ['Date', 'Tue, 3 Mar 2026 15:00:00 +0100'],
        ['Message-ID', '<1@b.example>'],
        ['@boundary', 'here'],
      ],
      attach('./a.bin', {
        type: 'audio/basic',
        name: 'sound.au',
        disposition: 'inline',
        id: 'sound@b.example',
        description: 'Ein Geräusch',
        language: 'de, en',
        encoding: 'quoted-printable',
        'param.rate': '8000',
        'param.note': 'a "b"',
        'header.X-Origin': 'here',
      }),
    );
    const { message, problems } = await build(made, files);
    assert.deepEqual(problems, ['unused-cid "\\"sound@b.example\\""']);
    assert.equal(
      Buffer.from(message.whole!).toString(),
      crlf(`From: a@b.example
Date: Tue, 3 Mar 2026 15:00:00 +0100
Message-ID: <1@b.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="here"

--here
Content-Type: audio/basic; rate=8000; note*=utf-8''a%20%22b%22;
 name="sound.au"
Content-Transfer-Encoding: quoted-printable
Content-Disposition: inline; filename="sound.au"
Content-ID: <sound@b.example>
Content-Description: Ein =?utf-8?B?R2Vyw6R1c2No?=
Content-Language: de, en
X-Origin: here

=00=FF
--here--
`),
    );
  });

  it('the same bytes from the same seed and clock, others from another seed', async () => {
    const made = draft([['From', 'a@b.example']], 'Hi\n', part({ type: 'text/html' }, '<img src=a.png>\n'));
    const files = memoryFiles({ '/docs/a.png': 'x' });
    const one = await build(made, files);
    const two = await build(made, files);
    const other = await build(made, files, { seed: 'other' });
    assert.deepEqual(one.message.whole, two.message.whole);
    assert.notDeepEqual(one.message.whole, other.message.whole);
    assert.equal(one.message.size, other.message.size);
  });

  it('offsets of fields and parts', async () => {
    const made = draft(
      [
        ['From', 'a@b.example'],
        ['Subject', 'x'],
      ],
      'Hi\n',
      part({ type: 'text/html' }, '<p>\n'),
    );
    const { message } = await build(made);
    const whole = Buffer.from(message.whole!);
    assert.deepEqual(
      message.fields
        .map(({ name, start, end, range }) => [
          name,
          whole.toString('latin1', start, end),
          range && made.documentText.slice(range.start, range.end),
        ])
        .slice(0, 3),
      [
        ['From', 'From: a@b.example\r\n', 'From: a@b.example'],
        ['Subject', 'Subject: x\r\n', 'Subject: x'],
        ['Date', 'Date: Tue, 3 Mar 2026 15:00:00 +0100\r\n', undefined],
      ],
    );
    const [text, html] = message.root.children;
    assert.equal(whole.toString('latin1', text!.bodyStart, text!.bodyEnd), 'Hi\r\n');
    assert.equal(
      whole.toString('latin1', html!.headerStart, html!.bodyEnd),
      'Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: 7bit\r\n\r\n<p>\r\n',
    );
  });

  it('a boundary that no content has', async () => {
    const probe = await build(
      draft([['From', 'a@b.example']], 'Hi\n', attach('./a.bin')),
      memoryFiles({ '/docs/a.bin': '' }),
    );
    const boundary = /boundary="([^"]+)"/.exec(Buffer.from(probe.message.whole!).toString())![1]!;
    for (const files of [
      memoryFiles({ '/docs/a.bin': '', '/docs/b.eml': `Subject: x\r\n\r\n--${boundary}\r\n` }),
      memoryFiles({ '/docs/a.bin': '', '/docs/b.eml': `Subject: x\r\n\r\n--${boundary}x`, '/docs/c.txt': 'x' }, {}, 1),
    ]) {
      const { message } = await build(
        draft([['From', 'a@b.example']], `--${boundary}--\n`, attach('./a.bin'), attach('./b.eml')),
        files,
      );
      const whole = Buffer.from(message.whole!).toString();
      const used = /boundary="([^"]+)"/.exec(whole)![1]!;
      assert.notEqual(used, boundary);
      assert.equal(outline(message.whole!).children.length, 3);
    }
  });

  it('a boundary that is given and occurs', async () => {
    const made = draft(
      [
        ['From', 'a@b.example'],
        ['@boundary', 'x'],
      ],
      '--x\n',
      part({ type: 'text/html' }, 'y\n'),
    );
    assert.deepEqual((await build(made)).problems, ['boundary-in-content "x"']);
  });

  const refusals: readonly (readonly [what: string, body: Parameters<typeof draft>[1], ...problems: string[]])[] = [
    ['missing', attach('./no.pdf'), 'file-missing "\\"./no.pdf\\""'],
    ['a folder', attach('./folder', { type: 'image/png' }), 'file-is-directory "\\"./folder\\""'],
    ['unreadable', attach('./secret.pdf'), 'file-unreadable "\\"./secret.pdf\\""'],
    ['above the workspace', attach('../other/x.pdf'), 'file-outside "\\"../other/x.pdf\\""'],
    ['above it by a link', attach('./link/x.pdf'), 'file-outside "\\"./link/x.pdf\\""'],
    ['a file that is a link', attach('./linked.pdf'), 'file-outside "\\"./linked.pdf\\""'],
    ['absolute', attach('/etc/passwd', { type: 'a/b' }), 'bad-path "\\"/etc/passwd\\""'],
    ['of another system', attach('C:/x.pdf'), 'bad-path "\\"C:/x.pdf\\""'],
    ['home', attach('~/x.pdf'), 'bad-path "\\"~/x.pdf\\""'],
    ['a variable', attach('$HOME/x.pdf'), 'bad-path "\\"$HOME/x.pdf\\""'],
    ['a URL', attach('https://x.example/x.pdf'), 'bad-path "\\"https://x.example/x.pdf\\""'],
    ['the source of a part', part({ type: 'text/html', src: './no.html' }), 'file-missing "\\"./no.html\\""'],
    ['a picture', part({ type: 'text/html' }, '<img src="no.png">\n'), 'file-missing "no.png"'],
    ['not UTF-8', part({ type: 'text/html', src: './latin.html' }), 'file-not-utf8 "\\"./latin.html\\""'],
  ];
  for (const [what, body, ...problems] of refusals)
    it(`a file: ${what}`, async () => {
      const files = memoryFiles(
        {
          '/docs/folder/x': '',
          '/docs/secret.pdf': '',
          '/other/x.pdf': 'x',
          '/docs/latin.html': Buffer.from('caf\xe9', 'latin1'),
        },
        { '/docs/link': '/other', '/docs/linked.pdf': '/other/x.pdf' },
      );
      const guarded: FileAccess = {
        ...files,
        async realpath(path) {
          assert.ok(path.startsWith('/docs'), `${path} was asked for`);
          return files.realpath(path);
        },
        async stat(path) {
          if (path.includes('secret')) throw Object.assign(new Error('no'), { code: 'EACCES' });
          assert.ok(!path.startsWith('/other') && !path.startsWith('/etc'), `${path} was asked for`);
          return files.stat(path);
        },
      };
      const built = await build(draft([['From', 'a@b.example']], body), guarded);
      assert.deepEqual(built.problems, problems);
      assert.ok(built.raw.every(({ severity }) => severity === 'error'));
      assert.ok(built.message.size > 0);
    });

  it('a path in a document that was never saved', async () => {
    const made = draft([['From', 'a@b.example']], attach('./a.pdf'));
    const { problems } = await buildMessage(made, { seed: 's', clock: fixedClock, files: none });
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['path-without-document'],
    );
  });

  it('links on a disk', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mailbench-'));
    try {
      await mkdir(join(folder, 'docs'));
      await mkdir(join(folder, 'other'));
      await writeFile(join(folder, 'other', 'x.pdf'), 'x');
      await writeFile(join(folder, 'docs', 'y.pdf'), 'y');
      await symlink(join(folder, 'other'), join(folder, 'docs', 'out'));
      await symlink(join(folder, 'docs', 'y.pdf'), join(folder, 'docs', 'z.pdf'));
      const made = draft([['From', 'a@b.example']], attach('./out/x.pdf'), attach('./z.pdf'));
      const { problems } = await build(made, nodeFiles, {
        documentPath: join(folder, 'docs', 'm.eml'),
        workspaceRoot: join(folder, 'docs'),
      });
      assert.deepEqual(problems, ['file-outside "\\"./out/x.pdf\\""']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('unmappable characters, each at its place, with ways out', async () => {
    const made = draft(
      [
        ['From', 'a@b.example'],
        ['Content-Type', 'text/plain; charset=iso-2022-jp'],
      ],
      'カタカナ ｶﾞ 한\n',
    );
    const { problems, raw, message } = await build(made);
    assert.deepEqual(problems, ['unmappable-character "ｶ"', 'unmappable-character "ﾞ"', 'unmappable-character "한"']);
    assert.deepEqual(
      raw.map(({ fixes }) =>
        fixes?.map(({ title, edits }) => [
          title,
          ...edits.map(({ range, text }) => `${made.documentText.slice(range.start, range.end)} -> ${text}`),
        ]),
      ),
      [
        [
          ['Change to ガ', 'ｶﾞ -> ガ'],
          ['Send this text as UTF-8', 'iso-2022-jp -> utf-8'],
        ],
        [
          ['Change to ゛', 'ﾞ -> ゛'],
          ['Send this text as UTF-8', 'iso-2022-jp -> utf-8'],
        ],
        [['Send this text as UTF-8', 'iso-2022-jp -> utf-8']],
      ],
    );
    assert.doesNotMatch(Buffer.from(message.whole!).toString(), /\?\r\n/);
  });

  it('unmappable characters behind an escape and in another piece of a text', async () => {
    const made = draft(
      [
        ['From', 'a@b.example'],
        ['Content-Type', 'text/plain; charset=us-ascii'],
      ],
      '<#attach é\n',
      inline('./a.png'),
      'ü\n',
    );
    const { problems } = await build(made, memoryFiles({ '/docs/a.png': '' }));
    assert.deepEqual(problems, ['unmappable-character "é"', 'unmappable-character "ü"']);
  });

  it('attached messages: as they are, or as octets where they can not', async () => {
    const files = memoryFiles({
      '/docs/8bit.eml': 'Subject: x\r\n\r\né',
      '/docs/long.eml': `Subject: x\r\n\r\n${'x'.repeat(999)}`,
      '/docs/nul.eml': 'Subject: x\r\n\r\n\0',
      '/docs/none.eml': 'no header at all',
      '/docs/fine.eml': 'Subject: x\n\nline\rend',
    });
    const made = draft(
      [['From', 'a@b.example']],
      ...['8bit', 'long', 'nul', 'none', 'fine'].map((name) => attach(`./${name}.eml`)),
    );
    const { message, raw } = await build(made, files);
    assert.deepEqual(
      raw.map((problem) => problem.code === 'message-as-octets' && [problem.severity, problem.path, problem.reason]),
      [
        ['warning', './8bit.eml', '8bit'],
        ['warning', './long.eml', 'long-line'],
        ['warning', './nul.eml', 'nul'],
        ['warning', './none.eml', 'no-header'],
      ],
    );
    assert.deepEqual(
      message.root.children.map(({ mediaType, encoding }) => `${mediaType} ${encoding}`),
      [...Array.from({ length: 4 }, () => 'application/octet-stream base64'), 'message/rfc822 7bit'],
    );
    const fine = message.root.children[4]!;
    assert.equal(
      Buffer.from(message.whole!).toString('latin1', fine.bodyStart, fine.bodyEnd),
      'Subject: x\r\n\r\nline\r\nend',
    );
  });

  it('@encoding: 8bit and binary', async () => {
    const files = memoryFiles({
      '/docs/8bit.eml': 'Subject: x\r\n\r\né\r\n',
      '/docs/a.bin': Buffer.from([0, 10, 255]),
    });
    const made = (encoding: string) =>
      draft(
        [
          ['From', 'a@b.example'],
          ['@encoding', encoding],
        ],
        'é\n',
        attach('./8bit.eml'),
        attach('./a.bin'),
      );
    const shown = async (encoding: string) => {
      const { message, problems } = await build(made(encoding), files);
      assert.deepEqual(problems, []);
      return [message.transparency, message.root.encoding, ...message.root.children.map((child) => child.encoding)];
    };
    assert.deepEqual(await shown('8bit'), ['8bit', '8bit', '8bit', '8bit', 'base64']);
    assert.deepEqual(await shown('binary'), ['binary', 'binary', '8bit', '8bit', 'binary']);
  });

  it('an address that only SMTPUTF8 can carry', async () => {
    const { message } = await build(draft([['From', 'jörg@b.example']], 'Hi\n'));
    assert.equal(message.utf8Header, true);
    assert.equal(message.size, message.whole!.length);
    assert.match(Buffer.from(message.whole!).toString(), /^From: jörg@b\.example\r\n/);
  });

  const calendar = (method: string): string =>
    `BEGIN:VCALENDAR\r\nVERSION:2.0\r\n${method}BEGIN:VEVENT\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`;
  const invitations: readonly (readonly [string, string | undefined, string, ...string[]])[] = [
    ['METHOD:REQUEST\r\n', 'request', 'REQUEST'],
    ['METHOD:REQ\r\n UEST\r\n', undefined, 'REQUEST'],
    ['METHOD:REQUEST\r\n', 'CANCEL', 'CANCEL', 'calendar-method "\\"CANCEL\\""'],
    ['', 'REQUEST', 'REQUEST', 'calendar-method "\\"REQUEST\\""'],
  ];
  for (const [line, method, written, ...problems] of invitations)
    it(`an invitation with ${JSON.stringify(line)} and method=${method}`, async () => {
      const files = memoryFiles({ '/docs/i.ics': calendar(line) });
      const made = draft(
        [['From', 'a@b.example']],
        part({ type: 'text/calendar', src: './i.ics', ...(method ? { method } : {}) }),
      );
      const built = await build(made, files);
      assert.deepEqual(built.problems, problems);
      assert.match(
        Buffer.from(built.message.whole!).toString(),
        new RegExp(`Content-Type: text/calendar; charset=utf-8; method=${written}\r\n`),
      );
    });

  it('labels of attached texts', async () => {
    const files = memoryFiles({
      '/docs/utf8.txt': 'é',
      '/docs/latin.txt': Buffer.from([0xe9]),
      '/docs/ascii.txt': 'e',
    });
    const made = draft(
      [['From', 'a@b.example']],
      attach('./utf8.txt'),
      attach('./latin.txt'),
      attach('./ascii.txt'),
      attach('./latin.txt', { charset: 'utf-8' }),
    );
    const { message, problems } = await build(made, files);
    assert.deepEqual(
      message.root.children.map(({ charset }) => charset),
      ['utf-8', undefined, undefined, 'utf-8'],
    );
    assert.deepEqual(problems, ['charset-label "\\"utf-8\\""']);
  });

  it('the text of a file, transcoded, its byte order mark off, rendered where that is asked for', async () => {
    const files = memoryFiles({ '/docs/page.html': '\ufeff<p>{{x}} é\n' });
    const made = draft(
      [['From', 'a@b.example']],
      part({ type: 'text/html', charset: 'iso-8859-1', src: './page.html' }),
    );
    const { message } = await build(made, files, { renderFile: (text, context) => text.replace('{{x}}', context) });
    assert.equal(Buffer.from(message.whole!).toString('latin1', message.root.bodyStart), '<p>html =E9\r\n');
  });

  it('nested multiparts with a boundary each', async () => {
    const made = draft(
      [['From', 'a@b.example']],
      'Hi\n',
      multipart(
        { type: 'multipart/parallel' },
        'a\n',
        multipart({ type: 'multipart/digest' }, part({ type: 'message/rfc822' }, 'Subject: x\n\ny\n')),
      ),
    );
    const tree = outline((await build(made)).message.whole!);
    assert.equal(tree.children[1]!.children[1]!.children[0]!.children[0]!.subject, 'x');
  });
});

describe('a message with a large file', () => {
  const withFolder = async (run: (folder: string) => Promise<void>): Promise<void> => {
    const folder = await mkdtemp(join(tmpdir(), 'mailbench-'));
    try {
      await run(folder);
    } finally {
      await rm(folder, { recursive: true });
    }
  };
  const large = draft([['From', 'a@b.example']], 'Hi\n', attach('./big.bin', { type: 'a/b' }));
  const at = (folder: string): Partial<BuildOptions> => ({
    documentPath: join(folder, 'm.eml'),
    workspaceRoot: folder,
  });

  it('has the size that was said before, and the same octets each time', () =>
    withFolder(async (folder) => {
      const content = Buffer.alloc(3_000_001, 'abcdefg');
      await writeFile(join(folder, 'big.bin'), content);
      const { message } = await build(large, nodeFiles, at(folder));
      assert.equal(message.whole, undefined);
      const once = await readAll(message.read());
      assert.equal(once.length, message.size);
      assert.deepEqual(await readAll(message.read()), once);
      const body = message.root.children[1]!;
      assert.deepEqual(Buffer.from(once.toString('latin1', body.bodyStart, body.bodyEnd), 'base64'), content);
    }));

  for (const [what, change] of [
    ['shorter', (path: string) => truncate(path, 2_999_999)],
    ['longer', (path: string) => writeFile(path, Buffer.alloc(3_000_002))],
    ['gone', (path: string) => rm(path)],
  ] as const)
    it(`does not end if the file is ${what} by then`, () =>
      withFolder(async (folder) => {
        const path = join(folder, 'big.bin');
        await writeFile(path, Buffer.alloc(3_000_000));
        const { message } = await build(large, nodeFiles, at(folder));
        await change(path);
        await assert.rejects(readAll(message.read()), isSourceFailure);
      }));

  it('does not end if the file changes while it is read, its length kept', async () => {
    let modified = 1;
    const octets = Buffer.alloc(3_000_000);
    const files: FileAccess = {
      stat: async (path) => ({
        size: path.endsWith('.bin') ? octets.length : 0,
        modified,
        kind: path.endsWith('.bin') ? 'file' : 'directory',
      }),
      realpath: async (path) => path,
      read: async () => octets,
      async *stream() {
        yield octets.subarray(0, 1_000_000);
        modified = 2;
        yield octets.subarray(1_000_000);
      },
    };
    const { message } = await build(large, files);
    const read: Uint8Array[] = [];
    await assert.rejects(async () => {
      for await (const chunk of message.read()) read.push(chunk);
    }, isSourceFailure);
    assert.ok(Buffer.concat(read).length < message.size);
  });

  it('is read no faster than it is taken, and stops when it is told to', async () => {
    let asked = 0;
    const files: FileAccess = {
      stat: async (path) => ({
        size: path.endsWith('.bin') ? 57_000_000 : 0,
        modified: 0,
        kind: path.endsWith('.bin') ? 'file' : 'directory',
      }),
      realpath: async (path) => path,
      read: async () => Buffer.alloc(0),
      async *stream() {
        for (; asked < 1000; asked++) yield Buffer.alloc(57_000);
      },
    };
    const { message } = await build(large, files);
    const abort = new AbortController();
    let taken = 0;
    await assert.rejects(
      async () => {
        for await (const _ of message.read(abort.signal)) if (++taken === 5) abort.abort();
      },
      { name: 'AbortError' },
    );
    assert.ok(asked <= taken + 2, `${asked} chunks were read for ${taken}`);
  });
});
