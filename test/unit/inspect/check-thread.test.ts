import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { type CheckQuestion, CheckThread } from '../../../src/inspect/check-thread.ts';
import { checkNames } from '../../../src/inspect/checks/problems.ts';

const script = new URL('../../../src/inspect/check-worker.ts', import.meta.url);
const only = Object.fromEntries(checkNames.map((name) => [name, name === 'images']));
const question = (html: string, most = 100): CheckQuestion => ({ input: { html }, options: { checks: only }, most });

/** A thread that runs a text of its own. */
const made = (text: string): URL => new URL(`data:text/javascript,${encodeURIComponent(text)}`);

async function withThread<T>(thread: CheckThread, run: (thread: CheckThread) => Promise<T>): Promise<T> {
  try {
    return await run(thread);
  } finally {
    thread.dispose();
  }
}

describe('inspect/check-thread', () => {
  it('checks one mail after the other, and answers each', () =>
    withThread(new CheckThread(script), async (thread) => {
      const answers = await Promise.all(
        ['<img src="a.png" alt="" width="1">', '<img alt="" width="1">', '<p>x</p>'].map((html) =>
          thread.check(question(html)),
        ),
      );
      assert.deepEqual(
        answers.map((answer) => answer && 'problems' in answer && answer.problems.map(({ code }) => code)),
        [['image-relative'], ['image-without-source'], []],
      );
    }));

  it('gives the serious ones where there are many, and how many more there are', () =>
    withThread(new CheckThread(script), async (thread) => {
      const answer = await thread.check(question('<img src="https://a.example/x" alt=""><img alt="" width="1">', 1));
      assert.ok(answer && 'problems' in answer);
      assert.deepEqual(
        [answer.problems.map(({ severity, code }) => `${severity} ${code}`), answer.left],
        [['error image-without-source'], 1],
      );
    }));

  it('leaves out what is not wanted any more', () =>
    withThread(new CheckThread(script), async (thread) => {
      const controller = new AbortController();
      const first = thread.check(question('<img>'));
      const second = thread.check(question('<img>'), controller.signal);
      controller.abort();
      assert.ok(await first);
      assert.equal(await second, undefined);
    }));

  it('gives up on a mail that takes too long, and goes on with the next', () => {
    const text = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ input }) => { if (input.html === 'slow') for (;;); parentPort.postMessage({ problems: [], left: 0 }); });`;
    return withThread(new CheckThread(made(text), { patience: 3000, idle: 1000 }), async (thread) => {
      assert.deepEqual(await thread.check(question('slow')), { tooSlow: true });
      assert.deepEqual(await thread.check(question('fast')), { problems: [], left: 0 });
    });
  });

  it('survives a thread that fails or ends', () => {
    const text = `import { parentPort } from 'node:worker_threads';
      parentPort.on('message', ({ input }) => { if (input.html === 'end') process.exit(0); throw new Error('broken'); });`;
    return withThread(new CheckThread(made(text)), async (thread) => {
      assert.deepEqual(await thread.check(question('x')), { failed: 'broken' });
      assert.deepEqual(await thread.check(question('end')), { failed: 'the thread ended' });
      assert.deepEqual(await thread.check(question('x')), { failed: 'broken' });
    });
  });

  it('answers nobody once it is disposed of', async () => {
    const thread = new CheckThread(script);
    thread.dispose();
    assert.equal(await thread.check(question('<img>')), undefined);
  });
});
