import assert from 'node:assert/strict';
// Loaded before mocha looks for leaks: tslib, which comes with it, sets global names where it is not bundled.
import '@peculiar/asn1-schema';
import { after, before, describe, it } from 'mocha';
import { makeCertificate } from '../../src/capture/certificate.ts';
import type { KeyPair } from '../../src/capture/server.ts';
import type { ChannelBindingType } from '../../src/net/sasl/mechanism.ts';
import { connect } from '../../src/smtp/client.ts';
import type { ConnectOptions } from '../../src/smtp/options.ts';
import { failureOf, optionsFor } from '../support/smtp-connect.ts';
import { account } from './harness/accounts.ts';
import { type CyrusSasl, startCyrusSasl } from './harness/cyrus-sasl.ts';
import { withClient } from './harness/exchange.ts';

const channels: ['1.2' | '1.3', ChannelBindingType][] = [
  ['1.2', 'tls-unique'],
  ['1.3', 'tls-exporter'],
  ['1.2', 'tls-server-end-point'],
  ['1.3', 'tls-server-end-point'],
];

for (const [version, binding] of channels) {
  describe(`Cyrus SASL over TLS ${version}, bound by ${binding}`, () => {
    let sasl: CyrusSasl;
    let pair: KeyPair;
    before(async () => {
      pair = await makeCertificate({ now: Date.now() });
      sasl = await startCyrusSasl(pair, version, binding);
    });
    after(() => sasl?.end());
    // By its own choice the client takes tls-server-end-point last.
    const options = (more: Partial<ConnectOptions> = {}): ConnectOptions =>
      optionsFor(sasl.port, {
        host: 'localhost',
        security: 'tls',
        tls: { ca: pair.certificate, ...(binding === 'tls-server-end-point' ? { channelBinding: binding } : {}) },
        credentials: account,
        ...more,
      });

    it('lets in by SCRAM-SHA-256-PLUS, which is preferred', async () => {
      await withClient(options(), async (client) => {
        assert.equal(client.tls?.protocol, `TLS ${version}`);
        assert.equal(client.authenticated, 'SCRAM-SHA-256-PLUS');
      });
    });

    for (const auth of ['scram-sha-256-plus', 'scram-sha-1-plus', 'scram-sha-256', 'scram-sha-1'] as const) {
      it(`takes AUTH ${auth}, and refuses a wrong password`, async () => {
        await withClient(options({ auth }), async (client) => assert.equal(client.authenticated, auth.toUpperCase()));
        const wrong = { ...account, password: 'wrong' };
        const failure = await failureOf(connect(options({ auth, credentials: wrong })));
        assert.deepEqual([failure.step, failure.code], ['auth', 535]);
      });
    }

    it('refuses what binds to another channel', async () => {
      const other = binding === 'tls-server-end-point' ? undefined : ('tls-server-end-point' as const);
      const tls = { ca: pair.certificate, ...(other === undefined ? {} : { channelBinding: other }) };
      const failure = await failureOf(connect(options({ tls, auth: 'scram-sha-256-plus' })));
      assert.deepEqual([failure.step, failure.code], ['auth', 535]);
    });
  });
}
