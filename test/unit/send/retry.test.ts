import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { deliver } from '../../../src/send/deliver.ts';
import { outcomeSentence } from '../../../src/send/sentences/outcome.ts';
import { lineServer } from '../../support/smtp-line-server.ts';
import { composedOf } from './support/composed.ts';
import { portsOf } from './support/fixed.ts';
import { serverOf } from './support/send-to.ts';

/** A server that puts off `cy` so many times, and keeps whom it was asked to take. */
async function greylisting(times: number) {
  const asked: string[] = [];
  let left = times;
  let inText = false;
  const server = await lineServer('220 x', (line) => {
    if (inText) {
      inText = line !== '.';
      return inText ? undefined : '250 Taken';
    }
    if (line.startsWith('RCPT')) {
      asked.push(line);
      return /<cy@/.test(line) && left-- > 0 ? '450 4.7.1 Greylisted' : '250 Ok';
    }
    inText = line === 'DATA';
    return inText ? '354 Go' : line === 'QUIT' ? '221 Bye' : '250 Ok';
  });
  return { ...server, asked };
}

describe('send/retry', () => {
  const recipients = ['bob@b.example', 'cy@b.example'];

  it('sends again, later, to those who were refused for now', async () => {
    const server = await greylisting(2);
    try {
      const waits: number[] = [];
      const settings = { host: `127.0.0.1:${server.port}`, security: 'none', retry: { attempts: 4, delay: 2 } };
      const wait = async (milliseconds: number) => waits.push(milliseconds) > 0;
      const outcome = await deliver(composedOf({ recipients }), serverOf(settings), portsOf({ wait }));
      assert.equal(outcome.kind, 'delivered');
      assert.deepEqual(waits, [2000, 4000]);
      assert.deepEqual(server.asked, [
        'RCPT TO:<bob@b.example>',
        'RCPT TO:<cy@b.example>',
        'RCPT TO:<cy@b.example>',
        'RCPT TO:<cy@b.example>',
      ]);
      assert.deepEqual(
        outcome.transcript.filter((line) => /refused for now|recipients? accepted|\*\*\*/.test(line)),
        [
          '=== +0 ms  1 recipient refused for now: trying again in 2 seconds',
          '=== +0 ms  1 recipient refused for now: trying again in 4 seconds',
          '=== 2 of 2 recipients accepted; 0 ms, 15 round trips',
        ],
      );
    } finally {
      await server.close();
    }
  });

  it('does so only where the server’s settings say so, and never in a check', async () => {
    const server = await greylisting(1);
    try {
      const wait = () => assert.fail('it waited');
      const plain = { host: `127.0.0.1:${server.port}`, security: 'none' };
      const outcome = await deliver(composedOf({ recipients }), serverOf(plain), portsOf({ wait }));
      assert.match(
        outcomeSentence(outcome),
        /for 1 of 2 recipients only\. Recipient cy@b\.example refused: 450 4\.7\.1/,
      );
      const patient = serverOf({ ...plain, retry: {} });
      await deliver(composedOf({ recipients }), patient, portsOf({ wait, sendOptions: { dryRun: true } }));
    } finally {
      await server.close();
    }
  });

  it('is cancelled while it waits: what was taken by then stays told', async () => {
    const server = await greylisting(9);
    try {
      const controller = new AbortController();
      const settings = { host: `127.0.0.1:${server.port}`, security: 'none', retry: { delay: 3600 } };
      const sent = deliver(
        composedOf({ recipients }),
        serverOf(settings),
        portsOf({
          signal: controller.signal,
          transcript: (line) => {
            if (line.includes('trying again')) setImmediate(() => controller.abort());
          },
        }),
      );
      const outcome = await sent;
      assert.equal(outcome.kind, 'partial');
    } finally {
      await server.close();
    }
  });
});
