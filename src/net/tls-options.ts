import type { ChannelBinding, ChannelBindingType } from './sasl/mechanism.ts';

/** What the user decides about TLS. Everything left out means: verify, as the platform and Node would. */
export interface TlsOptions {
  /** False accepts any certificate; the transcript then says so. */
  readonly verify?: boolean;
  /** Further trusted issuers, PEM; the system's stay trusted. */
  readonly ca?: string | readonly string[];
  /** The client's certificate chain and key, PEM. */
  readonly cert?: string;
  readonly key?: string;
  readonly passphrase?: string;
  readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';
  /** The name for SNI and for the check of the certificate, where it is not the host connected to. */
  readonly serverName?: string;
  /** OpenSSL's cipher list. */
  readonly ciphers?: string;
  /** The one type for SCRAM-…-PLUS to bind to; left out, whichever suits the channel and the server. */
  readonly channelBinding?: ChannelBindingType;
}

/** What a handshake came to. */
export interface TlsFacts {
  /** As shown: `TLS 1.3`. */
  readonly protocol: string;
  readonly cipher: string;
  /** Whether the certificate was verified, and if it was not asked for, what verification would have said. */
  readonly verified: boolean;
  readonly verificationProblem?: string;
  readonly peer?: PeerCertificateFacts;
  /** What SCRAM-…-PLUS can bind to on this channel, in the order to try. */
  readonly channelBindings?: readonly ChannelBinding[];
}

export interface PeerCertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly names: readonly string[];
  /** Milliseconds since the epoch. */
  readonly validFrom: number;
  readonly validTo: number;
  readonly fingerprint256: string;
}
