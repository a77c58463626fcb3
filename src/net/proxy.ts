import type { Socket } from 'node:net';
import { type DialOptions, dial, hostAndPort } from './dial.ts';
import { netFailure } from './failure.ts';
import type { NetReason } from './reasons.ts';
import { Secrets } from './secrets.ts';
import { within } from './within.ts';

/** What a proxy's answer may hold before its blank line. */
const longestAnswer = 16 * 1024;

/**
 * Connects through a proxy: `socks5://`, `socks5h://`, `socks4://`, `socks4a://` or `http://`, with `user:password@` where it wants
 * them. The name of the server is looked up by the proxy. Dialling the proxy and what is said to it share one deadline, that of
 * connecting.
 */
export async function dialThrough(proxy: string, options: DialOptions): Promise<Socket> {
  const url = parse(proxy);
  const shown = url === undefined ? 'proxy' : `${url.protocol}//${url.host}`;
  const details = { ...options.details, proxy: shown };
  // A proxy may repeat what it was told.
  const secrets = new Secrets();
  if (url !== undefined) secrets.add(decodeURIComponent(url.password));
  const fail = (reason: NetReason, retryable: boolean, answer: string, cause?: unknown) =>
    netFailure('network', 'connect', reason, retryable, { ...details, answer: secrets.hide(answer) }, cause);
  if (url === undefined) throw fail('proxy-broken', false, 'not a proxy URL');
  const socks = url.protocol.startsWith('socks');
  const port = url.port === '' ? (socks ? 1080 : 8080) : Number(url.port);
  const deadline = options.clock.ticks() + options.timeouts.connect;
  const socket = await dial({ ...options, host: url.hostname, port, details, asStream: true }).catch(
    (error: unknown) => {
      const reason = (error as { reason?: string }).reason;
      if (reason === 'aborted' || reason === 'timeout') throw error;
      throw fail('proxy-unreachable', true, String(reason), error);
    },
  );
  // 0 would mean no limit.
  const ms = options.timeouts.connect === 0 ? 0 : Math.max(1, deadline - options.clock.ticks());
  return within({ step: 'connect', phase: 'connect', ms, signal: options.signal, details }, (done, reject) => {
    const undo = () => void socket.destroy();
    const refuse = (error: unknown) => {
      undo();
      reject(error);
    };
    const tunnel = socks ? socksTunnel(socket, url, options, fail) : httpTunnel(socket, url, options, fail);
    tunnel.then(done, refuse);
    return undo;
  });
}

type Fail = (reason: NetReason, retryable: boolean, answer: string, cause?: unknown) => Error;

async function socksTunnel(socket: Socket, url: URL, target: DialOptions, fail: Fail): Promise<Socket> {
  const { SocksClient } = await import('socks');
  const type = url.protocol.startsWith('socks4') ? 4 : 5;
  try {
    const established = SocksClient.createConnection({
      command: 'connect',
      proxy: {
        host: url.hostname,
        port: Number(url.port) || 1080,
        type,
        ...(url.username === '' ? {} : { userId: decodeURIComponent(url.username) }),
        ...(url.password === '' ? {} : { password: decodeURIComponent(url.password) }),
      },
      destination: { host: target.host.replace(/^\[(.*)\]$/, '$1'), port: target.port },
      existing_socket: socket,
      // Its own is a limit of its own; the one deadline above holds.
      timeout: 2 ** 31 - 1,
      set_tcp_nodelay: true,
    });
    // It listens, and leaves a socket that was handed to it paused.
    socket.resume();
    const { socket: open } = await established;
    open.pause();
    open.removeAllListeners('error');
    open.on('error', () => {});
    return open;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    if (/authenticat/i.test(text)) throw fail('proxy-authentication', false, text, error);
    if (/rejected connection|Failure|NotAllowed|Unreachable|Refused/i.test(text))
      throw fail('proxy-refused', true, text, error);
    throw fail('proxy-broken', false, text, error);
  }
}

/** HTTP CONNECT (RFC 9110 section 9.3.6). */
function httpTunnel(socket: Socket, url: URL, target: DialOptions, fail: Fail): Promise<Socket> {
  const authority = hostAndPort(target.host, target.port);
  const lines = [`CONNECT ${authority} HTTP/1.1`, `Host: ${authority}`];
  if (url.username !== '') {
    const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
    lines.push(`Proxy-Authorization: Basic ${Buffer.from(pair, 'utf8').toString('base64')}`);
  }
  return new Promise((resolve, reject) => {
    let held = Buffer.alloc(0);
    const stop = () => {
      socket.removeListener('data', onData);
      socket.removeListener('end', onEnd);
      socket.removeListener('error', onEnd);
    };
    const refuse = (error: Error) => {
      stop();
      reject(error);
    };
    const onEnd = () => refuse(fail('proxy-broken', true, 'closed'));
    const onData = (piece: Buffer) => {
      held = Buffer.concat([held, piece]);
      const end = held.indexOf('\r\n\r\n');
      if (end === -1) {
        if (held.length > longestAnswer) refuse(fail('proxy-broken', false, 'too long'));
        return;
      }
      const first = held
        .toString('latin1')
        .split('\r\n', 1)[0]!
        .replace(/[^\x20-\x7e]/g, '?');
      const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1];
      if (status === undefined) return refuse(fail('proxy-broken', false, first));
      if (status === '407') return refuse(fail('proxy-authentication', false, first));
      if (!status.startsWith('2')) return refuse(fail('proxy-refused', status.startsWith('5'), first));
      stop();
      socket.pause();
      const rest = held.subarray(end + 4);
      if (rest.length > 0) socket.unshift(rest);
      resolve(socket);
    };
    socket.on('data', onData);
    socket.on('end', onEnd);
    socket.on('error', onEnd);
    socket.resume();
    socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  });
}

function parse(proxy: string): URL | undefined {
  if (!URL.canParse(proxy)) return undefined;
  // A special scheme, so that the host is read and checked as a host.
  const scheme = proxy.slice(0, proxy.indexOf(':') + 1).toLowerCase();
  if (!/^(?:socks5h?|socks4a?|socks|http):$/.test(scheme)) return undefined;
  const url = new URL(proxy);
  if (url.hostname === '' || /[\s\x00-\x1f]/.test(decodeURIComponent(url.hostname))) return undefined;
  return url;
}
