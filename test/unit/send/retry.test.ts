import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Resolver } from '../../../src/net/resolver.ts';
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
        outcome.transcript.filter((line) => /not taken yet|recipients? accepted|\*\*\*/.test(line)),
        [
          '=== +0 ms  1 recipient not taken yet: trying again in 2 seconds',
          '=== +0 ms  1 recipient not taken yet: trying again in 4 seconds',
          '=== 2 of 2 recipients accepted; 0 ms, 15 round trips',
        ],
      );
    } finally {
      await server.close();
    }
  });

  it('tries a domain again whose hosts could not be reached, and none that takes no mail at all', async () => {
    const server = await greylisting(0);
    try {
      const lookups: string[] = [];
      const fail = (code: string) => Promise.reject(Object.assign(new Error('query'), { code }));
      const dns: Resolver = {
        addresses: (host) => {
          lookups.push(host);
          if (host === 'gone.b.example') return fail('ENOTFOUND');
          return lookups.length < 4 ? fail('ESERVFAIL') : Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
        },
        mx: (domain) =>
          domain === 'b.example'
            ? Promise.resolve([
                { exchange: 'mx.b.example', preference: 5 },
                { exchange: 'gone.b.example', preference: 10 },
              ])
            : domain === 'null.example'
              ? Promise.resolve([{ exchange: '', preference: 0 }])
              : fail('ENOTFOUND'),
      };
      const waits: number[] = [];
      const ports = portsOf({ dns, ask: async () => true, wait: async (milliseconds) => waits.push(milliseconds) > 0 });
      const to = serverOf({ transport: 'mx', port: server.port, retry: { attempts: 5, delay: 2 } });
      const everybody = ['bob@b.example', 'cy@null.example', 'dee@none.example'];
      const outcome = await deliver(composedOf({ recipients: everybody }), to, ports);
      assert.ok(outcome.kind === 'partial');
      assert.deepEqual(
        outcome.recipients.map(({ address, status }) => [address, status]),
        [
          ['bob@b.example', 'accepted'],
          ['cy@null.example', 'unsent'],
          ['dee@none.example', 'unsent'],
        ],
      );
      assert.deepEqual(waits, [2000, 4000]);
      assert.deepEqual(server.asked, ['RCPT TO:<bob@b.example>']);
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
