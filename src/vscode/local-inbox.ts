import { join } from 'node:path';
import * as vscode from 'vscode';
import type { FaultProblem } from '../capture/faults.ts';
import type { MessageRecord } from '../capture/message.ts';
import type { CaptureServer } from '../capture/server.ts';
import type { MessageStore, StoreChange } from '../capture/store.ts';
import { fullName, onSettingChange, setting } from './configuration.ts';
import { contextKeys, settings } from './names.ts';

/**
 * The Local Inbox of this window: its server, from the first send or command on, and the folder of messages that it
 * shares with every other window.
 */
export class LocalInbox implements vscode.Disposable {
  readonly #storage: string;
  readonly #stateChanged = new vscode.EventEmitter<void>();
  readonly #messagesChanged = new vscode.EventEmitter<StoreChange>();
  readonly #captured = new vscode.EventEmitter<MessageRecord>();
  readonly #subscriptions: vscode.Disposable[];
  #store: Promise<MessageStore> | undefined;
  #server: Promise<CaptureServer> | undefined;
  #running: CaptureServer | undefined;
  #watch: { dispose(): void } | undefined;

  /** It began or ceased to listen. */
  readonly onDidChangeState = this.#stateChanged.event;
  /** Messages came or went, by whatever window. */
  readonly onDidChangeMessages = this.#messagesChanged.event;
  /** This window's server took a message. */
  readonly onDidCapture = this.#captured.event;

  /** `storage`: the folder that VS Code gives the extension for all of its windows. */
  constructor(storage: vscode.Uri) {
    this.#storage = storage.fsPath;
    this.#subscriptions = [
      this.#stateChanged,
      this.#messagesChanged,
      this.#captured,
      onSettingChange([settings.inboxPort, settings.inboxFaults], () => void this.#restart()),
      onSettingChange([settings.inboxKeep], () => void this.#reopen()),
      onSettingChange([settings.inboxAutoStart], () => void this.#autoStart()),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.#autoStart()),
    ];
    void this.#autoStart();
  }

  /** Where it listens, where it does. */
  get address(): { readonly host: string; readonly port: number } | undefined {
    return this.#running && { host: this.#running.address, port: this.#running.port };
  }

  store(): Promise<MessageStore> {
    this.#store ??= this.#openStore().catch((error: unknown) => {
      this.#store = undefined;
      throw error;
    });
    return this.#store;
  }

  /** Listens, if it does not yet. Rejects with Node's error shape. */
  start(): Promise<CaptureServer> {
    this.#server ??= this.#listen().catch((error: unknown) => {
      this.#server = undefined;
      throw error;
    });
    return this.#server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#running = undefined;
    this.#tell();
    await (await server?.catch(() => undefined))?.close();
  }

  dispose(): void {
    this.#watch?.dispose();
    for (const each of this.#subscriptions) each.dispose();
    void this.#server?.then((server) => server.close()).catch(() => undefined);
  }

  async #openStore(): Promise<MessageStore> {
    const { openMessageStore } = await import('../capture/store.ts');
    const store = await openMessageStore(join(this.#storage, 'inbox'), { keep: setting(settings.inboxKeep) });
    this.#watch = store.watch((change) => this.#messagesChanged.fire(change));
    return store;
  }

  async #listen(): Promise<CaptureServer> {
    const [{ startCapture }, { readFaults }, store] = await Promise.all([
      import('../capture/server.ts'),
      import('../capture/faults.ts'),
      this.store(),
    ]);
    const { rules: faults, problems } = readFaults(setting(settings.inboxFaults) ?? []);
    if (problems.length > 0) void this.#complainOfFaults(problems);
    const server = await startCapture({
      port: setting(settings.inboxPort),
      fallbackPorts: true,
      store,
      faults,
      certificate: async () => {
        const { inboxCertificate } = await import('./inbox-certificate.ts');
        return inboxCertificate(join(this.#storage, 'inbox-certificate.json'), Date.now());
      },
      onMessage: (record) => this.#captured.fire(record),
    });
    this.#running = server;
    this.#tell();
    return server;
  }

  /** The store as the settings are now; what is too much by them goes. */
  async #reopen(): Promise<void> {
    if (!this.#store) return;
    this.#watch?.dispose();
    this.#store = undefined;
    const reopened = this.#server ? this.#restart() : this.store();
    await reopened.catch((error: unknown) => this.#complain(error));
  }

  async #restart(): Promise<void> {
    if (!this.#server) return;
    await this.stop();
    await this.start().catch((error: unknown) => this.#complain(error));
  }

  async #autoStart(): Promise<void> {
    if (!setting(settings.inboxAutoStart)) return;
    await this.start().catch((error: unknown) => this.#complain(error));
  }

  #complain(error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(`The Local Inbox could not be started: ${reason}`);
  }

  /** The rules that can be used hold all the same. */
  async #complainOfFaults(problems: readonly FaultProblem[]): Promise<void> {
    const { faultSentence } = await import('../send/sentences/fault.ts');
    const open = 'Open Settings';
    const message = `${fullName(settings.inboxFaults)}: ${problems.map(faultSentence).join(' ')}`;
    if ((await vscode.window.showWarningMessage(message, open)) !== open) return;
    await vscode.commands.executeCommand('workbench.action.openSettings', fullName(settings.inboxFaults));
  }

  #tell(): void {
    void vscode.commands.executeCommand('setContext', contextKeys.inboxRunning, this.#running !== undefined);
    this.#stateChanged.fire();
  }
}
