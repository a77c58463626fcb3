import type { Range } from './problem.ts';

/** What the core asks of the world. Adapters implement these; tests and repeatable builds hand in fixed ones. */

export interface Clock {
  /** Wall-clock time, in milliseconds since the epoch. */
  now(): number;
  /** Minutes east of UTC at that instant, for `Date` fields (RFC 5322 section 3.3). */
  offsetMinutes(epochMs: number): number;
  /** A monotonic reading in milliseconds, for durations. */
  ticks(): number;
}

export interface FileStat {
  /** Octets. */
  readonly size: number;
  /** Last modification, in milliseconds since the epoch. */
  readonly modified: number;
  readonly kind: 'file' | 'directory' | 'other';
}

/**
 * Reading files by absolute path. A failure rejects with Node's error shape: an `Error` whose `code` is `ENOENT`,
 * `EACCES`, `EISDIR` and the like.
 */
export interface FileAccess {
  stat(path: string): Promise<FileStat>;
  /** The path with every symbolic link resolved. */
  realpath(path: string): Promise<string>;
  read(path: string): Promise<Uint8Array>;
  /** The content in order, or that of a range of octets, in chunks of any size; ends early when `signal` aborts. */
  stream(path: string, signal?: AbortSignal, range?: Range): AsyncIterable<Uint8Array>;
}
