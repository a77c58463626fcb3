import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { atOnce, type Steps, Turns, waitFor } from '../../../src/base/steps.ts';

function* counting(to: number, each: () => void = () => undefined): Steps<number> {
  for (let i = 0; i < to; i++) {
    each();
    yield;
  }
  return to;
}

describe('base/steps', () => {
  it('runs to the end in one go', () => {
    assert.equal(atOnce(counting(5)), 5);
  });

  it('lets others have their turn every five milliseconds, and only then', async () => {
    let now = 0;
    const turns: number[] = [];
    const clock = { ticks: () => now };
    const shared = new Turns(clock, async () => {
      turns.push(now);
      now += 100;
    });
    assert.equal(await shared.run(counting(8, () => void (now += 2))), 8);
    // Three of 2 each, then what the others took.
    assert.deepEqual(turns, [6, 112]);
    assert.equal(shared.over, false);
    await shared.pause();
    assert.equal(turns.length, 2);
  });

  it('shares with nobody where there is no turn', async () => {
    let now = 0;
    const alone = new Turns({ ticks: () => now }, undefined);
    assert.equal(await alone.run(counting(9, () => void (now += 100))), 9);
    assert.equal(alone.over, false);
  });

  it('waits for what is done elsewhere', async () => {
    const alone = new Turns({ ticks: () => 0 }, undefined);
    assert.equal(await alone.run(waitFor(Promise.resolve(7))), 7);
    await assert.rejects(alone.run(waitFor(Promise.reject(new Error('broken')))), /broken/);
    assert.throws(() => atOnce(waitFor(Promise.resolve(7))), /can’t be had at once/);
  });

  it('stops where the signal has fired meanwhile', async () => {
    let now = 0;
    let steps = 0;
    const controller = new AbortController();
    const shared = new Turns({ ticks: () => now }, async () => controller.abort(), controller.signal);
    const work = shared.run(
      counting(9, () => {
        now += 100;
        steps++;
      }),
    );
    await assert.rejects(work, { name: 'AbortError' });
    assert.equal(steps, 1);
  });
});
