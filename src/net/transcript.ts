import type { Clock } from '../base/ports.ts';
import { grouped, printable } from './printable.ts';
import { pop3Detector, type SecretDetector, Secrets, smtpDetector } from './secrets.ts';

/** Gets one finished line at a time, without line end. */
export type TranscriptSink = (line: string) => void;

export interface TranscriptOptions {
  readonly sink: TranscriptSink;
  readonly clock: Clock;
  readonly protocol?: 'smtp' | 'pop3';
  /** Whether messages are summed up in one line, or shown in full, as they are on the wire. */
  readonly data?: 'summary' | 'full';
  /** Whether events alone have their time, or every line that goes over the wire too. */
  readonly times?: 'events' | 'all';
  /** Those of others, to be hidden here too; left out, none yet. */
  readonly secrets?: Secrets;
}

/**
 * The record of one session, a line an event, to be read by a person and by a grammar:
 *
 *     === 14:02:11.093  Connecting to localhost:2525
 *     === +1 ms  Connected to 127.0.0.1:2525 in 1.2 ms
 *     <-  220 mailbench.local ESMTP
 *      -> EHLO [127.0.0.1]
 *      ~> AUTH PLAIN ••••••••             (`~`: under TLS)
 *     <~* 554 5.7.1 Refused               (`*`: not hoped for)
 *     *** Recipient bob@example.org refused
 *     === 0 of 1 recipient accepted; 83 ms, 5 round trips
 *
 * It stands where octets go over the wire, and hides secrets there: by their place in the protocol, and by their
 * value wherever they turn up. Whatever the pieces in which octets are handed over, the lines are the same.
 */
export class Transcript {
  /** Those of this session; what is added is hidden from then on. */
  readonly secrets: Secrets;
  /** Whether what follows goes under TLS. */
  secure = false;

  readonly #sink: TranscriptSink;
  readonly #clock: Clock;
  readonly #full: boolean;
  readonly #timed: boolean;
  readonly #newDetector: () => SecretDetector;
  #detector: SecretDetector;
  #began: number | undefined;
  /** Of what was sent, the line that has no end yet; likewise of a message shown in full. */
  #open: Buffer[] = [];
  #openMessage: Buffer[] = [];

  constructor(options: TranscriptOptions) {
    this.secrets = options.secrets ?? new Secrets();
    this.#sink = options.sink;
    this.#clock = options.clock;
    this.#full = options.data === 'full';
    this.#timed = options.times === 'all';
    this.#newDetector = options.protocol === 'pop3' ? pop3Detector : smtpDetector;
    this.#detector = this.#newDetector();
  }

  /** Whether messages are shown in full, so that `message` wants their octets. */
  get showsMessages(): boolean {
    return this.#full;
  }

  /** Something that happened: the first with the time of day, each further one with the milliseconds since then. */
  event(text: string): void {
    const ticks = this.#clock.ticks();
    if (this.#began === undefined) {
      this.#began = ticks;
      this.#line('===', `${timeOfDay(this.#clock)}  ${text}`);
    } else this.#line('===', `+${Math.round(ticks - this.#began)} ms  ${text}`);
  }

  /** The last word: what it came to, and how long all of it took, from the first line to this one. */
  total(text: string, roundTrips: number): void {
    const took = Math.round(this.#clock.ticks() - (this.#began ?? this.#clock.ticks()));
    this.#line('===', `${text}; ${took} ms, ${roundTrips} round trip${roundTrips === 1 ? '' : 's'}`);
  }

  /** Something that went wrong, and what to do about it. */
  trouble(text: string): void {
    this.#line('***', text);
  }

  /** Octets of commands, or of a SASL exchange, that go out, in pieces of any size. */
  sent(octets: Uint8Array): void {
    eachLine(this.#open, octets, (line, end) => {
      const text = printable(line);
      this.#wire('->', ' ', this.#detector.client(text) + end);
    });
  }

