import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { createHash } from 'node:crypto';
import { afterEach, describe, it } from 'mocha';
import type { FileAccess } from '../../../src/base/ports.ts';
import type { MessageRecord, ReceivedMessage } from '../../../src/capture/message.ts';
import { type CaptureServer, startCapture } from '../../../src/capture/server.ts';
import { compose } from '../../../src/send/compose.ts';
import type { ComposeInput, ComposePorts } from '../../../src/send/composed.ts';
import { deliver } from '../../../src/send/deliver.ts';
import type { Outcome } from '../../../src/send/outcome.ts';
import { parseServer } from '../../../src/send/server-settings.ts';
import { kinds, pem, verify } from '../../support/dkim.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { portsOf } from './support/fixed.ts';
import { scriptedServer } from './support/scripted-server.ts';

const sha = (octets: Uint8Array): string => createHash('sha256').update(octets).digest('hex');

/** From a document, through our client and our server over a socket, to what is kept. */
describe('what arrives is what was built', () => {
  let server: CaptureServer | undefined;
  const received: ReceivedMessage[] = [];
  afterEach(async () => {
    await server?.close();
    server = undefined;
    received.length = 0;
  });

  async function send(
    input: Partial<ComposeInput> & { readonly text: string },
    ports: Partial<ComposePorts> = {},
    settings: Record<string, unknown> = {},
  ): Promise<Outcome> {
    server = await startCapture({
      host: '127.0.0.1',
      port: 0,
      store: {
        add: async (message) => {
          received.push(message);
          return { id: '1', received: 0, size: message.size, summary: {} } satisfies MessageRecord;
        },
      },
    });
    const { server: target } = parseServer('here', { host: `127.0.0.1:${server.port}`, security: 'none', ...settings });
    const all = { files: memoryFiles({}), clock: fixedClock, ...ports };
    const composed = await compose({ path: '/w/m.eml', workspaceRoot: '/w', seed: 'seed', ...input }, all);
    return deliver(composed, target!, portsOf());
  }

  const arrived = (): Buffer => Buffer.concat(received[0]?.pieces ?? []);

  const head = 'From: a@b.example\r\nTo: c@d.example\r\nMIME-Version: 1.0\r\n';
  const finished: [string, Buffer][] = [
    ['8-bit octets, dots and mbox lines', Buffer.from(`${head}\r\n.\r\n..\r\nFrom x\r\n\xe9\xff \r\n.`, 'latin1')],
    ['bare LF', Buffer.from(`${head.replaceAll('\r', '')}\nx\n.\ny\n`)],
    ['no final line end', Buffer.from(`${head}\r\nx`)],
    ['a megabyte', Buffer.from(`${head}\r\n${'A line of text.\r\n.\r\n'.repeat(50_000)}`)],
  ];
  for (const [what, disk] of finished)
    it(`a finished message: ${what}`, async () => {
      const outcome = await send({ text: disk.toString(), disk, edited: false });
      assert.equal(outcome.kind, 'delivered');
      const text = disk
        .toString('latin1')
        .replace(/\r?\n/g, '\r\n')
        .replace(/(?<!\n)$/, '\r\n');
      assert.equal(sha(arrived()), sha(Buffer.from(text, 'latin1')));
    });

  for (const [what, body] of [
    ['NUL', 'a\0b\r\n'],
    ['a line of ten megabytes', `${'x'.repeat(10_000_000)}\r\n`],
  ] as const)
    it(`a finished message with ${what} is refused before anything is said`, async () => {
      const disk = Buffer.from(`${head}\r\n${body}`);
      const outcome = await send({ text: disk.toString(), disk, edited: false });
      assert.equal(outcome.kind, 'refused');
      assert.equal(received.length, 0);
    });

  it('a signature still verifies, of a message made here and of one sent again as it stands', async () => {
    const { privateKey, record } = kinds['rsa-sha256'];
    const text =
      '@dkim: sel@b.example\nFrom: Zoë <a@b.example>\nTo: c@d.example\nSubject: Grüße\n\nDear  all, \n.\nFrom here\n\n\n';
    const dkimKeys = { key: async () => pem(privateKey) };
    assert.equal((await send({ text }, { dkimKeys })).kind, 'delivered');
    const once = arrived();
    assert.deepEqual(await verify(once, record), ['pass rsa-sha256']);
    await server?.close();
    received.length = 0;
    assert.equal((await send({ text: once.toString(), disk: once, edited: false })).kind, 'delivered');
    assert.equal(sha(arrived()), sha(once));
    assert.deepEqual(await verify(arrived(), record), ['pass rsa-sha256']);
  });

  const attaching = 'From: a@b.example\nTo: c@d.example\nSubject: s\n\n.\n.x\n\n<#attach ./big.bin>\n';
  const content = Buffer.alloc(3_000_001, 'some octets\n.\r\n');

  it('SIZE says its octets, dots not stuffed and the final dot apart (RFC 1870 section 5)', async () => {
    const outcome = await send({ text: attaching }, { files: memoryFiles({ '/w/big.bin': content }) });
    assert.ok('transcript' in outcome);
    const size = Number(/SIZE=(\d+)/.exec(outcome.transcript.find((line) => line.includes('MAIL FROM')) ?? '')?.[1]);
    assert.equal(size, arrived().length);
    assert.equal(size, received[0]?.size);
  });

  const needs: [string, string, Record<string, Uint8Array>, string][] = [
    ['8-bit', '@encoding: 8bit\nFrom: a@b.example\nTo: c@d.example\nSubject: s\n\né\n', {}, 'needs-8bitmime'],
    [
      'binary',
      '@encoding: binary\nFrom: a@b.example\nTo: c@d.example\nSubject: s\n\n<#attach ./a.bin>\n',
      { '/w/a.bin': Buffer.from([0, 10, 255]) },
      'needs-binarymime',
    ],
    ['a recipient beyond ASCII', 'From: a@b.example\nTo: ü@d.example\nSubject: s\n\nx\n', {}, 'needs-smtputf8'],
  ];
  for (const [what, text, files, reason] of needs)
    it(`${what} is refused before MAIL where the server has no word for it`, async () => {
      const plain = await scriptedServer('220 old', [
        [/^EHLO/, '250 old'],
        [/^QUIT/, '221 bye'],
      ]);
      try {
        const composed = await compose(
          { path: '/w/m.eml', workspaceRoot: '/w', seed: 'seed', text },
          { files: memoryFiles(files), clock: fixedClock },
        );
        const { server: target } = parseServer('here', { host: `127.0.0.1:${plain.port}`, security: 'none' });
        const outcome = await deliver(composed, target!, portsOf());
        assert.ok(outcome.kind === 'failed');
        assert.equal(outcome.failure.reason, reason);
        assert.deepEqual(plain.received, ['EHLO [127.0.0.1]', 'QUIT']);
      } finally {
        await plain.close();
      }
    });

  it('nothing, where a file changes while it is read', async () => {
    let modified = 1;
    const files = memoryFiles({ '/w/big.bin': content });
    const changing: FileAccess = {
      ...files,
      stat: async (path) => ({ ...(await files.stat(path)), modified: path.endsWith('.bin') ? modified : 0 }),
      async *stream(path) {
        for await (const chunk of files.stream(path)) {
          yield chunk;
          modified = 2;
        }
      },
    };
    for (const pipelining of [true, false]) {
      modified = 1;
      const outcome = await send({ text: attaching }, { files: changing }, { pipelining });
      assert.ok(outcome.kind === 'failed');
      assert.equal(outcome.failure.reason, 'source-failed');
      assert.equal(outcome.transcript.at(-2), '<-  354 Go on; a line that holds only a dot ends it');
      assert.match(outcome.transcript.at(-1) ?? '', /big\.bin: changed while it was read\. It was not delivered/);
      await server?.close();
      assert.equal(received.length, 0);
    }
  });
});
