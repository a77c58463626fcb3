import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type Exchange, type SaslContext, saslFault } from './mechanism.ts';
import { saslprep } from './saslprep.ts';

const derive = promisify(pbkdf2);

/** RFC 7677 section 4 wants 4,096 at least, for SHA-256; RFC 5802 section 5.1 has no less in practice. A server can ask for more than a person would wait for. */
const mostIterations = 10_000_000;

export type ScramName = 'SCRAM-SHA-1' | 'SCRAM-SHA-1-PLUS' | 'SCRAM-SHA-256' | 'SCRAM-SHA-256-PLUS';

/**
 * SCRAM (RFC 5802, RFC 7677): the password is never sent, and the server has to prove that it knows it too.
 * `serverHasPlus` tells whether the server offers channel binding, so that one who took it off the list is found out
 * (section 6).
 */
export function scram(name: ScramName, context: SaslContext, serverHasPlus: boolean): Exchange {
  const { credentials, channelBinding } = context;
  const hash = name.startsWith('SCRAM-SHA-256') ? 'sha256' : 'sha1';
  const length = hash === 'sha256' ? 32 : 20;
  const plus = name.endsWith('-PLUS');
  const authorize = credentials.authorize === undefined ? '' : `a=${escaped(credentials.authorize)}`;
  const flag = plus ? `p=${channelBinding?.type}` : channelBinding !== undefined && !serverHasPlus ? 'y' : 'n';
  const gs2 = `${flag},${authorize},`;
  const clientNonce = context.nonce();
  let clientFirst = '';
  let expected: Buffer | undefined;
  let proven = false;
  let refused: string | undefined;

  /** `server-error` of section 7: the server's last word, after which it wants nothing but its turn. */
  const said = (text: string): boolean => {
    refused = /^e=([^,]*)(?:,|$)/.exec(text)?.[1];
    return refused !== undefined;
  };

  const first = (): Uint8Array => {
    if (plus && channelBinding === undefined) throw saslFault('credential', 'no channel to bind to');
    clientFirst = `n=${escaped(saslprep(credentials.user))},r=${clientNonce}`;
    return Buffer.from(gs2 + clientFirst, 'utf8');
  };

  const final = async (serverFirst: string): Promise<Uint8Array> => {
    const { nonce, salt, iterations } = readServerFirst(serverFirst);
    if (!nonce.startsWith(clientNonce) || nonce.length === clientNonce.length) throw saslFault('challenge', 'nonce');
    if (iterations > mostIterations) throw saslFault('cost', String(iterations));
    const salted = await derive(saslprep(credentials.password), salt, iterations, length, hash);
    const clientKey = createHmac(hash, salted).update('Client Key').digest();
    const storedKey = createHash(hash).update(clientKey).digest();
    const binding = plus ? Buffer.concat([Buffer.from(gs2), channelBinding!.data]) : Buffer.from(gs2);
    const withoutProof = `c=${binding.toString('base64')},r=${nonce}`;
    const authMessage = `${clientFirst},${serverFirst},${withoutProof}`;
    const signature = createHmac(hash, storedKey).update(authMessage).digest();
    const proof = clientKey.map((octet, index) => octet ^ signature[index]!);
    const serverKey = createHmac(hash, salted).update('Server Key').digest();
    expected = createHmac(hash, serverKey).update(authMessage).digest();
    return Buffer.from(`${withoutProof},p=${Buffer.from(proof).toString('base64')}`, 'utf8');
  };

  const verify = (serverFinal: string): Uint8Array => {
    const match = /^v=([^,]*)(?:,|$)/.exec(serverFinal);
    const given = Buffer.from(match?.[1] ?? '', 'base64');
    if (given.length !== length || !timingSafeEqual(given, expected!)) throw saslFault('server-unproven', 'signature');
    proven = true;
    return Buffer.alloc(0);
  };

  return {
    name,
    initial: first,
    respond(challenge) {
      const text = Buffer.from(challenge).toString('utf8');
      if (clientFirst === '') {
        if (text !== '') throw saslFault('challenge', 'the client speaks first');
        return first();
      }
      if (refused !== undefined) throw saslFault('challenge', 'one too many');
      if (!proven && said(text)) return Buffer.alloc(0);
      if (expected === undefined) return final(text);
      if (proven) throw saslFault('challenge', 'one too many');
      return verify(text);
    },
    complete: () => proven,
    refused: () => refused,
  };
}

function readServerFirst(text: string): { nonce: string; salt: Buffer; iterations: number } {
  // "m=" announces an extension that must be understood; none is (section 5.1).
  const match = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+={0,2}),i=([1-9]\d{0,9})(?:,|$)/.exec(text);
  if (match === null) throw saslFault('challenge', 'server-first-message');
  return { nonce: match[1]!, salt: Buffer.from(match[2]!, 'base64'), iterations: Number(match[3]) };
}

/** saslname of section 5.1. */
function escaped(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}
