/**
 * Every `reason` that a `DeliveryFailure` made by this room can have. The sentence for each is written at the edge;
 * `details` holds what it needs, always with `host` and, where there is one, `port`.
 */
export type NetReason =
  /** Step `resolve`. The name does not exist, or has no address. */
  | 'no-such-host'
  /** Step `resolve`. No answer from the name servers, or a broken one; `details.code`. */
  | 'dns-failed'
  /** Step `connect`. */
  | 'connection-refused'
  | 'unreachable'
  | 'connection-reset'
  /** A Unix socket that is not there; `details.path`. */
  | 'no-such-socket'
  | 'permission-denied'
  /** `localAddress` is none of this machine's; `details.localAddress`. */
  | 'local-address'
  /** Any other failure to connect; `details.code`. */
  | 'connect-failed'
  /** The proxy could not be reached, refused, or is not a proxy; `details.proxy`, `details.answer`. */
  | 'proxy-unreachable'
  | 'proxy-refused'
  | 'proxy-authentication'
  | 'proxy-broken'
  /** Step `tls`: certificates. `details.subject`, `issuer`, `validFrom`, `validTo`, `names`, as far as known. */
  | 'certificate-expired'
  | 'certificate-not-yet-valid'
  | 'certificate-wrong-host'
  | 'certificate-self-signed'
  | 'certificate-untrusted'
  | 'certificate-invalid'
  /** No protocol version in common. */
  | 'tls-too-old'
  /** What the peer said was not TLS: a plain-text port, or security "starttls" wanted. */
  | 'not-tls'
  /** The server asked for a client certificate, or refused the one it got. */
  | 'client-certificate'
  /** The CA, certificate or key given cannot be used; nothing was sent. */
  | 'tls-settings'
  | 'tls-failed'
  /** The peer closed, or the connection broke (`details.code`), in whichever step. */
  | 'closed'
  /** A deadline passed: `details.phase` (a `TimeoutPhase`) and `details.seconds`. */
  | 'timeout'
  /** The `AbortSignal` fired. */
  | 'aborted';
