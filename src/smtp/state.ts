import type { Details } from '../net/failure.ts';
import type { MechanismName } from '../net/sasl/mechanism.ts';
import type { Secrets } from '../net/secrets.ts';
import type { TlsFacts } from '../net/tls-options.ts';
import { type Capabilities, noCapabilities, offers } from './capabilities.ts';
import type { AwaitReply } from './effect.ts';
import type { Ready } from './ready.ts';
import type { Reply } from './reply.ts';
import type { TypedAuth } from './typed-auth.ts';

/**
 * The effects that a busy session has for every message, as calls: an effect has to climb through every generator of the
 * session and back, which costs more than what it does.
 */
export interface Shortcut {
  /** The reply, if it is here already. */
  reply(wanted: AwaitReply): Reply | undefined;
  /** Writes it, and what was to be written before it. */
  write(ready: Ready): void;
  /** Has this done at once after the next write, or before the next wait: nothing that the server waits for is kept back by it. */
  later(work: () => void): void;
}

/** What a session knows of itself. The generators change it, the client shows it. */
export interface SessionState {
  readonly protocol: 'smtp' | 'lmtp';
  readonly host: string;
  readonly port: number;
  /** What every failure's details begin with. */
  readonly details: Details;
  readonly clientName: string;
  /** Whether the other end is this machine, so that nobody can listen. */
  readonly loopback: boolean;
  readonly secrets: Secrets;
  /** Whether the caller lets commands be grouped (RFC 2920). */
  readonly mayPipeline: boolean;
  greeting: Reply | undefined;
  capabilities: Capabilities;
  tls: TlsFacts | undefined;
  authenticated: MechanismName | undefined;
  /** An AUTH typed by hand whose 334 waits for an answer. */
  typedAuth: TypedAuth | undefined;
  /** Transactions begun, for LIMITS MAILMAX (RFC 9422). */
  transactions: number;
  /** Set where the session can't be used for another command. */
  spent: boolean;
  /** What a driver offers besides carrying out effects; none, and the effects do. */
  shortcut: Shortcut | undefined;
  /** Milliseconds, monotonic; and how often this side has waited for the other. */
  readonly meter: { ticks(): number; roundTrips: number };
}

export function newState(
  given: Omit<
    SessionState,
    'greeting' | 'capabilities' | 'tls' | 'authenticated' | 'typedAuth' | 'transactions' | 'spent' | 'shortcut'
  >,
): SessionState {
  return {
    ...given,
    greeting: undefined,
    capabilities: noCapabilities,
    tls: undefined,
    authenticated: undefined,
    typedAuth: undefined,
    transactions: 0,
    spent: false,
    shortcut: undefined,
  };
}

export function pipelines(state: SessionState): boolean {
  return state.mayPipeline && offers(state.capabilities, 'PIPELINING');
}

/**
 * Dovecot 2.3's submission service fails an assertion ("conn->state.pending_rcpt_cmds == 0") where an envelope comes right
 * behind a message, lawful as that is. The session ends then without the message's reply, though it was passed on: whoever
 * sends again sends twice.
 */
export function fallsOver({ protocol, greeting }: SessionState): boolean {
  return protocol === 'smtp' && /\bDovecot\b/i.test(greeting?.lines[0] ?? '');
}

/** RFC 9422 section 4.2: how many transactions a session may have. */
export function moreAllowed(state: SessionState): boolean {
  return state.transactions < (state.capabilities.limits.get('MAILMAX') ?? Number.POSITIVE_INFINITY);
}
