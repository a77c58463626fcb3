import { checkMailbox, parseEndpoint } from './endpoint.ts';
import { parseGuard } from './guard-settings.ts';
import { readPool } from './pool-settings.ts';
import {
  AUTH_CHOICES,
  defaultPort,
  type Endpoint,
  INBOX,
  INBOX_NAME,
  type Server,
  TRANSPORTS,
  type Transport,
} from './server.ts';
import type { ServerProblem } from './server-problems.ts';
import { readSession } from './session-settings.ts';
import { isRecord, SettingsReader } from './settings-reader.ts';

export interface ParsedServers {
  /** Those without errors, in the order of the settings; the Local Inbox is always among them. */
  readonly servers: ReadonlyMap<string, Server>;
  readonly problems: readonly ServerProblem[];
}

export interface ParsedServer {
  readonly server?: Server;
  readonly problems: readonly ServerProblem[];
}

/** Every property that a server of some transport has (DESIGN.md, "Names that users see"). */
export const SERVER_PROPERTIES = [
  'transport',
  'host',
  'port',
  'security',
  'user',
  'passwordEnv',
  'auth',
  'hello',
  'clientName',
  'envelopeFrom',
  'localAddress',
  'nameServers',
  'pipelining',
  'pool',
  'retry',
  'path',
  'tls',
  'timeouts',
  'proxy',
  'proxyPasswordEnv',
  'guard',
  'production',
] as const;

/** The value of `mailbench.servers`, as it comes from the settings: names and what they stand for. */
export function parseServers(value: unknown): ParsedServers {
  const servers = new Map<string, Server>();
  const problems: ServerProblem[] = [];
  if (isRecord(value)) {
    for (const [name, settings] of Object.entries(value)) {
      const parsed = parseServer(name, settings);
      problems.push(...parsed.problems);
      if (parsed.server) servers.set(name, parsed.server);
    }
  } else if (value !== undefined && value !== null) {
    problems.push({ code: 'server-wrong-type', severity: 'error', path: 'mailbench.servers', expected: 'an object' });
  }
  const configured = isRecord(value) && Object.hasOwn(value, INBOX_NAME);
  return { servers: configured ? servers : new Map<string, Server>([[INBOX_NAME, INBOX], ...servers]), problems };
}

/** One server of the settings. There is no server where anything about it is an error: it is not to be guessed at. */
export function parseServer(name: string, value: unknown, path = `mailbench.servers.${name}`): ParsedServer {
  const problems: ServerProblem[] = [];
  const reader = SettingsReader.of(value, path, problems);
  if (!reader) return { problems };
  const transport = reader.has('transport')
    ? reader.choice('transport', TRANSPORTS)
    : name === INBOX_NAME
      ? 'inbox'
      : 'smtp';
  if (transport === undefined) return { problems };
  // The Local Inbox is always there, and what goes to it stays on this machine: no settings may turn that round.
  if (name === INBOX_NAME && transport !== 'inbox') {
    problems.push({ code: 'server-name-reserved', severity: 'error', path });
    return { problems };
  }
  const server = readServer(reader, name, transport);
  // Where the reading stopped at an error, what comes after it was never looked at, and may well have a meaning.
  const note = (at: string) =>
    server && problems.push({ code: 'server-does-not-apply', severity: 'warning', path: at, transport });
  reader.finish(SERVER_PROPERTIES, note, server !== undefined);
  const failed = problems.some((problem) => problem.severity === 'error');
  return failed || !server ? { problems } : { server, problems };
}

