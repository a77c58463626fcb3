/**
 * A server as `mailbench.servers` or a URL describes it, checked and with every default filled in. What makes one
 * from settings is {@link file://./server-settings.ts}, from a URL {@link file://./server-url.ts}.
 */

import type { ChannelBindingType } from '../net/sasl/mechanism.ts';
import type { Timeouts } from '../net/timeouts.ts';
import type { PoolSettings } from './pool-settings.ts';
import type { RetrySettings } from './retry-settings.ts';

export const TRANSPORTS = ['smtp', 'lmtp', 'mx', 'inbox', 'folder'] as const;
export type Transport = (typeof TRANSPORTS)[number];

/**
 * `starttls`: plain at first, TLS required. `tls`: TLS from the first octet. `opportunistic`: TLS where it is offered,
 * its certificate not verified. `none`: never.
 */
export const SECURITIES = ['starttls', 'tls', 'opportunistic', 'none'] as const;
export type Security = (typeof SECURITIES)[number];

export const AUTH_CHOICES = [
  'auto',
  'plain',
  'login',
  'cram-md5',
  'scram-sha-1',
  'scram-sha-1-plus',
  'scram-sha-256',
  'scram-sha-256-plus',
  'xoauth2',
  'oauthbearer',
  'external',
] as const;
export type AuthChoice = (typeof AUTH_CHOICES)[number];

export const TLS_VERSIONS = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
export type TlsVersion = (typeof TLS_VERSIONS)[number];

/** How long each phase may take, in milliseconds; what is left out is as `defaultTimeouts` says. */
export type TimeoutSettings = Readonly<Partial<Timeouts>>;

/** File names are as written: relative ones are relative to the workspace. */
export interface TlsSettings {
  /** By default true, but with `opportunistic`, where anybody in between could take TLS away altogether. */
  readonly verify: boolean;
  /** `verify: false` is what the settings say, and no mere default: a password may go over TLS like that. */
  readonly unverifiedOnPurpose?: true;
  /** Consent to send a password in plain text to another machine. */
  readonly allowPlaintextPassword: boolean;
  /** PEM files with certificates to trust beside, or instead of, those of the system. */
  readonly ca: readonly string[];
  readonly certificate?: string;
  readonly key?: string;
  /** The environment variable that holds the key's passphrase. */
  readonly passphraseEnv?: string;
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** OpenSSL's cipher list. */
  readonly ciphers?: string;
  /** The name to ask for and to verify, where it is not the host's. */
  readonly serverName?: string;
  /** What SCRAM-…-PLUS binds to, where it is not left to the channel and the server. */
  readonly channelBinding?: ChannelBindingType;
}

/** What keeps test mail away from real people. The rules of a server stand in for those of `mailbench.guard`. */
export interface GuardRules {
  /**
   * Who may be written to: addresses (`qa@example.com`), domains (`example.com`), or domains with all that is below
   * them (`*.example.com`). Undefined: anybody.
   */
  readonly allow?: readonly string[];
  /** Who gets the mail in place of every recipient that `allow` leaves out; without `allow`, in place of all. */
  readonly redirectTo?: readonly string[];
  /** Whether a confirmation holds for the document and server until the window closes, or for one send. */
  readonly confirm?: 'once' | 'always';
}

/** Where a session goes: a host and port, or a Unix socket. */
export type Endpoint =
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | { readonly kind: 'socket'; readonly path: string };

interface ServerBase {
  /** Its name in the settings; for one given by a URL, that URL without anything secret. */
  readonly name: string;
  /** The reverse-path where the document gives none; the empty string is `<>`. */
  readonly envelopeFrom?: string;
  /** Real people are behind it: every send asks. */
  readonly production: boolean;
  readonly guard: GuardRules;
}

/** How a session is held, whatever it leads to. */
export interface SessionSettings {
  readonly security: Security;
  readonly hello: 'ehlo' | 'helo';
  /** The name to give in EHLO; by default the address literal of this end. */
  readonly clientName?: string;
  /** The address of this machine to connect from. */
  readonly localAddress?: string;
  readonly pipelining: boolean;
  /** What is refused for now is tried again; left out, it is not. */
  readonly retry?: RetrySettings;
  readonly tls: TlsSettings;
  readonly timeouts: TimeoutSettings;
  /** `socks5://host:port` or `http://host:port`, with `user@` where it wants one. */
  readonly proxy?: string;
  /** The environment variable that holds the password of the proxy's user. */
  readonly proxyPasswordEnv?: string;
}

export interface SmtpServer extends ServerBase, SessionSettings {
  readonly transport: 'smtp' | 'lmtp';
  readonly endpoint: Endpoint;
  readonly user?: string;
  readonly passwordEnv?: string;
  readonly auth: AuthChoice;
  /** How *Send to All Records* is spread over sessions. */
  readonly pool?: PoolSettings;
}

