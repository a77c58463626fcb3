import type { DeliveryFailure } from '../base/errors.ts';
import { codeOf, type Details, netFailure } from './failure.ts';
import type { NetReason } from './reasons.ts';
import type { PeerCertificateFacts } from './tls-options.ts';

/** What OpenSSL's or Node's verdict on a certificate means. */
function certificateReason(code: string): NetReason {
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return 'certificate-expired';
    case 'CERT_NOT_YET_VALID':
      return 'certificate-not-yet-valid';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
    case 'HOSTNAME_MISMATCH':
      return 'certificate-wrong-host';
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
      return 'certificate-self-signed';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_GET_ISSUER_CERT':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'CERT_UNTRUSTED':
      return 'certificate-untrusted';
    default:
      return 'certificate-invalid';
  }
}

export function certificateFailure(
  code: string,
  peer: PeerCertificateFacts | undefined,
  details: Details,
): DeliveryFailure {
  const facts: Record<string, string | number> = { ...details, code };
  if (peer !== undefined) {
    facts.subject = peer.subject;
    facts.issuer = peer.issuer;
    facts.names = peer.names.join(', ');
    facts.validFrom = new Date(peer.validFrom).toISOString();
    facts.validTo = new Date(peer.validTo).toISOString();
  }
  return netFailure('certificate', 'tls', certificateReason(code), false, facts);
}

/** What an error of the TLS layer means, in the handshake or after it; `undefined` where it is none of that layer's. */
export function tlsFailure(error: unknown, details: Details): DeliveryFailure | undefined {
  const code = codeOf(error);
  if (!/^ERR_(?:SSL|OSSL|TLS)_|^EPROTO$/.test(code)) return undefined;
  const facts = { ...details, code };
  const text = `${code} ${error instanceof Error ? error.message : ''}`;
  const make = (reason: NetReason) => netFailure('tls', 'tls', reason, false, facts, error);
  if (
    /UNSUPPORTED_PROTOCOL|ALERT_PROTOCOL_VERSION|VERSION_TOO_LOW|NO_PROTOCOLS_AVAILABLE|INAPPROPRIATE_FALLBACK/.test(
      text,
    )
  )
    return make('tls-too-old');
  if (
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|HTTP_REQUEST|HTTPS_PROXY_REQUEST|BAD_RECORD_TYPE|NOT_SSL/.test(
      text,
    )
  )
    return make('not-tls');
  if (
    /ALERT_(?:CERTIFICATE_REQUIRED|BAD_CERTIFICATE|UNKNOWN_CA|CERTIFICATE_UNKNOWN|CERTIFICATE_EXPIRED|CERTIFICATE_REVOKED|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED)/.test(
      text,
    )
  )
    return make('client-certificate');
  return make('tls-failed');
}
