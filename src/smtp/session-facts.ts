import type { MechanismName } from '../net/sasl/mechanism.ts';
import type { TlsFacts } from '../net/tls-options.ts';
import type { Capabilities } from './capabilities.ts';
import type { SmtpClient } from './client.ts';

/** What a session taught about its server, for reports: taken when it was ready for a message. */
export interface SessionFacts {
  /** The other end, as connected: an IP address, or the path of a Unix socket. */
  readonly remoteAddress: string;
  /** The server's first lines, code and all. */
  readonly greeting: readonly string[];
  readonly capabilities: Capabilities;
  readonly tls?: TlsFacts;
  /** The mechanism that it was logged in by. */
  readonly authenticated?: MechanismName;
}

export function sessionFactsOf(client: SmtpClient): SessionFacts {
  const { remoteAddress, greeting, capabilities, tls, authenticated } = client;
  return {
    remoteAddress,
    greeting: greeting.full,
    capabilities,
    ...(tls === undefined ? {} : { tls }),
    ...(authenticated === undefined ? {} : { authenticated }),
  };
}
