import type { Clock } from '../base/ports.ts';
import { atOnce, type Steps, waitFor } from '../base/steps.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { Render, RenderContext, Rendered } from '../document/draft-of.ts';
import { documentRange } from '../document/mapped.ts';
import { hasTemplate } from '../document/markers.ts';
import type { Document, MappedText, SettingNode } from '../document/nodes.ts';
import { fillAddresses } from './address-values.ts';
import { whenFix } from './block-fixes.ts';
import { type DataRecord, withVariables } from './data.ts';
import { type BlockTag, type Engine, type EngineOutput, unmatched } from './engine.ts';
import { isTruthy, splitPath, valueAt } from './lookup.ts';
import { type Filled, Placeholders, plainText } from './placeholders.ts';
import type { DataProblem, RenderProblem, TemplateProblem } from './problems.ts';
import {
  type ContentContext,
  engineNamed,
  fillContent,
  isContent,
  type RenderElsewhere,
  rawAllowed,
} from './render-job.ts';
import { dollarValues, type ValueSource } from './values.ts';

export interface TemplateOptions {
  /** The record to render with; undefined where the document names no data. */
  readonly record?: DataRecord;
  /** The draft's seed: the same seed, clock and text give the same `$` values. */
  readonly seed: string;
  readonly clock: Clock;
  /** The id that the message will carry, with its angle brackets: what `{{$messageId}}` stands for. */
  readonly messageId: string;
  /** Left out in a workspace that is not trusted. */
  readonly env?: (name: string) => string | undefined;
  /** By default, everything is done in this thread. */
  readonly elsewhere?: RenderElsewhere;
}

export interface Rendering {
  readonly render: Required<Render<TemplateProblem>>;
  readonly problems: readonly DataProblem[];
}

