import { createHash } from 'node:crypto';

/**
 * The data of `tls-server-end-point` (RFC 5929 section 4.1): the hash of the server's certificate (DER) by the hash
 * function of its signature, SHA-256 in place of MD5 and SHA-1. Undefined where the signature has no such function, as
 * Ed25519: the RFC leaves that open.
 */
export function serverEndPoint(certificate: Uint8Array): Uint8Array | undefined {
  const name = signatureHash(certificate);
  return name === undefined ? undefined : createHash(name).update(certificate).digest();
}

/** Object identifiers, as their DER contents in hex, and the hash in them (RFC 3279, RFC 4055, RFC 5758). */
const hashes: Readonly<Record<string, string>> = {
  '2a864886f70d010104': 'sha256', // md5WithRSAEncryption
  '2a864886f70d010105': 'sha256', // sha1WithRSAEncryption
  '2a864886f70d01010e': 'sha224',
  '2a864886f70d01010b': 'sha256',
  '2a864886f70d01010c': 'sha384',
  '2a864886f70d01010d': 'sha512',
  '2a8648ce380403': 'sha256', // id-dsa-with-sha1
  '608648016503040301': 'sha224',
  '608648016503040302': 'sha256',
  '2a8648ce3d0401': 'sha256', // ecdsa-with-SHA1
  '2a8648ce3d040301': 'sha224',
  '2a8648ce3d040302': 'sha256',
  '2a8648ce3d040303': 'sha384',
  '2a8648ce3d040304': 'sha512',
  // The hash functions themselves, where the parameters of RSASSA-PSS name one.
  '2b0e03021a': 'sha256', // id-sha1
  '608648016503040204': 'sha224',
  '608648016503040201': 'sha256',
  '608648016503040202': 'sha384',
  '608648016503040203': 'sha512',
};

const rsassaPss = '2a864886f70d01010a';

/** Certificate ::= SEQUENCE { tbsCertificate, signatureAlgorithm, signature } (RFC 5280 section 4.1). */
function signatureHash(certificate: Uint8Array): string | undefined {
  const whole = element(certificate, 0);
  const body = whole && element(certificate, whole.start);
  const algorithm = body && element(certificate, body.end);
  const identifier = algorithm && element(certificate, algorithm.start);
  if (identifier?.tag !== 0x06) return undefined;
  const name = hex(certificate, identifier);
  if (name !== rsassaPss) return hashes[name];
  // RFC 4055 section 3.1: [0] hashAlgorithm, SHA-1 where it is left out.
  const parameters = identifier.end < algorithm!.end ? element(certificate, identifier.end) : undefined;
  const tagged = parameters && parameters.start < parameters.end ? element(certificate, parameters.start) : undefined;
  if (tagged?.tag !== 0xa0) return 'sha256';
  const inner = element(certificate, tagged.start);
  const hash = inner && element(certificate, inner.start);
  return hash && hashes[hex(certificate, hash)];
}

interface Element {
  readonly tag: number;
  /** Of its contents. */
  readonly start: number;
  readonly end: number;
}

/** One DER element with a definite length of up to four octets (X.690 section 8.1). */
function element(octets: Uint8Array, at: number): Element | undefined {
  const tag = octets[at];
  const first = octets[at + 1];
  if (tag === undefined || first === undefined) return undefined;
  let start = at + 2;
  let length = first;
  if (first >= 0x80) {
    length = 0;
    for (let count = first & 0x7f; count > 0; count--) length = length * 256 + (octets[start++] ?? Number.NaN);
  }
  const end = start + length;
  return end <= octets.length ? { tag, start, end } : undefined;
}

function hex(octets: Uint8Array, { start, end }: Element): string {
  return Buffer.from(octets.subarray(start, end)).toString('hex');
}
