import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { describe, it } from 'mocha';
import { makeCertificate } from '../../../src/capture/certificate.ts';

describe('the certificate of the inbox', () => {
  it('is good for this machine, for a while, and signs itself', async () => {
    const now = Date.UTC(2026, 6, 29);
    const pair = await makeCertificate({ now });
    const certificate = new X509Certificate(pair.certificate);
    assert.equal(certificate.subject, 'CN=localhost');
    assert.equal(certificate.subjectAltName, 'DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
    assert.equal(certificate.checkHost('localhost'), 'localhost');
    assert.equal(certificate.checkIP('127.0.0.1'), '127.0.0.1');
    assert.equal(certificate.ca, true);
    assert.equal(certificate.verify(certificate.publicKey), true);
    assert.equal(certificate.checkPrivateKey(createPrivateKey(pair.key)), true);
    assert.deepEqual([certificate.validFromDate, certificate.validToDate].map(Number), [
      now - 86_400_000,
      now + 825 * 86_400_000,
    ]);
    assert.notEqual(
      new X509Certificate((await makeCertificate({ now })).certificate).serialNumber,
      certificate.serialNumber,
    );
  });

  it('takes other names and times', async () => {
    const { certificate } = await makeCertificate({ now: 0, days: 1, names: ['mx.test', '10.0.0.1'] });
    assert.equal(new X509Certificate(certificate).subjectAltName, 'DNS:mx.test, IP Address:10.0.0.1');
    assert.equal(new X509Certificate(certificate).validTo, 'Jan  2 00:00:00 1970 GMT');
  });
});
