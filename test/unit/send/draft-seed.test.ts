import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DraftSeeds } from '../../../src/send/draft-seed.ts';

describe('send/draft-seed', () => {
  function seeds(): DraftSeeds {
    let next = 0;
    return new DraftSeeds(
      () => `seed-${++next}`,
      () => 1000 + next,
    );
  }

  it('keeps a seed until the draft was sent', () => {
    const all = seeds();
    assert.equal(all.draftOf('a').seed, 'seed-1');
    assert.equal(all.draftOf('b').seed, 'seed-2');
    assert.equal(all.draftOf('a').seed, 'seed-1');
    all.sent('a', 'seed-1');
    assert.equal(all.draftOf('a').seed, 'seed-3');
    assert.equal(all.draftOf('b').seed, 'seed-2');
  });

  it('keeps the instant at which the seed was drawn', () => {
    let now = 1000;
    const all = new DraftSeeds(
      () => `seed-${now}`,
      () => now,
    );
    const first = all.draftOf('a');
    now = 2000;
    assert.deepEqual(all.draftOf('a'), { seed: 'seed-1000', drafted: 1000 });
    all.sent('a', first.seed);
    assert.deepEqual(all.draftOf('a'), { seed: 'seed-2000', drafted: 2000 });
  });

  it('lets a send that ends late not take the seed of the next draft', () => {
    const all = seeds();
    const first = all.draftOf('a').seed;
    all.sent('a', first);
    const second = all.draftOf('a').seed;
    all.sent('a', first);
    assert.equal(all.draftOf('a').seed, second);
  });

  it('goes along with a file that gets another name, and is forgotten', () => {
    const all = seeds();
    const draft = all.draftOf('a');
    all.renamed((name) => (name === 'a' ? 'b' : undefined));
    all.renamed((name) => (name === 'x' ? 'y' : undefined));
    assert.deepEqual(all.draftOf('b'), draft);
    all.forget('b');
    assert.equal(all.draftOf('b').seed, 'seed-2');
  });
});
