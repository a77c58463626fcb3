import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'mocha';
import { run, start } from './support/run.ts';
import { withWorkspace } from './support/workspace.ts';

const mail = (...links: string[]) =>
  `From: a@b.example\nTo: c@d.example\nSubject: s\n\nWords and ${links.join(' ')}\n<#part type=text/html>\n${links
    .map((url) => `<p><a href="${url}">Words</a></p>\n`)
    .join('')}<#/part>\n`;
interface SarifResult {
  ruleId: string;
  level: string;
  locations: { physicalLocation: { region: { startLine: number } } }[];
}

const only = ['support', 'images', 'accessibility', 'spam', 'text', 'placeholders', 'weight'].flatMap((name) => [
  '--skip',
  name,
]);

/** A web of our own: a status for each address, and what was asked for. */
function web(answers: Readonly<Record<string, number>>) {
  const asked: string[] = [];
  const fetch = (async (url: string, { method }: RequestInit) => {
    asked.push(`${method} ${url}`);
    return new Response(null, { status: answers[url] ?? 200 });
  }) as typeof globalThis.fetch;
  return { fetch, asked };
}

describe('cli check --all', () => {
  it('goes by the severities of the project and by what a document silences', async () => {
    const text = mail('http://a.example/', '#none').replace(
      '<p><a href="#none"',
      '<#-- mailbench-ignore link-anchor-missing -->\n<p><a href="#none"',
    );
    const check = ['check', 'a.eml', '--all', ...only];
    await withWorkspace({ 'a.eml': text }, async (cwd) => {
      const { code, stdout } = await run(check, { cwd });
      assert.deepEqual(
        [code, stdout.toString().replace(/: This.*/, '')],
        [0, 'a.eml:7:7: information link-insecure\n'],
      );
      assert.equal((await run([...check, '--strict'], { cwd })).code, 0);
    });
    const settings = JSON.stringify({ 'mailbench.check.severity': { 'link-insecure': 'error' } });
    await withWorkspace({ 'a.eml': text, '.vscode/settings.json': settings }, async (cwd) => {
      const { code, stdout } = await run(check, { cwd });
      assert.deepEqual([code, stdout.toString().replace(/: This.*/, '')], [1, 'a.eml:7:7: error link-insecure\n']);
    });
  });
});

