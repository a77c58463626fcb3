import { createHash } from 'node:crypto';
import type { Filter, Output, Template, Token, Variable } from 'liquidjs';
import { countWhile } from '../base/ordered.ts';
import type { Range } from '../base/problem.ts';
import type { DataRecord, DataValue } from './data.ts';
import { type BlockTag, type Engine, type EngineInput, type EngineOutput, printable } from './engine.ts';
import { suggestPath, valueAt } from './lookup.ts';
import type { RenderProblem } from './problems.ts';
import type { EngineSource } from './render-job.ts';

const BLOCKS = new Set(['if', 'unless', 'for', 'case', 'capture', 'tablerow']);
const TAG = /\{%-?\s*(end)?([a-z]+)\b((?:[^%]|%(?!\}))*?)-?%\}/g;
const FILE_TAG = /\{%-?\s*(include|render|layout|block)\b(?:[^%]|%(?!\}))*%\}/g;
/** A template may loop over numbers: this is long for a mail, and short for whoever waits. */
const RENDER_LIMIT_MS = 3000;
const MEMORY_LIMIT = 50_000_000;
/** Characters that take longer than a frame. */
const LONG = 64 * 1024;

/**
 * Liquid, held short: own properties only, no files, no clock and no chance but those of the draft. Every value that
 * it prints goes through a stand-in, `echo` and `cycle` included.
 */
export async function liquidEngine(source: EngineSource): Promise<Engine> {
  const liquidjs = await import('liquidjs');
  liquidjs.Token.prototype.getPosition = positionOf;
  return {
    name: 'liquid',
    isLong: (text) => text.length > LONG,
    backslashes: false,
    literals: rawRanges,
    blocks: blockTags,
    // biome-ignore lint/correctness/useYield: it has no parts.
    *render(input) {
      return renderWith(liquidjs, source, input);
    },
  };
}

/** Where the lines of a template begin. */
interface Lines {
  readonly input: string;
  readonly starts: readonly number[];
}

const nowhere: Lines = { input: '', starts: [0] };
/** Of the template that is looked into. */
let known = nowhere;

/** Line and column, from 1. The library's own counts from the beginning for each variable: a megabyte took ten seconds. */
function positionOf(this: Token): [number, number] {
  if (known.input !== this.input) known = { input: this.input, starts: lineStarts(this.input) };
  const { starts } = known;
  const line = countWhile(starts.length, (index) => starts[index]! <= this.begin);
  return [line, this.begin - starts[line - 1]! + 1];
}

/** LF alone ends a line, as the library counts. */
function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function renderWith(liquidjs: typeof import('liquidjs'), source: EngineSource, input: EngineInput): EngineOutput {
  const { text, record, placeholders, rawAllowed } = input;
  const files = fileTags(text);
  if (files.length > 0) return { problems: files };
  const problems: RenderProblem[] = [];
  const emit = (value: unknown, range: Range): string => {
    const printed = printable(placeholders.flatten(plain(value)), text.slice(range.start, range.end), range, problems);
    return printed === undefined || printed === '' ? '' : placeholders.add(printed, range);
  };
  const now = source.clock.now();
  const engine = new liquidjs.Liquid({
    ownPropertyOnly: true,
    strictFilters: true,
    templates: {},
    cache: false,
    locale: 'en-US',
    timezoneOffset: -source.clock.offsetMinutes(now),
    renderLimit: RENDER_LIMIT_MS,
    memoryLimit: MEMORY_LIMIT,
    outputEscape(this: unknown, value: unknown) {
      const token = (this as { token?: { begin?: number; end?: number } }).token;
      return emit(value, { start: token?.begin ?? 0, end: token?.end ?? text.length });
    },
  });
  tame(engine, source, rawAllowed, now);
  try {
    const templates = engine.parse(text);
    for (const output of outputs(templates, liquidjs)) place(output, emit, liquidjs, engine);
    problems.push(...unknownVariables(engine, templates, text, record));
    return { text: String(engine.renderSync(templates, record)), problems };
  } catch (error) {
    return { problems: [...problems, failure(error, text)] };
  } finally {
    known = nowhere;
  }
}

/** The filters that know the time or roll dice, on the draft's own; `raw` where nothing is escaped does nothing. */
function tame(engine: import('liquidjs').Liquid, source: EngineSource, rawAllowed: boolean, now: number): void {
  for (const name of ['date', 'date_to_xmlschema', 'date_to_rfc822', 'date_to_string', 'date_to_long_string']) {
    const original = engine.filters[name];
    const handler = typeof original === 'function' ? original : original?.handler;
    if (!handler) continue;
    engine.registerFilter(name, function (value: unknown, ...rest: unknown[]) {
      return handler.call(this, value === 'now' || value === 'today' ? new Date(now) : value, ...(rest as []));
    });
  }
  engine.registerFilter('sample', (value: unknown) => {
    const items = Array.isArray(value) ? value : [...String(value ?? '')];
    const digest = createHash('sha256').update(`${source.seed}\nsample\n${items.length}`).digest();
    return items[digest.readUInt32BE() % Math.max(1, items.length)];
  });
  if (!rawAllowed) engine.registerFilter('raw', (value: unknown) => value);
}

