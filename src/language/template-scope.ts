import type { DataRecord, DataValue } from '../template/data.ts';
import { splitPath, valueAt } from '../template/lookup.ts';
import type { Analysis } from './analysis.ts';
import type { Place } from './place.ts';

/** A template expression that an offset stands in, up to that offset. */
export interface OpenExpression {
  readonly kind: 'output' | 'tag';
  /** Where its `{{` or `{%` stands. */
  readonly start: number;
  /** What stands behind that, to the offset. */
  readonly before: string;
}

/** The names that can be used somewhere: those of the data, of `@var`, and of the blocks around. */
export interface Scope {
  readonly record: DataRecord;
  /** What a bare name is looked up in first: the element of an `#each`, the object of a `#with`. */
  readonly inner?: DataValue;
  /** Whether an `#each` or a `for` stands around it. */
  readonly inLoop: boolean;
}

/** Expressions are short: nothing is looked for further back. */
const REACH = 500;
const BLOCK =
  /\{\{~?\s*(?:#\s*(\w+)\b([^{}]*)|\/\s*(\w+)\s*)~?\}\}|\{%-?\s*(?:for\s+(\w+)\s+in\s+([\w.[\]]+)(?![\w.[\]])[^%]*|(endfor)\s*)-?%\}/g;

/** The expression that is being typed at the offset, where one is. */
export function openExpression(text: string, offset: number, from = 0): OpenExpression | undefined {
  const start = Math.max(from, offset - REACH);
  const before = text.slice(start, offset);
  const output = before.lastIndexOf('{{');
  const tag = before.lastIndexOf('{%');
  const open = Math.max(output, tag);
  if (open < 0) return undefined;
  const inside = before.slice(open + 2);
  if (output > tag ? inside.includes('}}') : inside.includes('%}')) return undefined;
  if (/[\r\n]/.test(inside) || (output > tag && before[open - 1] === '\\' && before[open - 2] !== '\\'))
    return undefined;
  return { kind: output > tag ? 'output' : 'tag', start: start + open, before: inside.replace(/^\{/, '') };
}

/** Where the text begins that expressions at a place are rendered with. */
export function templateStart(analysis: Analysis, place: Place, offset: number): number | undefined {
  switch (place.kind) {
    case 'field-value':
      return place.field.nameRange.end + 1;
    case 'setting-value':
      return place.setting.nameRange.end + 1;
    case 'attribute-value':
    case 'path':
      return place.value.range.start;
    case 'text':
      return place.region?.template ? place.region.range.start : undefined;
    case 'attribute-name':
      return analysis.lineStart(offset);
    default:
      return undefined;
  }
}

/** The names at an offset of the text that begins at `start`. Linear in that text. */
export function scopeAt(analysis: Analysis, start: number, offset: number, data: DataRecord | undefined): Scope {
  const record: Record<string, DataValue> = Object.assign(Object.create(null), data);
  for (const { name, value } of analysis.settings) {
    if (name.toLowerCase() !== 'var') continue;
    const equals = value.text.indexOf('=');
    if (equals > 0) record[value.text.slice(0, equals).trim()] = value.text.slice(equals + 1).trim();
  }
  const stack: { name: string; value: DataValue | undefined; loop: boolean }[] = [];
  const text = analysis.text.slice(start, offset);
  if (text.includes('{{#') || text.includes('{%') || text.includes('{{~#')) {
    for (const [, opened, argument = '', closed, variable, list, endfor] of text.matchAll(BLOCK)) {
      const inner = stack.findLast(({ value }) => value !== undefined)?.value;
      const named = (path: string): DataValue | undefined =>
        valueAt(inner, splitPath(path)) ?? valueAt(record, splitPath(path));
      if (opened) {
        const value = opened === 'each' || opened === 'with' ? named(argument.trim().split(/\s/, 1)[0]!) : undefined;
        stack.push({ name: opened, value: opened === 'each' ? firstOf(value) : value, loop: opened === 'each' });
      } else if (variable) {
        const value = firstOf(named(list!));
        if (value !== undefined) record[variable] = value;
        stack.push({ name: 'for', value: undefined, loop: true });
      } else if (closed || endfor) {
        const at = stack.findLastIndex(({ name }) => name === (closed ?? 'for'));
        if (at >= 0) stack.length = at;
      }
    }
  }
  const inner = stack.findLast(({ value }) => value !== undefined)?.value;
  const inLoop = stack.some(({ loop }) => loop);
  return inner === undefined ? { record, inLoop } : { record, inner, inLoop };
}

/** What stands at a path, in the block around or in the record. */
export function lookup({ record, inner }: Scope, path: readonly string[]): DataValue | undefined {
  return valueAt(inner, path) ?? valueAt(record, path);
}

function firstOf(value: DataValue | undefined): DataValue | undefined {
  if (Array.isArray(value)) return value[0] as DataValue | undefined;
  return value !== null && typeof value === 'object' ? Object.values(value)[0] : undefined;
}
