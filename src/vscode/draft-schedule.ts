/** A document as far as it matters here; one of VS Code's fits. */
export interface Versioned {
  readonly uri: { toString(): string };
  readonly version: number;
  readonly isClosed: boolean;
}

export interface SchedulePorts<Document, Made> {
  /** What the document becomes as it stands now; rejects where the signal fires. */
  make(document: Document, signal: AbortSignal): Promise<Made>;
  /** One was made of what the document still is. */
  made(made: Made): void;
  /** A monotonic reading in milliseconds. */
  ticks(): number;
  /** Runs after so many milliseconds, without any as soon as what is under way is over; answers what calls it off. */
  later(milliseconds: number, run: () => void): () => void;
}

/** A composition under way or made. */
interface Making<Made> {
  readonly version: number;
  readonly controller: AbortController;
  readonly result: Promise<Made>;
  /** The document, or a file that it may name, changed since. */
  stale: boolean;
}

/**
 * After a keystroke: as a multiple of the time that the last composition took, so that composing takes a third of the time at
 * most; in milliseconds at most; and none at all where it took no longer than `free`, as that of a typical mail: half a
 * frame for each letter is less than a third of the time that anybody takes to type one.
 */
const pause = { perComposition: 2, longest: 400, free: 8 };

/** When documents are composed, and what of it is dropped: once for a change, and the newest text only. */
export class DraftSchedule<Document extends Versioned, Made> {
  readonly #ports: SchedulePorts<Document, Made>;
  /** What calls off the composition that a document waits for. */
  readonly #waiting = new Map<string, () => void>();
  /** Who waits for that composition to begin. */
  readonly #waiters = new Map<string, (() => void)[]>();
  readonly #makings = new Map<string, Making<Made>>();
  /** How long the last composition of a document took, or had taken when it was dropped, in milliseconds. */
  readonly #took = new Map<string, number>();
  #disposed = false;

  constructor(ports: SchedulePorts<Document, Made>) {
    this.#ports = ports;
  }

  /** The text changed: what is under way is of no use any more. */
  typed(document: Document): void {
    const key = document.uri.toString();
    this.#makings.get(key)?.controller.abort();
    const took = this.#took.get(key) ?? 0;
    this.changed(document, took <= pause.free ? 0 : Math.min(took * pause.perComposition, pause.longest));
  }

  /** Something else changed that it is made of. */
  changed(document: Document, delay = 0): void {
    const key = document.uri.toString();
    const made = this.#makings.get(key);
    if (made) made.stale = true;
    this.#waiting.get(key)?.();
    this.#waiting.set(
      key,
      this.#ports.later(delay, () => this.#make(document)),
    );
  }

  /**
   * What the document becomes as it stands now, made once for everybody who asks. Rejects where the document was closed meanwhile;
   * where it went on, gives what it became, after the pause that its typing makes.
   */
  async current(document: Document): Promise<Made> {
    const key = document.uri.toString();
    for (;;) {
      const known = this.#makings.get(key);
      const making = known && !known.stale && known.version === document.version ? known : this.#make(document);
      try {
        return await making.result;
      } catch (error) {
        if (!making.controller.signal.aborted) throw error;
        if (!document.isClosed && this.#waiting.has(key)) await this.#begun(key);
        if (document.isClosed || this.#disposed) throw error;
      }
    }
  }

  close(document: Document): void {
    const key = document.uri.toString();
    this.#callOff(key);
    this.#makings.delete(key);
    this.#took.delete(key);
    this.#wake(key);
  }

  dispose(): void {
    this.#disposed = true;
    for (const callOff of this.#waiting.values()) callOff();
    this.#waiting.clear();
    for (const { controller } of this.#makings.values()) controller.abort();
    for (const key of [...this.#waiters.keys()]) this.#wake(key);
  }

  /** What was going to be made, or is being made, of what stood there before. */
  #callOff(key: string): void {
    this.#waiting.get(key)?.();
    this.#waiting.delete(key);
    this.#makings.get(key)?.controller.abort();
  }

  #make(document: Document): Making<Made> {
    const key = document.uri.toString();
    this.#callOff(key);
    const { version } = document;
    const controller = new AbortController();
    const { signal } = controller;
    const began = this.#ports.ticks();
    const took = (): number => this.#ports.ticks() - began;
    const dropped = (): unknown => this.#took.set(key, Math.max(this.#took.get(key) ?? 0, took()));
    signal.addEventListener('abort', dropped);
    const result = this.#ports.make(document, signal).then((made) => {
      signal.throwIfAborted();
      return made;
    });
    const making: Making<Made> = { version, controller, result, stale: false };
    this.#makings.set(key, making);
    this.#wake(key);
    void result.then(
      (made) => {
        signal.removeEventListener('abort', dropped);
        this.#took.set(key, took());
        // What was typed meanwhile has its own turn.
        if (!document.isClosed && document.version === version) this.#ports.made(made);
      },
      (error: unknown) => {
        if (!signal.aborted) throw error;
      },
    );
    return making;
  }

  #begun(key: string): Promise<void> {
    return new Promise((resolve) => this.#waiters.set(key, [...(this.#waiters.get(key) ?? []), resolve]));
  }

  #wake(key: string): void {
    const waiters = this.#waiters.get(key) ?? [];
    this.#waiters.delete(key);
    for (const wake of waiters) wake();
  }
}