/** Makes an output tell where it stands when it prints. */
function place(
  output: Output,
  emit: (value: unknown, range: Range) => string,
  liquidjs: typeof import('liquidjs'),
  engine: import('liquidjs').Liquid,
): void {
  const filters = output.value.filters as Filter[];
  const last = filters[filters.length - 1];
  if (!last || last.raw) return;
  const range = { start: output.token.begin, end: output.token.end };
  const token = { name: '', args: [] } as unknown as ConstructorParameters<typeof Filter>[0];
  filters[filters.length - 1] = new liquidjs.Filter(token, (value: unknown) => emit(value, range), engine);
}

function* outputs(templates: readonly Template[], liquidjs: typeof import('liquidjs')): Generator<Output> {
  for (const template of templates) {
    if (template instanceof liquidjs.Output) {
      yield template;
      continue;
    }
    const children = template.children?.(false, true);
    if (!children) continue;
    let step = children.next();
    while (!step.done) step = children.next(step.value as never);
    yield* outputs(step.value, liquidjs);
  }
}

/** What a drop or a date is as text; everything else as it is. */
function plain(value: unknown): DataValue | undefined {
  return value instanceof Date ? value.toISOString() : (value as DataValue | undefined);
}

function unknownVariables(
  engine: import('liquidjs').Liquid,
  templates: Template[],
  text: string,
  record: DataRecord,
): readonly RenderProblem[] {
  const lines = lineStarts(text);
  const problems: RenderProblem[] = [];
  for (const variables of Object.values(engine.analyzeSync(templates, { partials: false }).globals)) {
    for (const variable of variables) {
      const path = pathOf(variable);
      if (
        path.length === 0 ||
        valueAt(record, path) !== undefined ||
        /^(?:size|first|last)$/.test(path[path.length - 1]!)
      )
        continue;
      const start = (lines[variable.location.row - 1] ?? 0) + variable.location.col - 1;
      if (isTested(text, start)) continue;
      const name = path.join('.');
      const range = { start, end: Math.min(text.length, start + name.length) };
      const suggestion = suggestPath(record, path);
      const problem = { code: 'template-unknown-variable' as const, severity: 'warning' as const, range, path: name };
      problems.push(suggestion === undefined ? problem : { ...problem, suggestion });
    }
  }
  return problems;
}

function pathOf(variable: Variable): readonly string[] {
  const path: string[] = [];
  for (const segment of variable.segments) {
    if (typeof segment === 'object') break;
    path.push(String(segment));
  }
  return path;
}

/** Whether the variable is only asked about (`if`, `case`), or has a default. */
function isTested(text: string, offset: number): boolean {
  const output = text.lastIndexOf('{{', offset);
  const tag = text.lastIndexOf('{%', offset);
  if (tag > output) return /^\{%-?\s*(?:if|elsif|unless|case|when)\b/.test(text.slice(tag, offset));
  const end = text.indexOf('}}', offset);
  return /\|\s*default\b/.test(text.slice(offset, end < 0 ? text.length : end));
}

function fileTags(text: string): readonly RenderProblem[] {
  const literal = rawRanges(text);
  const problems: RenderProblem[] = [];
  for (const match of withoutUnclosed(text).matchAll(FILE_TAG)) {
    const range = { start: match.index, end: match.index + match[0].length };
    if (literal.some((span) => range.start >= span.start && range.end <= span.end)) continue;
    problems.push({ code: 'template-no-files', severity: 'error', range, name: match[1]! });
  }
  return problems;
}

function failure(error: unknown, text: string): RenderProblem {
  const known = error as { name?: string; message?: string; token?: { begin?: number; end?: number } };
  const message = (known.message ?? String(error)).split('\n', 1)[0]!;
  const detail = message.replace(/, (?:file:[^,]*, )?line:\d+, col:\d+$/, '').slice(0, 300);
  const range = { start: known.token?.begin ?? 0, end: known.token?.end ?? text.length };
  const syntax = known.name === 'ParseError' || known.name === 'TokenizationError';
  return { code: syntax ? 'template-syntax' : 'template-failed', severity: 'error', range, detail };
}

/** From each `{% raw %}` to its `{% endraw %}`; one that is never closed takes the rest. */
function rawRanges(text: string): readonly Range[] {
  const ranges: Range[] = [];
  const open = /\{%-?\s*raw\s*-?%\}/g;
  const close = /\{%-?\s*endraw\s*-?%\}/g;
  for (let start = open.exec(text); start; start = open.exec(text)) {
    close.lastIndex = open.lastIndex;
    const end = close.exec(text);
    ranges.push({ start: start.index, end: end ? close.lastIndex : text.length });
    if (!end) break;
    open.lastIndex = close.lastIndex;
  }
  return ranges;
}

/** To the last tag that is closed: for the end of any other one the whole rest would be looked through. */
function withoutUnclosed(text: string): string {
  return text.slice(0, text.lastIndexOf('%}') + 2);
}

function blockTags(text: string): readonly BlockTag[] {
  const literal = rawRanges(text);
  const tags: BlockTag[] = [];
  for (const match of withoutUnclosed(text).matchAll(TAG)) {
    const [whole, ending, name, argument] = match;
    const range = { start: match.index, end: match.index + whole.length };
    if (!BLOCKS.has(name!) || literal.some((span) => range.start >= span.start && range.end <= span.end)) continue;
    tags.push({ name: name!, end: ending ? 'close' : 'open', argument: argument!.trim(), range });
  }
  return tags;
}
