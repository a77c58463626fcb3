import { isIP, type OnReadOpts, connect as open, type Socket, type TcpNetConnectOpts } from 'node:net';
import type { Clock } from '../base/ports.ts';
import { connectFailure, type Details, netFailure, resolveFailure } from './failure.ts';
import type { Address, Resolver } from './resolver.ts';
import type { Timeouts } from './timeouts.ts';
import { within } from './within.ts';

export interface DialOptions {
  readonly host: string;
  readonly port: number;
  /** A Unix socket, in place of host and port. */
  readonly path?: string | undefined;
  readonly localAddress?: string | undefined;
  readonly resolver: Resolver;
  readonly timeouts: Pick<Timeouts, 'dns' | 'connect'>;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Called as each attempt ends. */
  readonly onAttempt?: ((attempt: Attempt) => void) | undefined;
  readonly details: Details;
  /** The socket is to be read as a stream, `unshift` and all; else all that it has for readers is its `data`. */
  readonly asStream?: boolean;
}

export interface Attempt {
  /** `192.0.2.1:25`, `[2001:db8::1]:25`, or the path of a Unix socket. */
  readonly address: string;
  readonly milliseconds: number;
  /** Node's code (`ECONNREFUSED`); none where it connected. */
  readonly error?: string;
}

/** How long one address has the field to itself (RFC 8305 section 5). */
const headStart = 250;

/**
 * Connects to the first address that answers. Addresses are tried in the resolver's order, families taking turns
 * (RFC 8305 section 4), each started when the one before it failed or had its head start; the others are closed.
 */
export async function dial(options: DialOptions): Promise<Socket> {
  if (options.path !== undefined) return race(options, [{ path: options.path }]);
  const addresses = await resolve(options);
  return race(
    options,
    addresses.map(({ address, family }) => ({
      host: address,
      port: options.port,
      family,
      ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
    })),
  );
}

async function resolve(options: DialOptions): Promise<readonly Address[]> {
  const { host, resolver, timeouts, signal, details } = options;
  const literal = host.replace(/^\[(.*)\]$/, '$1').replace(/^IPv6:/i, '');
  const family = isIP(literal);
  const found: readonly Address[] =
    family !== 0
      ? [{ address: literal, family: family === 6 ? 6 : 4 }]
      : await within({ step: 'resolve', phase: 'dns', ms: timeouts.dns, signal, details }, (done, fail) => {
          const stop = new AbortController();
          resolver.addresses(host, stop.signal).then(done, (error) => fail(resolveFailure(error, details)));
          return () => stop.abort();
        });
  const own = options.localAddress === undefined ? 0 : isIP(options.localAddress);
  const usable = own === 0 ? found : found.filter((one) => one.family === own);
  if (usable.length > 0) return interleave(usable);
  if (found.length === 0) throw netFailure('network', 'resolve', 'no-such-host', false, details);
  throw netFailure('network', 'connect', 'local-address', false, { ...details, family: own });
}

/** Families in turn, the first address's first. */
export function interleave(addresses: readonly Address[]): readonly Address[] {
  const first = addresses.filter((one) => one.family === addresses[0]?.family);
  const second = addresses.filter((one) => one.family !== addresses[0]?.family);
  const mixed: Address[] = [];
  for (let i = 0; i < Math.max(first.length, second.length); i++) {
    if (first[i] !== undefined) mixed.push(first[i]!);
    if (second[i] !== undefined) mixed.push(second[i]!);
  }
  return mixed;
}

type Target = TcpNetConnectOpts | { readonly path: string };

function race(options: DialOptions, targets: readonly Target[]): Promise<Socket> {
  const { timeouts, signal, details, clock, onAttempt, asStream } = options;
  return within({ step: 'connect', phase: 'connect', ms: timeouts.connect, signal, details }, (done, fail) => {
    const open_ = new Set<Socket>();
    let next = 0;
    let timer: NodeJS.Timeout | undefined;
    let firstError: unknown;
    let over = false;
    const stop = () => {
      over = true;
      clearTimeout(timer);
      for (const socket of open_) socket.destroy();
    };
    const start = () => {
      clearTimeout(timer);
      const target = targets[next++];
      if (over || target === undefined) return;
      const began = clock.ticks();
      const name = nameOf(target);
      // allowHalfOpen stays off: a server that has closed wants nothing more.
      const reading = asStream ? {} : { onread: asItComes(() => socket) };
      const socket: Socket = open({ ...target, noDelay: true, ...reading } as TcpNetConnectOpts);
      open_.add(socket);
      if (next < targets.length) timer = setTimeout(start, headStart);
      socket.once('connect', () => {
        open_.delete(socket);
        socket.removeAllListeners('error');
        // Until its owner listens, an error must not end the process.
        socket.on('error', () => {});
        socket.pause();
        stop();
        onAttempt?.({ address: name, milliseconds: clock.ticks() - began });
        done(socket);
      });
      socket.on('error', (error) => {
        open_.delete(socket);
        socket.destroy();
        if (over) return;
        firstError ??= error;
        const code = (error as NodeJS.ErrnoException).code ?? 'error';
        onAttempt?.({ address: name, milliseconds: clock.ticks() - began, error: code });
        if (next < targets.length) start();
        else if (open_.size === 0) fail(connectFailure(firstError, { ...details, address: name }));
      });
    };
    start();
    return stop;
  });
}

/** As long as most of what is read at once. Octets. */
const readAtOnce = 64 * 1024;

/**
 * Reads into one buffer and emits `data` with a copy as long as what came. Left alone, Node sets 64 KiB aside for every read and
 * leads it through a stream: for a reply of sixty octets, more work than the reply. Whoever listens for `data` sees no difference.
 */
function asItComes(socket: () => Socket): OnReadOpts {
  return {
    buffer: new Uint8Array(readAtOnce),
    callback: (length, buffer) => {
      socket().emit('data', Buffer.from(buffer.subarray(0, length)));
      return true;
    },
  };
}

function nameOf(target: Target): string {
  if (!('port' in target)) return target.path;
  const { host, port } = target;
  return hostAndPort(host ?? '', port);
}

export function hostAndPort(host: string, port: number): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Whether an address as connected (not a name) is this machine's own: 127.0.0.0/8, ::1, or a Unix socket's path. */
export function isLoopbackAddress(address: string): boolean {
  return address.startsWith('/') || /^(?:::ffff:)?127(?:\.\d{1,3}){3}$/i.test(address) || address === '::1';
}
