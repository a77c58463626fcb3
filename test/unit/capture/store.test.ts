import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import type { MessageRecord, ReceivedMessage } from '../../../src/capture/message.ts';
import {
  type MessageStore,
  openMessageStore,
  type StoreChange,
  type StoreOptions,
} from '../../../src/capture/store.ts';

const MIDDAY = Date.UTC(2026, 6, 29, 12);

function message(text: string): ReceivedMessage {
  const octets = Buffer.from(text, 'latin1');
  return {
    envelope: { sender: 'a@a.example', recipients: ['b@b.example'] },
    session: { address: '127.0.0.1', port: 4, hello: 'x', protocol: 'ESMTP' },
    pieces: [octets.subarray(0, 3), octets.subarray(3)],
    size: octets.length,
    irregularities: [],
  };
}

/** A watcher that can be waited for. */
function watcher(store: MessageStore, known?: readonly string[]) {
  const seen: StoreChange[] = [];
  let told = () => {};
  const watch = store.watch((change) => {
    seen.push(change);
    told();
  }, known);
  const until = async (done: (added: readonly string[], removed: readonly string[]) => boolean) => {
    const enough = () =>
      done(
        seen.flatMap((change) => change.added),
        seen.flatMap((change) => change.removed),
      );
    while (!enough()) {
      await new Promise<void>((resolve) => {
        told = resolve;
      });
    }
  };
  return { seen, until, dispose: () => watch.dispose() };
}

