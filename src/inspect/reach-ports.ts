import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../base/system-clock.ts';
import type { ReachMemory, ReachPorts } from './checks/reach.ts';

/** How long one link may take to answer. Milliseconds. */
const patience = 10_000;

/**
 * Asking for links from this machine: no cookies, no referrer, redirects told and not followed, bodies not read. `cache` and
 * `lastAsked` are the caller's, to be handed in again with the next mail.
 */
export function reachPorts(
  { cache, lastAsked }: ReachMemory,
  signal: AbortSignal,
  fetch: typeof globalThis.fetch = globalThis.fetch,
): ReachPorts {
  return {
    clock: systemClock,
    cache,
    lastAsked,
    signal,
    sleep: (milliseconds, aborted) => sleep(milliseconds, undefined, { signal: aborted }),
    async fetch(url, request) {
      const response = await fetch(url, {
        method: request.method,
        redirect: 'manual',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        headers: { accept: 'text/html,*/*;q=0.5' },
        signal: AbortSignal.any([request.signal, AbortSignal.timeout(patience)]),
      });
      await response.body?.cancel();
      const location = response.headers.get('location');
      return { status: response.status, ...(location === null ? {} : { location }) };
    },
  };
}
