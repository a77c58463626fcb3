import { DeliveryFailure, type FailureKind, type Step } from '../base/errors.ts';
import type { Details } from '../net/failure.ts';
import { classOf, replyCode } from './codes.ts';
import type { SmtpReason } from './reasons.ts';
import type { Reply } from './reply.ts';

/** A refusal: a well-formed reply that says no. 421 ends the session, any other leaves it usable. */
export function refusal(step: Step, reply: Reply, details: Details, reason?: SmtpReason): DeliveryFailure {
  const closing = reply.code === replyCode.unavailable;
  return new DeliveryFailure({
    failure: 'refused',
    step,
    reason: reason ?? (closing ? 'service-closing' : 'refused'),
    code: reply.code,
    ...(reply.enhanced === undefined ? {} : { enhanced: reply.enhanced }),
    lines: reply.full,
    sessionSurvives: !closing,
    retryable: classOf(reply.code) === 'transient',
    details,
  });
}

/** A reply of a class that makes no sense at this step: nothing after it can be relied on. */
export function unexpected(step: Step, reply: Reply, details: Details): DeliveryFailure {
  return new DeliveryFailure({
    failure: 'protocol',
    step,
    reason: 'unexpected-reply',
    code: reply.code,
    lines: reply.full,
    sessionSurvives: false,
    retryable: false,
    details,
  });
}

/** Refused on this side; nothing of it was sent. */
export function localFailure(step: Step, reason: SmtpReason, details: Details, cause?: unknown): DeliveryFailure {
  return new DeliveryFailure({
    failure: 'local',
    step,
    reason,
    sessionSurvives: true,
    retryable: false,
    details,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Ends the session, for whatever cause. */
export function broken(
  failure: FailureKind,
  step: Step,
  reason: SmtpReason,
  retryable: boolean,
  details: Details,
  cause?: unknown,
): DeliveryFailure {
  return new DeliveryFailure({
    failure,
    step,
    reason,
    sessionSurvives: false,
    retryable,
    details,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** The same failure, as one that has ended the session. */
export function ending(
  failure: DeliveryFailure,
  change: { readonly reason?: SmtpReason; readonly retryable?: boolean; readonly details?: Details } = {},
): DeliveryFailure {
  return new DeliveryFailure({ ...failure, sessionSurvives: false, cause: failure.cause ?? failure, ...change });
}

/**
 * What went wrong after the final dot, before its reply. Nobody knows what became of the message then, and a second try might
 * deliver it twice (RFC 5321 section 4.5.4.2 would retry).
 */
export function inDoubt(failure: DeliveryFailure): DeliveryFailure {
  if (failure.failure === 'closed') return ending(failure, { retryable: false, reason: 'fate-unknown' });
  return ending(failure, { retryable: false, details: { ...failure.details, fate: 'unknown' } });
}