const ENGINES = ['handlebars', 'liquid', 'off'];
const VARIABLE = /^([^\s=.[\]{}"'!@#$|<>]+(?:\.[^\s=.[\]{}"'!@#$|<>]+)*)\s*=\s*([\s\S]*)$/;
/** What no header value and no attribute may hold (RFC 5322 section 2.2). */
const LINE_BREAK = /[\r\n\0]/;
/** Texts over this are not looked through for the other end of a block. */
const MAX_BLOCK_SEARCH = 500_000;

/**
 * What puts values into a composed document (DOCUMENT.md, "Templates"), for `draftOf` to call: the engine that the
 * document asks for, its `@var`s over the record. The engine is loaded here, and only where there is one. Problems are
 * those of `@template` and `@var`.
 */
export async function createRender(document: Document, options: TemplateOptions): Promise<Rendering> {
  const problems: DataProblem[] = [];
  const settings = document.header.filter((node): node is SettingNode => node.type === 'setting');
  const variables = readVariables(settings, problems);
  const hasData = options.record !== undefined || variables.length > 0;
  const record = withVariables(options.record, variables);
  const source: ValueSource = { ...options, env: options.env };
  const engine = await engineOf(settings, hasData, source, problems);
  return { render: new Renderer(document, source, engine, record, hasData, options.elsewhere), problems };
}

function readVariables(settings: readonly SettingNode[], problems: DataProblem[]): (readonly [string, string])[] {
  const variables: (readonly [string, string])[] = [];
  for (const { name, value } of settings) {
    if (name.toLowerCase() !== 'var' || value.text === '') continue;
    const match = VARIABLE.exec(value.text);
    if (match) variables.push([match[1]!, match[2]!]);
    else problems.push({ code: 'var-invalid', severity: 'error', range: value.range, value: value.text });
  }
  return variables;
}

async function engineOf(
  settings: readonly SettingNode[],
  hasData: boolean,
  source: ValueSource,
  problems: DataProblem[],
): Promise<Engine | 'off' | undefined> {
  const setting = settings.find(
    (candidate) => candidate.name.toLowerCase() === 'template' && candidate.value.text !== '',
  );
  const names = setting?.value.text.toLowerCase() ?? (hasData ? 'handlebars' : undefined);
  switch (names) {
    case undefined:
      return undefined;
    case 'off':
      return 'off';
    case 'handlebars':
    case 'liquid':
      return engineNamed(names, source);
    default: {
      const { range, text } = setting!.value;
      const suggestion = suggestionFor(text, ENGINES);
      const fixes = (suggestion ? [suggestion] : ENGINES).map((engine) => ({
        title: `Change to ${engine}`,
        edits: [{ range, text: engine }],
        preferred: engine === suggestion,
      }));
      problems.push({ code: 'template-engine-unknown', severity: 'error', range, value: text, fixes });
      return undefined;
    }
  }
}

class Renderer implements Required<Render<TemplateProblem>> {
  readonly #document: Document;
  readonly #source: ValueSource;
  readonly #engine: Engine | 'off' | undefined;
  readonly #record: DataRecord;
  readonly #hasData: boolean;
  readonly #elsewhere: RenderElsewhere | undefined;

  constructor(
    document: Document,
    source: ValueSource,
    engine: Engine | 'off' | undefined,
    record: DataRecord,
    hasData: boolean,
    elsewhere: RenderElsewhere | undefined,
  ) {
    this.#elsewhere = elsewhere;
    this.#document = document;
    this.#source = source;
    this.#engine = engine;
    this.#record = record;
    this.#hasData = hasData;
  }

  test(path: string): boolean | undefined {
    return this.#hasData ? isTruthy(valueAt(this.#record, splitPath(path))) : undefined;
  }

  text(value: MappedText, context: RenderContext): Rendered<TemplateProblem> {
    return atOnce(this.steps(value, context));
  }

  *steps(value: MappedText, context: RenderContext): Steps<Rendered<TemplateProblem>> {
    if (this.#engine === 'off' || !hasTemplate(value.text)) return { value, problems: [] };
    const problems: RenderProblem[] = [];
    const placeholders = new Placeholders(value.text);
    const backslashes = this.#engine?.backslashes ?? true;
    const literal = this.#engine?.literals(value.text) ?? [];
    const offset = value.segments[0]?.at ?? value.range.start;
    const dollars = dollarValues(value.text, this.#source, placeholders, { offset, literal, backslashes });
    problems.push(...dollars.problems);
    let output: string | undefined = dollars.text;
    // Whether every value stands in its place.
    let filled = false;
    if (this.#engine) {
      const long = this.#elsewhere && isContent(context) && this.#engine.isLong(dollars.text);
      const rendered = long
        ? yield* this.#renderElsewhere(this.#engine, value.text, dollars.text, placeholders, context)
        : yield* this.#engine.render({
            text: dollars.text,
            record: this.#record,
            placeholders,
            rawAllowed: rawAllowed(context),
          });
      filled = long ?? false;
      output = rendered.text;
      const found = this.#acrossParts(dollars.text, value, rendered.problems);
      // Without any data, one word about that says more than one about each variable.
      problems.push(
        ...(this.#hasData ? found : found.filter((problem) => problem.code !== 'template-unknown-variable')),
      );
    } else output = output.replace(/\\(?=\{\{[ \t]*\$)/g, '');
    if (!this.#hasData && !problems.some((problem) => problem.severity === 'error'))
      this.#withoutData(dollars.text, problems);
    const text = output === undefined || filled ? output : fill(output, placeholders, context, problems);
    const placed = problems.map((problem): RenderProblem => place(problem, value));
    if (text === undefined || text === value.text) return { value, problems: placed };
    if (!isContent(context) && LINE_BREAK.test(text) && !LINE_BREAK.test(value.text)) {
      const character = text.charCodeAt(text.search(LINE_BREAK));
      return {
        value,
        problems: [...placed, { code: 'template-line-break', severity: 'error', range: value.range, character }],
      };
    }
    return { value: { text, segments: [], range: value.range, rendered: true }, problems: placed };
  }

  *#renderElsewhere(
    { name }: Engine,
    written: string,
    text: string,
    { filled }: Placeholders,
    context: ContentContext,
  ): Steps<EngineOutput> {
    const { seed, clock } = this.#source;
    const now = clock.now();
    const draft = { seed, now, offsetMinutes: clock.offsetMinutes(now) };
    const job = { engine: name, written, text, filled, context, record: this.#record, ...draft };
    return yield* waitFor(this.#elsewhere!(job));
  }

  /** The first expression that waits for data which nobody gives. */
  #withoutData(text: string, problems: RenderProblem[]): void {
    const engine = this.#engine === 'off' ? undefined : this.#engine;
    const pattern = engine && !engine.backslashes ? /\{\{[^{}]*\}?\}?/g : /\{\{[^{}]*\}?\}?|\{%[^{}]*%\}/g;
    for (const match of text.matchAll(pattern)) {
      if (text[match.index - 1] === '\\' && text[match.index - 2] !== '\\') continue;
      const expression = match[0].slice(0, 100);
      if (engine && /^\{\{-?\s*["'\d]/.test(expression)) continue;
      const range = { start: match.index, end: match.index + match[0].length };
      problems.push({ code: 'template-without-data', severity: 'warning', range, expression });
      return;
    }
  }

  /** A block whose other end stands in another part: said as such, in place of the engine's word for it. */
  #acrossParts(text: string, value: MappedText, problems: readonly RenderProblem[]): readonly RenderProblem[] {
    const engine = this.#engine;
    if (!engine || engine === 'off' || text.length > MAX_BLOCK_SEARCH) return problems;
    if (!problems.some((problem) => problem.code === 'template-syntax')) return problems;
    const whole = this.#document.text.length > MAX_BLOCK_SEARCH ? [] : engine.blocks(this.#document.text);
    const found: RenderProblem[] = [];
    for (const tag of unmatched(engine.blocks(text))) {
      const here = documentRange(value, tag.range);
      const other = partner(whole, { ...tag, range: here });
      if (!other) {
        const detail =
          tag.end === 'open' ? `The block "${tag.name}" is never closed.` : `No block "${tag.name}" is open here.`;
        found.push({ code: 'template-syntax', severity: 'error', range: tag.range, detail });
        continue;
      }
      const [open, close] = tag.end === 'open' ? [{ ...tag, range: here }, other] : [other, { ...tag, range: here }];
      const fix = whenFix(this.#document, open, close);
      const problem = { code: 'template-block-across-parts' as const, severity: 'error' as const, range: tag.range };
      found.push({ ...problem, block: tag.name, end: tag.end, ...(fix && { fixes: [fix] }) });
    }
    return found.length > 0
      ? [...problems.filter((problem) => problem.code !== 'template-syntax'), ...found]
      : problems;
  }
}

/** The other end of a block, in the whole document, by the stack rule. */
function partner(tags: readonly BlockTag[], tag: BlockTag): BlockTag | undefined {
  const open: BlockTag[] = [];
  for (const candidate of tags) {
    if (candidate.end === 'open') {
      open.push(candidate);
      continue;
    }
    const last = open[open.length - 1];
    if (last?.name !== candidate.name) continue;
    open.pop();
    if (last.range.start === tag.range.start) return candidate;
    if (candidate.range.start === tag.range.start) return last;
  }
  return undefined;
}

/** A problem of the text as one of the document; fixes are in the document's offsets already. */
function place(problem: RenderProblem, value: MappedText): RenderProblem {
  return { ...problem, range: value.segments.length > 0 ? documentRange(value, problem.range) : value.range };
}

/** Puts the values in the place of what stands for them, as the context asks. */
function fill(output: string, placeholders: Placeholders, context: RenderContext, problems: RenderProblem[]): string {
  if (isContent(context)) return fillContent(output, placeholders, context);
  let refused = false;
  placeholders.replace(output, (filled) => {
    const character = plainText(filled.value).match(LINE_BREAK)?.[0];
    if (character !== undefined) {
      refused = true;
      problems.push({
        code: 'template-line-break',
        severity: 'error',
        range: filled.range,
        character: character.charCodeAt(0),
      });
    }
    return '';
  });
  const checked = (filled: Filled): string => {
    const text = plainText(filled.value);
    return LINE_BREAK.test(text) ? '' : text;
  };
  if (refused) return placeholders.replace(output, checked);
  if (context === 'address') {
    return fillAddresses(output, placeholders, (filled, wanted) => {
      const value = plainText(filled.value).slice(0, 200);
      problems.push({ code: 'template-address', severity: 'error', range: filled.range, value, wanted });
    });
  }
  return context === 'params' ? fillParameters(output, placeholders) : placeholders.replace(output, checked);
}

/** In a parameter's quoted value, quotes and backslashes are escaped (RFC 2045 section 5.1). */
function fillParameters(output: string, placeholders: Placeholders): string {
  let quoted = false;
  let from = 0;
  let text = '';
  for (const match of output.matchAll(placeholders.pattern)) {
    for (let i = from; i < match.index; i++) {
      if (quoted && output[i] === '\\') i++;
      else if (output[i] === '"') quoted = !quoted;
    }
    text += output.slice(from, match.index);
    from = match.index + match[0].length;
    const value = plainText(placeholders.get(match[1]!)?.value);
    if (quoted) text += value.replace(/["\\]/g, '\\$&');
    else text += /^[^\s()<>@,;:\\"[\]?=]*$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`;
  }
  return text + output.slice(from);
}
