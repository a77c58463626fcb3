/** Small pieces that sentences are made of. */

import { visible } from '../../base/visible.ts';
import { printable } from '../../net/printable.ts';

/** `1 recipient`, `3 recipients`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : many}`;
}

/** `a`, `a and b`, `a, b and c`; past `limit`, `a, b and 7 more`. */
export function list(items: readonly string[], limit = 10, last = 'and'): string {
  const shown = items.length > limit ? items.slice(0, limit - 1) : items;
  const rest = items.length - shown.length;
  const all = rest > 0 ? [...shown, `${rest.toLocaleString('en-US')} more`] : shown;
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} ${last} ${all.at(-1)}`;
}

/**
 * An address, or some other name, that a person goes by to say yes: what can't be seen in it, or would turn round how
 * it is read, is shown as `\xNN`, as in the transcript.
 */
export function shown(text: string): string {
  return printable(Buffer.from(text, 'utf8'));
}

/** Text from elsewhere between quotation marks: on one line, of a length that leaves the sentence readable. */
export function quoted(text: string, limit = 80): string {
  const safe = visible(text);
  return `"${safe.length > limit ? `${safe.slice(0, limit - 1)}…` : safe}"`;
}

/** `.`, `0.1`, `2.5`: octets as people read them. */
export function octets(size: number): string {
  if (size < 10_000) return count(size, 'byte');
  for (const unit of ['KB', 'MB', 'GB']) {
    size /= 1024;
    if (size < 1000) return `${size >= 100 ? Math.round(size) : Number(size.toFixed(1))} ${unit}`;
  }
  return `${Math.round(size)} GB`;
}

/** `1.5 seconds`, from milliseconds. */
export function seconds(milliseconds: number): string {
  const value = Number((milliseconds / 1000).toFixed(milliseconds < 10_000 ? 1 : 0));
  return value === 1 ? '1 second' : `${value} seconds`;
}

/** Sentences one after the other, empty ones left out. */
export function sentences(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined && part !== '').join(' ');
}

/** What was said, with its full stop. */
export function stopped(text: string): string {
  const trimmed = text.trim();
  return /[.!?…]["”)]?$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** For a `default` that no value can reach; at run time, what to say of one that did. */
export function unreachable(_value: never, otherwise: string): string {
  return otherwise;
}

/** ` (did you mean "x"?)`, or nothing. */
export function meant(suggestion: string | undefined, before = ''): string {
  return suggestion === undefined ? '' : ` (did you mean ${quoted(before + suggestion)}?)`;
}
