import assert from 'node:assert/strict';
import { chmod, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, describe, it } from 'mocha';
import type { ConnectOptions } from '../../src/smtp/options.ts';
import { failureOf, optionsFor } from '../support/smtp-connect.ts';
import { messageOf } from '../support/smtp-message.ts';
import { nastyBody, newMark, textOf, withClient } from './harness/exchange.ts';
import { freePorts, newFolder, removeFolder, unpacked } from './harness/places.ts';
import { Program, pause } from './harness/program.ts';

/** Postfix's smtp-sink: a server that can be told to misbehave. */
describe('smtp-sink', () => {
  let folder: string;
  let sink: Program | undefined;
  const envelope = { sender: 'ann@a.example', recipients: ['bob@b.example', 'eve@b.example'] };

  before(async () => {
    folder = await newFolder();
    await chmod(folder, 0o777);
  });
  after(() => removeFolder(folder));
  afterEach(async () => {
    await sink?.end();
    sink = undefined;
  });

  async function start(...args: string[]): Promise<ConnectOptions> {
    const { port } = await freePorts('port');
    const postfix = unpacked('postfix');
    sink = new Program('smtp-sink', {
      command: join(postfix, 'usr/sbin/smtp-sink'),
      args: [...(process.getuid?.() === 0 ? ['-u', 'postfix'] : []), ...args, `127.0.0.1:${port}`, '100'],
      env: { LD_LIBRARY_PATH: join(postfix, 'usr/lib/postfix') },
    });
    await sink.ready({ ports: [port] });
    return optionsFor(port);
  }

  async function dumped(mark: string, file: string): Promise<string> {
    for (;;) {
      const text = await readFile(file, 'latin1').catch(() => '');
      if (text.includes(mark) && text.endsWith('\n\n')) return text;
      await pause(20);
    }
  }

  it('takes a message, octet for octet', async () => {
    const file = join(folder, 'dump');
    const options = await start('-D', file);
    const mark = newMark();
    const text = textOf(mark, nastyBody);
    const delivery = await withClient(options, (client) => client.send(envelope, messageOf(text)));
    assert.equal(delivery.outcome, 'accepted');
    const [, after = ''] = (await dumped(mark, file)).split(/^Received: .*\n(?:\t.*\n)*/m);
    assert.equal(after, `${text.replaceAll('\r\n', '\n')}\n`);
  });

  it('takes hundreds of messages in one session', async () => {
    const options = await start();
    await withClient(options, async (client) => {
      const sent = await Promise.all(
        Array.from({ length: 500 }, () => client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')))),
      );
      assert.equal(
        sent.every(({ outcome }) => outcome === 'accepted'),
        true,
      );
    });
  });

  it('takes mail without ESMTP, without pipelining, and as LMTP', async () => {
    for (const [args, more] of [
      [['-e'], {}],
      [['-p'], {}],
      [['-8'], {}],
      [['-L'], { protocol: 'lmtp' }],
    ] as const) {
      const options = await start(...args);
      await withClient({ ...options, ...more }, async (client) => {
        for (let turn = 0; turn < 3; turn++) {
          const delivery = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')));
          assert.equal(delivery.outcome, 'accepted', args[0]);
          assert.equal(delivery.recipients.length, 2);
        }
      });
      await sink?.end();
    }
  });

  for (const [how, flag, code] of [
    ['hard', '-f', '5'],
    ['soft', '-r', '4'],
  ] as const) {
    for (const command of ['mail', 'rcpt', 'data', '.'] as const) {
      it(`refuses ${command === '.' ? 'the text' : command.toUpperCase()} (${how})`, async () => {
        const options = await start(flag, command);
        await withClient(options, async (client) => {
          for (let turn = 0; turn < 2; turn++) {
            const delivery = await client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')));
            assert.equal(delivery.outcome, 'refused');
            assert.equal(String(delivery.failure?.code)[0], code);
            assert.equal(delivery.failure?.retryable, how === 'soft');
            assert.deepEqual([...new Set(delivery.recipients.map(({ status }) => status))], ['refused']);
          }
          assert.equal(client.usable, true);
        });
      });
    }
  }

  for (const command of ['mail', 'rcpt', 'data', '.'] as const) {
    it(`hangs up at ${command === '.' ? 'the end of the text' : command.toUpperCase()}`, async () => {
      const options = await start('-q', command);
      const failure = await withClient(options, (client) =>
        failureOf(client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')))),
      );
      assert.equal(failure.reason, command === '.' ? 'fate-unknown' : 'closed');
      assert.equal(failure.sessionSurvives, false);
    });
  }

  it('is given up on where it takes too long', async () => {
    const options = await start('-W', '.:5');
    const failure = await withClient({ ...options, timeouts: { final: 100 } }, (client) =>
      failureOf(client.send(envelope, messageOf(textOf(newMark(), 'x\r\n')))),
    );
    assert.equal(failure.step, 'data');
    assert.ok(['timeout', 'fate-unknown'].includes(failure.reason), failure.reason);
  });
});
