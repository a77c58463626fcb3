/**
 * How long each phase may take, in milliseconds; 0 means no limit. The phases of a mail session follow RFC 5321
 * section 4.5.3.2; the defaults are shorter than its minutes, because a person is waiting.
 */
export interface Timeouts {
  /** Looking up the host's addresses. */
  readonly dns: number;
  /** Until one address answered, all attempts together, a proxy included. */
  readonly connect: number;
  /** The TLS handshake. */
  readonly tls: number;
  /** The server's first line. */
  readonly greeting: number;
  /** The reply to any command. */
  readonly command: number;
  /** The 354 to DATA. */
  readonly dataStart: number;
  /** One block of the message being taken by the peer. */
  readonly block: number;
  /** The reply to the final dot. */
  readonly final: number;
  /** The reply to QUIT; its passing is no failure. */
  readonly quit: number;
  /** All of it: once for connecting up to the last reply before the first message, once for each message. */
  readonly total: number;
}

export type TimeoutPhase = keyof Timeouts;

export const defaultTimeouts: Timeouts = {
  dns: 10_000,
  connect: 20_000,
  tls: 20_000,
  greeting: 60_000,
  command: 60_000,
  dataStart: 60_000,
  block: 60_000,
  final: 300_000,
  quit: 3_000,
  total: 0,
};

export function timeoutsOf(given: Partial<Timeouts> | undefined): Timeouts {
  return given === undefined ? defaultTimeouts : { ...defaultTimeouts, ...given };
}
