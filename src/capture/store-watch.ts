import { type FSWatcher, watch } from 'node:fs';
import type { Disposable } from '../base/disposal.ts';

/** Ids that came and went since the last call, by this store or any other program that writes to the directory. */
export interface StoreChange {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Milliseconds over which changes are gathered. */
const GATHER = 20;
/** Milliseconds between two looks where the system can't tell of changes. */
const POLL = 2000;

/**
 * Tells of changes of a directory by comparing two listings of it; the system's notices only say when to look. So it
 * does not matter that they are lost, doubled or without a name on one platform or another.
 */
export class StoreWatch implements Disposable {
  readonly #listIds: () => Promise<readonly string[]>;
  readonly #listener: (change: StoreChange) => void;
  #known: ReadonlySet<string> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #watcher: FSWatcher | undefined;
  #poll: NodeJS.Timeout | undefined;
  #looking = false;
  #again = false;
  #disposed = false;

  /** `known` is what the listener knows of already. */
  constructor(
    directory: string,
    listIds: () => Promise<readonly string[]>,
    known: readonly string[] | undefined,
    listener: (change: StoreChange) => void,
  ) {
    this.#listIds = listIds;
    this.#listener = listener;
    if (known !== undefined) this.#known = new Set(known);
    try {
      this.#watcher = watch(directory, { persistent: false }, () => this.touch());
      this.#watcher.on('error', () => this.#pollInstead());
    } catch {
      this.#pollInstead();
    }
    this.touch();
  }

  /** Something may have changed. */
  touch(): void {
    if (this.#disposed) return;
    if (this.#looking) this.#again = true;
    else this.#timer ??= setTimeout(() => this.#look(), GATHER);
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    clearInterval(this.#poll);
    this.#watcher?.close();
  }

  #pollInstead(): void {
    this.#watcher?.close();
    this.#watcher = undefined;
    if (this.#disposed) return;
    this.#poll ??= setInterval(() => this.touch(), POLL);
    this.#poll.unref();
  }

  async #look(): Promise<void> {
    this.#timer = undefined;
    this.#looking = true;
    const started = performance.now();
    // A listing that failed is tried again at the next notice.
    const ids = await this.#listIds().catch(() => undefined);
    const spent = performance.now() - started;
    this.#looking = false;
    if (this.#disposed) return;
    if (ids !== undefined) this.#compare(new Set(ids));
    if (!this.#again) return;
    this.#again = false;
    // A large directory under steady fire must not be listed all the time.
    this.#timer ??= setTimeout(() => this.#look(), Math.max(GATHER, 5 * spent));
  }

  #compare(ids: ReadonlySet<string>): void {
    const known = this.#known;
    this.#known = ids;
    if (known === undefined) return;
    const added = [...ids].filter((id) => !known.has(id));
    const removed = [...known].filter((id) => !ids.has(id));
    if (added.length > 0 || removed.length > 0) this.#listener({ added, removed });
  }
}
