import type { Connection } from '../net/connection.ts';

/** What goes out over a connection: the pieces that share a write, and the work that is put off so that it does not keep them back. */
export class Outgoing {
  /** Whether anything was written since this was last set to false. */
  wrote = false;
  readonly #connection: Connection;
  #pieces: (string | Uint8Array)[] = [];
  #later: (() => void) | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Whether nothing is to be written before the next wait. */
  get empty(): boolean {
    return this.#pieces.length === 0;
  }

  add(piece: string | Uint8Array): void {
    this.#pieces.push(piece);
  }

  /** Takes back what was not written. */
  clear(): void {
    this.#pieces.length = 0;
  }

  /** Writes what was added: in one write, hence in as few packets and TLS records as it takes. */
  flush(): void {
    const pieces = this.#pieces;
    if (pieces.length === 0) return;
    this.#pieces = [];
    this.wrote = true;
    this.#connection.writeAll(pieces);
  }

  /** Puts off what the server does not wait for, until `catchUp`: one piece of work at a time. */
  postpone(work: () => void): void {
    this.catchUp();
    this.#later = work;
  }

  /** Does what was put off. Called after each write of a busy session, and before every wait and end. */
  catchUp(): void {
    const work = this.#later;
    this.#later = undefined;
    work?.();
  }
}
