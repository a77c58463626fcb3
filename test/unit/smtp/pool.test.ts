import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { connect } from '../../../src/smtp/client.ts';
import { createPool, type SmtpPool } from '../../../src/smtp/pool.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { failureOf, optionsFor } from '../../support/smtp-connect.ts';
import { lineServer } from '../../support/smtp-line-server.ts';
import { envelope, messageOf } from '../../support/smtp-message.ts';
import { script, scriptedServer } from '../../support/smtp-server.ts';
import { settlesWithin, turnsUntil } from '../../support/turns.ts';

const hello = 'S: 220 x\nC: EHLO client.example\nS: 250-x\nS: 250 PIPELINING';
const group = 'C: MAIL FROM:<ann@a.example>\nC: RCPT TO:<bob@b.example>\nC: DATA';
const go = 'S: 250 Ok\nS: 250 Ok\nS: 354 Go';
const bye = 'C: QUIT\nS: 221 Bye\n!close';
const text = (content: string) => `C: ${content}\nC: .`;
const message = (content: string) => messageOf(`${content}\r\n`);

describe('smtp/pool', () => {
  it('uses a session for as many messages as it may, and shares round trips', async () => {
    const conversation = `${hello}\n${group}\n${go}\n${text('1')}\n${group}\nS: 250 Queued\n${go}\n${text('2')}\nS: 250 Queued\n${bye}\n${hello}\n${group}\n${go}\n${text('3')}\nS: 250 Queued\n${bye}`;
    const cut = conversation.indexOf(bye) + bye.length;
    const server = await scriptedServer([conversation.slice(0, cut), conversation.slice(cut)]);
    const pool = createPool({ connect: optionsFor(server.port), messagesPerConnection: 2 });
    const done = await Promise.all(['1', '2', '3'].map((content) => pool.send(envelope, message(content))));
    assert.deepEqual(
      done.map((one) => one.outcome),
      ['accepted', 'accepted', 'accepted'],
    );
    await pool.close();
    assert.equal(await server.said, script(conversation));
    await server.close();
  });

  it('gives a message to another session where its own had gone stale', async () => {
    const server = await scriptedServer([
      `${hello}\n${group}\n${go}\n${text('1')}\nS: 250 Queued\n${group}\nS: 421 4.4.2 Timeout\n!close`,
      `${hello}\n${group}\n${go}\n${text('2')}\nS: 250 Queued\n${bye}`,
    ]);
    const pool = createPool({ connect: optionsFor(server.port) });
    assert.equal((await pool.send(envelope, message('1'))).outcome, 'accepted');
    assert.equal((await pool.send(envelope, message('2'))).outcome, 'accepted');
    await pool.close();
    await server.close();
  });

  it('gives up a message whose second session fails too', async () => {
    const server = await scriptedServer([
      `${hello}\n${group}\n${go}\n${text('1')}\nS: 250 Queued\n${group}\nS: 421 4.4.2 Timeout\n!close`,
      `${hello}\n${group}\nS: 421 4.4.2 Timeout\n!close`,
    ]);
    const pool = createPool({ connect: optionsFor(server.port) });
    await pool.send(envelope, message('1'));
    assert.equal((await pool.send(envelope, message('2'))).failure?.reason, 'service-closing');
    pool.destroy();
    await server.close();
  });

  it('tells those who wait that no session can be had', async () => {
    const server = await scriptedServer(['S: 554 No\nC: QUIT\nS: 221 Bye\n!close']);
    const pool = createPool({ connect: optionsFor(server.port) });
    const failures = await Promise.all([
      failureOf(pool.send(envelope, message('1'))),
      failureOf(pool.send(envelope, message('2'))),
    ]);
    assert.deepEqual(
      failures.map((one) => one.code),
      [554, 554],
    );
    await pool.close();
    await server.close();
  });

  describe('gives a server that has taken mail a moment where it lets nobody in', () => {
    const one = (content: string) =>
      `${hello}\n${group}\n${go}\n${text(content)}\nS: 250 Queued\nS: 421 Enough\n!close`;
    const busy = 'S: 421 Busy\n!close';
    const run = async (
      conversations: string[],
      use: (waits: number[], next: () => void, pool: SmtpPool) => Promise<void>,
    ) => {
      const server = await scriptedServer(conversations);
      const timers: (() => void)[] = [];
      const waits: number[] = [];
      const later = (go: () => void, milliseconds: number) => {
        waits.push(milliseconds);
        timers.push(go);
        return () => void timers.splice(0);
      };
      const pool = createPool({ connect: optionsFor(server.port), later });
      try {
        await use(waits, () => timers.shift()!(), pool);
        pool.destroy();
        assert.deepEqual(timers, []);
      } finally {
        pool.destroy();
        await server.close();
      }
    };

    it('and sends the rest then', () =>
      run(
        [one('1'), busy, busy, `${hello}\n${group}\n${go}\n${text('2')}\nS: 250 Queued\n${bye}`],
        async (waits, next, pool) => {
          await pool.send(envelope, message('1'));
          const second = pool.send(envelope, message('2'));
          await turnsUntil(() => waits.length === 1);
          assert.equal(await settlesWithin(50, second), false);
          next();
          await turnsUntil(() => waits.length === 2);
          next();
          assert.equal((await second).outcome, 'accepted');
          await pool.close();
          assert.deepEqual(waits, [1000, 4000]);
        },
      ));

    it('three times and no more, and not for ever more of them', () =>
      run([one('1'), busy, busy, busy, busy], async (waits, next, pool) => {
        await pool.send(envelope, message('1'));
        const rest = [failureOf(pool.send(envelope, message('2'))), failureOf(pool.send(envelope, message('3')))];
        for (let rested = 1; rested <= 3; rested++) {
          await turnsUntil(() => waits.length === rested);
          next();
        }
        assert.deepEqual(
          (await Promise.all(rest)).map((failure) => failure.code),
          [421, 421],
        );
        assert.deepEqual(waits, [1000, 4000, 15_000]);
      }));

    it('from which it can be called off', () =>
      run([one('1'), busy], async (waits, _next, pool) => {
        await pool.send(envelope, message('1'));
        const controller = new AbortController();
        const second = failureOf(pool.send(envelope, message('2'), { signal: controller.signal }));
        await turnsUntil(() => waits.length === 1);
        controller.abort();
        assert.equal((await second).failure, 'aborted');
        await pool.close();
      }));
  });

  it('keeps to its rate, and then sends nothing ahead', async () => {
    const one = (content: string) => `${group}\n${go}\n${text(content)}\nS: 250 Queued`;
    const conversation = `${hello}\n${one('1')}\n${one('2')}\n${one('3')}\n${bye}`;
    const server = await scriptedServer(conversation);
    let ticks = 0;
    const clock = { ...fixedClock, ticks: () => ticks };
    // Nothing but this lets time go by: the timer is the test's.
    const waiting: { readonly run: () => void; readonly milliseconds: number }[] = [];
    const later = (run: () => void, milliseconds: number) => {
      waiting.push({ run, milliseconds });
      return () => void waiting.splice(0);
    };
    const rate = { messages: 2, milliseconds: 5000 };
    const pool = createPool({ connect: optionsFor(server.port), rate, clock, later });
    try {
      const [first, second, third] = ['1', '2', '3'].map((content) => pool.send(envelope, message(content)));
      await first;
      ticks = 1000;
      await second;
      assert.equal(await settlesWithin(50, third!), false);
      assert.deepEqual(
        waiting.map(({ milliseconds }) => milliseconds),
        [4000],
      );
      // A timer that goes off early lets nothing through.
      waiting.pop()!.run();
      assert.equal(await settlesWithin(50, third!), false);
      ticks = 5000;
      waiting.pop()!.run();
      await third;
      await pool.close();
      assert.equal(await server.said, script(conversation));
      assert.equal(waiting.length, 0);
    } finally {
      pool.destroy();
      await server.close();
    }
  });

  it('takes back on pause what went ahead, and sends it after', async () => {
    const server = await scriptedServer(
      [
        `${hello}\n${group}\n${go}\n${text('1')}\n${group}\n!hold\nS: 250 Queued`,
        `${hello}\n${group}\n${go}\n${text('2')}\nS: 250 Queued\n${bye}`,
      ],
      {
        onHold() {
          pool.pause();
        },
      },
    );
    const pool = createPool({ connect: optionsFor(server.port) });
    const [first, second] = ['1', '2'].map((content) => pool.send(envelope, message(content)));
    assert.equal((await first!).outcome, 'accepted');
    assert.equal(await settlesWithin(50, second!), false);
    pool.resume();
    assert.equal((await second!).outcome, 'accepted');
    await pool.close();
    await server.close();
  });

  it('carries on over new sessions where a server closes with 421 in the middle of a batch, sending nothing twice', async () => {
    const taken: string[] = [];
    let inText = false;
    let since = 0;
    const server = await lineServer('220 x', (line, close) => {
      if (inText) {
        if (line !== '.') return void taken.push(line);
        inText = false;
        return '250 Queued';
      }
      if (line.startsWith('EHLO')) {
        since = 0;
        return '250-x\r\n250 PIPELINING';
      }
      // Two messages a session, then a farewell to whatever comes, an envelope sent ahead included.
      if (since === 2) {
        since = 3;
        setImmediate(close);
        return '421 4.7.0 Enough';
      }
      if (since === 3) return undefined;
      if (line !== 'DATA') return line === 'QUIT' ? '221 Bye' : '250 Ok';
      since++;
      inText = true;
      return '354 Go';
    });
    const contents = Array.from({ length: 9 }, (_, index) => `text ${index}`);
    const pool = createPool({ connect: optionsFor(server.port) });
    try {
      const done = await Promise.all(contents.map((content) => pool.send(envelope, message(content))));
      assert.deepEqual([...new Set(done.map(({ outcome }) => outcome))], ['accepted']);
      assert.deepEqual(taken.toSorted(), contents);
      await pool.close();
    } finally {
      pool.destroy();
      await server.close();
    }
  });

  it('never sends again what went out to its last dot, and had no answer', async () => {
    const server = await scriptedServer([
      `${hello}\n${group}\n${go}\n${text('1')}\nS: 250 Queued\n${group}\n${go}\n${text('2')}\n!close`,
      `${hello}\n${group}\n${go}\n${text('3')}\nS: 250 Queued\n${bye}`,
    ]);
    const pool = createPool({ connect: optionsFor(server.port) });
    try {
      assert.equal((await pool.send(envelope, message('1'))).outcome, 'accepted');
      const second = await failureOf(pool.send(envelope, message('2')));
      assert.deepEqual([second.reason, second.retryable], ['fate-unknown', false]);
      assert.equal((await pool.send(envelope, message('3'))).outcome, 'accepted');
      await pool.close();
    } finally {
      pool.destroy();
      await server.close();
    }
  });

  it('opens as many sessions as it may', async () => {
    let opened = 0;
    const one = `${hello}\n${group}\n${go}\nC: x\nC: .\nS: 250 Queued\n${bye}`;
    const server = await scriptedServer([one, one]);
    const pool = createPool({
      connect: optionsFor(server.port),
      connections: 2,
      open(options) {
        opened++;
        return connect(options);
      },
    });
    await Promise.all([pool.send(envelope, message('x')), pool.send(envelope, message('x'))]);
    assert.equal(opened, 2);
    await pool.close();
    await server.close();
  });

  it('withdraws what waits, and ends at once when told', async () => {
    let silent = () => {};
    const waits = new Promise<void>((resolve) => {
      silent = resolve;
    });
    const server = await scriptedServer([`${hello}\n${group}\n!silence`], { onSilence: silent });
    const pool = createPool({ connect: optionsFor(server.port), rate: { messages: 1, milliseconds: 10_000 } });
    const controller = new AbortController();
    const first = pool.send(envelope, message('1'));
    const second = pool.send(envelope, message('2'), { signal: controller.signal });
    controller.abort();
    assert.equal((await failureOf(second)).failure, 'aborted');
    const third = pool.send(envelope, message('3'));
    void waits.then(() => pool.destroy());
    assert.equal((await failureOf(first)).failure, 'aborted');
    assert.equal((await failureOf(third)).reason, 'not-connected');
    assert.equal((await failureOf(pool.send(envelope, message('4')))).reason, 'not-connected');
    await server.close();
  });
});
