import { type ParseArgsConfig, parseArgs } from 'node:util';
import { suggestionFor } from '../base/suggestion.ts';

/** A command line that can't be understood: exit code 2, and a word on how to see what can. Told apart by `kind`. */
class UsageError extends Error {
  readonly kind = 'usage-error';
}

export function isUsageError(error: unknown): error is UsageError {
  return error instanceof Error && (error as Partial<UsageError>).kind === 'usage-error';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/**
 * What follows a command's name, by its options. Throws a `UsageError` in our words: those of Node name its internals
 * and differ from version to version.
 */
export function parseOptions<const T extends Options>(command: string, args: readonly string[], options: T) {
  const { tokens } = parseArgs({ args: [...args], options, allowPositionals: true, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) {
      const near = token.rawName.startsWith('--') ? suggestionFor(token.name, Object.keys(options)) : undefined;
      throw usage(
        command,
        `there is no option ${token.rawName}${near === undefined ? '' : `; did you mean --${near}?`}`,
      );
    }
    if (option.type === 'boolean' && token.value !== undefined) {
      throw usage(command, `${token.rawName} takes no value`);
    }
    if (option.type === 'string' && token.value === undefined) throw usage(command, `${token.rawName} needs a value`);
    // `--server --yes`: the value was forgotten, and is not "--yes".
    if (option.type === 'string' && !token.inlineValue && /^--?[a-z]/.test(token.value ?? '')) {
      throw usage(
        command,
        `${token.rawName} needs a value (for one that begins with "-", write ${token.rawName}=${token.value})`,
      );
    }
  }
  return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
}

/** `mailbench send: …`, and where help is. */
export function usage(command: string, text: string): UsageError {
  const name = command === '' ? 'mailbench' : `mailbench ${command}`;
  return new UsageError(`${name}: ${text}\nTry "${name} --help".`);
}

/** A whole number in bounds. */
export function wholeNumber(command: string, option: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
  throw usage(command, `${option} has to be a whole number from ${minimum} to ${maximum}, not "${text}"`);
}

/** A number in bounds, with a fraction or without: `0.5`, `.5`, `2`. */
export function decimalNumber(command: string, option: string, text: string, minimum: number, maximum: number): number {
  const value = Number(text);
  if (/^(\d+\.?\d*|\.\d+)$/.test(text) && value >= minimum && value <= maximum) return value;
  const hint = /^\d+,\d+$/.test(text) ? ` (a point, no comma: ${text.replace(',', '.')})` : '';
  throw usage(command, `${option} has to be a number from ${minimum} to ${maximum}, not "${text}"${hint}`);
}

/** `name=value`, as often as it was given. */
export function pairs(command: string, option: string, texts: readonly string[]): Record<string, string> {
  const found: Record<string, string> = Object.create(null);
  for (const text of texts) {
    const at = text.indexOf('=');
    if (at < 1) throw usage(command, `${option} has to be name=value, not "${text}"`);
    found[text.slice(0, at)] = text.slice(at + 1);
  }
  return found;
}
