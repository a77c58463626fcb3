import type { NetReason } from '../net/reasons.ts';

/** Every `reason` that a `DeliveryFailure` of the SMTP engine can have, those of `net/` included. */
export type SmtpReason =
  | NetReason
  /** The server said no, in a well-formed reply: `code`, `enhanced`, `lines`. */
  | 'refused'
  /** 421: the server is closing the connection. */
  | 'service-closing'
  /** What came is no SMTP reply; `details.line`. */
  | 'malformed-reply'
  /** A reply past the caps of lines or octets. */
  | 'reply-too-long'
  /** A well-formed reply that makes no sense here (a 354 to MAIL). */
  | 'unexpected-reply'
  /** Bytes arrived between the reply to STARTTLS and the handshake (CVE-2011-0411). */
  | 'starttls-injection'
  /** TLS is required, and the server does not offer STARTTLS, or refused it. */
  | 'starttls-missing'
  | 'starttls-refused'
  /** The server offers no AUTH; none of the mechanisms both know; not the one asked for. `details.offered`. */
  | 'auth-missing'
  | 'auth-no-mechanism'
  /** A password would go in plain text off loopback, without `allowPlaintextSecrets`. */
  | 'auth-needs-tls'
  /** It would go under TLS to a certificate that did not verify, without `allowUnverifiedSecrets`. `details.certificate`. */
  | 'auth-needs-certificate'
  /** User or password refused (535 and its like). `details.user`, `details.mechanism`. */
  | 'auth-refused'
  /** The server could not prove that it knows the password (SCRAM). */
  | 'auth-server-unproven'
  /** Of SCRAM: the two ends do not agree on the channel between them. `details.fault` (RFC 5802 section 7), `details.mechanism`. */
  | 'auth-channel-binding'
  /** A challenge that the mechanism can't answer. */
  | 'auth-broken'
  /** Refused here, before anything was sent: `details.field` and `details.fault` (a `LineFault` or `AddressFault`). */
  | 'unsafe-argument'
  | 'bad-address'
  | 'no-recipients'
  /** The message is larger than SIZE allows: `details.size`, `details.limit`. */
  | 'too-large'
  | 'needs-8bitmime'
  | 'needs-binarymime'
  | 'needs-smtputf8'
  /** An option needs an extension that is not offered: `details.extension`. */
  | 'extension-missing'
  /** An option's value is out of its extension's bounds: `details.extension`, `details.limit`. */
  | 'extension-limit'
  /** The message could not be read to its end, or was not as long as it said. `details.expected`, `details.got`. */
  | 'source-failed'
  | 'source-changed'
  /** The connection ended after the final dot, without a reply: the message may or may not be delivered. */
  | 'fate-unknown'
  /** The client was closed, or the session spent, before this could be sent; nothing of it was. */
  | 'not-connected'
  /** MX: the domain takes no mail (RFC 7505); none of its several hosts could be used. `details.domain`, `details.hosts`, the last failure as `cause`. */
  | 'null-mx'
  | 'mx-failed'
  /** A stop point was reached: no failure of the server's. `details.at`. */
  | 'stopped'
  /** The stop point never came up, so that the session was ended before MAIL. `details.at`. */
  | 'stop-unreached';
