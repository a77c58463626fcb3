import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { after, afterEach, before, describe, it } from 'mocha';
import { checkNames } from '../../../src/inspect/checks/problems.ts';
import { checkInputOf, inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { MailReader } from '../../../src/inspect/mail-reader.ts';
import type { JobError } from '../../../src/inspect/mail-threads.ts';
import type { MessageView } from '../../../src/inspect/message.ts';
import { previewModel } from '../../../src/inspect/preview-model.ts';
import { probeDocuments } from '../../../src/inspect/probe-documents.ts';
import { readMessage, resourcesOf } from '../../../src/inspect/read.ts';

type Options = NonNullable<ConstructorParameters<typeof MailReader>[1]>;

const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
const never = new AbortController().signal;
const small = mail(1, 1);
// Just over what is done at once, as a message and as HTML: to do each job twice, here and there, takes a while.
const large = mail(1200, 120_000);

/** An HTML mail with a picture of so many octets; a row is some 100 octets. */
function mail(rows: number, octets: number): Uint8Array {
  const row = '<tr><td style="padding:1px"><a href="https://a.example/x">x</a><img src="cid:p" alt="p"></td></tr>\r\n';
  const picture = (
    Buffer.alloc(octets, 'x')
      .toString('base64')
      .match(/.{1,76}/g) ?? []
  ).join('\r\n');
  return Buffer.from(
    'From: a@a.example\r\nTo: b@b.example\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n' +
      `--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<table>${row.repeat(rows)}</table>\r\n` +
      `--b\r\nContent-Type: image/png\r\nContent-ID: <p>\r\nContent-Transfer-Encoding: base64\r\n\r\n${picture}\r\n--b--\r\n`,
  );
}

const onlyImages = Object.fromEntries(checkNames.map((name) => [name, name === 'images']));
const question = (html: string, most = 100) => ({ input: { html }, options: { checks: onlyImages }, most });

/** A thread that answers each job with what `text` makes of its `name` and `input`, once `gate` is open. */
const fake = (text: string, gate?: Int32Array): Worker =>
  new Worker(
    `const { parentPort, workerData } = require('node:worker_threads');
     const wait = () => { if (workerData) Atomics.wait(workerData, 0, 0); };
     parentPort.on('message', ({ name, input }) => { ${text} });`,
    { eval: true, workerData: gate },
  );
const echo = 'parentPort.postMessage({ output: { from: "the thread", name }, lists: [] });';

const gate = () => new Int32Array(new SharedArrayBuffer(4));
function open(its: Int32Array): void {
  Atomics.store(its, 0, 1);
  Atomics.notify(its, 0);
}

describe('inspect/mail-reader', () => {
  const threads: Worker[] = [];
  const readers: MailReader[] = [];
  let failures: string[] = [];
  const file = new URL('../../../src/send/mail-worker.ts', import.meta.url);

  function reader(start = () => new Worker(file), choice: Options = {}): MailReader {
    const made = new MailReader(
      () => {
        const thread = start();
        threads.push(thread);
        return thread;
      },
      { ...choice, onFailure: (job, { kind, message }) => failures.push(`${job} ${kind}: ${message}`) },
    );
    readers.push(made);
    return made;
  }

  afterEach(() => {
    for (const each of readers.splice(0)) each.dispose();
    threads.splice(0);
    failures = [];
  });

  it('reads a typical mail at once, without a thread', async () => {
    const its = reader();
    const view = await its.read(small, small.length, never);
    const model = await its.model(view, options, never);
    await its.inspect(checkInputOf(view), {}, never);
    await its.probes(view.html!, view, 'nonce', never);
    assert.deepEqual(model, previewModel(await readMessage(small), options));
    assert.equal(threads.length, 0);
  });

  it('does nothing with a large one in this thread, and no check of one that is being written', async () => {
    const its = reader(() => fake(echo));
    const view = await readMessage(large);
    const answers = [
      await its.read(large, large.length, never),
      await its.model(view, options, never),
      await its.inspect(checkInputOf(view), {}, never),
      await its.probes(view.html!, view, 'nonce', never),
      await its.check(question('<img>'), never),
    ];
    const names = ['read', 'model', 'inspect', 'probe', 'check'];
    assert.deepEqual(
      answers,
      names.map((name) => ({ from: 'the thread', name })),
    );
    assert.equal(threads.length, 1);
  });

  it('reads what is small and has thousands of lines in another thread', async () => {
    const its = reader(() => fake(echo));
    const many = Buffer.concat([small, Buffer.from('\n'.repeat(5000))]);
    assert.deepEqual(await its.read(many, many.length, never), { from: 'the thread', name: 'read' });
  });

  // Each in a test of its own: a thread that runs the sources has hundreds of them to load, and what is done is done twice.
  describe('does in another thread what would be done here', () => {
    let its: MailReader;
    let here: MessageView;

    before(async () => {
      its = new MailReader(() => new Worker(file));
      here = await its.read(large, large.length, never);
    });

    after(() => its.dispose());

    it('with the octets', async () => assert.deepEqual(here, await readMessage(large)));

    it('with what is shown', async () =>
      assert.deepEqual(await its.model(here, options, never), previewModel(here, options)));

    it('with the checks', async () => {
      const input = checkInputOf(here);
      assert.deepEqual(await its.inspect(input, {}, never), await inspectMessage(input));
    });

    it('with the documents for axe-core', async () => {
      const probes = await its.probes(here.html!, here, 'nonce', never);
      assert.deepEqual(probes, await probeDocuments(here.html!, resourcesOf(here), 'nonce'));
    });
  });

  it('checks one mail after the other, and answers each', async () => {
    const its = reader();
    const answers = await Promise.all(
      ['<img src="a.png" alt="" width="1">', '<img alt="" width="1">', '<p>x</p>'].map((html) =>
        its.check(question(html), never),
      ),
    );
    assert.deepEqual(
      answers.map(({ problems }) => problems.map(({ code }) => code)),
      [['image-relative'], ['image-without-source'], []],
    );
    assert.equal(threads.length, 1);
  });

  it('gives the serious findings where there are many, and how many more there are', async () => {
    const html = '<img src="https://a.example/x" alt=""><img alt="" width="1">';
    const { problems, left } = await reader().check(question(html, 1), never);
    const own = problems.map(({ severity, code }) => `${severity} ${code}`);
    assert.deepEqual([own, left], [['warning image-without-source'], 1]);
  });

  it('begins nothing whose signal fired before its turn, and gives nothing of what it had begun', async () => {
    const closed = gate();
    const its = reader(() => fake(`wait(); ${echo}`, closed));
    const controllers = [1, 2, 3].map(() => new AbortController());
    const begun: number[] = [];
    const [first, waiting, last] = controllers.map(({ signal }, index) =>
      its.check(question('<img>'), signal, () => begun.push(index)),
    );
    controllers[0]!.abort(new Error('newer'));
    controllers[1]!.abort(new Error('newer'));
    await assert.rejects(first!, /newer/);
    await assert.rejects(waiting!, /newer/);
    open(closed);
    assert.deepEqual(await last, { from: 'the thread', name: 'check' });
    assert.deepEqual(begun, [0, 2]);
    const aborted = AbortSignal.abort(new Error('too late'));
    await assert.rejects(its.read(small, small.length, aborted), /too late/);
    await assert.rejects(its.check(question('<img>'), aborted), /too late/);
  });

  it('keeps no preview waiting for a check, and begins no check while a preview waits', async () => {
    const closed = gate();
    const its = reader(() => fake(`if (name === 'check') wait(); ${echo}`, closed));
    const done: string[] = [];
    const note = (what: string) => () => done.push(what);
    const checks = ['one', 'other'].map((each) => its.check(question('<img>'), never, note(`begin ${each}`)));
    const inspected = its.inspect({ html: 'x'.repeat(100_000) }, {}, never);
    await Promise.all([1, 2, 3].map(() => its.read(large, large.length, never).then(note('read'))));
    assert.deepEqual(done, ['begin one', 'read', 'read', 'read']);
    assert.equal(threads.length, 2, 'one for the check, one for the previews');
    open(closed);
    await Promise.all([...checks, inspected]);
    assert.deepEqual(done.slice(4), ['begin other']);
    assert.equal(threads.length, 2);
  });

  it('tells what went wrong in a job, and goes on', async () => {
    const its = reader();
    const broken = { html: 'x'.repeat(100_000), images: 7 as never };
    await assert.rejects(its.inspect(broken, {}, never), (error: JobError) => {
      assert.equal(error.kind, 'failed');
      assert.match(error.message, /iterable|function|images/);
      assert.match(error.stack ?? '', /inspect.*\.ts/);
      return true;
    });
    await assert.rejects(its.inspect({ html: '<img src="cid:x">', images: 7 as never }, {}, never), /images/);
    await assert.rejects(its.check({ ...question(''), most: (() => 1) as never }, never), /could not be cloned/);
    assert.equal((await its.read(large, large.length, never)).subject, 's');
    assert.equal(threads.length, 1);
    assert.deepEqual(
      failures.map((each) => each.replace(/:.*/, '')),
      ['inspect failed', 'inspect failed', 'check failed'],
    );
  });

  it('tells what went wrong in a job that nobody waits for any more', async () => {
    const closed = gate();
    const its = reader(() => fake(`wait(); parentPort.postMessage({ error: 'broken' });`, closed), {
      unwanted: 60_000,
    });
    const controller = new AbortController();
    const lost = its.read(large, large.length, controller.signal);
    controller.abort(new Error('newer'));
    await assert.rejects(lost, /newer/);
    open(closed);
    await once(threads[0]!, 'message');
    assert.deepEqual(failures, ['read failed: broken']);
  });

  it('gives up on a mail that takes too long, and goes on with the next', async () => {
    const its = reader(() => fake(`if (name !== 'check') for (;;); ${echo}`), { patience: 100 });
    await assert.rejects(its.read(large, large.length, never), { kind: 'too-slow' });
    assert.deepEqual(await its.check(question('<img>'), never), { from: 'the thread', name: 'check' });
    assert.deepEqual(failures, ['read too-slow: It took longer than 0.1 s.']);
    const other = reader(() => fake('for (;;);'), { checkPatience: 100 });
    await assert.rejects(other.check(question('<img>'), never), { kind: 'too-slow' });
  });

  it('lets nothing that nobody waits for any more keep the threads from others', async () => {
    const its = reader(() => fake(`if (input.size > 0) for (;;); ${echo}`), { unwanted: 1 });
    const lost = [1, 2].map((size) => {
      const controller = new AbortController();
      const answer = its.read(large, size, controller.signal);
      controller.abort(new Error('newer'));
      return assert.rejects(answer, /newer/);
    });
    await Promise.all(lost);
    assert.deepEqual(await its.read(large, 0, never), { from: 'the thread', name: 'read' });
    assert.equal(threads.length, 3);
    assert.deepEqual(failures, []);
  });

  it('starts another thread after one that broke down', async () => {
    const text = `if (input.size === 1) process.exit(3); if (input.size === 2) throw new Error('broken'); ${echo}`;
    const its = reader(() => fake(text));
    const sizes = [1, 2, 3].map((size) => its.read(large, size, never));
    const [ended, thrown, next] = await Promise.allSettled(sizes);
    assert.match(String((ended as PromiseRejectedResult).reason), /thread that reads mails ended/);
    assert.match(String((thrown as PromiseRejectedResult).reason), /broken/);
    assert.deepEqual(next, { status: 'fulfilled', value: { from: 'the thread', name: 'read' } });
    assert.deepEqual(failures.sort(), ['read failed: The thread that reads mails ended.', 'read failed: broken']);
  });

  it('says that there is no script for its thread', async () => {
    const its = reader(() => new Worker(new URL('no-such-worker.ts', import.meta.url)));
    await assert.rejects(its.check(question('<img>'), never), /no-such-worker/);
    assert.equal(failures.length, 1);
  });

  it('ends the thread when it has nothing to do, and when it is disposed of', async () => {
    const its = reader(() => fake(echo), { idle: 1 });
    await its.read(large, large.length, never);
    await once(threads[0]!, 'exit');
    const lost = [its.read(large, large.length, never), its.check(question('<img>'), never)];
    its.dispose();
    for (const each of await Promise.allSettled(lost))
      assert.match(String((each as PromiseRejectedResult).reason), /closed/);
    await once(threads[1]!, 'exit');
    await assert.rejects(its.read(large, large.length, never), /closed/);
    assert.equal(threads.length, 2);
    assert.deepEqual(failures, []);
  });
});
