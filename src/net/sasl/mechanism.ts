/** SASL mechanisms (RFC 4422) as values, of no protocol: SMTP, POP3 and others frame the exchange themselves. */

/** The stronger first: the order in which `auto` prefers those that it considers. */
export const mechanismNames = [
  'EXTERNAL',
  'SCRAM-SHA-256-PLUS',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-256',
  'SCRAM-SHA-1',
  'OAUTHBEARER',
  'XOAUTH2',
  'CRAM-MD5',
  'PLAIN',
  'LOGIN',
] as const;
export type MechanismName = (typeof mechanismNames)[number];

/** As settings write it: `scram-sha-256`. */
export type MechanismChoice = 'auto' | Lowercase<MechanismName>;

export interface Credentials {
  readonly user: string;
  /** The password; for XOAUTH2 and OAUTHBEARER the access token; unused by EXTERNAL. */
  readonly password: string;
  /** The identity to act as, where it is not the user (RFC 4616, RFC 5802, RFC 4422). */
  readonly authorize?: string;
}

/** What both ends of a TLS channel know of it and of no other (RFC 5056). */
export interface ChannelBinding {
  readonly type: ChannelBindingType;
  readonly data: Uint8Array;
}

/** RFC 9266; RFC 5929 sections 3 and 4. The stronger first: the last holds for every channel to the same certificate. */
export const channelBindingTypes = ['tls-exporter', 'tls-unique', 'tls-server-end-point'] as const;
export type ChannelBindingType = (typeof channelBindingTypes)[number];

/** Of the connection, for the mechanisms that bind to it. */
export interface SaslContext {
  readonly credentials: Credentials;
  readonly host: string;
  readonly port: number;
  readonly channelBinding?: ChannelBinding;
  /** Random text for nonces: printable ASCII without commas. */
  readonly nonce: () => string;
}

/**
 * One exchange. Octets in and out are decoded; base64 is the protocol's business. A method throws a `SaslFault`
 * where the exchange can't go on.
 */
export interface Exchange {
  readonly name: MechanismName;
  /** The initial response, where the mechanism has the client speak first. */
  readonly initial?: () => Uint8Array;
  /** The answer to a challenge. */
  readonly respond: (challenge: Uint8Array) => Uint8Array | Promise<Uint8Array>;
  /** Whether the exchange may count as a success now: SCRAM says no until the server's signature was seen. */
  readonly complete: () => boolean;
  /** What the server gave as its reason to say no within the exchange (`server-error` of RFC 5802); its reply is still to come. */
  readonly refused?: () => string | undefined;
}

export interface SaslFault {
  readonly kind: 'sasl-fault';
  /**
   * `challenge`: it makes no sense. `server-unproven`: its signature is wrong or missing. `credential`: user or
   * password hold what the mechanism can't carry. `cost`: it asks for an absurd amount of hashing.
   */
  readonly fault: 'challenge' | 'server-unproven' | 'credential' | 'cost';
  readonly detail: string;
}

export function saslFault(fault: SaslFault['fault'], detail: string): SaslFault {
  return { kind: 'sasl-fault', fault, detail };
}

export function isSaslFault(value: unknown): value is SaslFault {
  return typeof value === 'object' && value !== null && (value as Partial<SaslFault>).kind === 'sasl-fault';
}
