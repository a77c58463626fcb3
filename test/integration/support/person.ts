import * as vscode from 'vscode';
import { until } from './until.ts';

type Kind = 'information' | 'warning' | 'error';

export interface Told {
  readonly kind: Kind;
  readonly message: string;
  readonly detail: string | undefined;
  readonly buttons: readonly string[];
  readonly modal: boolean;
}

type Picking = (items: readonly vscode.QuickPickItem[]) => vscode.QuickPickItem | undefined;

/**
 * Stands in for the person in front of VS Code: presses buttons of messages, picks from lists, types into boxes, and
 * remembers all that was said. A window has nobody else to do so in a test.
 */
export class Person {
  readonly told: Told[] = [];
  /** The title of the button to press at the next message that has it. */
  #presses: string[] = [];
  #picks: Picking[] = [];
  #inputs: (string | undefined)[] = [];
  #choices: (() => Promise<readonly vscode.Uri[] | undefined>)[] = [];
  readonly #undo: (() => void)[] = [];

  constructor() {
    const { window } = vscode;
    this.#replace(window, 'showInformationMessage', this.#message('information'));
    this.#replace(window, 'showWarningMessage', this.#message('warning'));
    this.#replace(window, 'showErrorMessage', this.#message('error'));
    this.#replace(window, 'showQuickPick', (async (
      items: readonly vscode.QuickPickItem[] | Thenable<vscode.QuickPickItem[]>,
    ) => this.#picks.shift()?.(await items)) as never);
    this.#replace(window, 'showInputBox', (async () => this.#inputs.shift()) as never);
    this.#replace(window, 'showOpenDialog', (async () => this.#choices.shift()?.()) as never);
    this.#replace(window, 'createInputBox', (() => this.#inputBox()) as never);
  }

  /** Presses a button once, at the next message that offers it. */
  press(title: string): this {
    this.#presses.push(title);
    return this;
  }

  /** Takes the first line of the next list whose label, description or detail holds `text`. */
  pick(text: string): this {
    this.#picks.push((items) =>
      items.find((item) => [item.label, item.description, item.detail].some((each) => each?.includes(text))),
    );
    return this;
  }

  /** Types into the next box; undefined: Escape. */
  type(text: string | undefined): this {
    this.#inputs.push(text);
    return this;
  }

  /** Chooses files in the next dialog, none: Escape; `meanwhile` is done while it is open. */
  choose(uris: readonly vscode.Uri[], meanwhile?: () => unknown): this {
    this.#choices.push(async () => {
      await meanwhile?.();
      return uris.length > 0 ? uris : undefined;
    });
    return this;
  }

  /** Waits for a message that holds `text`, and takes it off those that were told. */
  async hears(text: string | RegExp): Promise<Told> {
    const matches = ({ message }: Told) => (typeof text === 'string' ? message.includes(text) : text.test(message));
    try {
      const found = await until(`the message ${text}`, () => this.told.find(matches));
      this.told.splice(this.told.indexOf(found), 1);
      return found;
    } catch (error) {
      throw new Error(`${error}. Told was: ${JSON.stringify(this.told, undefined, 1)}`);
    }
  }

  leave(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #message(kind: Kind) {
    return (async (message: string, ...rest: unknown[]) => {
      const [first, ...others] = rest;
      const options =
        typeof first === 'object' && first !== null && !('title' in first) ? (first as vscode.MessageOptions) : {};
      const buttons = (first === options ? others : rest).map((each) =>
        typeof each === 'string' ? each : (each as vscode.MessageItem).title,
      );
      this.told.push({ kind, message, detail: options.detail, buttons, modal: options.modal ?? false });
      const at = this.#presses.findIndex((title) => buttons.includes(title));
      return at < 0 ? undefined : this.#presses.splice(at, 1)[0];
    }) as never;
  }

  #inputBox(): vscode.InputBox {
    const accepted = new vscode.EventEmitter<void>();
    const hidden = new vscode.EventEmitter<void>();
    const text = this.#inputs.shift();
    const quiet = new vscode.EventEmitter<never>();
    const box = {
      value: '',
      show() {
        if (text === undefined) return hidden.fire();
        box.value = text;
        accepted.fire();
      },
      hide: () => hidden.fire(),
      dispose() {},
      onDidAccept: accepted.event,
      onDidHide: hidden.event,
      onDidTriggerButton: quiet.event,
      onDidChangeValue: quiet.event,
    };
    return box as unknown as vscode.InputBox;
  }

  #replace<T extends object, K extends keyof T>(object: T, key: K, value: T[K]): void {
    const before = Object.getOwnPropertyDescriptor(object, key);
    Object.defineProperty(object, key, { value, configurable: true, writable: true });
    this.#undo.push(() => {
      if (before) Object.defineProperty(object, key, before);
    });
  }
}
