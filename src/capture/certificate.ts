import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import type { KeyPair } from './server.ts';

export interface CertificateOptions {
  /** Host names and IP addresses that it is good for. Default: localhost, 127.0.0.1 and ::1. */
  readonly names?: readonly string[];
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Default 825, the most that Apple's systems accept. */
  readonly days?: number;
}

const DAY = 86_400_000;
/** RFC 5758 section 3.2. */
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const COMMON_NAME = '2.5.4.3';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

/**
 * Makes a key and a certificate that signs itself, for TLS on this machine: X.509 version 3 (RFC 5280) with the names
 * as subjectAltName. A client verifies it once it is told to trust this very certificate. It takes some tens of
 * milliseconds, so the caller keeps it.
 */
export async function makeCertificate(options: CertificateOptions): Promise<KeyPair> {
  const asn = await import('@peculiar/asn1-x509');
  const { AsnConvert, OctetString } = await import('@peculiar/asn1-schema');
  const names = options.names ?? ['localhost', '127.0.0.1', '::1'];
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = new asn.Name([
    new asn.RelativeDistinguishedName([
      new asn.AttributeTypeAndValue({
        type: COMMON_NAME,
        value: new asn.AttributeValue({ utf8String: names[0] ?? '' }),
      }),
    ]),
  ]);
  const extension = (extnID: string, critical: boolean, value: object) =>
    new asn.Extension({ extnID, critical, extnValue: new OctetString(AsnConvert.serialize(value)) });
  // RFC 5280 section 4.1.2.2: positive, and unique for an issuer.
  const serial = randomBytes(16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  const usage = asn.KeyUsageFlags.digitalSignature | asn.KeyUsageFlags.keyCertSign;
  const algorithm = new asn.AlgorithmIdentifier({ algorithm: ECDSA_WITH_SHA256 });
  const content = new asn.TBSCertificate({
    version: asn.Version.v3,
    serialNumber: bytesOf(serial),
    signature: algorithm,
    issuer: name,
    subject: name,
    validity: new asn.Validity({
      notBefore: new Date(options.now - DAY),
      notAfter: new Date(options.now + (options.days ?? 825) * DAY),
    }),
    subjectPublicKeyInfo: AsnConvert.parse(publicKey.export({ type: 'spki', format: 'der' }), asn.SubjectPublicKeyInfo),
    extensions: new asn.Extensions([
      // Its own authority, so that it can be given to a client as the one to trust.
      extension(asn.id_ce_basicConstraints, true, new asn.BasicConstraints({ cA: true, pathLenConstraint: 0 })),
      extension(asn.id_ce_keyUsage, true, new asn.KeyUsage(usage)),
      extension(asn.id_ce_extKeyUsage, false, new asn.ExtendedKeyUsage([SERVER_AUTHENTICATION])),
      extension(
        asn.id_ce_subjectAltName,
        false,
        new asn.SubjectAlternativeName(
          names.map((each) => new asn.GeneralName(isIP(each) === 0 ? { dNSName: each } : { iPAddress: each })),
        ),
      ),
    ]),
  });
  const signature = sign('sha256', Buffer.from(AsnConvert.serialize(content)), privateKey);
  const certificate = new asn.Certificate({
    tbsCertificate: content,
    signatureAlgorithm: algorithm,
    signatureValue: bytesOf(signature),
  });
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: pem(Buffer.from(AsnConvert.serialize(certificate))),
  };
}

function bytesOf(octets: Buffer): ArrayBuffer {
  return new Uint8Array(octets).buffer;
}

function pem(der: Buffer): string {
  const lines = der.toString('base64').replace(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}