  /** One line that came in, with its line end; `hoped` is false for a reply that was not hoped for. */
  received(line: Uint8Array, hoped: boolean): void {
    const [text, end] = withoutEnd(Buffer.from(line.buffer, line.byteOffset, line.byteLength));
    const shown = printable(text);
    this.#detector.server(shown);
    this.#wire('<-', hoped ? ' ' : '*', shown + end);
  }

  /** Octets of a message that go out, as they are on the wire; shown only in full. */
  message(octets: Uint8Array): void {
    if (this.#full) eachLine(this.#openMessage, octets, (line, end) => this.#wire('->', ' ', printable(line) + end));
  }

  /** The end of a message that went out: its octets and lines, neither stuffed nor terminated. */
  messageEnd(octets: number, lines: number): void {
    if (this.#full) this.#flush(this.#openMessage);
    else this.#wire('->', ' ', messageSummary(octets, lines));
  }

  /** The same for a message that came in. */
  messageReceived(octets: number, lines: number): void {
    const text = messageSummary(octets, lines);
    this.#wire('<-', ' ', text);
  }

  /** Octets that are no text at all (a BDAT chunk, a PROXY v2 header): told, not shown. */
  binary(what: string): void {
    this.#wire('->', ' ', `[${what}]`);
  }

  /** The end of the session: shows what has no line end. Another session may follow, in plain text at first. */
  close(): void {
    if (this.#open.length > 0) {
      const text = printable(Buffer.concat(this.#open));
      this.#open.length = 0;
      this.#wire('->', ' ', this.#detector.client(text));
    }
    this.#flush(this.#openMessage);
    this.secure = false;
    this.#detector = this.#newDetector();
  }

  #flush(open: Buffer[]): void {
    if (open.length > 0) this.#wire('->', ' ', printable(Buffer.concat(open)));
    open.length = 0;
  }

  #wire(arrow: '->' | '<-', flag: ' ' | '*', text: string): void {
    const under = this.secure ? arrow.replace('-', '~') : arrow;
    const mark = arrow === '->' ? ` ${under}` : `${under}${flag}`;
    const time =
      this.#timed && this.#began !== undefined ? `+${Math.round(this.#clock.ticks() - this.#began)} ms  ` : '';
    this.#line(mark, time + text);
  }

  #line(mark: string, text: string): void {
    this.#sink(`${mark} ${this.secrets.hide(text)}`);
  }
}

/** `[4,312 bytes of message, 61 lines]` */
function messageSummary(octets: number, lines: number): string {
  const plural = (count: number, noun: string) => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
  return `[${plural(octets, 'byte')} of message, ${plural(lines, 'line')}]`;
}

/** Calls back for each line that is whole, its end told apart: nothing for CRLF, `\x0A` for the bare LF. */
function eachLine(open: Buffer[], octets: Uint8Array, each: (line: Buffer, end: string) => void): void {
  const buffer = Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength);
  let start = 0;
  for (let end = buffer.indexOf(0x0a); end !== -1; end = buffer.indexOf(0x0a, start)) {
    open.push(buffer.subarray(start, end + 1));
    const line = open.length === 1 ? open[0]! : Buffer.concat(open);
    open.length = 0;
    start = end + 1;
    each(...withoutEnd(line));
  }
  // A copy: the caller may use its buffer again.
  if (start < buffer.length) open.push(Buffer.from(buffer.subarray(start)));
}

function withoutEnd(line: Buffer): [Buffer, string] {
  if (line[line.length - 1] !== 0x0a) return [line, ''];
  if (line[line.length - 2] === 0x0d) return [line.subarray(0, -2), ''];
  return [line.subarray(0, -1), '\\x0A'];
}

function timeOfDay(clock: Clock): string {
  const now = clock.now();
  return new Date(now + clock.offsetMinutes(now) * 60_000).toISOString().slice(11, 23);
}
