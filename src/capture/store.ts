import { randomBytes } from 'node:crypto';
import { promises as files } from 'node:fs';
import { join } from 'node:path';
import type { Disposable } from '../base/disposal.ts';
import type { Clock } from '../base/ports.ts';
import { systemClock } from '../base/system-clock.ts';
import { codeOf, FileWriter, unlessMissing } from './files.ts';
import { idSource } from './ids.ts';
import type { MessageRecord, ReceivedMessage } from './message.ts';
import { type StoreChange, StoreWatch } from './store-watch.ts';
import { summarise } from './summary.ts';

export type { StoreChange };

/** What the server needs of a store. */
export interface MessageSink {
  /** Resolves once the message can be listed and read; rejects with Node's error shape (ENOSPC, EACCES …). */
  add(message: ReceivedMessage): Promise<MessageRecord>;
}

export interface StoreOptions {
  /** Default: the system's. */
  readonly clock?: Pick<Clock, 'now'>;
  /** Messages beyond which the oldest are removed. Default: none is ever removed. */
  readonly keep?: number;
  /**
   * Records held in memory: a server that runs for weeks takes messages by the million. Those beyond are read again when
   * somebody asks. Default: 10,000, and `keep` where that is more.
   */
  readonly remembered?: number;
  /** Whether a message is on the disk itself (fsync) before it counts as kept. Default false: it is test mail. */
  readonly durable?: boolean;
  /** Keeps the ids of several processes apart; letters and digits. Default: random. */
  readonly instance?: string;
}

/**
 * Opens the store in a directory, made where it is missing, and clears away what a process left there that died at
 * work. Rejects with Node's error shape.
 */
export async function openMessageStore(directory: string, options: StoreOptions = {}): Promise<MessageStore> {
  // Mail is for its owner's eyes.
  await files.mkdir(directory, { recursive: true, mode: 0o700 });
  const store = new MessageStore(directory, options);
  await store.sweep();
  return store;
}

/**
 * Messages in a directory. Each is one `ID.eml`, exactly as it was received, and one `ID.json`, its record. Both are
 * written under a temporary name and renamed, the record first: a message is there from the moment its `.eml` is. So
 * several windows and processes can share a directory without locks. A `.eml` without a record, put there by other
 * means, counts as a message too.
 */
export class MessageStore implements MessageSink {
  readonly directory: string;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #keep: number;
  readonly #remembered: number;
  readonly #writer: FileWriter;
  readonly #nextId: () => string;
  /** Those that were asked for or came last. */
  readonly #records = new Map<string, MessageRecord>();
  readonly #watches = new Set<StoreWatch>();
  /** Ids, oldest first, as far as this store knows; only where there is a limit. */
  #kept: Set<string> | undefined;
  /** Ids added since `#kept` was last brought up to date. */
  #late: string[] = [];
  #addedSinceLook = 0;
  #pruning = false;

  /** `directory` is absolute. */
  constructor(directory: string, options: StoreOptions) {
    this.directory = directory;
    this.#clock = options.clock ?? systemClock;
    this.#keep = Math.max(1, options.keep ?? Number.POSITIVE_INFINITY);
    this.#remembered = options.remembered ?? Math.max(10_000, options.keep ?? 0);
    this.#writer = new FileWriter(options.durable ?? false);
    this.#nextId = idSource(this.#clock, options.instance ?? randomBytes(4).toString('hex'));
  }

