import type { Details } from '../net/failure.ts';
import type { MechanismName } from '../net/sasl/mechanism.ts';
import type { Secrets } from '../net/secrets.ts';
import type { TlsFacts } from '../net/tls-options.ts';
import { type Capabilities, noCapabilities, offers } from './capabilities.ts';
import type { Reply } from './reply.ts';

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
  /** Transactions begun, for LIMITS MAILMAX (RFC 9422). */
  transactions: number;
  /** Set where the session can't be used for another command. */
  spent: boolean;
  /** Milliseconds, monotonic; and how often this side has waited for the other. */
  readonly meter: { ticks(): number; roundTrips: number };
}

export function newState(
  given: Omit<SessionState, 'greeting' | 'capabilities' | 'tls' | 'authenticated' | 'transactions' | 'spent'>,
): SessionState {
  return {
    ...given,
    greeting: undefined,
    capabilities: noCapabilities,
    tls: undefined,
    authenticated: undefined,
    transactions: 0,
    spent: false,
  };
}

export function pipelines(state: SessionState): boolean {
  return state.mayPipeline && offers(state.capabilities, 'PIPELINING');
}
