import 'reflect-metadata';
import { createPrivateKey, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** Certificates made for the test that asks: none is committed, none expires. */
export interface Pair {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface Asked {
  readonly name: string;
  /** dNSNames; addresses go as iPAddress. */
  readonly hosts?: readonly string[];
  /** Days from now. */
  readonly from?: number;
  readonly to?: number;
  readonly authority?: boolean;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const day = 86_400_000;
let serial = 1;

/** A certificate, signed by `issuer`, or by itself. */
export async function certificate(asked: Asked, issuer?: Pair): Promise<Pair> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const hosts = asked.hosts ?? [];
  const extensions = [
    new x509.BasicConstraintsExtension(asked.authority ?? false, undefined, true),
    new x509.SubjectAlternativeNameExtension(
      hosts.map((value) => ({ type: /^[\d.]+$|:/.test(value) ? ('ip' as const) : ('dns' as const), value })),
    ),
  ];
  const common = {
    serialNumber: String(serial++).padStart(4, '0'),
    notBefore: new Date(Date.now() + (asked.from ?? -1) * day),
    notAfter: new Date(Date.now() + (asked.to ?? 30) * day),
    signingAlgorithm: algorithm,
    extensions,
  };
  const made =
    issuer === undefined
      ? await x509.X509CertificateGenerator.createSelfSigned({
          ...common,
          name: `CN=${asked.name}`,
          keys: keys as CryptoKeyPair,
        })
      : await x509.X509CertificateGenerator.create({
          ...common,
          subject: `CN=${asked.name}`,
          issuer: new x509.X509Certificate(issuer.cert).subject,
          publicKey: keys.publicKey as CryptoKey,
          signingKey: (await webcrypto.subtle.importKey(
            'pkcs8',
            createPrivateKey(issuer.key).export({ type: 'pkcs8', format: 'der' }),
            algorithm,
            true,
            ['sign'],
          )) as CryptoKey,
        });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }).export({ type: 'pkcs8', format: 'pem' });
  return { cert: made.toString('pem'), key: String(key) };
}
