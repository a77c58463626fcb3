import type { Clock } from '../base/ports.ts';

/**
 * Gives ids that sort by time: `20260729-140211-093-0000-k3f9x2` is the UTC time to the millisecond, a counter that
 * grows where the clock stands still or goes back, and `instance`, which keeps several processes apart.
 */
export function idSource(clock: Pick<Clock, 'now'>, instance: string): () => string {
  let last = Number.NEGATIVE_INFINITY;
  let stamp = '';
  let count = 0;
  return () => {
    const now = Math.max(Math.trunc(clock.now()), last);
    if (now > last || count === LAST_COUNT) {
      last = now > last ? now : last + 1;
      count = -1;
      stamp = new Date(last)
        .toISOString()
        .replace(/^(\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d+)Z$/, '$1$2$3-$4$5$6-$7');
    }
    count++;
    return `${stamp}-${String(count).padStart(4, '0')}-${instance}`;
  };
}

const LAST_COUNT = 9999;
