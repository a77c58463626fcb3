import { createHmac } from 'node:crypto';
import { type Exchange, type SaslContext, saslFault } from './mechanism.ts';

/** CRAM-MD5 (RFC 2195): a keyed digest of the server's challenge. Not for new servers; many old ones have nothing better. */
export function cramMd5({ credentials }: SaslContext): Exchange {
  let answered = false;
  return {
    name: 'CRAM-MD5',
    respond(challenge) {
      if (answered || challenge.length === 0) throw saslFault('challenge', answered ? 'a second challenge' : 'empty');
      answered = true;
      const digest = createHmac('md5', credentials.password).update(challenge).digest('hex');
      return Buffer.from(`${credentials.user} ${digest}`, 'utf8');
    },
    complete: () => answered,
  };
}
