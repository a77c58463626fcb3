/** Where in a delivery something went wrong, in the order in which the steps come. */
export type Step =
  | 'resolve'
  | 'connect'
  | 'tls'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'quit'
  /** One that a person typed, and that is none of these. */
  | 'command';

/**
 * What kind of trouble it was. `refused`: the server said no, in a well-formed reply. `protocol`: it broke the
 * protocol. `local`: this side would not do it (an unsafe argument, a missing extension), before anything was sent.
 * `source`: the message could not be read to its end.
 */
export type FailureKind =
  | 'refused'
  | 'protocol'
  | 'network'
  | 'closed'
  | 'certificate'
  | 'tls'
  | 'timeout'
  | 'aborted'
  | 'local'
  | 'source';

export interface FailureFacts {
  readonly failure: FailureKind;
  readonly step: Step;
  /** A stable word for the exact cause (`no-such-host`, `connection-refused`, `certificate-expired`, …). */
  readonly reason: string;
  /** The reply code, where a reply was the cause. */
  readonly code?: number;
  /** The enhanced status code (RFC 3463), where the reply had one. */
  readonly enhanced?: string;
  /** The server's full lines, without line ends, as text (octets that are not UTF-8 as \xNN). */
  readonly lines?: readonly string[];
  /** Whether the session can go on being used. */
  readonly sessionSurvives: boolean;
  /** Whether trying again later can help, nothing else changed. */
  readonly retryable: boolean;
  /** What the sentence needs beyond that: host, port, address, limit … Never a secret. */
  readonly details?: Readonly<Record<string, string | number>>;
  readonly cause?: unknown;
}

/**
 * A delivery, or a part of it, that failed. Told apart by `kind`, never by `instanceof`: two bundles may each hold
 * this class. `message` is for logs; what a person reads is written at the edge from the facts.
 */
export class DeliveryFailure extends Error implements FailureFacts {
  readonly kind = 'delivery-failure';
  readonly failure: FailureKind;
  readonly step: Step;
  readonly reason: string;
  readonly code?: number;
  readonly enhanced?: string;
  readonly lines?: readonly string[];
  readonly sessionSurvives: boolean;
  readonly retryable: boolean;
  readonly details?: Readonly<Record<string, string | number>>;

  constructor(facts: FailureFacts) {
    super(`${facts.step}: ${facts.reason}${facts.lines?.length ? ` (${facts.lines.join(' / ')})` : ''}`, {
      cause: facts.cause,
    });
    this.name = 'DeliveryFailure';
    this.failure = facts.failure;
    this.step = facts.step;
    this.reason = facts.reason;
    if (facts.code !== undefined) this.code = facts.code;
    if (facts.enhanced !== undefined) this.enhanced = facts.enhanced;
    if (facts.lines !== undefined) this.lines = facts.lines;
    this.sessionSurvives = facts.sessionSurvives;
    this.retryable = facts.retryable;
    if (facts.details !== undefined) this.details = facts.details;
  }
}

export function isDeliveryFailure(error: unknown): error is DeliveryFailure {
  return error instanceof Error && (error as Partial<DeliveryFailure>).kind === 'delivery-failure';
}
