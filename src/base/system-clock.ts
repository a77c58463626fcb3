import type { Clock } from './ports.ts';

/** The clock of this machine, in its own time zone. */
export const systemClock: Clock = {
  now: () => Date.now(),
  // getTimezoneOffset counts westwards; a Date field counts eastwards.
  offsetMinutes: (epochMs) => -new Date(epochMs).getTimezoneOffset(),
  ticks: () => performance.now(),
};
