import type { Range } from '../base/problem.ts';
import type { Steps } from '../base/steps.ts';
import type { DataRecord, DataValue } from './data.ts';
import type { Placeholders } from './placeholders.ts';
import type { RenderProblem } from './problems.ts';

/** One text on its way through an engine. Ranges count in that text. */
export interface EngineInput {
  readonly text: string;
  readonly record: DataRecord;
  readonly placeholders: Placeholders;
  /** Whether what the author marks as raw stays so: in HTML only. */
  readonly rawAllowed: boolean;
}

export interface EngineOutput {
  /** With stand-ins for every value; undefined where the engine gave up. */
  readonly text?: string;
  readonly problems: readonly RenderProblem[];
}

/** A block as the engine writes it. */
export interface BlockTag {
  readonly name: string;
  readonly end: 'open' | 'close';
  /** What stands behind the name. */
  readonly argument: string;
  readonly range: Range;
}

export type EngineName = 'handlebars' | 'liquid';

/** A template engine, as the renderer uses it. Nothing of it reads files, and every value goes through stand-ins. */
export interface Engine {
  readonly name: EngineName;
  render(input: EngineInput): Steps<EngineOutput>;
  /** Whether some of it can only be rendered in one go, and takes longer than a frame. */
  isLong(text: string): boolean;
  /** The tags that open and close blocks, in order; total. */
  blocks(text: string): readonly BlockTag[];
  /** Stretches that the engine takes literally. */
  literals(text: string): readonly Range[];
  /** Whether `\{{` is a literal brace. */
  readonly backslashes: boolean;
}

/** The first tags that have no other end, by the stack rule. */
export function unmatched(tags: readonly BlockTag[]): readonly BlockTag[] {
  const open: BlockTag[] = [];
  const stray: BlockTag[] = [];
  for (const tag of tags) {
    if (tag.end === 'open') open.push(tag);
    else if (open[open.length - 1]?.name === tag.name) open.pop();
    else stray.push(tag);
  }
  return [...stray, ...open];
}

/** What a value that is no text comes out as; told where nothing sensible can. */
export function printable(
  value: unknown,
  path: string,
  range: Range,
  problems: RenderProblem[],
): DataValue | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value) && value.every((item) => item === null || typeof item !== 'object'))
    return value as DataValue;
  problems.push({ code: 'template-object', severity: 'warning', range, path });
  return undefined;
}
