import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DraftSchedule } from '../../../src/vscode/draft-schedule.ts';

interface Typed {
  readonly uri: string;
  version: number;
  isClosed: boolean;
}

interface Running {
  readonly version: number;
  readonly signal: AbortSignal;
  done(): void;
}

/** A schedule whose clock and timers go where the test sends them. */
class Bench {
  now = 0;
  readonly running: Running[] = [];
  readonly shown: string[] = [];
  readonly document: Typed = { uri: 'file:///a.eml', version: 1, isClosed: false };
  readonly schedule = new DraftSchedule<Typed, string>({
    make: (document, signal) =>
      new Promise((resolve, reject) => {
        const { version } = document;
        signal.addEventListener('abort', () => reject(signal.reason));
        this.running.push({ version, signal, done: () => resolve(`text ${version}`) });
      }),
    made: (made) => this.shown.push(made),
    ticks: () => this.now,
    later: (milliseconds, run) => {
      const timer = { at: this.now + milliseconds, run };
      this.#timers.add(timer);
      return () => this.#timers.delete(timer);
    },
  });
  readonly #timers = new Set<{ readonly at: number; readonly run: () => void }>();

  get last(): Running {
    return this.running[this.running.length - 1]!;
  }

  /** The milliseconds from now on at which something is due. */
  get due(): readonly number[] {
    return [...this.#timers].map(({ at }) => at - this.now);
  }

  async wait(milliseconds: number): Promise<void> {
    this.now += milliseconds;
    for (const timer of this.#timers) {
      if (timer.at > this.now || !this.#timers.delete(timer)) continue;
      timer.run();
    }
    await settled();
  }

  type(): void {
    this.document.version++;
    this.schedule.typed(this.document);
  }

  /** Composes the text as it stands, which takes so long. */
  async composing(milliseconds: number): Promise<void> {
    this.schedule.changed(this.document);
    await this.wait(0);
    this.now += milliseconds;
    this.last.done();
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 10; turn++) await undefined;
}

describe('vscode/draft-schedule', () => {
  it('composes what is opened, and shows it', async () => {
    const bench = new Bench();
    bench.schedule.changed(bench.document);
    assert.deepEqual(bench.running, []);
    await bench.wait(0);
    bench.last.done();
    await settled();
    assert.deepEqual(bench.shown, ['text 1']);
  });

  for (const [took, pause] of [
    [8, 0],
    [9, 18],
    [100, 200],
    [5000, 400],
  ] as const) {
    it(`waits ${pause} ms after a keystroke where composing took ${took}`, async () => {
      const bench = new Bench();
      await bench.composing(took);
      bench.type();
      assert.deepEqual(bench.due, [pause]);
    });
  }

  it('begins the pause anew with each keystroke', async () => {
    const bench = new Bench();
    await bench.composing(100);
    bench.type();
    await bench.wait(150);
    bench.type();
    await bench.wait(150);
    assert.equal(bench.running.length, 1);
    await bench.wait(50);
    assert.equal(bench.last.version, 3);
  });

  it('drops what is under way at a keystroke, and what it took until then counts', async () => {
    const bench = new Bench();
    bench.schedule.changed(bench.document);
    await bench.wait(0);
    bench.now += 60;
    bench.type();
    assert.equal(bench.last.signal.aborted, true);
    assert.deepEqual(bench.due, [120]);
    await bench.wait(120);
    bench.last.done();
    await settled();
    assert.deepEqual(bench.shown, ['text 2']);
  });

  it('does not count the time since it was done', async () => {
    const bench = new Bench();
    await bench.composing(5);
    await bench.wait(10_000);
    bench.type();
    bench.type();
    assert.deepEqual(bench.due, [0]);
  });

  it('goes on with a composition while files change, and composes again afterwards', async () => {
    const bench = new Bench();
    bench.schedule.changed(bench.document);
    await bench.wait(0);
    bench.schedule.changed(bench.document, 400);
    assert.equal(bench.last.signal.aborted, false);
    bench.last.done();
    await bench.wait(0);
    assert.deepEqual(bench.shown, ['text 1']);
    await bench.wait(400);
    bench.last.done();
    await settled();
    assert.deepEqual(bench.shown, ['text 1', 'text 1']);
  });

  it('makes one composition for everybody who asks, and a new one only for what changed', async () => {
    const bench = new Bench();
    const both = Promise.all([bench.schedule.current(bench.document), bench.schedule.current(bench.document)]);
    bench.last.done();
    assert.deepEqual(await both, ['text 1', 'text 1']);
    assert.equal(await bench.schedule.current(bench.document), 'text 1');
    assert.equal(bench.running.length, 1);
    bench.schedule.changed(bench.document, 400);
    void bench.schedule.current(bench.document);
    assert.equal(bench.running.length, 2);
  });

  it('gives who asked before a keystroke what the document became, after the pause', async () => {
    const bench = new Bench();
    await bench.composing(100);
    bench.schedule.changed(bench.document);
    const asked = bench.schedule.current(bench.document);
    bench.type();
    await bench.wait(150);
    bench.type();
    await bench.wait(150);
    assert.equal(bench.running.length, 2);
    await bench.wait(50);
    assert.equal(bench.running.length, 3);
    bench.last.done();
    assert.equal(await asked, 'text 3');
  });

  it('rejects who waits for a document that is closed', async () => {
    const bench = new Bench();
    const asked = assert.rejects(bench.schedule.current(bench.document), { name: 'AbortError' });
    bench.document.isClosed = true;
    bench.schedule.close(bench.document);
    await asked;
    assert.equal(bench.running.length, 1);
  });

  it('shows nothing of a document that was closed', async () => {
    const bench = new Bench();
    bench.schedule.changed(bench.document);
    await bench.wait(0);
    bench.document.isClosed = true;
    bench.schedule.close(bench.document);
    assert.equal(bench.last.signal.aborted, true);
    bench.last.done();
    await bench.wait(1000);
    assert.deepEqual(bench.shown, []);
  });

  it('wakes who waits for a pause to end when the document is closed, or everything', async () => {
    for (const end of ['close', 'dispose'] as const) {
      const bench = new Bench();
      await bench.composing(100);
      const asked = assert.rejects(
        (async () => {
          bench.schedule.changed(bench.document);
          await bench.schedule.current(bench.document);
        })(),
        { name: 'AbortError' },
      );
      bench.type();
      await settled();
      if (end === 'close') {
        bench.document.isClosed = true;
        bench.schedule.close(bench.document);
      } else bench.schedule.dispose();
      await asked;
      assert.deepEqual(bench.due, []);
    }
  });
});
