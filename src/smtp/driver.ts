import type { DeliveryFailure, Step } from '../base/errors.ts';
import { isDeliveryFailure } from '../base/errors.ts';
import type { Connection } from '../net/connection.ts';
import { Deadline } from '../net/deadline.ts';
import { aborted, type Details, timedOut } from '../net/failure.ts';
import type { TimeoutPhase, Timeouts } from '../net/timeouts.ts';
import { type HandshakeOptions, tlsSummary } from '../net/tls.ts';
import type { TlsFacts } from '../net/tls-options.ts';
import type { Transcript } from '../net/transcript.ts';
import { checkedLine, print } from './command.ts';
import { chunked, type Sink, stuffed } from './content.ts';
import type { Answer, AwaitReply, Effect, Session } from './effect.ts';
import { broken, ending, refusal } from './failure.ts';
import { Outgoing } from './outgoing.ts';
import type { Ready } from './ready.ts';
import type { Reply } from './reply.ts';
import { ReplyReader } from './reply-reader.ts';
import type { SessionState } from './state.ts';

export interface DriverOptions {
  readonly connection: Connection;
  readonly state: SessionState;
  readonly timeouts: Timeouts;
  readonly transcript: Transcript | undefined;
  readonly handshake: Omit<HandshakeOptions, 'ms' | 'signal' | 'details'>;
}

/** A session under way, and who waits for its end. */
interface Run {
  readonly session: Session<unknown>;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

/** Stands for a reply that is not here yet. */
const waiting = Symbol('waiting');

/** The reply to a BDAT command that was not the last. */
const lateReply: AwaitReply = { do: 'reply', step: 'data', phase: 'final', hoped: '2' };

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

