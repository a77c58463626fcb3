import type { Step } from '../base/errors.ts';
import { aborted, type Details, timedOut } from './failure.ts';
import type { TimeoutPhase } from './timeouts.ts';

export interface Bounds {
  readonly step: Step;
  readonly phase: TimeoutPhase;
  /** Milliseconds; 0: no limit. */
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
  readonly details: Details;
}

/**
 * A promise that settles at the latest when its time is over or its signal fires, and leaves neither timer nor
 * listener behind. `start` begins the work and returns what undoes it; that runs where the work did not settle by
 * itself.
 */
export function within<T>(
  bounds: Bounds,
  start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void,
): Promise<T> {
  const { step, phase, ms, signal, details } = bounds;
  if (signal?.aborted) return Promise.reject(aborted(step, details, signal.reason));
  return new Promise<T>((resolve, reject) => {
    let settled = false;
    let undo: (() => void) | undefined;
    let timer: NodeJS.Timeout | undefined;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      return true;
    };
    const fail = (error: unknown) => {
      if (!settle()) return;
      undo?.();
      reject(error);
    };
    const onAbort = () => fail(aborted(step, details, signal?.reason));
    signal?.addEventListener('abort', onAbort);
    if (ms > 0) timer = setTimeout(() => fail(timedOut(step, phase, ms, details)), ms);
    undo = start(
      (value) => settle() && resolve(value),
      (error) => settle() && reject(error),
    );
  });
}
