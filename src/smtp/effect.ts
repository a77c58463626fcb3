import type { Step } from '../base/errors.ts';
import type { ByteSource } from '../base/source.ts';
import type { TimeoutPhase } from '../net/timeouts.ts';
import type { TlsFacts } from '../net/tls-options.ts';
import type { Command } from './command.ts';
import type { Ready } from './ready.ts';
import type { Reply } from './reply.ts';

/**
 * What a session wants done. Sessions are generators that yield these and get the answers back; they hold the whole
 * protocol and neither socket nor timer. Whoever drives them (`Driver`, or a test with two strings) does the rest.
 * What is sent stays unwritten until a reply is wanted, so that commands in a row share one write.
 */
export type Effect =
  | { readonly do: 'send'; readonly command: Command }
  /** Commands in one group (RFC 2920), printed beforehand; `step` is that of the first. */
  | { readonly do: 'group'; readonly text: string; readonly step: Step }
  /** A message made fit for DATA beforehand, and the group of commands behind it; written at once. */
  | { readonly do: 'ready'; readonly ready: Ready }
  /** A line of a SASL exchange, or one typed by a person. */
  | { readonly do: 'line'; readonly line: string; readonly step: Step }
  /** Octets that are no line: a PROXY header. `shown` stands for them in the transcript. */
  | { readonly do: 'octets'; readonly octets: Uint8Array; readonly shown: string; readonly step: Step }
  /** The message, made fit for DATA, with its terminator unless a stop point wants it without. */
  | {
      readonly do: 'message';
      readonly source: ByteSource;
      readonly unterminated?: boolean;
      readonly signal?: AbortSignal | undefined;
    }
  /** The message as it is, cut into BDAT commands; answered by the replies to all of them but the last. */
  | {
      readonly do: 'chunks';
      readonly source: ByteSource;
      readonly size: number;
      readonly pipelined: boolean;
      readonly signal?: AbortSignal | undefined;
    }
  | AwaitReply
  /** The TLS handshake. Fails where anything is waiting to be read. */
  | { readonly do: 'upgrade' }
  | { readonly do: 'settle'; readonly promise: Promise<unknown> }
  | { readonly do: 'event'; readonly text: string }
  /** Writes what was sent, and waits for no reply. */
  | { readonly do: 'flush' };

export interface AwaitReply {
  readonly do: 'reply';
  readonly step: Step;
  readonly phase: TimeoutPhase;
  readonly hoped: Hope;
}

/** The first digits of a reply that is hoped for; any other is marked in the transcript. */
export type Hope = '2' | '3' | '23' | '2345';

export type Answer = Reply | readonly Reply[] | TlsFacts | MessageCount | unknown;

export interface MessageCount {
  readonly octets: number;
}

export type Session<T> = Generator<Effect, T, Answer>;

export function* send(command: Command): Session<void> {
  yield { do: 'send', command };
}

export function* reply(step: Step, phase: TimeoutPhase, hoped: Hope): Session<Reply> {
  return (yield { do: 'reply', step, phase, hoped }) as Reply;
}

/** One command and its reply. */
export function* ask(command: Command, hoped: Hope = '2'): Session<Reply> {
  yield { do: 'send', command };
  return (yield { do: 'reply', step: command.step, phase: 'command', hoped }) as Reply;
}

export function* upgrade(): Session<TlsFacts> {
  return (yield { do: 'upgrade' }) as TlsFacts;
}

export function* settle<T>(promise: Promise<T>): Session<T> {
  return (yield { do: 'settle', promise }) as T;
}
