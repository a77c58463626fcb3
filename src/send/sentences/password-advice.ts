import { providerOf } from '../providers.ts';

/** Which password a service wants, where that is known; else where to look. */
export function passwordAdvice(host: string, user: string): string {
  const domain = user.slice(user.lastIndexOf('@') + 1);
  const known = providerOf(host) ?? (user.includes('@') ? providerOf(domain) : undefined);
  return (
    known?.password ??
    'Check the user and the password; some services want an app password or an authorization code in place of the login password.'
  );
}
