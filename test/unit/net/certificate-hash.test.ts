import 'reflect-metadata';
import assert from 'node:assert/strict';
import { createHash, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { describe, it } from 'mocha';
import { serverEndPoint } from '../../../src/net/certificate-hash.ts';

async function certificateOf(keyAlgorithm: object, signingAlgorithm: object): Promise<Buffer> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const keys = await webcrypto.subtle.generateKey(keyAlgorithm as EcKeyGenParams, true, ['sign', 'verify']);
  const made = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys: keys as CryptoKeyPair,
    signingAlgorithm: signingAlgorithm as EcdsaParams,
  });
  return Buffer.from(made.rawData);
}

describe('net/certificate-hash', () => {
  const rsa = (name: string, hash: string) => ({
    name,
    hash,
    modulusLength: 1024,
    publicExponent: new Uint8Array([1, 0, 1]),
  });
  const pss = (hash: string, saltLength: number) => [rsa('RSA-PSS', hash), { name: 'RSA-PSS', hash, saltLength }];
  const pkcs1 = (hash: string) => [rsa('RSASSA-PKCS1-v1_5', hash), rsa('RSASSA-PKCS1-v1_5', hash)];
  const ec = (namedCurve: string, hash: string) => [
    { name: 'ECDSA', namedCurve },
    { name: 'ECDSA', hash },
  ];
  const kinds: [string, object[], string | undefined][] = [
    ['RSA with SHA-1', pkcs1('SHA-1'), 'sha256'],
    ['RSA with SHA-256', pkcs1('SHA-256'), 'sha256'],
    ['RSA with SHA-384', pkcs1('SHA-384'), 'sha384'],
    ['RSA with SHA-512', pkcs1('SHA-512'), 'sha512'],
    ['RSASSA-PSS with SHA-1', pss('SHA-1', 20), 'sha256'],
    ['RSASSA-PSS with SHA-256', pss('SHA-256', 32), 'sha256'],
    ['RSASSA-PSS with SHA-384', pss('SHA-384', 32), 'sha384'],
    ['ECDSA with SHA-256', ec('P-256', 'SHA-256'), 'sha256'],
    ['ECDSA with SHA-384', ec('P-384', 'SHA-384'), 'sha384'],
    ['ECDSA with SHA-512', ec('P-521', 'SHA-512'), 'sha512'],
    ['Ed25519, which has no hash to take', [{ name: 'Ed25519' }, { name: 'Ed25519' }], undefined],
  ];
  for (const [name, [keys, signing], hash] of kinds) {
    it(`${name}: ${hash ?? 'none'}`, async () => {
      const certificate = await certificateOf(keys!, signing!);
      const expected = hash === undefined ? undefined : createHash(hash).update(certificate).digest();
      assert.deepEqual(serverEndPoint(certificate), expected);
    });
  }

  it('takes MD5 for SHA-256, and gives up on what is no certificate, wherever it ends', async () => {
    const sha256 = await certificateOf(...(pkcs1('SHA-256') as [object, object]));
    // md5WithRSAEncryption is sha256WithRSAEncryption but for its last octet; the signature's identifier is the last.
    const identifier = Buffer.from('2a864886f70d01010b', 'hex');
    const md5 = Buffer.from(sha256);
    md5[sha256.lastIndexOf(identifier) + identifier.length - 1] = 0x04;
    assert.deepEqual(serverEndPoint(md5), createHash('sha256').update(md5).digest());
    for (let length = 0; length < sha256.length; length++)
      assert.equal(serverEndPoint(sha256.subarray(0, length)), undefined);
    for (const nonsense of ['', '30', '3084ffffffff', '308030803080', '30020600'])
      assert.equal(serverEndPoint(Buffer.from(nonsense, 'hex')), undefined);
  });
});
