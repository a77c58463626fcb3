import type * as vscode from 'vscode';
import type { SecretStore } from '../send/credentials.ts';

/** Every key of ours begins so: see `secretKey` in send/credentials.ts. */
const prefix = 'mailbench.password ';

/** The passwords of servers, in the secret storage of VS Code (the keychain of the system). */
export class Passwords implements SecretStore {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  async get(key: string): Promise<string | undefined> {
    return this.#secrets.get(key);
  }

  async set(key: string, secret: string): Promise<void> {
    await this.#secrets.store(key, secret);
  }

  async delete(key: string): Promise<void> {
    await this.#secrets.delete(key);
  }

  /** The keys of those that are kept. */
  async keys(): Promise<readonly string[]> {
    return (await this.#secrets.keys()).filter((key) => key.startsWith(prefix));
  }
}

/** What a key stands for, as a person reads it: `smtp mail.example.com 587 ann`. */
export function accountOf(key: string): string {
  return key.slice(prefix.length).trim();
}
