import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { idSource } from '../../../src/capture/ids.ts';

describe('message ids', () => {
  it('tell the time in UTC', () => {
    const next = idSource({ now: () => Date.UTC(2026, 6, 29, 14, 2, 11, 93) }, 'k3f9');
    assert.equal(next(), '20260729-140211-093-0000-k3f9');
    assert.equal(next(), '20260729-140211-093-0001-k3f9');
  });

  it('sort by age, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 1 }), (times) => {
        let turn = 0;
        const next = idSource({ now: () => 1_800_000_000_000 + times[turn++]! }, 'x');
        const ids = times.map(() => next());
        assert.deepEqual([...ids].sort(), ids);
        assert.equal(new Set(ids).size, ids.length);
      }),
    );
  });

  it('go on with the next millisecond where the counter is full', () => {
    const next = idSource({ now: () => 0 }, 'x');
    const ids = Array.from({ length: 10_002 }, next);
    assert.equal(ids[9999], '19700101-000000-000-9999-x');
    assert.equal(ids[10_000], '19700101-000000-001-0000-x');
    assert.equal(ids[10_001], '19700101-000000-001-0001-x');
  });
});
