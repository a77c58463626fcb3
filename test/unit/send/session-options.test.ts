import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Transcript } from '../../../src/net/transcript.ts';
import { parseServer } from '../../../src/send/server-settings.ts';
import { sessionOptions } from '../../../src/send/session-options.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { memoryFiles } from '../../support/memory-files.ts';

describe('send/session-options', () => {
  // A default is no consent: whoever can take STARTTLS away can as well answer it with a certificate of his own.
  const table: [string, Record<string, unknown>, boolean][] = [
    ['by default', {}, false],
    ['opportunistic, which verifies nothing by itself', { security: 'opportunistic' }, false],
    ['opportunistic, verified', { security: 'opportunistic', tls: { verify: true } }, false],
    ['verification switched off', { security: 'opportunistic', tls: { verify: false } }, true],
    ['verification switched off, TLS required', { security: 'starttls', tls: { verify: false } }, true],
  ];
  for (const [name, settings, expected] of table) {
    it(`a password over TLS that was not verified: ${name}`, () => {
      const { server } = parseServer('staging', { host: 'smtp.example.com', user: 'ann', ...settings });
      assert.ok(server?.transport === 'smtp');
      const ports = { files: memoryFiles({}), clock: fixedClock };
      const transcript = new Transcript({ sink: () => {}, clock: fixedClock });
      const { verify } = server.tls;
      const options = sessionOptions(server, { kind: 'none-needed' }, { tls: { verify } }, ports, transcript);
      assert.equal(options.allowUnverifiedSecrets, expected);
    });
  }
});
