import type { DeliveryFailure } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import type { Details } from '../net/failure.ts';
import { grouped } from '../net/printable.ts';
import type { Transcript } from '../net/transcript.ts';
import { bdat, print } from './command.ts';
import type { Reply } from './reply.ts';
import { DotStuffer } from './stuffing.ts';

/** Where a message is written to: the driver, as far as content goes. */
export interface Sink {
  readonly transcript: Transcript | undefined;
  /** A command line, to be written with what comes next. */
  line(text: string): void;
  add(octets: Uint8Array): void;
  flush(): void;
  room(silent: boolean): Promise<void> | undefined;
  race<T>(promise: Promise<T>): Promise<T>;
  sourceFailure(reason: 'source-failed' | 'source-changed', details: Details, cause?: unknown): DeliveryFailure;
}

/** What went out; octets as the source has them. */
export interface Sent {
  readonly octets: number;
}

/** A whole message up to this size shares one write with the commands that follow it. */
const smallMessage = 64 * 1024;

/**
 * Whether a message goes out in one write. The envelope of the next may follow only then: behind a long one the
 * server answers in several packets, and Nagle's algorithm there with delayed acknowledgements here costs 40 ms.
 */
export function isSmall(source: ByteSource): boolean {
  return source.whole !== undefined && source.whole.length <= smallMessage;
}
/** Large chunks are written in blocks of this size, so that a peer's pace is felt at each. */
const block = 256 * 1024;

/** Sends a message for DATA, terminator included (RFC 5321 section 4.5.2). A small one is only added, not yet written. */
export function stuffed(how: HowToSend, sink: Sink): Sent | Promise<Sent> {
  const stuffer = new DotStuffer();
  const { source, unterminated } = how;
  const { whole } = source;
  if (whole === undefined || !isSmall(source)) return streamed(how, stuffer, sink);
  if (whole.length !== source.size) throw changed(source, whole.length, sink);
  const body = stuffer.push(whole);
  finish(stuffer, unterminated ? [body] : [body, stuffer.end()], sink);
  return { octets: stuffer.taken };
}

export interface HowToSend {
  readonly source: ByteSource;
  /** Leaves out the end of the message, for a server that is to be left waiting. */
  readonly unterminated?: boolean;
  readonly signal?: AbortSignal | undefined;
}

async function streamed(how: HowToSend, stuffer: DotStuffer, sink: Sink): Promise<Sent> {
  const { source, unterminated, signal } = how;
  for await (const chunk of chunksOf(source, sink, signal)) {
    if (stuffer.taken + chunk.length > source.size) throw changed(source, stuffer.taken + chunk.length, sink);
    const octets = stuffer.push(chunk);
    sink.transcript?.message(octets);
    sink.add(octets);
    sink.flush();
    await sink.room(true);
  }
  // Before the final dot, so that a message cut short is never taken for a whole one.
  if (stuffer.taken !== source.size) throw changed(source, stuffer.taken, sink);
  finish(stuffer, unterminated ? [] : [stuffer.end()], sink);
  return { octets: stuffer.taken };
}

function finish(stuffer: DotStuffer, pieces: readonly Uint8Array[], sink: Sink): void {
  for (const octets of pieces) {
    if (octets.length === 0) continue;
    sink.transcript?.message(octets);
    sink.add(octets);
  }
  sink.transcript?.messageEnd(stuffer.octets, stuffer.lines);
}

/** What became of a message sent in chunks. */
export interface SentChunks extends Sent {
  /** The first reply to a chunk that was none of success; the chunks after it were not sent. */
  readonly refused: Reply | undefined;
  /** Whether the last chunk went out, so that its reply is still to come. */
  readonly lastSent: boolean;
}

/**
 * Sends a message as BDAT commands (RFC 3030), octet for octet. Each is answered; where commands may be grouped, the
 * next is sent while that answer is under way.
 */
export async function chunked(
  how: {
    readonly source: ByteSource;
    readonly size: number;
    readonly pipelined: boolean;
    readonly signal?: AbortSignal | undefined;
  },
  sink: Sink,
  reply: () => Promise<Reply>,
): Promise<SentChunks> {
  const { source, size, pipelined, signal } = how;
  let octets = 0;
  let unanswered = 0;
  /** Of the chunk that was announced, what is still to come. */
  let left = 0;
  const announce = () => {
    left = Math.min(size, source.size - octets);
    const last = octets + left === source.size;
    sink.line(print(bdat(left, last)));
    if (!sink.transcript?.showsMessages) sink.transcript?.binary(`${grouped(left)} bytes of message`);
  };
  announce();
  for await (let piece of chunksOf(source, sink, signal)) {
    while (piece.length > 0) {
      if (left === 0) {
        if (octets === source.size) throw changed(source, octets + piece.length, sink);
        sink.flush();
        unanswered++;
        while (unanswered > (pipelined ? 1 : 0)) {
          const said = await reply();
          unanswered--;
          if (said.code !== 250) return { octets, refused: said, lastSent: false };
        }
        announce();
      }
      const part = piece.subarray(0, left);
      sink.transcript?.message(part);
      sink.add(part);
      left -= part.length;
      octets += part.length;
      piece = piece.subarray(part.length);
      sink.flush();
      await sink.room(false);
    }
  }
  if (octets !== source.size) throw changed(source, octets, sink);
  sink.flush();
  if (sink.transcript?.showsMessages) sink.transcript.messageEnd(octets, 0);
  for (; unanswered > 0; unanswered--) {
    const said = await reply();
    if (said.code !== 250) return { octets, refused: said, lastSent: true };
  }
  return { octets, refused: undefined, lastSent: true };
}

/**
 * The source's chunks in blocks. Nothing waits for the source longer than the session lives: one that neither gives
 * nor fails can't keep an abort from settling.
 */
async function* chunksOf(source: ByteSource, sink: Sink, signal: AbortSignal | undefined): AsyncGenerator<Uint8Array> {
  const iterator = source.read(signal)[Symbol.asyncIterator]();
  let over = false;
  try {
    for (;;) {
      const next = await sink.race(
        iterator.next().catch((error: unknown) => {
          throw sink.sourceFailure('source-failed', {}, error);
        }),
      );
      if (next.done) {
        over = true;
        return;
      }
      const chunk = next.value;
      for (let from = 0; from < chunk.length; from += block) yield chunk.subarray(from, from + block);
    }
  } finally {
    // Not waited for: a source that hangs in next() would hang in return() too.
    if (!over) iterator.return?.().then(undefined, () => {});
  }
}

function changed(source: ByteSource, got: number, sink: Sink): DeliveryFailure {
  return sink.sourceFailure('source-changed', { expected: source.size, got });
}
