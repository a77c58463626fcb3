import { cramMd5 } from './cram-md5.ts';
import {
  type Exchange,
  type MechanismChoice,
  type MechanismName,
  mechanismNames,
  type SaslContext,
} from './mechanism.ts';
import { oauthBearer, xoauth2 } from './oauth.ts';
import { external, login, plain } from './plain.ts';
import { scram } from './scram.ts';

/** What `auto` takes a password to: bearer tokens and certificates are no passwords, and are asked for by name. */
const forPasswords = new Set<MechanismName>([
  'SCRAM-SHA-256-PLUS',
  'SCRAM-SHA-1-PLUS',
  'SCRAM-SHA-256',
  'SCRAM-SHA-1',
  'CRAM-MD5',
  'PLAIN',
  'LOGIN',
]);

/** Whether the secret itself goes over the wire, so that whoever listens has it. */
export function revealsSecret(name: MechanismName): boolean {
  return name === 'PLAIN' || name === 'LOGIN' || name === 'XOAUTH2' || name === 'OAUTHBEARER';
}

/** How much a listener, or a false server, learns: a higher number is less. */
export function strengthOf(name: MechanismName): number {
  if (name.endsWith('-PLUS') || name === 'EXTERNAL') return 4;
  if (name.startsWith('SCRAM-')) return 3;
  return name === 'CRAM-MD5' ? 2 : 1;
}

/**
 * The mechanisms to try, in order: of those offered the one asked for, or for `auto` all that take a password and
 * that this connection can carry, the strongest first.
 */
export function candidates(
  offered: readonly string[],
  choice: MechanismChoice,
  connection: { readonly private: boolean; readonly channelBinding: boolean },
): readonly MechanismName[] {
  return mechanismNames.filter((name) => {
    if (!offered.includes(name)) return false;
    if (name.endsWith('-PLUS') && !connection.channelBinding) return false;
    if (choice !== 'auto') return name.toLowerCase() === choice;
    if (!forPasswords.has(name)) return false;
    return connection.private || !revealsSecret(name);
  });
}

export function exchange(name: MechanismName, context: SaslContext, offered: readonly string[]): Exchange {
  switch (name) {
    case 'PLAIN':
      return plain(context);
    case 'LOGIN':
      return login(context);
    case 'EXTERNAL':
      return external(context);
    case 'CRAM-MD5':
      return cramMd5(context);
    case 'XOAUTH2':
      return xoauth2(context);
    case 'OAUTHBEARER':
      return oauthBearer(context);
    case 'SCRAM-SHA-1':
    case 'SCRAM-SHA-1-PLUS':
    case 'SCRAM-SHA-256':
    case 'SCRAM-SHA-256-PLUS':
      return scram(
        name,
        context,
        offered.some((one) => one === `${name.replace('-PLUS', '')}-PLUS`),
      );
  }
}
