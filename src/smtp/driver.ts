import type { DeliveryFailure, Step } from '../base/errors.ts';
import { isDeliveryFailure } from '../base/errors.ts';
import type { Connection } from '../net/connection.ts';
import { Deadline } from '../net/deadline.ts';
import { aborted, codeOf, type Details, timedOut } from '../net/failure.ts';
import type { TimeoutPhase, Timeouts } from '../net/timeouts.ts';
import { type HandshakeOptions, tlsSummary } from '../net/tls.ts';
import { tlsFailure } from '../net/tls-failure.ts';
import type { TlsFacts } from '../net/tls-options.ts';
import type { Transcript } from '../net/transcript.ts';
import { checkedLine, print } from './command.ts';
import { chunked, type Sink, stuffed } from './content.ts';
import type { Answer, Effect, Hope, Session } from './effect.ts';
import { broken, ending, refusal } from './failure.ts';
import { type Reply, type ReplyFault, ReplyParser } from './reply.ts';
import type { SessionState } from './state.ts';

export interface DriverOptions {
  readonly connection: Connection;
  readonly state: SessionState;
  readonly timeouts: Timeouts;
  readonly transcript: Transcript | undefined;
  readonly handshake: Omit<HandshakeOptions, 'ms' | 'signal' | 'details'>;
}

/**
 * Runs sessions over a connection, one after another: writes, reads, upgrades, keeps the deadlines. Any failure of
 * the connection or of the protocol destroys the connection; a refusal does not.
 */
export class Driver implements Sink {
  readonly transcript: Transcript | undefined;
  readonly #connection: Connection;
  readonly #state: SessionState;
  readonly #timeouts: Timeouts;
  readonly #handshake: DriverOptions['handshake'];
  readonly #details: Details;

  #parser: ReplyParser;
  /** Lines of the reply being read, kept for the transcript until it is known whether they were hoped for. */
  #lines: Uint8Array[] = [];
  /** What is to be written before the next wait. */
  #out: (string | Uint8Array)[] = [];
  /** Whether anything was written since this side last waited. */
  #wrote = false;
  #fatal: DeliveryFailure | undefined;
  #wake: (() => void) | undefined;
  /** Where the session is, for failures that come from outside of it. */
  #step: Step = 'greeting';
  readonly #upgrading = new AbortController();
  readonly #deadline: Deadline;

