import type { Envelope } from '../base/envelope.ts';
import type { DeliveryFailure } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import type { Connection } from '../net/connection.ts';
import { aborted, timedOut } from '../net/failure.ts';
import type { Credentials, MechanismChoice, MechanismName } from '../net/sasl/mechanism.ts';
import type { Timeouts } from '../net/timeouts.ts';
import type { TlsFacts } from '../net/tls-options.ts';
import { authenticate } from './authenticate.ts';
import type { Capabilities } from './capabilities.ts';
import type { SmtpClient } from './client.ts';
import { quit } from './command.ts';
import * as consoleSessions from './console.ts';
import type { Delivery } from './delivery.ts';
import type { Driver } from './driver.ts';
import { reply, type Session } from './effect.ts';
import { localFailure, refusal } from './failure.ts';
import { hello, startTls } from './handshake.ts';
import type { SendOptions } from './options.ts';
import { partsOf, sendInParts } from './parts.ts';
import { planOf } from './plan.ts';
import { QueuedJob, type Task } from './queue.ts';
import type { Reply } from './reply.ts';
import { moreAllowed, type SessionState } from './state.ts';
import { deliverAll, notConnected, type Upcoming } from './transaction.ts';

export interface ClientParts {
  readonly state: SessionState;
  readonly driver: Driver;
  readonly connection: Connection;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal | undefined;
  readonly helloVerb: 'ehlo' | 'helo';
  readonly allowPlaintextSecrets: boolean;
  readonly allowUnverifiedSecrets: boolean;
  readonly nonce: () => string;
}

/** The client over a session that was opened. */
export class LiveClient implements SmtpClient {
  readonly #parts: ClientParts;
  readonly #queue: Task[] = [];
  #ahead: QueuedJob | undefined;
  #running = false;
  #destroyed = false;
  #ending: Promise<void> | undefined;
  #idle: (() => void) | undefined;
  /** The message that may share a write with the end of the one under way. */
  readonly #upcoming: Upcoming = { peek: () => this.#next(), take: () => this.#takeNext() };
  readonly #onAbort = () => this.#parts.driver.abort(this.#parts.signal?.reason);
  onUnasked: (() => void) | undefined;

