import type { Readable, Writable } from 'node:stream';

/** What a command writes to and reads from: the process's own streams, or a test's. */
export interface Terminal {
  readonly stdout: Writable;
  readonly stderr: Writable & { readonly columns?: number };
  /** What a console is typed into, or a script comes from; nothing where it is left out. */
  readonly stdin?: Readable & { setRawMode?(raw: boolean): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute: what file names on the command line are relative to. */
  readonly cwd: string;
  /** Fires at the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** What links are asked for with; the platform's where it is left out. */
  readonly fetch?: typeof globalThis.fetch;
  /** Whether a person can be asked: both ends of standard input and standard error are a terminal. */
  readonly interactive: boolean;
}

/** Writes, and waits until the stream has taken it: a slow pipe slows the program down instead of filling memory. */
export function write(stream: Writable, data: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(data, (error) => {
      if (error) reject(isBrokenPipe(error) ? error : new StreamError(stream, error));
      else resolve();
    });
  });
}

/** A stream that takes nothing more, on a full disk say. Told apart by `kind`; `cause` is the system's error. */
class StreamError extends Error {
  readonly kind = 'stream-error';
  readonly stream: Writable;

  constructor(stream: Writable, cause: Error) {
    super(cause.message, { cause });
    this.stream = stream;
  }
}

export function isStreamError(error: unknown): error is StreamError {
  return error instanceof Error && (error as Partial<StreamError>).kind === 'stream-error';
}

/** A line of text. Control characters that came from a file or a server must not steer the terminal. */
export function line(stream: Writable, text: string): Promise<void> {
  return write(stream, `${safe(text)}\n`);
}

/** Without anything that a terminal would obey. Line ends stay. */
export function safe(text: string): string {
  return text.replace(/[\0-\x08\x0b-\x1f\x7f-\x9f]/g, (char) => `\\x${hex(char)}`);
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0');
}

/** Whether a write failed because the reader is gone (`mailbench build … | head`). */
export function isBrokenPipe(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  return code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED';
}
