import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { afterEach, describe, it } from 'mocha';
import { checkInputOf, inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { previewModel } from '../../../src/inspect/preview-model.ts';
import { readMessage, resourcesOf } from '../../../src/inspect/read.ts';
import { MailReader } from '../../../src/vscode/preview/mail-reader.ts';
import { probeDocuments } from '../../../src/vscode/preview/probe-documents.ts';

const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
const never = new AbortController().signal;
const small = mail(1);
const large = mail(3000);

/** An HTML mail with a picture; a row is some 100 octets. */
function mail(rows: number): Uint8Array {
  const row = '<tr><td style="padding:1px"><a href="https://a.example/x">x</a><img src="cid:p" alt="p"></td></tr>\r\n';
  return Buffer.from(
    'From: a@a.example\r\nTo: b@b.example\r\nSubject: s\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n' +
      `--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<table>${row.repeat(rows)}</table>\r\n` +
      '--b\r\nContent-Type: image/png\r\nContent-ID: <p>\r\nContent-Transfer-Encoding: base64\r\n\r\niVBORw0K\r\n--b--\r\n',
  );
}

describe('vscode/preview/mail-reader', () => {
  const threads: Worker[] = [];
  const readers: MailReader[] = [];
  const file = new URL('../../../src/vscode/preview/mail-worker.ts', import.meta.url);

  function reader(start = () => new Worker(file), choice: { readonly idle?: number } = {}): MailReader {
    const made = new MailReader(() => {
      const thread = start();
      threads.push(thread);
      return thread;
    }, choice);
    readers.push(made);
    return made;
  }

  afterEach(() => {
    for (const each of readers.splice(0)) each.dispose();
    threads.splice(0);
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

  it('does the same with a large one in another thread, and with nothing of it in this one', async () => {
    const its = reader();
    // What an event loop that is not blocked does: it turns while the other thread works.
    let turns = 0;
    let going = true;
    const turn = (): void => {
      turns++;
      if (going) setImmediate(turn);
    };
    setImmediate(turn);
    const view = await its.read(large, large.length, never);
    const model = await its.model(view, options, never);
    const inspection = await its.inspect(checkInputOf(view), {}, never);
    const probes = await its.probes(view.html!, view, 'nonce', never);
    going = false;
    // Each answer comes as an event, so that there is a turn for each at the least.
    assert.ok(turns >= 4, `${turns} turns`);
    assert.equal(threads.length, 1);
    const here = await readMessage(large);
    assert.deepEqual(view, here);
    assert.deepEqual(model, previewModel(here, options));
    assert.deepEqual(inspection, await inspectMessage(checkInputOf(here)));
    assert.deepEqual(probes, await probeDocuments(here.html!, resourcesOf(here), 'nonce'));
  });

  it('begins nothing whose signal fired before its turn, and gives nothing of what it had begun', async () => {
    const its = reader();
    const controllers = [1, 2, 3].map(() => new AbortController());
    const [begun, waiting, last] = controllers.map(({ signal }) => its.read(large, large.length, signal));
    controllers[0]!.abort(new Error('newer'));
    controllers[1]!.abort(new Error('newer'));
    await assert.rejects(begun!, /newer/);
    await assert.rejects(waiting!, /newer/);
    let replies = 0;
    threads[0]!.on('message', () => replies++);
    assert.deepEqual(await last, await readMessage(large));
    assert.equal(replies, 2, 'one for the job that was begun, one for the last');
    const aborted = AbortSignal.abort(new Error('too late'));
    await assert.rejects(its.read(small, small.length, aborted), /too late/);
  });

  it('tells what went wrong in a job, and goes on', async () => {
    const its = reader();
    const broken = { html: 'x'.repeat(100_000), images: 7 as never };
    await assert.rejects(its.inspect(broken, {}, never), /iterable|function|images/);
    assert.equal((await its.read(large, large.length, never)).subject, 's');
    assert.equal(threads.length, 1);
  });

  it('starts another thread after one that broke down', async () => {
    let first = true;
    const its = reader(() => {
      if (!first) return new Worker(file);
      first = false;
      return new Worker("require('node:worker_threads').parentPort.once('message', () => process.exit(3))", {
        eval: true,
      });
    });
    const [lost, next] = [its.read(large, large.length, never), its.read(large, large.length, never)];
    await assert.rejects(lost, /thread that reads large messages ended/);
    assert.equal((await next).subject, 's');
    assert.equal(threads.length, 2);
  });

  it('ends the thread when it has nothing to do, and when it is disposed of', async () => {
    const its = reader(undefined, { idle: 1 });
    await its.read(large, large.length, never);
    await once(threads[0]!, 'exit');
    const lost = its.read(large, large.length, never);
    its.dispose();
    await assert.rejects(lost, /closed/);
    await once(threads[1]!, 'exit');
    await assert.rejects(its.read(large, large.length, never), /closed/);
    assert.equal(threads.length, 2);
  });
});
