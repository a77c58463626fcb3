import type { DeliveryFailure, Step } from '../base/errors.ts';
import type { Connection } from '../net/connection.ts';
import { codeOf } from '../net/failure.ts';
import { tlsFailure } from '../net/tls-failure.ts';
import type { Transcript } from '../net/transcript.ts';
import type { Hope } from './effect.ts';
import { broken } from './failure.ts';
import { type Reply, type ReplyFault, ReplyParser } from './reply.ts';
import type { SessionState } from './state.ts';

/** Replies out of what a connection brings, each put into the transcript as soon as it is known whether it was hoped for. */
export class ReplyReader {
  readonly #connection: Connection;
  readonly #state: SessionState;
  readonly #transcript: Transcript | undefined;
  #parser!: ReplyParser;
  /** Lines of the reply being read, for the transcript. */
  #lines: Uint8Array[] = [];

  constructor(connection: Connection, state: SessionState, transcript: Transcript | undefined) {
    this.#connection = connection;
    this.#state = state;
    this.#transcript = transcript;
    this.begin();
  }

  /** Begins anew: after TLS, what came before it counts for nothing. */
  begin(): void {
    this.#parser = new ReplyParser(this.#transcript === undefined ? undefined : (line) => this.#lines.push(line));
  }

  /** Whether anything has come that was not read. */
  get waiting(): boolean {
    return this.#connection.readable || this.#parser.buffered > 0;
  }

  /** The next reply, if all of it is here. */
  read(hoped: Hope, step: Step): Reply | undefined {
    for (;;) {
      const ended = this.#connection.ended && !this.#connection.readable;
      const parsed = this.#parser.next(ended);
      if (parsed !== 'incomplete') {
        if ('fault' in parsed) throw this.#malformed(parsed.fault, step);
        this.#record(hoped.includes(String(Math.trunc(parsed.reply.code / 100))));
        return this.#hidden(parsed.reply);
      }
      const piece = this.#connection.take();
      if (piece !== undefined) this.#parser.feed(piece);
      else if (ended) throw this.#ended(step);
      else return undefined;
    }
  }

  #malformed(fault: ReplyFault, step: Step): DeliveryFailure {
    this.recordRest();
    const details = { ...this.#state.details };
    if (fault.fault === 'too-long')
      return broken('protocol', step, 'reply-too-long', false, { ...details, limit: fault.limit });
    const line = this.#state.secrets.hide(fault.line.slice(0, 200));
    return broken('protocol', step, 'malformed-reply', false, { ...details, line });
  }

  #ended(step: Step): DeliveryFailure {
    this.recordRest();
    const cause = this.#connection.failure;
    if (cause === undefined) return broken('closed', step, 'closed', true, this.#state.details);
    return (
      tlsFailure(cause, this.#state.details) ??
      broken('closed', step, 'closed', true, { ...this.#state.details, code: codeOf(cause) }, cause)
    );
  }

  #hidden(reply: Reply): Reply {
    const { secrets } = this.#state;
    if (secrets.empty) return reply;
    const hide = (line: string) => secrets.hide(line);
    return { ...reply, lines: reply.lines.map(hide), full: reply.full.map(hide) };
  }

  #record(hoped: boolean): void {
    if (this.#transcript === undefined) return;
    for (const line of this.#lines) this.#transcript.received(line, hoped);
    this.#lines = [];
  }

  /** What came and made no reply. */
  recordRest(): void {
    if (this.#transcript === undefined) return;
    for (let piece = this.#connection.take(); piece !== undefined; piece = this.#connection.take())
      this.#parser.feed(piece);
    this.#record(false);
    for (const line of this.#parser.drain()) this.#transcript.received(line, false);
  }
}
