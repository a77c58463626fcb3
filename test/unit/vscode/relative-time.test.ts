import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { exactTime, relativeTime } from '../../../src/vscode/relative-time.ts';

const now = new Date(2026, 7, 14, 15, 30, 20).getTime();
const minute = 60_000;
const hour = 60 * minute;

const cases: readonly [then: number, expected: string][] = [
  [now + 5 * minute, 'now'],
  [now, 'now'],
  [now - 59_999, 'now'],
  [now - minute, '1 min'],
  [now - 59 * minute, '59 min'],
  [now - hour, '1 h'],
  [now - 15 * hour, '15 h'],
  [now - 16 * hour, 'yesterday'],
  [new Date(2026, 7, 13, 0, 0, 1).getTime(), 'yesterday'],
  [new Date(2026, 7, 12, 23, 59).getTime(), '12 Aug'],
  [new Date(2025, 11, 31).getTime(), '31 Dec 2025'],
];

describe('exactTime', () => {
  it('says day and time to the second', () => assert.equal(exactTime(now), '14 Aug 2026 15:30:20'));
});

describe('relativeTime', () => {
  for (const [then, expected] of cases) {
    it(`says "${expected}" of ${new Date(then).toISOString()}`, () => assert.equal(relativeTime(then, now), expected));
  }

  it('says in hours what was just before midnight, in the small hours', () => {
    const one = new Date(2026, 7, 14, 1, 0).getTime();
    assert.equal(relativeTime(one - 2 * hour, one), '2 h');
  });
});
