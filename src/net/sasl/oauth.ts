import { type Exchange, type SaslContext, saslFault } from './mechanism.ts';

/**
 * XOAUTH2 (Google's and Microsoft's): user and access token. A failure comes as a challenge that holds JSON and wants
 * an empty answer before the refusal.
 */
export function xoauth2({ credentials }: SaslContext): Exchange {
  const message = `user=${credentials.user}\x01auth=Bearer ${credentials.password}\x01\x01`;
  return bearer('XOAUTH2', message, '', credentials);
}

/** OAUTHBEARER (RFC 7628 section 3.1). The answer to a failure is a single control-A (section 3.2.3). */
export function oauthBearer({ credentials, host, port }: SaslContext): Exchange {
  const user = credentials.user.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const message = `n,a=${user},\x01host=${host}\x01port=${port}\x01auth=Bearer ${credentials.password}\x01\x01`;
  return bearer('OAUTHBEARER', message, '\x01', credentials);
}

function bearer(
  name: 'XOAUTH2' | 'OAUTHBEARER',
  message: string,
  afterFailure: string,
  credentials: SaslContext['credentials'],
): Exchange {
  let sent = false;
  let failed = false;
  const first = () => {
    if (/[\x00\x01\r\n]/.test(credentials.user + credentials.password))
      throw saslFault('credential', 'a control character');
    sent = true;
    return Buffer.from(message, 'utf8');
  };
  return {
    name,
    initial: first,
    respond() {
      if (!sent) return first();
      if (failed) throw saslFault('challenge', 'a second challenge');
      failed = true;
      return Buffer.from(afterFailure);
    },
    complete: () => sent && !failed,
  };
}
