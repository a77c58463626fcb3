import { suggestionFor } from '../base/suggestion.ts';
import type { ServerProblem } from './server-problems.ts';

/**
 * One object of the settings, read property by property: each `read` takes a property off the list of those that
 * nobody asked for, notes what is wrong with it, and answers undefined then. Total: any JSON value may come in.
 */
export class SettingsReader {
  readonly path: string;
  readonly problems: ServerProblem[];
  readonly #values: Readonly<Record<string, unknown>>;
  readonly #known = new Set<string>();

  private constructor(path: string, values: Readonly<Record<string, unknown>>, problems: ServerProblem[]) {
    this.path = path;
    this.#values = values;
    this.problems = problems;
  }

  /** Undefined, with a problem, where the value is no object. */
  static of(value: unknown, path: string, problems: ServerProblem[]): SettingsReader | undefined {
    if (isRecord(value)) return new SettingsReader(path, value, problems);
    problems.push({ code: 'server-wrong-type', severity: 'error', path, expected: 'an object' });
    return undefined;
  }

  pathOf(name: string): string {
    return `${this.path}.${name}`;
  }

  /** Whether it is there; `null` counts as left out, as the settings editor writes it. */
  has(name: string): boolean {
    this.#known.add(name);
    return Object.hasOwn(this.#values, name) && this.#values[name] !== undefined && this.#values[name] !== null;
  }

  raw(name: string): unknown {
    return this.has(name) ? this.#values[name] : undefined;
  }

  /** Text without control characters, and with something in it. */
  text(name: string, options: { readonly empty?: boolean } = {}): string | undefined {
    if (!this.has(name)) return undefined;
    return this.#checkText(this.#values[name], this.pathOf(name), options);
  }

  boolean(name: string): boolean | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#values[name];
    if (typeof value === 'boolean') return value;
    this.#wrongType(this.pathOf(name), 'true or false');
    return undefined;
  }

  /** A whole number, unless `fraction`. */
  number(
    name: string,
    minimum: number,
    maximum: number,
    options: { readonly fraction?: boolean } = {},
  ): number | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#values[name];
    const path = this.pathOf(name);
    if (typeof value !== 'number' || !(options.fraction ? Number.isFinite(value) : Number.isSafeInteger(value))) {
      this.#wrongType(path, options.fraction ? 'a number' : 'a whole number');
      return undefined;
    }
    if (value < minimum || value > maximum) {
      this.problems.push({ code: 'server-out-of-range', severity: 'error', path, value, minimum, maximum });
      return undefined;
    }
    return value;
  }

  choice<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const found = allowed.find((each) => each.toLowerCase() === value.toLowerCase());
    if (found !== undefined) return found;
    const suggestion = suggestionFor(value, allowed);
    this.problems.push({
      code: 'server-not-one-of',
      severity: 'error',
      path: this.pathOf(name),
      value,
      allowed,
      ...(suggestion === undefined ? {} : { suggestion }),
    });
    return undefined;
  }

  /** A list of texts; one text stands for a list of one. */
  texts(name: string): { readonly text: string; readonly path: string }[] | undefined {
    if (!this.has(name)) return undefined;
    const value = this.#values[name];
    if (typeof value !== 'string' && !Array.isArray(value)) {
      this.#wrongType(this.pathOf(name), 'a text or a list of texts');
      return undefined;
    }
    const found: { text: string; path: string }[] = [];
    for (const [index, each] of (Array.isArray(value) ? value : [value]).entries()) {
      const path = Array.isArray(value) ? `${this.pathOf(name)}[${index}]` : this.pathOf(name);
      const text = this.#checkText(each, path, {});
      if (text !== undefined) found.push({ text, path });
    }
    return found;
  }

  object(name: string): SettingsReader | undefined {
    return this.has(name) ? SettingsReader.of(this.#values[name], this.pathOf(name), this.problems) : undefined;
  }

  /** The name of an environment variable. */
  variable(name: string): string | undefined {
    const value = this.text(name);
    if (value === undefined || /^[A-Za-z_][A-Za-z0-9_]*$/.test(value)) return value;
    // It may be the password itself, in the wrong place: it is not repeated.
    this.problems.push({ code: 'server-bad-variable-name', severity: 'error', path: this.pathOf(name) });
    return undefined;
  }

  /**
   * Notes every property that nobody asked for: to be called last. `elsewhere` are those that other kinds of the same
   * thing have; `note` says so of them. Where reading stopped early, `whole` is false, and all of those are offered.
   */
  finish(elsewhere: readonly string[] = [], note: (path: string) => void = () => {}, whole = true): void {
    for (const name of Object.keys(this.#values)) {
      if (this.#known.has(name)) continue;
      const path = this.pathOf(name);
      if (elsewhere.includes(name)) {
        note(path);
        continue;
      }
      if (isPasswordName(name)) {
        this.problems.push({ code: 'server-password-in-settings', severity: 'error', path });
        continue;
      }
      // In the order of the documentation, where there is one.
      const allowed = [...new Set([...elsewhere.filter((each) => !whole || this.#known.has(each)), ...this.#known])];
      const suggestion = suggestionFor(name, allowed);
      this.problems.push({
        code: 'server-unknown-property',
        severity: 'error',
        path,
        allowed,
        ...(suggestion === undefined ? {} : { suggestion }),
      });
    }
  }

  #checkText(value: unknown, path: string, options: { readonly empty?: boolean }): string | undefined {
    if (typeof value !== 'string') {
      this.#wrongType(path, 'a text');
      return undefined;
    }
    if (/[\0-\x1f\x7f]/.test(value)) {
      this.problems.push({ code: 'server-unsafe-text', severity: 'error', path, what: 'control characters' });
      return undefined;
    }
    if (value.trim() === '' && !options.empty) {
      this.problems.push({ code: 'server-unsafe-text', severity: 'error', path, what: 'nothing in it' });
      return undefined;
    }
    return value;
  }

  #wrongType(path: string, expected: string): void {
    this.problems.push({ code: 'server-wrong-type', severity: 'error', path, expected });
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Names under which people write a secret. */
function isPasswordName(name: string): boolean {
  return /^(pass(word|wd|phrase)?|pwd|pw|secret|token|access_?token|api_?key|auth_?code|credentials?)$/i.test(name);
}
