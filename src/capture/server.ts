import { createServer, isIPv4, type Server } from 'node:net';
import { createSecureContext, type SecureContext } from 'node:tls';
import type { AsyncDisposable } from '../base/disposal.ts';
import { Connection, type ConnectionOptions } from './connection.ts';
import { FaultPlan, type FaultRule } from './faults.ts';
import type { MessageRecord } from './message.ts';
import { formatReply, replies } from './replies.ts';
import type { MessageSink } from './store.ts';

/** PEM text. */
export interface KeyPair {
  readonly key: string;
  readonly certificate: string;
}

export interface CaptureLimits {
  /** Octets of a message, announced as SIZE. Default 64 MiB. */
  readonly messageSize: number;
  /** Accepted recipients of one message. Default 1000. */
  readonly recipients: number;
  /** Sessions at a time. Default 100. */
  readonly connections: number;
  /** Milliseconds without a word from the client. Default 300 000 (RFC 5321 section 4.5.3.2.7). */
  readonly idle: number;
}

export interface CaptureOptions {
  /**
   * Default: 127.0.0.1, and ::1 on the same port where that can be had, since `localhost` may mean either. Anything
   * that is not loopback is refused, unless `allowRemote`.
   */
  readonly host?: string;
  readonly allowRemote?: boolean;
  /** Default 1025; 0 for any free one. */
  readonly port?: number;
  /** Whether the next free port is taken where `port` is in use. Default false. */
  readonly fallbackPorts?: boolean;
  /** A Unix socket, instead of host and port. */
  readonly path?: string;
  readonly protocol?: 'smtp' | 'lmtp';
  /** `starttls`: offered (the default, where there is a certificate); `tls`: from the first octet. */
  readonly security?: 'starttls' | 'tls' | 'none';
  /** Asked for once, when a client first wants TLS. See certificate.ts. */
  readonly certificate?: () => Promise<KeyPair>;
  readonly store: MessageSink;
  /** The name in greeting and EHLO reply. Default `mailbench.local`. */
  readonly hostname?: string;
  readonly limits?: Partial<CaptureLimits>;
  /** Extensions not to offer, by EHLO keyword: STARTTLS, PIPELINING, 8BITMIME … */
  readonly withoutExtensions?: readonly string[];
  readonly faults?: readonly FaultRule[];
  /** Whether addresses like `jo+fault-550@a.example` ask for faults. Default true. */
  readonly faultAddresses?: boolean;
  /** Called for each message once it is kept; what it throws is lost. */
  readonly onMessage?: (record: MessageRecord) => void;
}

export interface CaptureServer extends AsyncDisposable {
  /** The address that is listened on; a Unix socket's path where there is one. */
  readonly address: string;
  /** 0 for a Unix socket. */
  readonly port: number;
  /** Ends every session (421) and the listening; resolves once all is over and every message taken is in the store. */
  close(): Promise<void>;
}

const DEFAULT_PORT = 1025;
/** Ports tried one after the other before the system is asked for any. */
const PORTS_TRIED = 20;
/** Milliseconds that sessions have to end. */
const GRACE = 250;

/**
 * Starts a server that keeps every message it is given. Rejects with Node's error shape: EADDRINUSE, EACCES,
 * EADDRNOTAVAIL; ERR_NOT_LOOPBACK for a host that others could reach.
 */
