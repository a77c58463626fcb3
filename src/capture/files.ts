import {
  close,
  closeSync,
  fsync,
  open,
  openSync,
  promises,
  rename,
  renameSync,
  unlinkSync,
  writev,
  writevSync,
} from 'node:fs';

/** Octets up to which a file is written in one go. */
const SMALL = 65_536;
/** Milliseconds that a write may hold up everything else, on average. */
const QUICK = 1;
/** The weight of the last write in that average: one that the system interrupted must not count for a slow disk. */
const WEIGHT = 1 / 8;
/** Milliseconds for which a disk that was slow is not waited for. */
const DISTRUST = 10_000;

/**
 * Writes files under a temporary name and renames them, so that whoever lists the directory never sees half a file.
 *
 * Each asynchronous call of node:fs is handed to another thread, which costs the calling one more than a small write
 * to the system's cache takes. So small files are written at once, as long as the disk is quick; a slow one (a network
 * drive, a virus scanner) is left to the other threads. Measured in test/bench/capture.bench.ts.
 */
export class FileWriter {
  readonly #durable: boolean;
  readonly #ticks: () => number;
  #average = 0;
  #trustAgain = Number.NEGATIVE_INFINITY;

  /** `durable`: the content is on the disk itself before it is renamed. `ticks`: milliseconds, monotonic. */
  constructor(durable: boolean, ticks: () => number = () => performance.now()) {
    this.#durable = durable;
    this.#ticks = ticks;
  }

  /** Whether a write is done at once. */
  get quick(): boolean {
    return !this.#durable && this.#ticks() >= this.#trustAgain;
  }

  /** Rejects with Node's error shape; then nothing is left of it. */
  async write(temporary: string, path: string, pieces: readonly Uint8Array[], size: number): Promise<void> {
    if (size > SMALL || !this.quick) {
      await writeWhole(temporary, path, pieces, this.#durable);
      return;
    }
    const started = this.#ticks();
    writeAtOnce(temporary, path, pieces);
    const now = this.#ticks();
    this.#average += (now - started - this.#average) * WEIGHT;
    if (this.#average <= QUICK) return;
    this.#average = 0;
    this.#trustAgain = now + DISTRUST;
  }
}

function writeAtOnce(temporary: string, path: string, pieces: readonly Uint8Array[]): void {
  const descriptor = openSync(temporary, 'wx', 0o600);
  try {
    try {
      let rest = pieces;
      while (rest.length > 0) {
        const now = rest.slice(0, MOST_AT_ONCE);
        rest = [...unwritten(now, writevSync(descriptor, now)), ...rest.slice(MOST_AT_ONCE)];
      }
    } finally {
      closeSync(descriptor);
    }
    renameSync(temporary, path);
  } catch (error) {
    unlinkSync(temporary);
    throw error;
  }
}

function writeWhole(temporary: string, path: string, pieces: readonly Uint8Array[], durable: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    open(temporary, 'wx', 0o600, (failure, descriptor) => {
      if (failure !== null) {
        reject(failure);
        return;
      }
      const finish = (error: Error | null) => {
        close(descriptor, (closing) => {
          const problem = error ?? closing;
          const fail = (reason: Error) => {
            promises.unlink(temporary).catch(() => {});
            reject(reason);
          };
          if (problem) fail(problem);
          else rename(temporary, path, (renaming) => (renaming === null ? resolve() : fail(renaming)));
        });
      };
      writeAll(descriptor, pieces, (error) => {
        if (error !== null || !durable) finish(error);
        else fsync(descriptor, finish);
      });
    });
  });
}

/** Pieces in one call of the system: IOV_MAX is 1024 on Linux and macOS. */
const MOST_AT_ONCE = 1000;

function writeAll(descriptor: number, pieces: readonly Uint8Array[], done: (error: Error | null) => void): void {
  if (pieces.length === 0) {
    done(null);
    return;
  }
  const now = pieces.length > MOST_AT_ONCE ? pieces.slice(0, MOST_AT_ONCE) : pieces;
  writev(descriptor, now, (error, written) => {
    if (error !== null) done(error);
    else writeAll(descriptor, [...unwritten(now, written), ...pieces.slice(now.length)], done);
  });
}

/** What is left of the pieces after a short write, as a disk that is nearly full does it. */
function unwritten(pieces: readonly Uint8Array[], written: number): Uint8Array[] {
  let index = 0;
  while (index < pieces.length && written >= pieces[index]!.length) written -= pieces[index++]!.length;
  const rest = pieces.slice(index);
  if (written > 0) rest[0] = rest[0]!.subarray(written);
  return rest;
}

/** Node's code of a file error. */
export function codeOf(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : undefined;
}

/** The value, or `undefined` where the file or directory is not there (any more). */
export async function unlessMissing<T>(promise: Promise<T>): Promise<T | undefined> {
  try {
    return await promise;
  } catch (error) {
    const code = codeOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