  constructor(parts: ClientParts) {
    this.#parts = parts;
    parts.signal?.addEventListener('abort', this.#onAbort);
    parts.driver.onUnasked = () => this.#unasked();
  }

  get capabilities(): Capabilities {
    return this.#parts.state.capabilities;
  }

  get greeting(): Reply {
    return this.#parts.state.greeting!;
  }

  get tls(): TlsFacts | undefined {
    return this.#parts.state.tls;
  }

  get authenticated(): MechanismName | undefined {
    return this.#parts.state.authenticated;
  }

  get remoteAddress(): string {
    return this.#parts.connection.remoteAddress;
  }

  get transactions(): number {
    return this.#parts.state.transactions;
  }

  get roundTrips(): number {
    return this.#parts.state.meter.roundTrips;
  }

  get usable(): boolean {
    const { state, driver } = this.#parts;
    if (state.spent || this.#ending !== undefined) return false;
    if (state.transactions >= (state.capabilities.limits.get('MAILMAX') ?? Number.POSITIVE_INFINITY)) return false;
    return this.#running || !driver.stale;
  }

  get pending(): number {
    return this.#queue.length + (this.#running ? 1 : 0);
  }

  send(envelope: Envelope, message: ByteSource, options: SendOptions = {}): Promise<Delivery> {
    const { state } = this.#parts;
    const parts = partsOf(envelope.recipients, state.capabilities);
    return parts.length === 1
      ? this.#send(envelope, message, options)
      : this.#sendInParts(parts, envelope, message, options);
  }

  async #sendInParts(
    parts: readonly (readonly string[])[],
    envelope: Envelope,
    message: ByteSource,
    options: SendOptions,
  ): Promise<Delivery> {
    const { state } = this.#parts;
    const most = state.capabilities.limits.get('MAILMAX') ?? Number.POSITIVE_INFINITY;
    const details = { ...state.details, extension: 'LIMITS' };
    // All of it or nothing: one session, and a stop point one transaction, is what there is.
    if (options.stop !== undefined)
      throw localFailure('rcpt', 'extension-limit', { ...details, limit: parts[0]!.length });
    if (parts.length > most - state.transactions - this.#queue.length)
      throw localFailure('rcpt', 'extension-limit', { ...details, limit: most, transactions: parts.length });
    // What can't be sent to one of them is found out before anybody gets it.
    planOf(state, envelope, message, options);
    return sendInParts(envelope, parts, (part) => this.#send(part, message, options));
  }

  #send(envelope: Envelope, message: ByteSource, options: SendOptions): Promise<Delivery> {
    const job = new QueuedJob({ envelope, message, options });
    const { signal } = options;
    const { state, timeouts, driver } = this.#parts;
    if (signal?.aborted) return Promise.reject(this.#cancelled(signal));
    let timer: NodeJS.Timeout | undefined;
    const onAbort = () => this.#cancel(job, signal!);
    signal?.addEventListener('abort', onAbort);
    job.onBegin = () => {
      if (this.#ahead === job) this.#ahead = undefined;
      if (timeouts.total > 0) {
        timer = setTimeout(
          () => driver.interrupt(timedOut(driver.step, 'total', timeouts.total, state.details)),
          timeouts.total,
        );
      }
    };
    job.onSettled = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    };
    this.#enqueue({ kind: 'delivery', job });
    return job.promise;
  }

  holdBack(): void {
    const failure = () => notConnected(this.#parts.state);
    for (const task of this.#queue.splice(0)) {
      if (task.kind === 'delivery') task.job.withdraw(failure());
      else task.reject(failure());
    }
    this.#ahead?.withdraw(failure());
  }

  command(line: string): Promise<Reply> {
    return this.#exchange(() => consoleSessions.command(this.#parts.state, line));
  }

  hello(verb?: 'ehlo' | 'helo'): Promise<Reply> {
    return this.#exchange(() => hello(this.#parts.state, verb ?? this.#parts.helloVerb));
  }

  startTls(): Promise<TlsFacts> {
    const { state, helloVerb } = this.#parts;
    return this.#exchange(function* (): Session<TlsFacts> {
      if (state.tls !== undefined)
        throw localFailure('starttls', 'unsafe-argument', { field: 'STARTTLS', fault: 'twice' });
      const said = yield* startTls(state, helloVerb);
      if (said !== undefined) throw refusal('starttls', said, state.details, 'starttls-refused');
      return state.tls!;
    });
  }

  authenticate(credentials: Credentials, choice: MechanismChoice = 'auto'): Promise<Reply> {
    return this.#exchange(() => authenticate(this.#parts.state, { ...this.#parts, credentials, choice }));
  }

  message(message: ByteSource, replies = 1): Promise<readonly Reply[]> {
    return this.#exchange(() => consoleSessions.message(this.#parts.state, message, replies));
  }

  verify(address: string): Promise<Reply> {
    return this.command(`VRFY ${address}`);
  }

  expand(list: string): Promise<Reply> {
    return this.command(`EXPN ${list}`);
  }

  help(topic?: string): Promise<Reply> {
    return this.command(topic === undefined ? 'HELP' : `HELP ${topic}`);
  }

  lastWords(): Promise<never> {
    return this.#exchange(() => consoleSessions.lastWords(this.#parts.state));
  }

  noop(): Promise<Reply> {
    return this.command('NOOP');
  }

  reset(): Promise<Reply> {
    return this.command('RSET');
  }

  quit(): Promise<void> {
    this.#ending ??= this.#quit();
    return this.#ending;
  }

  destroy(): void {
    this.#destroyed = true;
    this.#ending ??= Promise.resolve();
    this.#parts.driver.interrupt(aborted(this.#parts.driver.step, this.#parts.state.details));
    this.#finish();
  }

  async #quit(): Promise<void> {
    const { driver, state } = this.#parts;
    if (this.#running) await new Promise<void>((resolve) => (this.#idle = resolve));
    try {
      // A session that is spent, or a server that has gone, hears nothing any more.
      if (!state.spent && !driver.stale) await driver.run(quitting());
    } catch {
      // Trouble here changes nothing: everything before it is settled.
    }
    driver.close();
    this.#finish();
  }

  #finish(): void {
    this.#parts.signal?.removeEventListener('abort', this.#onAbort);
    this.#rejectWaiting();
  }

  #exchange<T>(session: () => Session<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#enqueue({ kind: 'exchange', session, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  #enqueue(task: Task): void {
    this.#queue.push(task);
    if (this.#ending !== undefined && !this.#running) {
      this.#rejectWaiting();
      return;
    }
    if (this.#running) return;
    this.#running = true;
    // The turn is given up once, so that all that is handed in together can share round trips.
    queueMicrotask(() => void this.#work());
  }

  async #work(): Promise<void> {
    const { driver, state } = this.#parts;
    for (let task = this.#queue.shift(); task !== undefined; task = this.#queue.shift()) {
      if (state.spent) {
        this.#queue.unshift(task);
        break;
      }
      try {
        if (driver.stale) await driver.run(consoleSessions.lastWords(state));
        if (task.kind === 'exchange') task.resolve(await driver.run(task.session()));
        // RFC 9422 section 4.1: this session has had its share. Nothing was sent: another may take it.
        else if (!moreAllowed(state)) task.job.reject(notConnected(state));
        else if (!task.job.withdrawn) await driver.run(deliverAll(state, task.job, this.#upcoming));
      } catch (error) {
        if (task.kind === 'exchange') task.reject(error);
        else task.job.reject(error);
      }
      this.#ahead = undefined;
    }
    this.#running = false;
    if (state.spent) {
      driver.close();
      this.#rejectWaiting();
    }
    this.#idle?.();
  }

  #unasked(): void {
    const { driver, state } = this.#parts;
    if (!this.#running && !state.spent && this.#ending === undefined && driver.stale) this.onUnasked?.();
  }

  #next(): QueuedJob | undefined {
    const task = this.#queue[0];
    return task?.kind === 'delivery' && task.job.mayGoAhead ? task.job : undefined;
  }

  #takeNext(): QueuedJob | undefined {
    const job = this.#next();
    if (job === undefined) return undefined;
    this.#queue.shift();
    job.goAhead();
    this.#ahead = job;
    return job;
  }

  #rejectWaiting(): void {
    const { driver, state, signal } = this.#parts;
    // Who ended the whole session wants none of it tried elsewhere; who cancelled one message says nothing of the others.
    const ended = signal?.aborted || this.#destroyed ? driver.failure : undefined;
    for (const task of this.#queue.splice(0)) {
      const failure = ended ?? notConnected(state);
      if (task.kind === 'delivery') task.job.reject(failure);
      else task.reject(failure);
    }
  }

  #cancel(job: QueuedJob, signal: AbortSignal): void {
    if (job.state === 'current') this.#parts.driver.interrupt(this.#cancelled(signal));
    else {
      const index = this.#queue.findIndex((task) => task.kind === 'delivery' && task.job === job);
      if (index !== -1) this.#queue.splice(index, 1);
    }
    job.withdraw(this.#cancelled(signal));
  }

  #cancelled(signal: AbortSignal): DeliveryFailure {
    const { driver, state } = this.#parts;
    return aborted(driver.step, state.details, signal.reason);
  }
}

function* quitting(): Session<void> {
  yield { do: 'send', command: quit };
  yield* reply('quit', 'quit', '2');
}
