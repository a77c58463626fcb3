import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DraftSeeds } from '../../../src/send/draft-seed.ts';

describe('send/draft-seed', () => {
  function seeds(): DraftSeeds {
    let next = 0;
    return new DraftSeeds(() => `seed-${++next}`);
  }

  it('keeps a seed until the draft was sent', () => {
    const all = seeds();
    assert.equal(all.seedOf('a'), 'seed-1');
    assert.equal(all.seedOf('b'), 'seed-2');
    assert.equal(all.seedOf('a'), 'seed-1');
    all.sent('a', 'seed-1');
    assert.equal(all.seedOf('a'), 'seed-3');
    assert.equal(all.seedOf('b'), 'seed-2');
  });

  it('lets a send that ends late not take the seed of the next draft', () => {
    const all = seeds();
    const first = all.seedOf('a');
    all.sent('a', first);
    const second = all.seedOf('a');
    all.sent('a', first);
    assert.equal(all.seedOf('a'), second);
  });

  it('goes along with a file that gets another name, and is forgotten', () => {
    const all = seeds();
    all.seedOf('a');
    all.renamed('a', 'b');
    all.renamed('x', 'y');
    assert.equal(all.seedOf('b'), 'seed-1');
    all.forget('b');
    assert.equal(all.seedOf('b'), 'seed-2');
  });
});
