import type { Clock } from '../base/ports.ts';
import type { Resolver } from '../net/resolver.ts';
import type { Credentials, MechanismChoice } from '../net/sasl/mechanism.ts';
import type { Timeouts } from '../net/timeouts.ts';
import type { TlsOptions } from '../net/tls-options.ts';
import type { Transcript } from '../net/transcript.ts';

/**
 * `starttls`: plain at first, TLS required before anything that matters. `tls`: TLS from the first octet.
 * `opportunistic`: STARTTLS where it is offered, plain text where it is not, or where the handshake fails. `none`: never. Certificates are verified
 * in each unless `tls.verify` is false.
 */
export type Security = 'starttls' | 'tls' | 'opportunistic' | 'none';

/** The engine takes every decision as an option; what is safe by default is chosen by its caller. */
export interface ConnectOptions {
  readonly protocol: 'smtp' | 'lmtp';
  /** A name or an address; not used for connecting where `path` is given. */
  readonly host: string;
  readonly port: number;
  /** A Unix socket, in place of host and port. */
  readonly path?: string;
  readonly security: Security;
  /** False: where an `opportunistic` handshake fails, so does `connect`; otherwise a new connection is made, in plain text. */
  readonly plainFallback?: boolean;
  readonly tls?: TlsOptions;
  /** `helo`: HELO alone, hence no extension of any kind. Left out: EHLO, and HELO where EHLO is refused. */
  readonly hello?: 'ehlo' | 'helo';
  /** The name given in EHLO; left out, the address literal of this end (RFC 5321 section 4.1.4). */
  readonly clientName?: string;
  readonly credentials?: Credentials;
  readonly auth?: MechanismChoice;
  /** Consent to send a secret in plain text to another machine. */
  readonly allowPlaintextSecrets?: boolean;
  /**
   * Consent to send a secret under TLS to another machine whose certificate did not verify. Left out: given, where
   * `tls.verify` false was asked for; not with `opportunistic`, where whoever sits between can bring a certificate too.
   */
  readonly allowUnverifiedSecrets?: boolean;
  /** False: one command at a time, whatever the server offers (RFC 2920). */
  readonly pipelining?: boolean;
  readonly timeouts?: Partial<Timeouts>;
  /** The address of this machine to connect from. */
  readonly localAddress?: string;
  /** `socks5://user:password@host:port` or `http://user:password@host:port`. */
  readonly proxy?: string;
  /** PROXY protocol, version 1 or 2, ahead of all else; addresses left out are the connection's own. */
  readonly proxyProtocol?: ProxyProtocol;
  /** XCLIENT attributes (Postfix): `NAME`, `ADDR`, `PORT`, `PROTO`, `HELO`, `LOGIN`, `DESTADDR`, `DESTPORT`. */
  readonly xclient?: Readonly<Record<string, string>>;
  /** Ends it all within 100 ms, at whatever step. It holds for the whole life of the session. */
  readonly signal?: AbortSignal;
  readonly transcript?: Transcript;
  /** The server's name in the settings, for the transcript's first line. */
  readonly serverName?: string;
  readonly dns?: Resolver;
  readonly clock?: Clock;
  /** Random text for nonces; a test hands in a fixed one. */
  readonly nonce?: () => string;
  /** `greeting`: stop after the server's first line, for a console that says EHLO, STARTTLS and AUTH by itself. */
  readonly upTo?: 'greeting' | 'ready';
  readonly stop?: StopPoint;
}

export interface ProxyProtocol {
  readonly version: 1 | 2;
  readonly source?: { readonly address: string; readonly port: number };
  readonly destination?: { readonly address: string; readonly port: number };
}

export type StopPhase =
  | 'connect'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'message';

/**
 * Where to leave off on purpose, to see what a server makes of it. `before` the reply: the command is sent and its
 * reply not waited for. `message` is the final dot; `before: 'command'` stops without having sent it.
 */
export interface StopPoint {
  readonly at: StopPhase;
  readonly before: 'command' | 'reply' | 'next';
  readonly how: 'quit' | 'drop';
}

export interface SendOptions {
  /** Cancels this message. Once its commands are on the wire, the session ends with it. */
  readonly signal?: AbortSignal;
  /** MAIL, RCPT for each recipient, then RSET: what the server would say, and no message. */
  readonly dryRun?: boolean;
  readonly stop?: StopPoint;
  /** Delivery status notifications (RFC 3461). */
  readonly dsn?: Dsn;
  /** RFC 8689. */
  readonly requireTls?: boolean;
  /** MT-PRIORITY (RFC 6710), -9 to 9. */
  readonly priority?: number;
  /** DELIVERBY (RFC 2852): seconds, negative only with `notify`. */
  readonly deliverBy?: { readonly seconds: number; readonly mode: 'return' | 'notify'; readonly trace?: boolean };
  /** FUTURERELEASE (RFC 4865): seconds from now, or an instant in milliseconds since the epoch. */
  readonly hold?: { readonly seconds: number } | { readonly until: number };
  /** BDAT (RFC 3030) in place of DATA, with chunks of that many octets (`true`: 1 MiB). */
  readonly chunking?: boolean | number;
  /** AUTH= of MAIL (RFC 4954 section 5): the original submitter, or `<>`. */
  readonly submitter?: string;
  /** Further parameters, as `KEYWORD` or `KEYWORD=value`, whether offered or not: for testing servers. */
  readonly mailParameters?: readonly string[];
  readonly rcptParameters?: readonly string[];
}

export interface Dsn {
  readonly return?: 'full' | 'headers';
  /** Up to 100 characters once encoded; sent as xtext. */
  readonly envelopeId?: string;
  readonly notify?: 'never' | readonly ('success' | 'failure' | 'delay')[];
  /** ORCPT for each recipient: by its address, or the recipient itself for `true`. */
  readonly originalRecipient?: true | Readonly<Record<string, string>>;
}