describe('the message store', () => {
  let root: string;
  let directory: string;
  const open = (options: StoreOptions = {}) =>
    openMessageStore(directory, { clock: { now: () => MIDDAY }, instance: 'me', ...options });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mailbench-store-'));
    directory = join(root, 'inbox');
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('keeps a message byte for byte, with its record', async () => {
    const store = await open();
    const text = 'Subject: =?utf-8?Q?=E2=9C=93?=\r\n\r\n\0\xff\n.\r';
    const added = await store.add({ ...message(text), irregularities: ['nul'] });
    const id = '20260729-120000-000-0000-me';
    assert.deepEqual((await readdir(directory)).sort(), [`${id}.eml`, `${id}.json`]);
    assert.equal(await readFile(join(directory, `${id}.eml`), 'latin1'), text);
    assert.equal(
      await readFile(join(directory, `${id}.json`), 'utf8'),
      `{"id":"${id}","received":${MIDDAY},"size":${text.length},"summary":{"subject":"✓"},` +
        '"envelope":{"sender":"a@a.example","recipients":["b@b.example"]},' +
        '"session":{"address":"127.0.0.1","port":4,"hello":"x","protocol":"ESMTP"},"irregularities":["nul"]}\n',
    );
    assert.deepEqual(await (await open()).list(), [added]);
    assert.equal(Buffer.from((await store.read(id))!).toString('latin1'), text);
    assert.equal(store.pathOf(id), join(directory, `${id}.eml`));
  });

  it('keeps an empty message, and one of very many pieces', async () => {
    const store = await open({ durable: true });
    const empty = await store.add({ ...message(''), pieces: [], size: 0 });
    const pieces = Array.from({ length: 2500 }, (_, index) => Buffer.from(`${index}\r\n`));
    const many = await store.add({ ...message(''), pieces, size: 11_390 });
    assert.deepEqual(await store.read(empty.id), Buffer.alloc(0));
    assert.deepEqual(await store.read(many.id), Buffer.concat(pieces));
  });

  it('lists by age', async () => {
    const store = await open();
    const added = await Promise.all(['a', 'b', 'c'].map((text) => store.add(message(text))));
    assert.deepEqual(await store.ids(), added.map(({ id }) => id).sort());
    assert.deepEqual(
      (await store.list()).map(({ id }) => id),
      added.map(({ id }) => id).sort(),
    );
  });

  it('removes one, or all', async () => {
    const store = await open();
    const [first, second] = [await store.add(message('1')), await store.add(message('2'))];
    assert.equal(await store.remove(first.id), true);
    assert.equal(await store.remove(first.id), false);
    assert.equal(await store.read(first.id), undefined);
    assert.equal(await store.record(first.id), undefined);
    assert.deepEqual(await store.list(), [second]);
    assert.equal(await store.clear(), 1);
    assert.equal(await store.clear(), 0);
    assert.deepEqual(await readdir(directory), []);
  });

  it('touches nothing outside its directory', async () => {
    const store = await open();
    await writeFile(join(root, 'x.eml'), 'x');
    for (const id of ['../x', '..\\x', '/x', '', '.', '.x', 'a/../../x', 'C:x', 'x\0']) {
      assert.equal(await store.read(id), undefined, id);
      assert.equal(await store.record(id), undefined, id);
      assert.equal(await store.remove(id), false, id);
    }
    assert.equal(await readFile(join(root, 'x.eml'), 'utf8'), 'x');
  });

  it('takes a .eml without a record, or with a broken one, for a message', async () => {
    const store = await open();
    await writeFile(join(directory, 'saved by hand.eml'), 'Subject: hand\r\n\r\n');
    await writeFile(join(directory, 'torn.eml'), 'Subject: torn\r\n\r\n');
    await writeFile(join(directory, 'torn.json'), '{"id":"torn","rec');
    await writeFile(join(directory, 'alien.eml'), '');
    await writeFile(join(directory, 'alien.json'), '{"id":"another","received":1,"size":0,"summary":{}}');
    for (const name of ['alien', 'saved by hand', 'torn']) await utimes(join(directory, `${name}.eml`), 5, 5);
    assert.deepEqual(await store.list(), [
      { id: 'alien', received: 5000, size: 0, summary: {} },
      { id: 'saved by hand', received: 5000, size: 17, summary: { subject: 'hand' } },
      { id: 'torn', received: 5000, size: 17, summary: { subject: 'torn' } },
    ]);
  });

  it('comes back when somebody throws its directory away', async () => {
    const store = await open();
    await store.add(message('1'));
    await rm(directory, { recursive: true });
    assert.deepEqual(await store.list(), []);
    const added = await store.add(message('2'));
    assert.deepEqual(await store.list(), [added]);
  });

  it('says why it can not keep a message, and leaves nothing of it', async () => {
    const store = await open();
    await rm(directory, { recursive: true });
    await writeFile(directory, 'a file where the directory was');
    await assert.rejects(store.add(message('1')), { code: 'ENOTDIR' });
    await assert.rejects(openMessageStore(directory), { code: 'EEXIST' });
  });

  it('clears away what died at work, and nothing younger than an hour or of others', async () => {
    const store = await open();
    const { id } = await store.add(message('1'));
    const names = [`.${id}x.eml.tmp`, `${id}x.json`, 'notes.json', `.${id}y.eml.tmp`, `${id}y.json`];
    for (const name of names) await writeFile(join(directory, name), 'x');
    for (const name of names.slice(0, 3)) await utimes(join(directory, name), 5, 5);
    await open();
    assert.deepEqual((await readdir(directory)).sort(), [`${id}.eml`, `${id}.json`, ...names.slice(2)].sort());
  });

  it('keeps as many as it is told, the newest', async () => {
    const store = await open({ keep: 3 });
    const added = [];
    for (let turn = 0; turn < 10; turn++) added.push(await store.add(message(`${turn}`)));
    const watch = watcher(
      store,
      added.map(({ id }) => id),
    );
    await watch.until((_, removed) => removed.length === 7);
    watch.dispose();
    assert.deepEqual(await store.list(), added.slice(7));
    assert.equal((await readdir(directory)).length, 6);
  });

  it('holds as many records in memory as it is told, the last', async () => {
    const store = await open({ remembered: 2 });
    const added: MessageRecord[] = [];
    for (let turn = 0; turn < 4; turn++) added.push(await store.add(message(`${turn}`)));
    // What is read from the disk tells of itself.
    for (const record of added) {
      await writeFile(join(directory, `${record.id}.json`), JSON.stringify({ ...record, size: 99 }));
    }
    const sizes = async (turns: readonly number[]) =>
      Promise.all(turns.map(async (turn) => (await store.record(added[turn]?.id ?? ''))?.size));
    assert.deepEqual(await sizes([3, 2]), [1, 1]);
    assert.deepEqual(await sizes([0, 1]), [99, 99]);
    assert.deepEqual(await sizes([2, 3]), [99, 99]);
    assert.equal((await store.list()).length, 4);
  });

  it('shares its directory with another process', async () => {
    const mine = await open();
    const watch = watcher(mine);
    const child = fork(join(import.meta.dirname, 'store-writer.ts'), [directory, '20'], { stdio: 'ignore' });
    const own = await Promise.all(Array.from({ length: 20 }, (_, index) => mine.add(message(`mine ${index}`))));
    const [code] = await once(child, 'exit');
    assert.equal(code, 0);
    await watch.until((added) => added.length === 40);
    watch.dispose();
    const listed = await mine.list();
    assert.equal(listed.length, 40);
    assert.deepEqual(
      listed.map(({ id }) => id),
      listed.map(({ id }) => id).sort(),
    );
    const told = watch.seen.flatMap(({ added }) => added).sort();
    assert.deepEqual(
      told,
      listed.map(({ id }) => id),
    );
    for (const record of own) assert.ok(listed.some(({ id }) => id === record.id));
    // Neither saw half a record of the other's.
    for (const record of listed) assert.equal((await stat(mine.pathOf(record.id))).size, record.size);
    for (const record of listed) assert.equal(record.session?.protocol, 'ESMTP');
  });

  it('tells of what another instance removes, and of nothing once disposed', async () => {
    const [mine, other] = [await open({ instance: 'a' }), await open({ instance: 'b' })];
    const { id } = await mine.add(message('1'));
    // Otherwise it may be gone before the watch has seen that it was there.
    const watch = watcher(mine, [id]);
    const silent = watcher(mine, [id]);
    silent.dispose();
    await other.remove(id);
    await watch.until((_, removed) => removed.length === 1);
    watch.dispose();
    assert.deepEqual(watch.seen, [{ added: [], removed: [id] }]);
    assert.deepEqual(silent.seen, []);
    assert.deepEqual(await mine.list(), []);
  });
});