describe('cli check --all, of HTML that the document does not hold as it is sent', () => {
  const head = 'From: a@a.example\nTo: b@b.example\nSubject: s\n';
  const html = '<p>Words</p>\n<a href="http://a.example/">Words</a>\n';
  const packed = Buffer.from(html).toString('base64');
  const at = packed.indexOf(
    Buffer.from(html.slice(html.indexOf('ref=')))
      .toString('base64')
      .slice(4, 12),
  );
  const cases: readonly (readonly [what: string, text: string, ...found: string[]])[] = [
    [
      'base64',
      `${head}MIME-Version: 1.0\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n${packed.slice(0, 40)}\n${packed.slice(40)}\n`,
      at < 40 ? '8:22: information link-insecure' : '9:5: information link-insecure',
    ],
    ['a file', `${head}\nWords\n<#part src=a.html>\n`, '6:1: information link-insecure (HTML, line 2, column 4)'],
    [
      'Markdown',
      `${head}Content-Type: text/markdown\n\nWords\n\n[Words](http://a.example/)\n`,
      '8:9: information link-insecure',
    ],
    [
      'MJML',
      `${head}\nWords\n<#part type=text/mjml>\n<mjml><mj-body><mj-section><mj-column>\n<mj-button href="http://a.example/">Words</mj-button>\n</mj-column></mj-section></mj-body></mjml>\n<#/part>\n`,
      '8:12: information link-insecure',
    ],
  ];
  for (const [what, text, ...wanted] of cases)
    it(`has a line for what is found in ${what}, in words, in JSON and in SARIF`, async () => {
      await withWorkspace({ 'a.eml': text, 'a.html': html }, async (cwd) => {
        const check = ['check', 'a.eml', '--all', ...only];
        const { stdout } = await run(check, { cwd });
        const lines = stdout
          .toString()
          .replace(/^a\.eml:/gm, '')
          .trimEnd()
          .split('\n');
        assert.deepEqual(
          lines.map((line) => line.replace(/: (?!information).*?( \(HTML.*)?$/, '$1')),
          wanted,
        );
        const json = JSON.parse((await run([...check, '--format', 'json'], { cwd })).stdout.toString());
        const sarif = JSON.parse((await run([...check, '--format', 'sarif'], { cwd })).stdout.toString());
        const [line, column] = wanted[0]!.split(':').map(Number);
        assert.deepEqual([json[0].line, json[0].column], [line, column]);
        const { region } = sarif.runs[0].results[0].locations[0].physicalLocation;
        assert.deepEqual([region.startLine, region.startColumn], [line, column]);
      });
    });
});

describe('cli check --all, of HTML that a program wrote', () => {
  const head = 'From: a@a.example\nTo: b@b.example\nSubject: s\n';
  const codesOf = async (text: string): Promise<readonly string[]> => {
    let codes: readonly string[] = [];
    await withWorkspace({ 'a.eml': text }, async (cwd) => {
      const { stdout } = await run(['check', 'a.eml', '--all', '--format', 'json'], { cwd });
      codes = [...new Set((JSON.parse(stdout.toString()) as { code: string }[]).map(({ code }) => code))].sort();
    });
    return codes;
  };

  it('tells of MJML what its author can change, and what the author wrote', async () => {
    const mjml = (style: string) =>
      `${head}\nWords\n<#part type=text/mjml>\n<mjml lang="en"><mj-head><mj-title>T</mj-title>${style}</mj-head><mj-body><mj-section><mj-column>\n<mj-text>Words</mj-text>\n</mj-column></mj-section></mj-body></mjml>\n<#/part>\n`;
    assert.deepEqual(await codesOf(mjml('')), []);
    assert.deepEqual(await codesOf(mjml('<mj-style>p { backdrop-filter: blur(1px) }</mj-style>')), ['client-support']);
  });

  it('minds neither head nor body of the page that Markdown comes in', async () => {
    assert.deepEqual(await codesOf(`${head}Content-Type: text/markdown\n\nWords of a letter\n`), []);
  });
});

describe('cli check --all, where the document says it too', () => {
  const head = 'From: a@a.example\nTo: b@b.example\nSubject: s\n';
  const cases: readonly (readonly [what: string, text: string, ...codes: string[]])[] = [
    ['HTML alone', `${head}Content-Type: text/html\n\n<p>Hi</p>\n`, 'text-alternative-missing'],
    ['HTML alone, of which the document can’t tell', `${head}\n<#part src=a.html>\n`, 'text-missing'],
    [
      'HTML alone, where that is silenced',
      `${head}# mailbench-ignore text-alternative-missing\nContent-Type: text/html\n\n<p>Hi</p>\n`,
    ],
    [
      'a cid that no part has',
      `${head}\nHi\n<#part type=text/html>\n<p>Hi<img src="cid:gone" alt="x" width="1"></p>\n<#/part>\n`,
      'dangling-cid',
    ],
    [
      'expressions without data',
      `${head}\nHi {{name}}, {{greeting}}\n<#part type=text/html>\n<p>Hi {{name}}, *|NAME|*</p>\n<#/part>\n`,
      // One for each text.
      'template-without-data',
      'template-without-data',
      'placeholder',
    ],
    ['a finished message', `${head}MIME-Version: 1.0\nContent-Type: text/html\n\n<p>Hi</p>\n`, 'text-missing'],
  ];
  for (const [what, text, ...codes] of cases)
    it(`says it once: ${what}`, () =>
      withWorkspace({ 'a.eml': text, 'a.html': '<p>Hi</p>' }, async (cwd) => {
        const skipped = ['--skip', 'accessibility', '--skip', 'support', '--skip', 'spam', '--format', 'json'];
        const { stdout } = await run(['check', 'a.eml', '--all', ...skipped], { cwd });
        const found = JSON.parse(stdout.toString()) as { code: string }[];
        assert.deepEqual(
          found.map(({ code }) => code).filter((code) => !/^(?:date|message-id)/.test(code)),
          codes,
        );
      }));
});

describe('cli check --all --reach', () => {
  it('tells of links that are gone at their places, as text, JSON and SARIF', async () => {
    const { fetch, asked } = web({ 'https://gone.example/x': 410, 'https://b.example/': 503 });
    const text = mail('https://shop.example/', 'https://gone.example/x', 'https://b.example/');
    await withWorkspace({ 'a.eml': text }, async (cwd) => {
      const check = ['check', 'a.eml', '--all', '--reach', ...only];
      const plain = await run(check, { cwd, fetch });
      assert.deepEqual(
        [plain.code, plain.stdout.toString(), plain.stderr],
        [
          0,
          'a.eml:8:7: warning link-status: "https://gone.example/x" answers 410: there is no such page.\n' +
            'a.eml:9:7: warning link-status: "https://b.example/" answers 503.\n',
          '',
        ],
      );
      assert.deepEqual(asked, ['HEAD https://shop.example/', 'HEAD https://gone.example/x', 'HEAD https://b.example/']);
      assert.equal((await run([...check, '--strict'], { cwd, fetch })).code, 1);
      asked.length = 0;
      const json = JSON.parse((await run([...check, '--format', 'json'], { cwd, fetch })).stdout.toString());
      assert.deepEqual(
        json.map(({ line, column, code }: Record<string, unknown>) => [line, column, code]),
        [
          [8, 7, 'link-status'],
          [9, 7, 'link-status'],
        ],
      );
      const sarif = JSON.parse((await run([...check, '--format', 'sarif'], { cwd, fetch })).stdout.toString());
      assert.deepEqual(
        sarif.runs[0].results.map(({ ruleId, level, locations }: SarifResult) => [
          ruleId,
          level,
          locations[0]!.physicalLocation.region.startLine,
        ]),
        [
          ['link-status', 'warning', 8],
          ['link-status', 'warning', 9],
        ],
      );
    });
  });

  it('asks for nothing unless it is told to, and for each address once in all its documents', async () => {
    const { fetch, asked } = web({});
    await withWorkspace({ 'a.eml': mail('https://a.example/'), 'b.eml': mail('https://a.example/') }, async (cwd) => {
      assert.equal((await run(['check', 'a.eml', '--all', ...only], { cwd, fetch })).code, 0);
      assert.deepEqual(asked, []);
      const { code, stdout } = await run(['check', 'a.eml', 'b.eml', '--all', '--reach', ...only], { cwd, fetch });
      assert.deepEqual([code, stdout.toString()], [0, '']);
      assert.deepEqual(asked, ['HEAD https://a.example/']);
    });
  });

  it('says what goes with what', async () => {
    await withWorkspace({ 'a.eml': mail() }, async (cwd) => {
      const alone = await run(['check', 'a.eml', '--reach'], { cwd });
      assert.deepEqual([alone.code, alone.stderr.split('\n')[0]], [2, 'mailbench check: --reach needs --all']);
      const neither = await run(['check', 'a.eml', '--all', '--reach', '--skip', 'links'], { cwd });
      assert.deepEqual(
        [neither.code, neither.stderr.split('\n')[0]],
        [2, 'mailbench check: --reach and --skip links exclude each other'],
      );
    });
  });

  it('stops at once where it is cancelled while a server lets it wait', async () => {
    const controller = new AbortController();
    const fetch = ((_url: string, { signal }: RequestInit) =>
      new Promise((_resolve, reject) => {
        signal!.addEventListener('abort', () => reject(signal!.reason));
        setImmediate(() => controller.abort());
      })) as typeof globalThis.fetch;
    await withWorkspace({ 'a.eml': mail('https://slow.example/', 'https://b.example/') }, async (cwd) => {
      const { signal } = controller;
      const { code, stdout, stderr } = await run(['check', 'a.eml', '--all', '--reach', ...only], {
        cwd,
        fetch,
        signal,
      });
      assert.deepEqual([code, stdout.toString(), stderr], [130, '', 'mailbench: cancelled\n']);
    });
  });

  it('asks over the network, as a program of its own, through a proxy, and obeys Ctrl+C', async () => {
    // A proxy is the way to answer for a public name without the internet.
    let waiting: (() => void) | undefined;
    const arrived = new Promise<void>((resolve) => {
      waiting = resolve;
    });
    const proxy = createServer();
    proxy.on('connect', (_request, socket) => {
      socket.on('error', () => {});
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      socket.on('data', (data: Buffer) => {
        const target = /^(?:HEAD|GET) (\S+)/.exec(data.toString('latin1'))?.[1];
        if (target === '/slow') waiting!();
        else socket.write('HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n');
      });
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    try {
      const env = {
        NODE_USE_ENV_PROXY: '1',
        HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
      };
      await withWorkspace(
        { 'a.eml': mail('http://gone.example/x'), 'b.eml': mail('http://slow.example/slow') },
        async (cwd) => {
          const told = await start(['check', 'a.eml', '--all', '--reach', '--strict', ...only], { cwd, env }).ended;
          assert.match(
            told.stdout.toString(),
            /^a\.eml:7:7: warning link-status: "http:\/\/gone\.example\/x" answers 410/m,
          );
          assert.deepEqual([told.code, told.stderr], [1, '']);
          const cancelled = start(['check', 'b.eml', '--all', '--reach', ...only], { cwd, env });
          await arrived;
          cancelled.child.kill('SIGINT');
          const { code, stderr } = await cancelled.ended;
          assert.deepEqual([code, stderr], [130, 'mailbench: cancelled\n']);
        },
      );
    } finally {
      proxy.closeAllConnections();
      proxy.close();
    }
  });
});
