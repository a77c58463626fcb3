import { DeliveryFailure, type FailureKind, type Step } from '../base/errors.ts';
import type { NetReason } from './reasons.ts';
import type { TimeoutPhase } from './timeouts.ts';

export type Details = Readonly<Record<string, string | number>>;

/** A failure of the connection itself: the session is over with it. */
export function netFailure(
  failure: FailureKind,
  step: Step,
  reason: NetReason,
  retryable: boolean,
  details: Details,
  cause?: unknown,
): DeliveryFailure {
  return new DeliveryFailure({ failure, step, reason, sessionSurvives: false, retryable, details, cause });
}

export function timedOut(step: Step, phase: TimeoutPhase, ms: number, details: Details): DeliveryFailure {
  return netFailure('timeout', step, 'timeout', true, { ...details, phase, seconds: ms / 1000 });
}

export function aborted(step: Step, details: Details, cause?: unknown): DeliveryFailure {
  return netFailure('aborted', step, 'aborted', false, details, cause);
}

/** Node's code of an error, or the empty string. */
export function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  return typeof code === 'string' ? code : '';
}

/** What a system call's failure to connect means. */
export function connectFailure(error: unknown, details: Details): DeliveryFailure {
  const code = codeOf(error);
  const make = (reason: NetReason, retryable: boolean) =>
    netFailure('network', 'connect', reason, retryable, { ...details, code }, error);
  switch (code) {
    case 'ECONNREFUSED':
      return make('connection-refused', true);
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EHOSTDOWN':
    case 'ETIMEDOUT':
      return make('unreachable', true);
    case 'ECONNRESET':
    case 'EPIPE':
      return make('connection-reset', true);
    case 'ENOENT':
    case 'ENOTSOCK':
      return make('no-such-socket', false);
    case 'EACCES':
    case 'EPERM':
      return make('permission-denied', false);
    case 'EADDRNOTAVAIL':
    case 'EINVAL':
      return make(details.localAddress === undefined ? 'connect-failed' : 'local-address', false);
    default:
      return make('connect-failed', true);
  }
}

/** What a resolver's failure means. */
export function resolveFailure(error: unknown, details: Details): DeliveryFailure {
  const code = codeOf(error);
  return code === 'ENOTFOUND' || code === 'ENODATA' || code === 'ENONAME'
    ? netFailure('network', 'resolve', 'no-such-host', false, { ...details, code }, error)
    : netFailure('network', 'resolve', 'dns-failed', true, { ...details, code }, error);
}
