import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createRequire } from 'node:module';
import { fixedClock } from './fixed-clock.ts';

const { dkimVerify } = createRequire(import.meta.url)('mailauth/lib/dkim/verify') as {
  dkimVerify(
    message: Uint8Array,
    options: { resolver: (name: string, type: string) => Promise<string[][]>; curTime?: Date },
  ): Promise<{
    results: {
      status: { result: string; comment?: string };
      signingDomain: string;
      selector: string;
      algo: string;
      format: string;
    }[];
  }>;
};

/** The key as its file holds it. */
export const pem = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 });
const ed25519 = generateKeyPairSync('ed25519');
/** A key pair for each algorithm, with the record in the DNS that tells its public half. */
export const kinds = {
  'rsa-sha256': {
    ...rsa,
    record: `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
  },
  'ed25519-sha256': {
    ...ed25519,
    record: `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`,
  },
};

/** What mailauth says of the signatures by `sel@b.example` on a message: `pass rsa-sha256` and the like. */
export async function verify(octets: Uint8Array, record: string): Promise<string[]> {
  const { results } = await dkimVerify(octets, {
    resolver: async (name) => {
      assert.equal(name, 'sel._domainkey.b.example');
      return [[record]];
    },
    curTime: new Date(fixedClock.now()),
  });
  return results.map(({ status, algo }) => `${status.result} ${algo}`);
}
