import { PROVIDERS, type Provider } from './providers.ts';
import type { Security } from './server.ts';

export type Preset = Provider;

/** In the order in which they are offered: services, then what runs on this machine. */
export const PRESETS: readonly Preset[] = PROVIDERS;

const SECURITY_WORDS: Readonly<Record<Security, string>> = {
  starttls: 'STARTTLS required',
  tls: 'TLS from the first byte',
  opportunistic: 'TLS where offered',
  none: 'plain text, on this machine only',
};

/** How a preset is reached and what it wants, on one line: `Port 587, STARTTLS required; wants an app password`. */
export function presetDetail({ server, secret }: Preset): string {
  return `Port ${server.port}, ${SECURITY_WORDS[server.security]}; ${secret === undefined ? 'no password' : `wants ${secret}`}`;
}

/** What stands in `mailbench.servers` for it. `host` may hold a port; there is never a password. */
export function presetSettings(preset: Preset | undefined, host: string, user: string): Record<string, unknown> {
  const { port, security, auth, pool } = preset?.server ?? {};
  // A port that was typed along with the host has the last word, on the security too: 465 is TLS from the first byte.
  const typed = /:\d+$/.test(host.trim());
  return {
    host: host.trim(),
    ...(port === undefined || typed ? {} : { port }),
    ...(security === undefined || (typed && !host.trim().endsWith(`:${port}`)) ? {} : { security }),
    // Without a user there is no login.
    ...(auth === undefined || user.trim() === '' ? {} : { auth }),
    ...(pool === undefined ? {} : { pool }),
    ...(user.trim() === '' ? {} : { user: user.trim() }),
  };
}
