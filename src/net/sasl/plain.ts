import { type Exchange, type SaslContext, saslFault } from './mechanism.ts';

/** PLAIN (RFC 4616): authorization identity, user and password, told apart by NUL. */
export function plain({ credentials }: SaslContext): Exchange {
  const { user, password, authorize = '' } = credentials;
  const message = () => {
    // Section 2: NUL is the separator, so none of the three can hold it.
    if (`${authorize}${user}${password}`.includes('\0')) throw saslFault('credential', 'NUL');
    return Buffer.from(`${authorize}\0${user}\0${password}`, 'utf8');
  };
  let sent = false;
  return {
    name: 'PLAIN',
    initial() {
      sent = true;
      return message();
    },
    respond() {
      if (sent) throw saslFault('challenge', 'a second challenge');
      sent = true;
      return message();
    },
    complete: () => sent,
  };
}

/**
 * LOGIN (draft-murchison-sasl-login): user, then password. What the prompts say differs from server to server, so
 * only their order counts.
 */
export function login({ credentials }: SaslContext): Exchange {
  let step = 0;
  return {
    name: 'LOGIN',
    respond() {
      step++;
      if (step > 2) throw saslFault('challenge', 'a third challenge');
      return Buffer.from(step === 1 ? credentials.user : credentials.password, 'utf8');
    },
    complete: () => step === 2,
  };
}

/** EXTERNAL (RFC 4422 appendix A): the identity that the client's certificate has shown. */
export function external({ credentials }: SaslContext): Exchange {
  let sent = false;
  const message = () => {
    if (sent) throw saslFault('challenge', 'a second challenge');
    sent = true;
    return Buffer.from(credentials.authorize ?? '', 'utf8');
  };
  return { name: 'EXTERNAL', initial: message, respond: message, complete: () => sent };
}