  constructor(options: DriverOptions) {
    this.#connection = options.connection;
    this.#state = options.state;
    this.#timeouts = options.timeouts;
    this.transcript = options.transcript;
    this.#handshake = options.handshake;
    this.#details = options.state.details;
    this.#deadline = new Deadline(options.timeouts, (phase, ms) =>
      this.interrupt(timedOut(this.#step, phase, ms, this.#details)),
    );
    this.#parser = this.#newParser();
    this.#connection.onChange = () => this.#wake?.();
  }

  get step(): Step {
    return this.#step;
  }

  /** What ended the connection, if it has ended by a failure. */
  get failure(): DeliveryFailure | undefined {
    return this.#fatal;
  }

  /** Whether the server said something, or closed, with nothing asked of it. */
  get stale(): boolean {
    return this.#connection.ended || this.#connection.readable || this.#parser.buffered > 0;
  }

  /** Ends everything now: what is being waited for fails with this. */
  interrupt(failure: DeliveryFailure): void {
    if (this.#fatal !== undefined) return;
    this.#break(failure);
    this.#upgrading.abort(failure);
    this.#wake?.();
  }

  /** The same, for an AbortSignal. */
  abort(cause: unknown): void {
    this.interrupt(aborted(this.#step, this.#details, cause));
  }

  /** Ends the connection; nothing is waited for. */
  close(): void {
    this.#state.spent = true;
    this.#connection.end();
    this.#connection.destroy();
    this.transcript?.close();
  }

  /** Carries a session to its end. Effects that can be done at once are done without giving up the turn. */
  async run<T>(session: Session<T>): Promise<T> {
    try {
      return await this.#carry(session);
    } finally {
      this.#deadline.disarm();
    }
  }

  async #carry<T>(session: Session<T>): Promise<T> {
    let answer: Answer;
    let failed = false;
    for (;;) {
      let next: IteratorResult<Effect, T>;
      try {
        next = failed ? session.throw(answer) : session.next(answer);
      } catch (error) {
        this.#failed(error);
        throw error;
      }
      if (next.done) return next.value;
      failed = false;
      try {
        const given = this.#perform(next.value);
        answer = given instanceof Promise ? await given : given;
      } catch (error) {
        this.#failed(error);
        // Where the session was ended from outside, that is why, whatever broke by it.
        answer = this.#fatal ?? error;
        failed = true;
      }
    }
  }

  #perform(effect: Effect): Answer | Promise<Answer> {
    if (this.#fatal !== undefined) throw this.#fatal;
    switch (effect.do) {
      case 'send':
        this.#step = effect.command.step;
        return this.line(print(effect.command));
      case 'line':
        this.#step = effect.step;
        return this.line(checkedLine(effect.line, effect.step, 'line'));
      case 'octets':
        this.#step = effect.step;
        this.transcript?.binary(effect.shown);
        this.add(effect.octets);
        return this.flush();
      case 'reply':
        this.#step = effect.step;
        return this.#reply(effect.phase, effect.hoped);
      case 'message':
        this.#step = 'data';
        return stuffed(effect, this);
      case 'chunks':
        this.#step = 'data';
        return chunked(effect, this, async () => this.#reply('final', '2'));
      case 'upgrade':
        return this.#upgrade();
      case 'settle':
        return this.race(effect.promise);
      case 'event':
        return this.transcript?.event(effect.text);
      case 'flush':
        return this.flush();
    }
  }

  line(text: string): void {
    this.transcript?.sent(Buffer.from(text));
    this.#out.push(text);
  }

  add(octets: Uint8Array): void {
    this.#out.push(octets);
  }

  /** Writes what was sent: in one write, hence in as few packets and TLS records as it takes. */
  flush(): void {
    const out = this.#out;
    if (out.length === 0) return;
    this.#out = [];
    this.#wrote = true;
    if (out.every((piece) => typeof piece === 'string')) {
      this.#connection.write(out.join(''));
      return;
    }
    this.#connection.write(joined(out));
  }

  /**
   * Until the peer has taken what was written. `silent`: no reply is due meanwhile; one that comes all the same, a
   * refusal in the middle of a message, ends the session.
   */
  room(silent: boolean): Promise<void> | undefined {
    const look = (): true | undefined => {
      if (silent) this.#checkEarly();
      return this.#connection.writable || this.#connection.ended ? true : undefined;
    };
    return look() ? undefined : this.#until('block', look).then(() => {});
  }

  /** The promise, or whatever ends the session before it settles. */
  race<T>(promise: Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const done = () => {
        this.#wake = undefined;
      };
      this.#wake = () => {
        if (this.#fatal === undefined) return;
        done();
        reject(this.#fatal);
      };
      promise.then(
        (value) => {
          done();
          resolve(value);
        },
        (error) => {
          done();
          reject(error);
        },
      );
    });
  }

  sourceFailure(reason: 'source-failed' | 'source-changed', details: Details, cause?: unknown): DeliveryFailure {
    return broken('source', 'data', reason, false, { ...this.#details, ...details }, cause);
  }

  #newParser(): ReplyParser {
    return new ReplyParser(this.transcript === undefined ? undefined : (line) => this.#lines.push(line));
  }

  #reply(phase: TimeoutPhase, hoped: Hope): Reply | Promise<Reply> {
    this.flush();
    const here = this.#read(hoped);
    if (here !== undefined) return here;
    if (this.#wrote) this.#state.meter.roundTrips++;
    this.#wrote = false;
    return this.#until(phase, () => this.#read(hoped));
  }

  /** The next reply, if all of it is here. */
  #read(hoped: Hope): Reply | undefined {
    for (;;) {
      const ended = this.#connection.ended && !this.#connection.readable;
      const parsed = this.#parser.next(ended);
      if (parsed !== 'incomplete') {
        if ('fault' in parsed) throw this.#malformed(parsed.fault);
        this.#record(hoped.includes(String(Math.trunc(parsed.reply.code / 100))));
        return this.#hidden(parsed.reply);
      }
      const piece = this.#connection.take();
      if (piece !== undefined) this.#parser.feed(piece);
      else if (ended) throw this.#ended();
      else return undefined;
    }
  }

  /** Settles as soon as `look` finds something, after each change of the connection, or by the phase's deadline. */
  #until<T>(phase: TimeoutPhase, look: () => T | undefined): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#deadline.arm(phase);
      const finish = () => {
        this.#deadline.rest();
        this.#wake = undefined;
      };
      this.#wake = () => {
        try {
          if (this.#fatal !== undefined) throw this.#fatal;
          const found = look();
          if (found === undefined) return;
          finish();
          resolve(found);
        } catch (error) {
          finish();
          reject(error);
        }
      };
    });
  }

  #checkEarly(): void {
    if (!this.#connection.readable && !this.#connection.ended) return;
    const early = this.#read('2');
    if (early === undefined) return;
    // RFC 5321 has no reply here but 421; whatever it says, the octets sent so far belong to no message any more.
    const said = refusal('data', early, this.#details);
    throw ending(said);
  }

  async #upgrade(): Promise<TlsFacts> {
    this.flush();
    // RFC 3207 section 4.2; CVE-2011-0411: what was sent in plain text must not be taken for what came under TLS.
    if (this.#parser.buffered > 0 || this.#connection.readable) {
      const implicit = this.#state.greeting === undefined;
      this.#recordRest();
      throw implicit
        ? broken('tls', 'tls', 'not-tls', false, this.#details)
        : broken('protocol', 'starttls', 'starttls-injection', false, this.#details);
    }
    this.#step = 'tls';
    const facts = await this.#connection.upgrade({
      ...this.#handshake,
      ms: this.#timeouts.tls,
      signal: this.#upgrading.signal,
      details: this.#details,
    });
    this.#parser = this.#newParser();
    if (this.transcript !== undefined) this.transcript.secure = true;
    this.transcript?.event(tlsSummary(facts));
    return facts;
  }

  #malformed(fault: ReplyFault): DeliveryFailure {
    this.#recordRest();
    const details = { ...this.#details };
    if (fault.fault === 'too-long')
      return broken('protocol', this.#step, 'reply-too-long', false, { ...details, limit: fault.limit });
    const line = this.#state.secrets.hide(fault.line.slice(0, 200));
    return broken('protocol', this.#step, 'malformed-reply', false, { ...details, line });
  }

  #ended(): DeliveryFailure {
    this.#recordRest();
    const cause = this.#connection.failure;
    if (cause === undefined) return broken('closed', this.#step, 'closed', true, this.#details);
    return (
      tlsFailure(cause, this.#details) ??
      broken('closed', this.#step, 'closed', true, { ...this.#details, code: codeOf(cause) }, cause)
    );
  }

  #failed(error: unknown): void {
    this.#out.length = 0;
    if (!isDeliveryFailure(error))
      this.#break(broken('protocol', this.#step, 'unexpected-reply', false, this.#details, error));
    else if (!error.sessionSurvives) this.#break(error);
  }

  #break(failure: DeliveryFailure): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = failure;
    this.#state.spent = true;
    this.#recordRest();
    this.#connection.destroy();
    this.#deadline.disarm();
    this.transcript?.close();
  }

  #hidden(reply: Reply): Reply {
    const { secrets } = this.#state;
    if (secrets.empty) return reply;
    const hide = (line: string) => secrets.hide(line);
    return { ...reply, lines: reply.lines.map(hide), full: reply.full.map(hide) };
  }

  #record(hoped: boolean): void {
    if (this.transcript === undefined) return;
    for (const line of this.#lines) this.transcript.received(line, hoped);
    this.#lines = [];
  }

  /** What came and made no reply. */
  #recordRest(): void {
    if (this.transcript === undefined) return;
    for (let piece = this.#connection.take(); piece !== undefined; piece = this.#connection.take())
      this.#parser.feed(piece);
    this.#record(false);
    for (const line of this.#parser.drain()) this.transcript.received(line, false);
  }
}

/** All pieces as one: text in a row is encoded at once. */
function joined(pieces: readonly (string | Uint8Array)[]): Uint8Array {
  const octets: Uint8Array[] = [];
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece;
    else {
      if (text !== '') octets.push(Buffer.from(text));
      text = '';
      octets.push(piece);
    }
  }
  if (text !== '') octets.push(Buffer.from(text));
  return octets.length === 1 ? octets[0]! : Buffer.concat(octets);
}
