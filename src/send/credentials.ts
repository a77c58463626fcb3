import type { Refusal } from './question.ts';
import { identityOf, type Server, type SmtpServer } from './server.ts';

/** Where passwords are kept between sends (SecretStorage in the editor). */
export interface SecretStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, secret: string): Promise<void>;
  delete(key: string): Promise<void>;
}

export interface PasswordRequest {
  readonly server: SmtpServer;
  readonly user: string;
}

/** What a person typed, and whether to keep it. */
export interface TypedPassword {
  readonly password: string;
  readonly remember: boolean;
}

export interface PasswordPorts {
  /** The environment; left out in a workspace that is not trusted. */
  readonly environment?: (name: string) => string | undefined;
  readonly secrets?: SecretStore;
  /** Undefined where the person would rather not. Left out where nobody can be asked. */
  readonly askPassword?: (request: PasswordRequest, signal?: AbortSignal) => Promise<TypedPassword | undefined>;
}

export type PasswordLookup =
  | { readonly kind: 'none-needed' }
  | {
      readonly kind: 'found';
      readonly user: string;
      readonly password: string;
      readonly from: 'environment' | 'store' | 'asked';
      readonly remember: boolean;
    }
  | { readonly kind: 'declined' }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** The name under which a password is kept: of one transport, host, port and user (DESIGN.md, "Names that users see"). */
export function secretKey(server: SmtpServer): string {
  return `mailbench.password ${identityOf(server)}`;
}

/** Whether a session with this server needs a password. */
export function wantsPassword(server: Server): server is SmtpServer & { readonly user: string } {
  return (
    (server.transport === 'smtp' || server.transport === 'lmtp') &&
    server.user !== undefined &&
    server.auth !== 'external'
  );
}

/** The password of a server: from the variable that it names, else from the store, else from the person. */
export async function lookUpPassword(
  server: Server,
  ports: PasswordPorts,
  signal?: AbortSignal,
): Promise<PasswordLookup> {
  if (!wantsPassword(server)) return { kind: 'none-needed' };
  const { user, passwordEnv } = server;
  if (passwordEnv !== undefined) {
    if (!ports.environment) return { kind: 'refused', refusal: { code: 'untrusted-password', variable: passwordEnv } };
    const password = ports.environment(passwordEnv);
    if (password) return { kind: 'found', user, password, from: 'environment', remember: false };
  }
  const stored = await ports.secrets?.get(secretKey(server));
  if (stored !== undefined) return { kind: 'found', user, password: stored, from: 'store', remember: false };
  if (!ports.askPassword) {
    const variable = passwordEnv === undefined ? {} : { variable: passwordEnv };
    return { kind: 'refused', refusal: { code: 'no-password', server, user, ...variable } };
  }
  const typed = await ports.askPassword({ server, user }, signal);
  if (typed === undefined) return { kind: 'declined' };
  return { kind: 'found', user, ...typed, from: 'asked' };
}

/** Keeps a typed password, once it has worked. */
export async function rememberPassword(server: Server, found: PasswordLookup, ports: PasswordPorts): Promise<void> {
  if (found.kind === 'found' && found.remember && wantsPassword(server)) {
    await ports.secrets?.set(secretKey(server), found.password);
  }
}
