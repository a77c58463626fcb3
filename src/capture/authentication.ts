import { type Reply, replies } from './replies.ts';

/** What comes next in an exchange: another line from the client, or its end. */
export type AuthStep = { readonly challenge: string } | { readonly user: string } | { readonly refused: Reply };

/** An AUTH exchange (RFC 4954 section 4). Whatever the password is, it is accepted and forgotten. */
export interface AuthExchange {
  /** Takes a line of the client, without CRLF. */
  next(line: string): AuthStep;
}

/** Begins an exchange; `initial` is the initial response as it stood in the command (RFC 4954 section 4). */
export function beginAuth(
  mechanism: string,
  initial: string | undefined,
): { exchange: AuthExchange; step: AuthStep } | undefined {
  const exchange = mechanism === 'PLAIN' ? plain() : mechanism === 'LOGIN' ? login() : undefined;
  if (exchange === undefined) return undefined;
  if (initial !== undefined) return { exchange, step: exchange.next(initial) };
  return { exchange, step: { challenge: mechanism === 'PLAIN' ? '' : base64('Username:') } };
}

/** RFC 4616: authorization identity, NUL, authentication identity, NUL, password. */
function plain(): AuthExchange {
  return {
    next(line) {
      const octets = decoded(line);
      if (!Buffer.isBuffer(octets)) return octets;
      const first = octets.indexOf(0);
      const second = first === -1 ? -1 : octets.indexOf(0, first + 1);
      if (second <= first + 1) return { refused: replies.authSyntax };
      return { user: octets.toString('utf8', first + 1, second) };
    },
  };
}

/** draft-murchison-sasl-login: the name, then the password. */
function login(): AuthExchange {
  let user: string | undefined;
  return {
    next(line) {
      const octets = decoded(line);
      if (!Buffer.isBuffer(octets)) return octets;
      if (user !== undefined) return { user };
      user = octets.toString('utf8');
      return { challenge: base64('Password:') };
    },
  };
}

function decoded(line: string): Buffer | { refused: Reply } {
  // RFC 4954 section 4: `*` cancels, and `=` is an initial response of no octets.
  if (line === '*') return { refused: replies.authCancelled };
  if (line === '=') return Buffer.alloc(0);
  if (line.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(line)) return { refused: replies.authSyntax };
  return Buffer.from(line, 'base64');
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
