import { channelBindingTypes } from '../net/sasl/mechanism.ts';
import { defaultTimeouts, type TimeoutPhase } from '../net/timeouts.ts';
import { isDomain } from '../smtp/syntax.ts';
import { parseEndpoint } from './endpoint.ts';
import { readRetry } from './retry-settings.ts';
import {
  defaultSecurity,
  SECURITIES,
  type Security,
  type SessionSettings,
  TLS_VERSIONS,
  type TlsSettings,
} from './server.ts';
import type { SettingsReader } from './settings-reader.ts';

/** How a session is to be held, read from a server's settings; what can't be used is noted on the reader. */
export function readSession(
  reader: SettingsReader,
  transport: 'smtp' | 'lmtp' | 'mx',
  where: { readonly host: string; readonly port?: number; readonly path?: string },
): SessionSettings {
  const byDefault = where.path === undefined ? defaultSecurity(transport, where) : 'none';
  const clientName = reader.text('clientName');
  if (clientName !== undefined && !isDomain(clientName)) {
    reader.problems.push({
      code: 'server-bad-host',
      severity: 'error',
      path: reader.pathOf('clientName'),
      value: clientName,
    });
  }
  const localAddress = reader.text('localAddress');
  if (localAddress !== undefined && parseEndpoint(localAddress)?.literal !== true) {
    reader.problems.push({
      code: 'server-bad-host',
      severity: 'error',
      path: reader.pathOf('localAddress'),
      value: localAddress,
      only: 'address',
    });
  }
  const proxy = readProxy(reader);
  const proxyPasswordEnv = reader.variable('proxyPasswordEnv');
  // A proxy that can't be used has its own problem already.
  if (proxyPasswordEnv !== undefined && !(proxy === undefined ? reader.has('proxy') : new URL(proxy).username !== '')) {
    reader.problems.push({
      code: 'server-needs-proxy-user',
      severity: 'error',
      path: reader.pathOf('proxyPasswordEnv'),
    });
  }
  const security = reader.choice('security', SECURITIES) ?? byDefault;
  const retry = reader.object('retry');
  return {
    security,
    hello: reader.choice('hello', ['ehlo', 'helo'] as const) ?? 'ehlo',
    pipelining: reader.boolean('pipelining') ?? true,
    tls: readTls(reader.object('tls'), security),
    timeouts: readTimeouts(reader.object('timeouts')),
    ...(retry === undefined ? {} : { retry: readRetry(retry) }),
    ...(clientName === undefined ? {} : { clientName }),
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(proxy === undefined ? {} : { proxy }),
    ...(proxyPasswordEnv === undefined ? {} : { proxyPasswordEnv }),
  };
}

function readProxy(reader: SettingsReader): string | undefined {
  const value = reader.text('proxy');
  if (value === undefined) return undefined;
  const path = reader.pathOf('proxy');
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.password) {
    reader.problems.push({ code: 'server-password-in-settings', severity: 'error', path });
    return undefined;
  }
  if (url && /^(socks5h?|http):$/.test(url.protocol) && url.hostname !== '' && url.port !== '') return value;
  reader.problems.push({ code: 'server-bad-proxy', severity: 'error', path, value });
  return undefined;
}

/** Seconds in the settings, as people think of them; milliseconds from here on. 0 means no limit. */
function readTimeouts(reader: SettingsReader | undefined): SessionSettings['timeouts'] {
  const found: Partial<Record<TimeoutPhase, number>> = {};
  for (const name of reader ? (Object.keys(defaultTimeouts) as TimeoutPhase[]) : []) {
    const seconds = reader?.number(name, 0, 86_400, { fraction: true });
    if (seconds !== undefined) found[name] = Math.round(seconds * 1000);
  }
  reader?.finish();
  return found;
}

function readTls(reader: SettingsReader | undefined, security: Security): TlsSettings {
  const verify = security !== 'opportunistic';
  if (!reader) return { verify, ca: [], allowPlaintextPassword: false };
  const certificate = reader.text('certificate');
  const key = reader.text('key');
  const passphraseEnv = reader.variable('passphraseEnv');
  const serverName = reader.text('serverName');
  const minVersion = reader.choice('minVersion', TLS_VERSIONS);
  const maxVersion = reader.choice('maxVersion', TLS_VERSIONS);
  const ciphers = reader.text('ciphers');
  const channelBinding = reader.choice('channelBinding', channelBindingTypes);
  const wanted = reader.boolean('verify');
  const tls: TlsSettings = {
    verify: wanted ?? verify,
    ...(wanted === false ? { unverifiedOnPurpose: true } : {}),
    allowPlaintextPassword: reader.boolean('allowPlaintextPassword') ?? false,
    ca: reader.texts('ca')?.map((each) => each.text) ?? [],
    ...(certificate === undefined ? {} : { certificate }),
    ...(key === undefined ? {} : { key }),
    ...(passphraseEnv === undefined ? {} : { passphraseEnv }),
    ...(serverName === undefined ? {} : { serverName }),
    ...(minVersion === undefined ? {} : { minVersion }),
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(channelBinding === undefined ? {} : { channelBinding }),
  };
  if ((certificate === undefined) !== (key === undefined)) {
    const lacking = certificate === undefined ? 'certificate' : 'key';
    const path = reader.pathOf(lacking);
    reader.problems.push({ code: 'server-key-without-certificate', severity: 'error', path, missing: lacking });
  }
  if (serverName !== undefined && !parseEndpoint(serverName)) {
    const path = reader.pathOf('serverName');
    reader.problems.push({ code: 'server-bad-host', severity: 'error', path, value: serverName });
  }
  reader.finish();
  return tls;
}