function readServer(reader: SettingsReader, name: string, transport: Transport): Server | undefined {
  const envelopeFrom = readEnvelopeFrom(reader);
  const common = {
    name,
    production: reader.boolean('production') ?? false,
    guard: reader.has('guard') ? parseGuard(reader.raw('guard'), reader.pathOf('guard'), reader.problems) : {},
    ...(envelopeFrom === undefined ? {} : { envelopeFrom }),
  };
  switch (transport) {
    case 'inbox':
      return { ...common, transport };
    case 'folder': {
      const path = reader.text('path');
      if (path === undefined) return missing(reader, 'path', transport);
      return { ...common, transport, path };
    }
    case 'mx': {
      const port = readPort(reader);
      const session = readSession(reader, transport, { host: '' });
      const nameServers = readNameServers(reader);
      return {
        ...common,
        ...session,
        transport,
        port: port ?? defaultPort(transport, session.security),
        ...(nameServers.length === 0 ? {} : { nameServers }),
      };
    }
    case 'smtp':
    case 'lmtp': {
      const where = readEndpoint(reader, transport);
      if (!where) return undefined;
      const session = readSession(reader, transport, where);
      const endpoint: Endpoint =
        'path' in where
          ? { kind: 'socket', path: where.path }
          : { kind: 'tcp', host: where.host, port: where.port ?? defaultPort(transport, session.security) };
      const user = reader.text('user');
      const passwordEnv = reader.variable('passwordEnv');
      const auth = reader.choice('auth', AUTH_CHOICES) ?? 'auto';
      const pool = reader.object('pool');
      if (user === undefined && (passwordEnv !== undefined || (auth !== 'auto' && auth !== 'external'))) {
        const path = reader.pathOf(passwordEnv === undefined ? 'auth' : 'passwordEnv');
        reader.problems.push({ code: 'server-needs-user', severity: 'error', path });
      }
      return {
        ...common,
        ...session,
        transport,
        endpoint,
        auth,
        ...(pool === undefined ? {} : { pool: readPool(pool) }),
        ...(user === undefined ? {} : { user }),
        ...(passwordEnv === undefined ? {} : { passwordEnv }),
      };
    }
  }
}

function missing(reader: SettingsReader, name: string, transport: Transport): undefined {
  // A value that is there and bad has its own problem already.
  if (!reader.has(name)) {
    reader.problems.push({ code: 'server-missing-property', severity: 'error', path: reader.pathOf(name), transport });
  }
  return undefined;
}

function readPort(reader: SettingsReader): number | undefined {
  return reader.number('port', 1, 65535);
}

/** Addresses, since a name would have to be asked of somebody else first. */
function readNameServers(reader: SettingsReader): readonly string[] {
  const found: string[] = [];
  for (const { text, path } of reader.texts('nameServers') ?? []) {
    const parsed = parseEndpoint(text);
    if (parsed?.literal) found.push(text.trim());
    else reader.problems.push({ code: 'server-bad-host', severity: 'error', path, value: text, only: 'address' });
  }
  return found;
}

type Where = { readonly host: string; readonly port?: number } | { readonly host: ''; readonly path: string };

function readEndpoint(reader: SettingsReader, transport: Transport): Where | undefined {
  const port = readPort(reader);
  const written = reader.text('host');
  if (written === undefined) {
    const path = reader.text('path');
    if (path !== undefined && !reader.has('host')) return { host: '', path };
    return missing(reader, 'host', transport);
  }
  const parsed = parseEndpoint(written);
  if (!parsed) {
    reader.problems.push({ code: 'server-bad-host', severity: 'error', path: reader.pathOf('host'), value: written });
    return undefined;
  }
  if (parsed.port !== undefined && port !== undefined && parsed.port !== port) {
    reader.problems.push({
      code: 'server-two-ports',
      severity: 'error',
      path: reader.pathOf('port'),
      inHost: parsed.port,
      port,
    });
  }
  const either = parsed.port ?? port;
  return either === undefined ? { host: parsed.host } : { host: parsed.host, port: either };
}

function readEnvelopeFrom(reader: SettingsReader): string | undefined {
  const value = reader.text('envelopeFrom', { empty: true })?.trim();
  if (value === undefined) return undefined;
  if (value === '' || value === '<>') return '';
  const address = checkMailbox(value);
  if (address === undefined) {
    reader.problems.push({ code: 'server-bad-address', severity: 'error', path: reader.pathOf('envelopeFrom'), value });
  }
  return address;
}
