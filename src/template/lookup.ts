import { suggestionFor } from '../base/suggestion.ts';
import type { DataRecord, DataValue } from './data.ts';

/** The value at a path of names, own properties only; undefined where there is none. */
export function valueAt(record: DataValue | undefined, path: readonly string[]): DataValue | undefined {
  let value: DataValue | undefined = record;
  for (const name of path) {
    if (typeof value === 'string' && name === 'length') return value.length;
    if (value === null || typeof value !== 'object' || !Object.hasOwn(value, name)) return undefined;
    value = (value as DataRecord)[name];
  }
  return value;
}

/** Splits `a.b[0].c` and `a/b` into names. */
export function splitPath(path: string): readonly string[] {
  return path
    .replace(
      /\[(?:"([^"]*)"|'([^']*)'|([^[\]]*))\]/g,
      (_, a?: string, b?: string, c?: string) => `.${a ?? b ?? c ?? ''}`,
    )
    .split(/[./]/)
    .filter((name) => name !== '' && name !== 'this');
}

/** Truth as both engines' users expect it: empty texts and lists are false, as is 0. */
export function isTruthy(value: DataValue | undefined): boolean {
  return Array.isArray(value) ? value.length > 0 : Boolean(value);
}

/** The name at the first step of the path that leads nowhere, corrected, as a whole path. */
export function suggestPath(record: DataRecord | undefined, path: readonly string[]): string | undefined {
  let value: DataValue | undefined = record;
  for (let i = 0; i < path.length; i++) {
    if (value === null || value === undefined || typeof value !== 'object') return undefined;
    if (!Object.hasOwn(value, path[i]!)) {
      const near = suggestionFor(path[i]!, Object.keys(value).slice(0, 200));
      return near === undefined ? undefined : [...path.slice(0, i), near, ...path.slice(i + 1)].join('.');
    }
    value = (value as DataRecord)[path[i]!];
  }
  return undefined;
}
