import type { DataProblem } from './problems.ts';

export type DataFormat = 'json' | 'yaml' | 'csv';
export type DataValue = null | boolean | number | string | readonly DataValue[] | DataRecord;

/** A record: without a prototype, own properties only. */
export interface DataRecord {
  readonly [key: string]: DataValue;
}

export interface DataSet {
  readonly records: readonly DataRecord[];
  /** Whether it is a list of records, as against one object. */
  readonly list: boolean;
}

export interface DataResult {
  readonly data?: DataSet;
  /** Their range is 0–0: whoever names the data (`@data`) sets it. */
  readonly problems: readonly DataProblem[];
}

const NOWHERE = { start: 0, end: 0 };
/** Deeper than any data of a mail, and well below what recursion takes. */
const MAX_DEPTH = 100;
const DATE_ONLY = /T00:00:00\.000Z$/;

/** The format by the ending of the file's name; undefined where it is none of these. */
export function dataFormat(path: string): DataFormat | undefined {
  const ending = /\.([A-Za-z]+)$/.exec(path)?.[1]?.toLowerCase();
  if (ending === 'json' || ending === 'csv') return ending;
  return ending === 'yaml' || ending === 'yml' ? 'yaml' : undefined;
}

/** Reads a data set (DOCUMENT.md, "Templates"): an object, an array of records, or CSV with a record a row. */
export async function parseDataSet(text: string, format: DataFormat): Promise<DataResult> {
  const source = text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  try {
    switch (format) {
      case 'json':
        return shaped(JSON.parse(source));
      case 'yaml': {
        const { parse } = await import('yaml');
        // Aliases are bounded: a document of a few lines can stand for gigabytes.
        return shaped(parse(source, { maxAliasCount: 100, logLevel: 'error' }));
      }
      case 'csv': {
        const { parse } = await import('csv-parse/sync');
        const delimiter = delimiterOf(source);
        const options = {
          columns: true,
          delimiter,
          skip_empty_lines: true,
          trim: false,
          relax_column_count: false,
        } as const;
        const rows: unknown = parse(source, options);
        return shaped(rows);
      }
    }
  } catch (error) {
    return { problems: [syntaxProblem(error, source)] };
  }
}

/** Comma, semicolon or tab: what the header row has most of, outside quotes. */
function delimiterOf(text: string): string {
  const row = (/^[^\r\n]*/.exec(text)?.[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: row.split(sign).length }));
  return counts.reduce((best, next) => (next.count > best.count ? next : best)).sign;
}

function syntaxProblem(error: unknown, text: string): DataProblem {
  const known = error as { message?: string; pos?: readonly number[]; name?: string };
  if (known.name === 'TooDeep') return { code: 'data-too-deep', severity: 'error', range: NOWHERE };
  const message = (known.message ?? String(error)).split('\n', 1)[0]!;
  const detail = message
    .replace(/ \(line \d+ column \d+\)$/, '')
    .replace(/:$/, '')
    .slice(0, 300);
  const position = Number(/at position (\d+)/.exec(message)?.[1] ?? known.pos?.[0] ?? Number.NaN);
  const offset = Number.isInteger(position) ? Math.min(position, text.length) : undefined;
  const problem = { code: 'data-syntax' as const, severity: 'error' as const, range: NOWHERE, detail };
  return offset === undefined ? problem : { ...problem, offset };
}

function shaped(value: unknown): DataResult {
  if (value === null || typeof value !== 'object') {
    return { problems: [{ code: 'data-shape', severity: 'error', range: NOWHERE }] };
  }
  if (!Array.isArray(value)) return { data: { records: [cleaned(value, 0) as DataRecord], list: false }, problems: [] };
  if (value.some((item) => item === null || typeof item !== 'object' || Array.isArray(item))) {
    return { problems: [{ code: 'data-shape', severity: 'error', range: NOWHERE }] };
  }
  const records = value.map((item) => cleaned(item, 0) as DataRecord);
  if (records.length > 0) return { data: { records, list: true }, problems: [] };
  return { data: { records, list: true }, problems: [{ code: 'data-empty', severity: 'error', range: NOWHERE }] };
}

/** A copy that has no prototypes, so that no path leads to one, and holds nothing but what JSON has. */
function cleaned(value: unknown, depth: number): DataValue {
  if (depth > MAX_DEPTH) throw Object.assign(new Error('too deep'), { name: 'TooDeep' });
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (Array.isArray(value)) return value.map((item) => cleaned(item, depth + 1));
  if (value instanceof Date) {
    const iso = value.toISOString();
    return DATE_ONLY.test(iso) ? iso.slice(0, 10) : iso;
  }
  if (typeof value !== 'object') return String(value);
  const record: Record<string, DataValue> = Object.create(null);
  const entries = value instanceof Map ? [...value] : Object.entries(value);
  for (const [key, item] of entries) record[String(key)] = cleaned(item, depth + 1);
  return record;
}

export interface PickResult {
  readonly record?: DataRecord;
  /** From 0. */
  readonly index?: number;
  readonly problems: readonly DataProblem[];
}

/** One record by `@record`: its number from 1, or `name=value`. Without `record` the first. Problems as above. */
export function pickRecord(data: DataSet, record?: string): PickResult {
  const count = data.records.length;
  const wanted = record?.trim() ?? '';
  const at = (index: number): PickResult => ({ record: data.records[index]!, index, problems: [] });
  if (wanted === '') return count > 0 ? at(0) : { problems: [] };
  const missing: PickResult = {
    problems: [{ code: 'record-missing', severity: 'error', range: NOWHERE, record: wanted, count }],
  };
  if (/^\d+$/.test(wanted)) {
    const index = Number(wanted) - 1;
    return index >= 0 && index < count ? at(index) : missing;
  }
  const equals = wanted.indexOf('=');
  if (equals < 1) return missing;
  const name = wanted.slice(0, equals).trim();
  const value = wanted.slice(equals + 1).trim();
  const found: number[] = [];
  for (const [index, candidate] of data.records.entries()) {
    if (Object.hasOwn(candidate, name) && String(candidate[name]) === value) found.push(index);
  }
  if (found.length === 0) return missing;
  if (found.length === 1) return at(found[0]!);
  const range = NOWHERE;
  return { problems: [{ code: 'record-ambiguous', severity: 'error', range, record: wanted, count: found.length }] };
}

/** A record with the values of `@var` (`name=value`, the name maybe a path) over its own. */
export function withVariables(
  record: DataRecord | undefined,
  variables: Iterable<readonly [path: string, value: string]>,
): DataRecord {
  const copy: Record<string, DataValue> = Object.assign(Object.create(null), record);
  for (const [path, value] of variables) {
    const names = path.split('.');
    let target = copy;
    for (const name of names.slice(0, -1)) {
      const inner = target[name];
      const next: Record<string, DataValue> = Object.create(null);
      if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) Object.assign(next, inner);
      target[name] = next;
      target = next;
    }
    target[names[names.length - 1]!] = value;
  }
  return copy;
}
