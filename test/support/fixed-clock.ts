import type { Clock } from '../../src/base/ports.ts';

/** A clock that stands still at that instant. */
export function clockAt(epochMs: number, offsetMinutes = 0): Clock {
  return { now: () => epochMs, offsetMinutes: () => offsetMinutes, ticks: () => 0 };
}

/** Three in the afternoon of 3 March 2026, an hour east of Greenwich. */
export const fixedClock = clockAt(Date.UTC(2026, 2, 3, 14, 0, 0), 60);