/** Straight to the recipients' own servers (RFC 5321 section 5). */
export interface MxServer extends ServerBase, SessionSettings {
  readonly transport: 'mx';
  readonly port: number;
  /** Whom to ask for MX records and addresses in place of this machine's own resolver: `192.0.2.53`, `[::1]:5353`. */
  readonly nameServers?: readonly string[];
}

/** The built-in server, started by the first send to it. */
export interface InboxServer extends ServerBase {
  readonly transport: 'inbox';
}

/** Each message becomes a `.eml` file in a folder. */
export interface FolderServer extends ServerBase {
  readonly transport: 'folder';
  /** As written: a relative one is relative to the workspace. */
  readonly path: string;
}

export type Server = SmtpServer | MxServer | InboxServer | FolderServer;

/** The name under which the Local Inbox is always there. */
export const INBOX_NAME = 'inbox';

export const INBOX: InboxServer = { name: INBOX_NAME, transport: 'inbox', production: false, guard: {} };

/** RFC 4409, RFC 8314, RFC 5321, RFC 2033: where a server of that kind listens. */
export function defaultPort(transport: 'smtp' | 'lmtp' | 'mx', security: Security): number {
  if (transport === 'mx') return 25;
  if (transport === 'lmtp') return 24;
  if (security === 'tls') return 465;
  return security === 'starttls' ? 587 : 25;
}

/** TLS from the first byte: RFC 8314 section 7.3, and what services listen on beside it (NetEase; Amazon SES and Resend). */
const TLS_PORTS: readonly (number | undefined)[] = [465, 994, 2465];

/** What is used where `security` is left out: verified TLS, but for what never leaves this machine. */
export function defaultSecurity(
  transport: 'smtp' | 'lmtp' | 'mx',
  endpoint: { host: string; port?: number },
): Security {
  if (transport === 'mx') return 'opportunistic';
  if (TLS_PORTS.includes(endpoint.port)) return 'tls';
  return isLoopback(endpoint.host) ? 'opportunistic' : 'starttls';
}

/**
 * Whether a host, as written, can only be this machine: `localhost` and what is below it (RFC 6761 section 6.3), the
 * whole of 127.0.0.0/8, `::1`, and IPv4 loopback mapped into IPv6. A name that merely resolves to it is not.
 */
export function isLoopback(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/\.$/, '');
  if (name === 'localhost' || name.endsWith('.localhost')) return true;
  if (/^127(\.(25[0-5]|2[0-4]\d|1?\d?\d)){3}$/.test(name)) return true;
  return /^(::|(0{1,4}:){7})0{0,3}1$/.test(name) || /^(::|(0{1,4}:){5})ffff:(127(\.\d{1,3}){3})$/.test(name);
}

/** Whether nothing sent to it can leave this machine by this extension's doing. */
export function isLocal(server: Server): boolean {
  switch (server.transport) {
    case 'inbox':
    case 'folder':
      return true;
    case 'mx':
      return false;
    case 'smtp':
    case 'lmtp':
      return server.endpoint.kind === 'socket' || (isLoopback(server.endpoint.host) && server.proxy === undefined);
  }
}

/** What names a server for a person: `smtp.example.com:587`, `/run/lmtp.sock`, `the folder out`. */
export function addressOf(server: Server): string {
  switch (server.transport) {
    case 'inbox':
      return 'the Local Inbox';
    case 'folder':
      return `the folder ${server.path}`;
    case 'mx':
      return 'the recipients’ own servers';
    case 'smtp':
    case 'lmtp': {
      const { endpoint } = server;
      if (endpoint.kind === 'socket') return endpoint.path;
      return endpoint.host.includes(':') ? `[${endpoint.host}]:${endpoint.port}` : `${endpoint.host}:${endpoint.port}`;
    }
  }
}

/** Whether it has a name in the settings; one that a URL gave has none but that. */
export function isNamed(server: Server): boolean {
  return !/^(smtps?|lmtp|mx|inbox|folder):\S*$/i.test(server.name);
}

/** What sentences call it: `server "staging"`; without a name of its own, its address. */
export function labelOf(server: Server): string {
  return isNamed(server) ? `server "${server.name}"` : addressOf(server);
}

/**
 * What a stored password or a confirmation is bound to: transport, host, port and user, so that a changed host never
 * gets the password of the old one.
 */
export function identityOf(server: Server): string {
  if (server.transport === 'inbox') return 'inbox';
  if (server.transport === 'folder') return `folder ${server.path}`;
  if (server.transport === 'mx') return `mx ${server.port}`;
  const { endpoint } = server;
  const where = endpoint.kind === 'socket' ? endpoint.path : `${endpoint.host.toLowerCase()} ${endpoint.port}`;
  return `${server.transport} ${where} ${server.user ?? ''}`;
}
