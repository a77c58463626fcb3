import type { DraftNode } from '../../../src/document/draft.ts';
import { draftOf } from '../../../src/document/draft-of.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import { type DataRecord, parseDataSet } from '../../../src/template/data.ts';
import { createRender } from '../../../src/template/render.ts';
import { shown } from '../document/shown.ts';

export interface Given {
  /** As JSON has it; left out for a document without data. */
  readonly data?: unknown;
  readonly seed?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Rendered {
  /** Header lines, then the text of each part and the attributes of each file, one string each. */
  readonly lines: readonly string[];
  readonly problems: readonly string[];
  readonly fixes: readonly {
    readonly title: string;
    readonly edits: readonly { range: { start: number; end: number }; text: string }[];
  }[];
}

const CLOCK = { now: () => Date.UTC(2025, 5, 15, 15, 6, 40), offsetMinutes: () => 120, ticks: () => 0 };

/** Renders a document as a send would. */
export async function rendered(text: string, { data, seed = 'seed', env }: Given = {}): Promise<Rendered> {
  const { document } = parseDocument(text);
  let record: DataRecord | undefined;
  if (data !== undefined) record = (await parseDataSet(JSON.stringify(data), 'json')).data?.records[0];
  const { render, problems } = await createRender(document, {
    seed,
    clock: CLOCK,
    messageId: '<id@a.example>',
    ...(record && { record }),
    ...(env && { env: (name: string) => env[name] }),
  });
  const result = draftOf(document, render);
  const all = [...problems, ...result.problems];
  const fields = result.draft.fields.map((field) => `${field.name}: ${field.value.text}`);
  return {
    lines: [...fields, ...result.draft.body.flatMap(textOf)],
    problems: shown(text, all),
    fixes: all.flatMap((problem) => problem.fixes ?? []),
  };
}

function textOf(node: DraftNode): readonly string[] {
  if (node.type === 'text') return [node.text.text];
  const attributes = node.attributes.map(({ name, value }) => ` ${name}=${value?.text}`).join('');
  if (!('children' in node)) return [`${node.type} ${node.path.text}${attributes}`];
  return [`${node.type}${attributes}`, ...node.children.flatMap(textOf)];
}
