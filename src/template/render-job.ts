import type { Clock } from '../base/ports.ts';
import { atOnce } from '../base/steps.ts';
import type { DataRecord, DataValue } from './data.ts';
import type { Engine, EngineInput, EngineName } from './engine.ts';
import { escapeHtml, escapeMarkdown } from './escape-markup.ts';
import { type Filled, Placeholders, plainText } from './placeholders.ts';
import type { RenderProblem } from './problems.ts';

/** What engines take from the draft that they render for. */
export interface EngineSource {
  readonly seed: string;
  readonly clock: Pick<Clock, 'now' | 'offsetMinutes'>;
}

/** The content of a part on its way through an engine, as plain data: it can be done in another thread. */
export interface RenderJob {
  readonly engine: EngineName;
  /** As it was written, and with stand-ins for its `$` values. */
  readonly written: string;
  readonly text: string;
  readonly filled: readonly Filled[];
  readonly context: ContentContext;
  readonly record: DataRecord;
  readonly seed: string;
  /** The instant that the draft stands still at, in milliseconds since the epoch, and what local time is ahead of UTC then. */
  readonly now: number;
  readonly offsetMinutes: number;
}

export interface RenderedJob {
  /** With its values; undefined where the engine gave up. */
  readonly text?: string;
  /** Ranges count in the text. */
  readonly problems: readonly RenderProblem[];
}

/** Where the content of parts is rendered that takes long and can't be done in pieces. */
export type RenderElsewhere = (job: RenderJob) => Promise<RenderedJob>;

/** What a value becomes in the content of a part. */
const ESCAPES = { text: (text: string) => text, html: escapeHtml, markdown: escapeMarkdown } as const;

export type ContentContext = keyof typeof ESCAPES;

export function isContent(context: string): context is ContentContext {
  return Object.hasOwn(ESCAPES, context);
}

/** Whether what the author marks as raw stays so there. */
export function rawAllowed(context: string): boolean {
  return context === 'html' || context === 'markdown';
}

/** Puts the values in the place of what stands for them in the content of a part. */
export function fillContent(output: string, placeholders: Placeholders, context: ContentContext): string {
  const escaped = ESCAPES[context];
  return placeholders.replace(output, ({ value, raw }) => (raw ? plainText(value) : escaped(plainText(value))));
}

export async function engineNamed(name: EngineName, source: EngineSource): Promise<Engine> {
  return name === 'liquid'
    ? (await import('./liquid.ts')).liquidEngine(source)
    : (await import('./handlebars.ts')).handlebarsEngine();
}

export async function renderJob(job: RenderJob): Promise<RenderedJob> {
  const { seed, now, offsetMinutes, text, context } = job;
  const engine = await engineNamed(job.engine, { seed, clock: { now: () => now, offsetMinutes: () => offsetMinutes } });
  const placeholders = new Placeholders(job.written, job.filled);
  const record = withoutPrototypes(job.record) as DataRecord;
  const input: EngineInput = { text, record, placeholders, rawAllowed: rawAllowed(context) };
  const rendered = atOnce(engine.render(input));
  return rendered.text === undefined
    ? { problems: rendered.problems }
    : { text: fillContent(rendered.text, placeholders, context), problems: rendered.problems };
}

/** Records have no prototypes; on its way into another thread an object gets one. */
function withoutPrototypes(value: DataValue): DataValue {
  if (Array.isArray(value)) return value.map(withoutPrototypes);
  if (value === null || typeof value !== 'object') return value;
  const bare: Record<string, DataValue> = Object.create(null);
  for (const [key, inner] of Object.entries(value as DataRecord)) bare[key] = withoutPrototypes(inner);
  return bare;
}
