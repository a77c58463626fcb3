import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { FileWriter } from '../../../src/capture/files.ts';

describe('the file writer', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mailbench-files-'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const pieces = [Buffer.from('one '), Buffer.alloc(0), Buffer.from('two')];

  for (const [how, durable, size] of [
    ['at once', false, 7],
    ['by other threads', false, 1_000_000],
    ['to the disk itself', true, 7],
  ] as const) {
    it(`writes the pieces ${how}, and leaves nothing of what failed`, async () => {
      const writer = new FileWriter(durable);
      await writer.write(join(root, 'tmp'), join(root, 'a'), pieces, size);
      assert.equal(await readFile(join(root, 'a'), 'utf8'), 'one two');
      await assert.rejects(writer.write(join(root, 'tmp'), join(root, 'none', 'a'), pieces, size), { code: 'ENOENT' });
      await assert.rejects(writer.write(join(root, 'none', 'tmp'), join(root, 'b'), pieces, size), { code: 'ENOENT' });
      await assert.rejects(writer.write(join(root, 'a'), join(root, 'b'), pieces, size), { code: 'EEXIST' });
      assert.deepEqual(await readdir(root), ['a']);
    });
  }

  it('does not wait for a disk that is slow, and tries it again after a while', async () => {
    let now = 0;
    let cost = 0;
    // Read before, and after, each write at once.
    const writer = new FileWriter(false, () => {
      now += cost;
      return now;
    });
    const write = async (milliseconds: number) => {
      cost = milliseconds / 2;
      await writer.write(join(root, 'tmp'), join(root, 'a'), pieces, 7);
      cost = 0;
    };
    for (let turn = 0; turn < 20; turn++) await write(0.2);
    // Interrupted once by the system.
    await write(7);
    assert.equal(writer.quick, true);
    for (let turn = 0; turn < 8; turn++) await write(3);
    assert.equal(writer.quick, false);
    now += 9000;
    assert.equal(writer.quick, false);
    now += 1001;
    assert.equal(writer.quick, true);
  });
});