export async function startCapture(options: CaptureOptions): Promise<CaptureServer> {
  const host = options.host ?? '127.0.0.1';
  if (options.path === undefined && options.allowRemote !== true && !isLoopback(host)) {
    throw Object.assign(new Error(`${host} is not a loopback address`), { code: 'ERR_NOT_LOOPBACK' });
  }
  const connections = new Set<Connection>();
  const adding = new Set<Promise<MessageRecord>>();
  const connection = connectionOptions(options, adding);
  const most = options.limits?.connections ?? 100;
  const newServer = () =>
    createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
      let sessions = 0;
      for (const each of connections) if (!each.over) sessions++;
      if (sessions >= most) {
        socket.on('error', () => socket.destroy());
        if (connection.implicitTls) socket.destroy();
        else socket.end(formatReply(replies.tooManyConnections, true), () => socket.destroy());
        return;
      }
      const opened = new Connection(socket, connection);
      connections.add(opened);
      socket.once('close', () => connections.delete(opened));
    });

  const servers: Server[] = [];
  if (options.path !== undefined) servers.push(await listen(newServer, { path: options.path }));
  else {
    const port = options.port ?? DEFAULT_PORT;
    servers.push(await listenFrom(newServer, host, port, options.fallbackPorts ?? false));
    if (options.host === undefined) {
      const twin = await listen(newServer, { host: '::1', port: portOf(servers[0]!) }).catch(() => undefined);
      if (twin !== undefined) servers.push(twin);
    }
  }

  let closing: Promise<void> | undefined;
  return {
    address: options.path ?? host,
    port: options.path === undefined ? portOf(servers[0]!) : 0,
    close: () => (closing ??= closeAll(servers, connections, adding)),
  };
}

function connectionOptions(options: CaptureOptions, adding: Set<Promise<MessageRecord>>): ConnectionOptions {
  const { certificate, limits, onMessage } = options;
  const security = options.security ?? (certificate === undefined ? 'none' : 'starttls');
  let context: Promise<SecureContext> | undefined;
  const makeContext = async () => {
    if (certificate === undefined) throw Object.assign(new Error('no certificate'), { code: 'ERR_NO_CERTIFICATE' });
    const pair = await certificate();
    return createSecureContext({ key: pair.key, cert: pair.certificate });
  };
  return {
    dialogue: {
      protocol: options.protocol ?? 'smtp',
      hostname: options.hostname ?? 'mailbench.local',
      maxSize: limits?.messageSize ?? 64 * 1024 * 1024,
      maxRecipients: limits?.recipients ?? 1000,
      startTls: security === 'starttls' && certificate !== undefined,
      without: new Set(options.withoutExtensions?.map((keyword) => keyword.toUpperCase())),
      faults: new FaultPlan(options.faults ?? [], options.faultAddresses ?? true),
    },
    store: {
      add: (message) => {
        const added = options.store.add(message);
        adding.add(added);
        const done = () => adding.delete(added);
        added.then(done, done);
        return added;
      },
    },
    idle: limits?.idle ?? 300_000,
    implicitTls: security === 'tls',
    secureContext: () => {
      context ??= makeContext();
      // One that failed may succeed the next time.
      context.catch(() => {
        context = undefined;
      });
      return context;
    },
    onMessage: (record) => {
      try {
        onMessage?.(record);
      } catch {
        // The message is kept and its sender has been told so; the listener's trouble is its own.
      }
    },
  };
}

async function listenFrom(newServer: () => Server, host: string, port: number, fallback: boolean): Promise<Server> {
  const last = fallback && port !== 0 ? Math.min(port + PORTS_TRIED, 65_535) : port;
  for (let candidate = port; ; candidate++) {
    try {
      return await listen(newServer, { host, port: candidate });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (!fallback || port === 0 || (code !== 'EADDRINUSE' && code !== 'EACCES')) throw error;
      if (candidate === last) return await listen(newServer, { host, port: 0 });
    }
  }
}

function listen(newServer: () => Server, where: { host: string; port: number } | { path: string }): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = newServer();
    server.once('error', reject);
    server.listen(where, () => {
      server.off('error', reject);
      // Out of file descriptors, for one: it passes, and the next client gets in.
      server.on('error', () => {});
      resolve(server);
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function closeAll(
  servers: readonly Server[],
  connections: ReadonlySet<Connection>,
  adding: ReadonlySet<Promise<MessageRecord>>,
): Promise<void> {
  const closed = servers.map((server) => new Promise<void>((resolve) => server.close(() => resolve())));
  const ended = Promise.all([...connections].map((connection) => connection.shutDown()));
  const timer = setTimeout(() => {
    for (const connection of connections) connection.destroy();
  }, GRACE);
  await ended;
  await Promise.all(closed);
  clearTimeout(timer);
  // A client that has gone may have left a message that is still on its way.
  await Promise.allSettled([...adding]);
}

/** Whether only this machine can reach that address. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}