  async add(message: ReceivedMessage): Promise<MessageRecord> {
    const record: MessageRecord = {
      id: this.#nextId(),
      received: Math.trunc(this.#clock.now()),
      size: message.size,
      summary: await summarise(message.pieces),
      envelope: message.envelope,
      session: message.session,
      ...(message.irregularities.length > 0 && { irregularities: message.irregularities }),
    };
    const json = Buffer.from(`${JSON.stringify(record)}\n`);
    await this.#write(record.id, '.json', [json], json.length);
    try {
      await this.#write(record.id, '.eml', message.pieces, message.size);
    } catch (error) {
      await files.unlink(this.#file(record.id, '.json')).catch(() => {});
      throw error;
    }
    this.#remember(record);
    this.#touch();
    if (this.#keep < Number.POSITIVE_INFINITY) {
      this.#late.push(record.id);
      void this.#prune();
    }
    return record;
  }

  /** Every message, oldest first. */
  async list(): Promise<readonly MessageRecord[]> {
    const ids = await this.ids();
    const found: (MessageRecord | undefined)[] = new Array(ids.length);
    let next = 0;
    const reader = async () => {
      while (next < ids.length) {
        const index = next++;
        found[index] = await this.record(ids[index]!);
      }
    };
    await Promise.all(Array.from({ length: 16 }, reader));
    const there = new Set(ids);
    for (const id of this.#records.keys()) if (!there.has(id)) this.#records.delete(id);
    return found.filter((record) => record !== undefined);
  }

  /** The ids of every message, oldest first. */
  async ids(): Promise<string[]> {
    const names = (await unlessMissing(files.readdir(this.directory))) ?? [];
    return names
      .filter((name) => name.endsWith('.eml') && !name.startsWith('.'))
      .map((name) => name.slice(0, -'.eml'.length))
      .sort();
  }

  async record(id: string): Promise<MessageRecord | undefined> {
    const known = this.#records.get(id);
    if (known !== undefined) return known;
    if (!isId(id)) return undefined;
    const json = await unlessMissing(files.readFile(this.#file(id, '.json'), 'utf8'));
    const record = json === undefined ? undefined : readRecord(json, id);
    if (record === undefined) return this.#foreign(id);
    this.#remember(record);
    return record;
  }

  #remember(record: MessageRecord): void {
    this.#records.set(record.id, record);
    const [oldest] = this.#records.keys();
    if (this.#records.size > this.#remembered && oldest !== undefined) this.#records.delete(oldest);
  }

  /** The message's octets; undefined where there is none (any more). */
  async read(id: string): Promise<Uint8Array | undefined> {
    return isId(id) ? unlessMissing(files.readFile(this.pathOf(id))) : undefined;
  }

  /** The absolute path of the `.eml`. */
  pathOf(id: string): string {
    return this.#file(id, '.eml');
  }

  /** Whether there was one to remove. */
  async remove(id: string): Promise<boolean> {
    const there = await this.#remove(id);
    if (there) this.#touch();
    return there;
  }

  /** Removes all; resolves to how many there were. */
  async clear(): Promise<number> {
    let count = 0;
    for (const id of await this.ids()) if (await this.#remove(id)) count++;
    await this.sweep();
    if (count > 0) this.#touch();
    return count;
  }

  /**
   * Tells of changes, gathered over some milliseconds, by this store or any other program that writes to the
   * directory. `known` is what the listener has listed already; left out, it is told only of changes from now on.
   */
  watch(listener: (change: StoreChange) => void, known?: readonly string[]): Disposable {
    const disposed = { yet: false };
    let watch: StoreWatch | undefined;
    void (async () => {
      const ids = known ?? (await this.ids().catch(() => []));
      if (disposed.yet) return;
      watch = new StoreWatch(this.directory, () => this.ids(), ids, listener);
      this.#watches.add(watch);
    })();
    return {
      dispose: () => {
        disposed.yet = true;
        if (watch !== undefined) this.#watches.delete(watch);
        watch?.dispose();
      },
    };
  }

  async #write(id: string, ending: '.eml' | '.json', pieces: readonly Uint8Array[], size: number): Promise<void> {
    const temporary = join(this.directory, `.${id}${ending}.tmp`);
    const path = this.#file(id, ending);
    try {
      await this.#writer.write(temporary, path, pieces, size);
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      // Somebody threw the directory away.
      await files.mkdir(this.directory, { recursive: true, mode: 0o700 });
      await this.#writer.write(temporary, path, pieces, size);
    }
  }

  async #remove(id: string): Promise<boolean> {
    if (!isId(id)) return false;
    this.#records.delete(id);
    const there = (await unlessMissing(files.unlink(this.pathOf(id)).then(() => true))) ?? false;
    await unlessMissing(files.unlink(this.#file(id, '.json')));
    return there;
  }

  /** Removes the oldest beyond the limit. */
  async #prune(): Promise<void> {
    if (this.#pruning) return;
    this.#pruning = true;
    try {
      while (this.#late.length > 0) {
        this.#addedSinceLook += this.#late.length;
        // Others may add and remove too, so the directory is looked at again now and then.
        if (this.#kept === undefined || this.#addedSinceLook >= LOOK_EVERY) {
          this.#addedSinceLook = 0;
          this.#late = [];
          this.#kept = new Set(await this.ids());
        }
        for (const id of this.#late.splice(0)) this.#kept.add(id);
        const surplus = [...this.#kept].slice(0, Math.max(0, this.#kept.size - this.#keep));
        for (const id of surplus) this.#kept.delete(id);
        await Promise.all(surplus.map((id) => this.#remove(id)));
      }
    } catch {
      // What can't be removed now is tried again after the next message.
      this.#kept = undefined;
    } finally {
      this.#pruning = false;
    }
  }

  /** Removes what a process left behind that died between two renames. */
  async sweep(): Promise<void> {
    const names = (await unlessMissing(files.readdir(this.directory))) ?? [];
    const there = new Set(names);
    for (const name of names) {
      const orphan =
        name.endsWith('.json') && !there.has(`${name.slice(0, -'.json'.length)}.eml`) && ownName.test(name);
      if (!orphan && !(name.startsWith('.') && name.endsWith('.tmp'))) continue;
      const path = join(this.directory, name);
      const stat = await unlessMissing(files.stat(path));
      if (stat !== undefined && Date.now() - stat.mtimeMs > STALE) await unlessMissing(files.unlink(path));
    }
  }

  async #foreign(id: string): Promise<MessageRecord | undefined> {
    const handle = await unlessMissing(files.open(this.pathOf(id), 'r'));
    if (handle === undefined) return undefined;
    try {
      const stat = await handle.stat();
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(stat.size, 65_536)), 0);
      return {
        id,
        received: Math.trunc(stat.mtimeMs),
        size: stat.size,
        summary: await summarise([buffer.subarray(0, bytesRead)]),
      };
    } finally {
      await handle.close();
    }
  }

  #file(id: string, ending: '.eml' | '.json'): string {
    return join(this.directory, `${id}${ending}`);
  }

  #touch(): void {
    for (const watch of this.#watches) watch.touch();
  }
}

const LOOK_EVERY = 200;
/** Milliseconds after which no write can still be under way. */
const STALE = 3_600_000;
const ownName = /^\d{8}-\d{6}-\d{3}-\d{4}-/;

/** Ids become file names: none may lead out of the directory. */
function isId(id: string): boolean {
  return id !== '' && !id.startsWith('.') && !/[/\\\0:]/.test(id);
}

function readRecord(json: string, id: string): MessageRecord | undefined {
  try {
    const value: unknown = JSON.parse(json);
    if (typeof value !== 'object' || value === null) return undefined;
    const record = value as Partial<MessageRecord>;
    const sound =
      record.id === id &&
      typeof record.received === 'number' &&
      typeof record.size === 'number' &&
      typeof record.summary === 'object' &&
      record.summary !== null;
    return sound ? (record as MessageRecord) : undefined;
  } catch {
    return undefined;
  }
}
