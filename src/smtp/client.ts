import { randomBytes } from 'node:crypto';
import { isIPv6 } from 'node:net';
import type { Envelope } from '../base/envelope.ts';
import { type DeliveryFailure, isDeliveryFailure } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import { systemClock } from '../base/system-clock.ts';
import { Connection } from '../net/connection.ts';
import { type Attempt, dial, hostAndPort, isLoopbackAddress } from '../net/dial.ts';
import { aborted, type Details, timedOut } from '../net/failure.ts';
import { proxyProtocolHeader } from '../net/proxy-protocol.ts';
import type { Credentials, MechanismChoice, MechanismName } from '../net/sasl/mechanism.ts';
import { Secrets } from '../net/secrets.ts';
import { systemResolver } from '../net/system-resolver.ts';
import { timeoutsOf } from '../net/timeouts.ts';
import type { TlsFacts } from '../net/tls-options.ts';
import type { Capabilities } from './capabilities.ts';
import { checkName } from './command.ts';
import type { Delivery } from './delivery.ts';
import { Driver } from './driver.ts';
import { localFailure } from './failure.ts';
import { open } from './handshake.ts';
import { LiveClient } from './live-client.ts';
import type { ConnectOptions, SendOptions } from './options.ts';
import type { Reply } from './reply.ts';
import { newState, type SessionState } from './state.ts';
import { lineFault } from './syntax.ts';

/**
 * One live session with an SMTP or LMTP server. Every method rejects with a `DeliveryFailure`; after one whose
 * `sessionSurvives` is false the client can only be thrown away. Calls may overlap: they are carried out in order, and
 * messages waiting behind one another share round trips where the server offers PIPELINING.
 */
export interface SmtpClient {
  /** What the server offers now. */
  readonly capabilities: Capabilities;
  /** The server's first line. */
  readonly greeting: Reply;
  readonly tls: TlsFacts | undefined;
  /** The mechanism that the session was authenticated by. */
  readonly authenticated: MechanismName | undefined;
  /** The other end, as connected: an IP address, or the path of a Unix socket. */
  readonly remoteAddress: string;
  /** Whether another message can be sent, as far as can be seen from here. */
  readonly usable: boolean;
  /** Messages and commands handed in and not settled. */
  readonly pending: number;
  /** Called when the server says something, or closes, with nothing asked of it: `lastWords` tells what. */
  onUnasked: (() => void) | undefined;
  /** Transactions begun. */
  readonly transactions: number;
  /** How often this side has waited for the other since the connection stood. */
  readonly roundTrips: number;

  /** Sends one message; see `Delivery` for when this resolves and when it rejects. */
  send(envelope: Envelope, message: ByteSource, options?: SendOptions): Promise<Delivery>;
  /**
   * Takes back every message that is not the one under way: each rejects with `not-connected`, nothing of it sent. If
   * one's envelope had gone ahead, the session ends with the reply to the message before it.
   */
  holdBack(): void;

  /** One line as it stands, and its reply, whatever it is. Refuses CR, LF, NUL, and the verbs that have a method. */
  command(line: string): Promise<Reply>;
  /** EHLO (LHLO), or HELO; capabilities are replaced. */
  hello(verb?: 'ehlo' | 'helo'): Promise<Reply>;
  /** STARTTLS, the handshake, and EHLO again. */
  startTls(): Promise<TlsFacts>;
  authenticate(credentials: Credentials, auth?: MechanismChoice): Promise<Reply>;
  /** What a 354 to a raw DATA asks for: the message, stuffed, and the final dot; `replies` of them (LMTP: one a recipient). */
  message(message: ByteSource, replies?: number): Promise<readonly Reply[]>;
  verify(address: string): Promise<Reply>;
  expand(list: string): Promise<Reply>;
  help(topic?: string): Promise<Reply>;
  /** Waits for what the server says unasked; rejects with it, or with its having closed. The session is over then. */
  lastWords(): Promise<never>;
  noop(): Promise<Reply>;
  reset(): Promise<Reply>;

  /** QUIT after what is pending; never rejects, takes no longer than its timeout, and leaves no socket. */
  quit(): Promise<void>;
  /** Ends the connection at once; what is pending rejects. */
  destroy(): void;
}

/**
 * Connects and opens a session: greeting, EHLO, TLS, XCLIENT, AUTH, as the options say. Rejects with a
 * `DeliveryFailure`; nothing is left open then.
 */
export async function connect(options: ConnectOptions): Promise<SmtpClient> {
  if (options.security !== 'opportunistic' || options.plainFallback === false) return connectOnce(options);
  const clock = options.clock ?? systemClock;
  const began = clock.ticks();
  try {
    return await connectOnce(options);
  } catch (error) {
    // RFC 7435 section 3: TLS was a bonus, and its failure is no reason to do without mail. A certificate that fails is only
    // ever looked at where one asked for it; what was sent in TLS so far is nothing but the handshake.
    if (!isDeliveryFailure(error) || error.step !== 'tls') throw error;
    if (['certificate', 'aborted', 'local'].includes(error.failure)) throw error;
    const total = timeoutsOf(options.timeouts).total;
    const left = total === 0 ? 0 : total - (clock.ticks() - began);
    if (left < 0) throw error;
    options.transcript?.event(`TLS with ${options.path ?? options.host} failed: trying again without`);
    return connectOnce({ ...options, security: 'none', timeouts: { ...options.timeouts, total: left } });
  }
}