  readonly #input: ReplyReader;
  readonly #out: Outgoing;
  #fatal: DeliveryFailure | undefined;
  #wake: (() => void) | undefined;
  /** Where the session is, for failures that come from outside of it. */
  #step: Step = 'greeting';
  readonly #upgrading = new AbortController();
  readonly #deadline: Deadline;
  /** Called when the server says something, or closes, while no reply is waited for. */
  onUnasked: (() => void) | undefined;

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
    this.#out = new Outgoing(options.connection);
    this.#input = new ReplyReader(options.connection, options.state, options.transcript);
    this.#connection.onChange = () => {
      if (this.#wake !== undefined) this.#wake();
      else if (this.stale) this.onUnasked?.();
    };
    this.#state.shortcut = {
      reply: (wanted) => this.#here(wanted),
      write: (ready) => {
        if (this.#fatal !== undefined) throw this.#fatal;
        this.#ready(ready);
        this.flush();
        this.#out.catchUp();
      },
      later: (work) => this.#out.postpone(work),
    };
  }

  get step(): Step {
    return this.#step;
  }

  /** What ended the connection, if it has ended by a failure. */
  get failure(): DeliveryFailure | undefined {
    return this.#fatal;
  }

  /** Whether the server said something, or closed, unasked. */
  get stale(): boolean {
    return this.#connection.ended || this.#input.waiting;
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

  /**
   * Carries a session to its end. What can be done at once is done at once; where a reply is waited for, the session goes on
   * in the very event that brings it, so that its next command is not kept waiting behind other work.
   */
  run<T>(session: Session<T>): Promise<T> {
    return new Promise<unknown>((resolve, reject) => this.#carry({ session, resolve, reject })).finally(() =>
      this.#deadline.disarm(),
    ) as Promise<T>;
  }

  #carry(run: Run, answer?: Answer, failed = false): void {
    for (;;) {
      let next: IteratorResult<Effect, unknown>;
      try {
        next = failed ? run.session.throw(answer) : run.session.next(answer);
      } catch (error) {
        this.#out.catchUp();
        this.#failed(error);
        run.reject(error);
        return;
      }
      if (next.done) {
        this.#out.catchUp();
        run.resolve(next.value);
        return;
      }
      failed = false;
      try {
        const given = next.value.do === 'reply' ? this.#reply(next.value) : this.#perform(next.value);
        if (given === waiting) {
          this.#await(next.value as AwaitReply, run);
          return;
        }
        if (given instanceof Promise) {
          this.#out.catchUp();
          given.then(
            (value) => this.#carry(run, value),
            (error: unknown) => this.#carry(run, this.#reason(error), true),
          );
          return;
        }
        answer = given;
      } catch (error) {
        answer = this.#reason(error);
        failed = true;
      }
    }
  }

  /** What an effect failed with, as the session is told. Where it was ended from outside, that is why, whatever broke by it. */
  #reason(error: unknown): unknown {
    this.#failed(error);
    return this.#fatal ?? error;
  }

  /** Goes on once the reply is here, its time is over, or the session was ended. */
  #await({ phase, hoped }: AwaitReply, run: Run): void {
    this.#deadline.arm(phase);
    this.#wake = () => {
      let answer: Answer;
      let failed = false;
      try {
        if (this.#fatal !== undefined) throw this.#fatal;
        const found = this.#input.read(hoped, this.#step);
        if (found === undefined) return;
        answer = found;
      } catch (error) {
        answer = this.#reason(error);
        failed = true;
      }
      this.#deadline.rest();
      this.#wake = undefined;
      this.#carry(run, answer, failed);
    };
  }

  /** For a session: the reply it wants next, if it is here already and nothing is waiting to be written. */
  #here({ step, hoped }: AwaitReply): Reply | undefined {
    if (this.#fatal !== undefined || !this.#out.empty) return undefined;
    this.#step = step;
    return this.#input.read(hoped, this.#step);
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
      case 'group':
        this.#step = effect.step;
        this.transcript?.sent(Buffer.from(effect.text));
        return void this.#out.add(effect.text);
      case 'ready':
        return this.#ready(effect.ready);
      case 'reply':
        return this.#replyOf(effect);
      case 'message':
        this.#step = 'data';
        return stuffed(effect, this);
      case 'chunks':
        this.#step = 'data';
        return chunked(effect, this, () => this.#replyOf(lateReply));
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
    this.#out.add(text);
  }

  add(octets: Uint8Array): void {
    this.#out.add(octets);
  }

  flush(): void {
    this.#out.flush();
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

  #ready(ready: Ready): void {
    this.#step = ready.commands === '' ? 'data' : 'mail';
    this.#out.add(ready.octets);
    if (this.transcript === undefined) return;
    this.transcript.message(ready.octets.subarray(0, ready.end));
    this.transcript.messageEnd(ready.received, ready.lines);
    this.transcript.sent(ready.octets.subarray(ready.end));
  }

  #reply({ step, hoped }: AwaitReply): Reply | typeof waiting {
    if (this.#fatal !== undefined) throw this.#fatal;
    this.#step = step;
    this.flush();
    const here = this.#input.read(hoped, this.#step);
    if (here !== undefined) return here;
    this.#out.catchUp();
    if (this.#out.wrote) this.#state.meter.roundTrips++;
    this.#out.wrote = false;
    return waiting;
  }

  /** The same, as a promise: for what is no session. */
  async #replyOf(wanted: AwaitReply): Promise<Reply> {
    const here = this.#reply(wanted);
    return here === waiting ? this.#until(wanted.phase, () => this.#input.read(wanted.hoped, this.#step)) : here;
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
    const early = this.#input.read('2', this.#step);
    if (early === undefined) return;
    // RFC 5321 has no reply here but 421; whatever it says, the octets sent so far belong to no message any more.
    const said = refusal('data', early, this.#details);
    throw ending(said);
  }

  async #upgrade(): Promise<TlsFacts> {
    this.flush();
    // RFC 3207 section 4.2; CVE-2011-0411: what was sent in plain text must not be taken for what came under TLS.
    if (this.#input.waiting) {
      const implicit = this.#state.greeting === undefined;
      this.#input.recordRest();
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
    this.#input.begin();
    if (this.transcript !== undefined) this.transcript.secure = true;
    this.transcript?.event(tlsSummary(facts));
    return facts;
  }

  #failed(error: unknown): void {
    this.#out.clear();
    if (!isDeliveryFailure(error))
      this.#break(broken('protocol', this.#step, 'unexpected-reply', false, this.#details, error));
    else if (!error.sessionSurvives) this.#break(error);
  }

  #break(failure: DeliveryFailure): void {
    if (this.#fatal !== undefined) return;
    this.#fatal = failure;
    this.#state.spent = true;
    this.#input.recordRest();
    this.#connection.destroy();
    this.#deadline.disarm();
    this.transcript?.close();
  }
}
