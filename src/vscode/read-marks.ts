import * as vscode from 'vscode';

const key = 'inbox.read';

/** More marks than messages that anybody keeps: those of messages that went while no window saw it are never taken off. */
const most = 20_000;

/** Which captured messages have been opened: kept for all windows. */
export class ReadMarks implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #read: Set<string>;

  readonly onDidChange = this.#changed.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#read = new Set(memory.get<readonly string[]>(key, []));
  }

  isRead(id: string): boolean {
    return this.#read.has(id);
  }

  async mark(ids: readonly string[]): Promise<void> {
    if (ids.every((id) => this.#read.has(id))) return;
    // Another window may have written meanwhile.
    const all = new Set([...this.#memory.get<readonly string[]>(key, []), ...this.#read, ...ids]);
    // They begin with the time.
    this.#read = all.size > most ? new Set([...all].sort().slice(-most)) : all;
    this.#changed.fire();
    await this.#memory.update(key, [...this.#read]);
  }

  /** Those that are gone need no mark. */
  async forget(ids: readonly string[]): Promise<void> {
    if (!ids.some((id) => this.#read.delete(id))) return;
    for (const id of ids) this.#read.delete(id);
    await this.#memory.update(key, [...this.#read]);
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