async function connectOnce(options: ConnectOptions): Promise<SmtpClient> {
  const { host, port, path, transcript, signal } = options;
  const clock = options.clock ?? systemClock;
  const timeouts = timeoutsOf(options.timeouts);
  const details: Details = path === undefined ? { host, port } : { host, path };
  check(options);

  // One clock runs over all of it, whichever step it is in.
  const interruption = new AbortController();
  let driver: Driver | undefined;
  let dialled = false;
  let overdue = false;
  const timer =
    timeouts.total > 0
      ? setTimeout(() => {
          overdue = true;
          end();
        }, timeouts.total)
      : undefined;
  const failureAt = (step: DeliveryFailure['step'], cause?: unknown) =>
    overdue ? timedOut(step, 'total', timeouts.total, details) : aborted(step, details, cause);
  const end = () => {
    if (driver === undefined) interruption.abort();
    else driver.interrupt(failureAt(driver.step, signal?.reason));
  };
  signal?.addEventListener('abort', end);
  if (signal?.aborted) end();

  try {
    const name = options.serverName === undefined ? '' : ` (server "${options.serverName}")`;
    const via = options.proxy === undefined ? '' : ` through ${withoutSecret(options.proxy)}`;
    transcript?.event(`Connecting to ${path ?? hostAndPort(host, port)}${via}${name}`);
    const attempts = (attempt: Attempt) => transcript?.event(sentenceOf(attempt));
    const dialling = {
      resolver: options.dns ?? systemResolver,
      timeouts,
      clock,
      signal: interruption.signal,
      onAttempt: attempts,
      details: {
        ...details,
        ...(options.localAddress === undefined ? {} : { localAddress: options.localAddress }),
        ...(options.dns?.servers === undefined ? {} : { nameServers: options.dns.servers }),
      },
      localAddress: options.localAddress,
    };
    const socket =
      options.proxy === undefined
        ? await dial({ ...dialling, host, port, path })
        : await (await import('../net/proxy.ts')).dialThrough(options.proxy, { ...dialling, host, port });
    const connection = new Connection(socket, path);
    const state = stateOf(options, connection, details);
    driver = new Driver({
      connection,
      state,
      timeouts,
      transcript,
      handshake: { host, options: options.tls ?? noTlsOptions },
    });
    dialled = true;
    if (interruption.signal.aborted) end();
    const helloVerb = options.hello ?? 'ehlo';
    const nonce = options.nonce ?? randomNonce;
    const allowPlaintextSecrets = options.allowPlaintextSecrets ?? false;
    const allowUnverifiedSecrets = options.allowUnverifiedSecrets ?? options.security !== 'opportunistic';
    const consent = { allowPlaintextSecrets, allowUnverifiedSecrets };
    const { credentials } = options;
    const client = new LiveClient({
      state,
      driver,
      connection,
      timeouts,
      signal,
      helloVerb,
      ...consent,
      nonce,
    });
    try {
      await driver.run(
        open(state, {
          security: options.security,
          hello: helloVerb,
          authentication:
            credentials === undefined ? undefined : { credentials, choice: options.auth ?? 'auto', ...consent, nonce },
          preamble:
            options.proxyProtocol === undefined ? undefined : proxyProtocolHeader(options.proxyProtocol, connection),
          xclient: options.xclient,
          upTo: options.upTo ?? 'ready',
          stop: options.stop,
        }),
      );
    } catch (error) {
      // A server that only refused something is told goodbye.
      if (isDeliveryFailure(error) && error.sessionSurvives) await client.quit();
      else client.destroy();
      throw error;
    }
    return client;
  } catch (error) {
    // While dialling, the signal that ended it could not tell why.
    if (!dialled && isDeliveryFailure(error) && error.failure === 'aborted')
      throw failureAt(error.step, signal?.reason);
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

const noTlsOptions = {};

/** What can be refused before anything is looked up. */
function check(options: ConnectOptions): void {
  if (options.clientName !== undefined) checkName(options.clientName);
  for (const [field, value] of [
    ['host', options.host],
    ['path', options.path ?? ''],
    ['proxy', options.proxy ?? ''],
    ['server name', options.tls?.serverName ?? ''],
  ] as const) {
    const fault = lineFault(value) ?? (field === 'host' && /\s/.test(value) ? 'space' : undefined);
    if (fault !== undefined) throw localFailure('connect', 'unsafe-argument', { field, fault });
  }
}

function stateOf(options: ConnectOptions, connection: Connection, details: Details): SessionState {
  const clock = options.clock ?? systemClock;
  const secrets = options.transcript?.secrets ?? new Secrets();
  if (options.credentials !== undefined) secrets.add(options.credentials.password);
  return newState({
    protocol: options.protocol,
    host: options.host,
    port: options.port,
    details,
    clientName: options.clientName ?? addressLiteral(connection.localAddress),
    loopback: options.proxy === undefined && isLoopbackAddress(connection.remoteAddress),
    secrets,
    mayPipeline: options.pipelining ?? true,
    meter: { ticks: () => clock.ticks(), roundTrips: 0 },
  });
}

/** The address literal of this end (RFC 5321 section 4.1.3); of a Unix socket there is none. */
function addressLiteral(address: string | undefined): string {
  if (address === undefined) return 'localhost';
  const mapped = /^::ffff:([\d.]+)$/i.exec(address);
  if (mapped !== null) return `[${mapped[1]}]`;
  return isIPv6(address) ? `[IPv6:${address.replace(/%.*$/, '')}]` : `[${address}]`;
}

function sentenceOf({ address, milliseconds, error }: Attempt): string {
  const time = milliseconds < 10 ? milliseconds.toFixed(1) : String(Math.round(milliseconds));
  return error === undefined
    ? `Connected to ${address} in ${time} ms`
    : `No connection to ${address}: ${error}, ${time} ms`;
}

function withoutSecret(proxy: string): string {
  return proxy.replace(/\/\/[^@/]*@/, '//');
}

function randomNonce(): string {
  return randomBytes(18).toString('base64');
}
