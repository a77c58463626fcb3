import { isAbsolute, resolve } from 'node:path';
import type { Clock, FileAccess } from '../base/ports.ts';
import type { Resolver } from '../net/resolver.ts';
import { resolverAt } from '../net/system-resolver.ts';
import type { TlsOptions } from '../net/tls-options.ts';
import type { Transcript } from '../net/transcript.ts';
import type { MxOptions } from '../smtp/mx.ts';
import type { ConnectOptions } from '../smtp/options.ts';
import type { PasswordLookup } from './credentials.ts';
import type { Refusal } from './question.ts';
import {
  type InboxServer,
  isNamed,
  type MxServer,
  type Server,
  type SessionSettings,
  type SmtpServer,
  type TlsSettings,
} from './server.ts';

export interface SessionPorts {
  readonly files: FileAccess;
  readonly clock: Clock;
  readonly environment?: (name: string) => string | undefined;
  readonly dns?: Resolver;
  readonly signal?: AbortSignal;
  /** Absolute: what relative file names in the settings are relative to. */
  readonly workspaceRoot?: string;
}

/** Where the Local Inbox listens. */
export interface InboxAddress {
  readonly host: string;
  readonly port: number;
}

type Common = Pick<ConnectOptions, 'clock' | 'dns' | 'signal' | 'transcript' | 'serverName'>;

function common(server: Server, ports: SessionPorts, transcript: Transcript): Common {
  return {
    ...(isNamed(server) ? { serverName: server.name } : {}),
    clock: ports.clock,
    transcript,
    ...(ports.dns === undefined ? {} : { dns: ports.dns }),
    ...(ports.signal === undefined ? {} : { signal: ports.signal }),
  };
}

/** How the built-in server is talked to: it is this machine, so in plain text. */
export function inboxOptions(
  server: InboxServer,
  at: InboxAddress,
  ports: SessionPorts,
  transcript: Transcript,
): ConnectOptions {
  return { ...common(server, ports, transcript), protocol: 'smtp', ...at, security: 'none' };
}

/** What the engine is told about a configured server. */
export function sessionOptions(
  server: SmtpServer,
  password: PasswordLookup,
  held: Held,
  ports: SessionPorts,
  transcript: Transcript,
): ConnectOptions {
  const { endpoint } = server;
  const external = server.auth === 'external' ? { user: server.user ?? '', password: '' } : undefined;
  const credentials = password.kind === 'found' ? { user: password.user, password: password.password } : external;
  return {
    ...common(server, ports, transcript),
    ...heldAs(server, held),
    protocol: server.transport,
    ...(endpoint.kind === 'tcp'
      ? { host: endpoint.host, port: endpoint.port }
      : { host: 'localhost', port: 0, path: endpoint.path }),
    ...(credentials === undefined ? {} : { credentials, auth: server.auth }),
  };
}

/** The same, for sessions with the recipients' own servers. */
export function mxOptions(server: MxServer, held: Held, ports: SessionPorts, transcript: Transcript): MxOptions {
  const { nameServers } = server;
  return {
    ...common(server, ports, transcript),
    ...heldAs(server, held),
    port: server.port,
    ...(nameServers === undefined ? {} : { dns: resolverAt(nameServers) }),
  };
}

/** What the settings only name: certificates read from disk, the proxy with its password. */
export interface Held {
  readonly tls: TlsOptions;
  readonly proxy?: string;
}

/** What is the same for every session of a server, wherever it leads to. */
function heldAs(
  server: SessionSettings,
  { tls, proxy }: Held,
): Pick<
  ConnectOptions,
  | 'security'
  | 'tls'
  | 'hello'
  | 'clientName'
  | 'pipelining'
  | 'timeouts'
  | 'localAddress'
  | 'proxy'
  | 'allowPlaintextSecrets'
  | 'allowUnverifiedSecrets'
> {
  return {
    security: server.security,
    tls,
    pipelining: server.pipelining,
    timeouts: server.timeouts,
    allowPlaintextSecrets: server.tls.allowPlaintextPassword,
    allowUnverifiedSecrets: server.tls.unverifiedOnPurpose ?? false,
    // Left to itself the engine tries EHLO, then HELO; only HELO is a wish worth passing on.
    ...(server.hello === 'helo' ? { hello: server.hello } : {}),
    ...(server.clientName === undefined ? {} : { clientName: server.clientName }),
    ...(server.localAddress === undefined ? {} : { localAddress: server.localAddress }),
    ...(proxy === undefined ? {} : { proxy }),
  };
}

/** The proxy of a server as the engine takes it: with the password that `proxyPasswordEnv` names, hidden from then on. */
export function readProxy(
  { proxy, proxyPasswordEnv: variable }: SessionSettings,
  { environment }: SessionPorts,
  transcript: Transcript,
): { readonly proxy?: string } | { readonly refusal: Refusal } {
  if (proxy === undefined) return {};
  if (variable === undefined) return { proxy };
  if (!environment) return { refusal: { code: 'untrusted-password', variable, setting: 'proxyPasswordEnv' } };
  const password = environment(variable);
  if (!password) return { refusal: { code: 'no-proxy-password', variable } };
  transcript.secrets.add(password);
  const url = new URL(proxy);
  url.password = encodeURIComponent(password);
  return { proxy: url.href };
}

/** The certificates and keys that the settings name, read from disk. */
export async function readTlsFiles(
  settings: TlsSettings,
  ports: SessionPorts,
): Promise<{ readonly tls: TlsOptions } | { readonly refusal: Refusal }> {
  const read = async (setting: string, path: string): Promise<string | Refusal> => {
    if (!isAbsolute(path) && ports.workspaceRoot === undefined) return { code: 'no-workspace', setting, path };
    try {
      return Buffer.from(await ports.files.read(resolve(ports.workspaceRoot ?? '', path))).toString('utf8');
    } catch (error) {
      const word = (error as NodeJS.ErrnoException | undefined)?.code ?? 'unknown';
      return { code: 'settings-file-unreadable', setting, path, error: word };
    }
  };
  const ca: string[] = [];
  for (const path of settings.ca) {
    const text = await read('tls.ca', path);
    if (typeof text !== 'string') return { refusal: text };
    // Node takes a file without any for an empty list, and the certificate then seems to be at fault.
    if (!/-----BEGIN (?:TRUSTED |X509 )?CERTIFICATE-----/.test(text))
      return { refusal: { code: 'settings-file-useless', setting: 'tls.ca', path, error: 'no certificate' } };
    ca.push(text);
  }
  const pair: { cert?: string; key?: string } = {};
  for (const [name, setting] of [
    ['cert', 'certificate'],
    ['key', 'key'],
  ] as const) {
    const path = settings[setting];
    if (path === undefined) continue;
    const text = await read(`tls.${setting}`, path);
    if (typeof text !== 'string') return { refusal: text };
    pair[name] = text;
  }
  const passphrase = settings.passphraseEnv === undefined ? undefined : ports.environment?.(settings.passphraseEnv);
  return {
    tls: {
      verify: settings.verify,
      ...pair,
      ...(ca.length === 0 ? {} : { ca }),
      ...(passphrase === undefined ? {} : { passphrase }),
      ...(settings.minVersion === undefined ? {} : { minVersion: settings.minVersion }),
      ...(settings.maxVersion === undefined ? {} : { maxVersion: settings.maxVersion }),
      ...(settings.serverName === undefined ? {} : { serverName: settings.serverName }),
      ...(settings.ciphers === undefined ? {} : { ciphers: settings.ciphers }),
      ...(settings.channelBinding === undefined ? {} : { channelBinding: settings.channelBinding }),
    },
  };
}
