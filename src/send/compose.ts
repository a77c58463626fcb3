import { isUtf8 } from 'node:buffer';
import { addressListSteps, type KeptList } from '../base/address.ts';
import type { Clock } from '../base/ports.ts';
import type { Range } from '../base/problem.ts';
import { atOnce, type Steps, Turns } from '../base/steps.ts';
import { suggestionFor } from '../base/suggestion.ts';
import { checkDocument, checkDraft } from '../document/check.ts';
import type { Draft, DraftNode } from '../document/draft.ts';
import { draftSteps } from '../document/draft-of.ts';
import { envelopeSteps } from '../document/envelope.ts';
import { fieldKind } from '../document/fields.ts';
import { finishedMessage } from '../document/finished.ts';
import type { Document, FieldNode, SettingNode } from '../document/nodes.ts';
import { parseDocument } from '../document/parse.ts';
import { mergeSteps } from '../document/problems.ts';
import { buildMessage } from '../mime/build.ts';
import { messageIdFor } from '../mime/message-id.ts';
import type { DataRecord } from '../template/data.ts';
import { createRender } from '../template/render.ts';
import type { Composed, ComposeInput, ComposePorts, ComposeProblem, GuardFacts, Problem } from './composed.ts';
import { type DataFound, readData } from './data-file.ts';
import { oneCause, unlessUnrendered } from './one-cause.ts';

/**
 * A document as what would be sent: parsed, its data put in, checked, built, with its envelope. Preview, check, send
 * and the terminal all come through here, so what one shows is what the other sends. Rejects only where `signal`
 * fires; everything that document, data and files can get wrong is a problem.
 */
export async function compose(input: ComposeInput, ports: ComposePorts): Promise<Composed> {
  const { document, problems } = input.parsed ?? parseDocument(input.text);
  return document.kind === 'finished'
    ? composeFinished(input, document, problems)
    : composeDraft(input, ports, document, problems);
}

function composeFinished(input: ComposeInput, document: Document, parsed: readonly Problem[]): Composed {
  const { octets, edited } = octetsOf(input);
  const message = finishedMessage(octets, { edited });
  const { envelope, problems } = message.envelope(serverOptions(input));
  const all = atOnce(together(parsed, checkDocument(document), message.problems, problems));
  return {
    ...basics(input, document),
    message: message.source,
    changes: message.changes,
    problems: all,
    facts: { ...factsOf(all), noSubject: !hasField(message.fields, 'subject'), noText: false },
    ...(envelope === undefined ? {} : { envelope }),
  };
}

/**
 * What a finished message is sent from: the file, where the editor holds no change, and else the text; but the file
 * again where that is not UTF-8, since the text then lacks what could not be read. The problem for that is told.
 */
function octetsOf({ text, disk, edited }: ComposeInput): { readonly octets: Uint8Array; readonly edited: boolean } {
  if (disk !== undefined && (!edited || !isUtf8(disk))) return { octets: disk, edited: edited ?? false };
  return { octets: Buffer.from(text, 'utf8'), edited: true };
}

/** Every list, in order of place, what two of them say once, and nothing that only follows from the rest. */
function* together(...lists: readonly (readonly Problem[])[]): Steps<readonly Problem[]> {
  return yield* oneCause(yield* mergeSteps(lists));
}

/** Stands still at the draft's instant, so that a value put in is the same in the preview and in what is sent. */
function draftClock({ drafted, date }: ComposeInput, clock: Clock): Clock {
  const instant = drafted ?? date ?? clock.now();
  return { now: () => instant, offsetMinutes: (at) => clock.offsetMinutes(at), ticks: () => clock.ticks() };
}

async function composeDraft(
  input: ComposeInput,
  ports: ComposePorts,
  document: Document,
  parsed: readonly Problem[],
): Promise<Composed> {
  const turns = new Turns(ports.clock, ports.turn, input.signal);
  // Reading it has just taken its time.
  if (input.text.length > long) await turns.next();
  const data = await dataOf(input, ports, document);
  const record = recordOf(input, data);
  const messageId = messageIdOf(document, input.seed);
  const { elsewhere } = ports;
  const signal = input.signal ?? new AbortController().signal;
  const rendering = await createRender(withoutVariables(document, input.variables), {
    seed: input.seed,
    clock: draftClock(input, ports.clock),
    messageId: `<${messageId}>`,
    ...(record === undefined ? {} : { record }),
    ...(ports.environment === undefined ? {} : { env: ports.environment }),
    ...(elsewhere && { elsewhere: (job) => elsewhere.render(job, signal) }),
  });
  const { draft, problems: drafted } = await turns.run(draftSteps(document, rendering.render));
  const lists = await turns.run(readAddresses(draft));
  inUse.add(lists);
  try {
    const { envelope, problems: addressed } = await turns.run(envelopeSteps(draft, serverOptions(input)));
    const inFiles: Problem[] = [];
    const built = await buildMessage(draft, {
      seed: input.seed,
      clock: ports.clock,
      files: ports.files,
      documentText: input.text,
      messageId,
      turns,
      ...(elsewhere && { convert: (name, text) => elsewhere.convert(name, text, signal) }),
      renderFile: async (text, context, part) => {
        if (isLeftAlone(draft.body, part.headRange)) return text;
        const { value, problems } = await turns.run(
          rendering.render.steps({ text, segments: [], range: part.headRange }, context),
        );
        // Offsets count in the file: the place to show is the directive that names it.
        inFiles.push(...problems.map((problem) => ({ ...problem, range: part.headRange, fixes: [] })));
        return value.text;
      },
      ...(input.path === undefined ? {} : { documentPath: input.path }),
      ...(input.workspaceRoot === undefined ? {} : { workspaceRoot: input.workspaceRoot }),
      ...(input.date === undefined ? {} : { date: input.date }),
      ...(ports.dkimKeys === undefined ? {} : { dkimKeys: ports.dkimKeys }),
      ...(input.signal === undefined ? {} : { signal: input.signal }),
    });
    await turns.pause();
    const checked = unlessUnrendered([...checkDraft(draft, input.text), ...addressed], draft, drafted);
    await turns.pause();
    const problems = await turns.run(
      together(parsed, data.problems, rendering.problems, drafted, checked, built.problems, inFiles),
    );
    return {
      ...basics(input, document),
      changes: [],
      problems,
      facts: { ...factsOf(problems), noSubject: !hasField(draft.fields, 'subject'), noText: !draft.body.some(hasText) },
      ...(envelope === undefined ? {} : { envelope }),
      ...(built.message === undefined ? {} : { message: built.message, built: built.message }),
      ...(data.index === undefined ? {} : { record: { index: data.index, count: data.count ?? 1 } }),
    };
  } finally {
    inUse.delete(lists);
  }
}

/** Characters of a document from which on it is noticed how long it takes to read it. */
const long = 128 * 1024;

/** Lists of addresses that are kept for compositions under way. */
const inUse = new Set<readonly KeptList[]>();

/** Reads them in parts, so that whoever asks for one of them finds it read. */
function* readAddresses({ fields }: Draft): Steps<readonly KeptList[]> {
  const lists: KeptList[] = [];
  for (const { name, value } of fields)
    if (fieldKind(name) === 'address-list') lists.push(yield* addressListSteps(value.text));
  return lists;
}

/**
 * The id that the message will have, without angle brackets, known before anything is rendered so that `{{$messageId}}`
 * can stand anywhere. A written one counts as it is written.
 */
function messageIdOf(document: Document, seed: string): string {
  const field = (name: string) =>
    document.header.find((node): node is FieldNode => node.type === 'field' && node.name.toLowerCase() === name);
  const written = field('message-id')?.value.text || settingOf(document, 'message-id')?.value.text;
  return written ? written.trim().replace(/^<|>$/g, '') : messageIdFor(seed, field('from')?.value.text);
}

function serverOptions({ serverEnvelopeFrom }: ComposeInput): { readonly serverEnvelopeFrom?: string } {
  return serverEnvelopeFrom === undefined ? {} : { serverEnvelopeFrom };
}

function basics(input: ComposeInput, document: Document) {
  const server = settingOf(document, 'server');
  return {
    kind: document.kind,
    document,
    key: input.path ?? input.seed,
    ...(input.workspaceRoot === undefined ? {} : { workspaceRoot: input.workspaceRoot }),
    ...(server?.value.text ? { server: { name: server.value.text, range: server.value.range } } : {}),
  };
}

/** The first setting of that name: a second one has a problem of its own. */
export function settingOf(document: Document, name: string): SettingNode | undefined {
  return document.header.find(
    (node): node is SettingNode => node.type === 'setting' && node.name.toLowerCase() === name,
  );
}

async function dataOf(input: ComposeInput, ports: ComposePorts, document: Document): Promise<DataFound> {
  const written = settingOf(document, 'data');
  const chosen = settingOf(document, 'record');
  const path = input.data ?? written?.value.text;
  if (!path) return { problems: [] };
  const record = input.record ?? chosen?.value.text;
  const range = written?.value.range ?? { start: 0, end: 0 };
  return readData(
    {
      path,
      confined: input.data === undefined,
      range,
      ...(input.path === undefined ? {} : { documentPath: input.path }),
      ...(input.workspaceRoot === undefined ? {} : { workspaceRoot: input.workspaceRoot }),
      ...(record ? { record } : {}),
      ...(input.dataSets === undefined ? {} : { known: input.dataSets }),
      ...(chosen === undefined || input.record !== undefined ? {} : { recordRange: chosen.value.range }),
    },
    ports.files,
  );
}

/** The record with the person's own values over it; undefined where there is neither. */
function recordOf(input: ComposeInput, data: DataFound): DataRecord | undefined {
  if (data.record === undefined && input.variables === undefined) return undefined;
  // Without a prototype, as every record is: `constructor` is no value of anybody's.
  return Object.assign(Object.create(null), data.record, input.variables) as DataRecord;
}

function factsOf(problems: readonly Problem[]): Pick<GuardFacts, 'templateWithoutData' | 'directiveInFinished'> {
  const template = problems.find((problem) => problem.code === 'template-without-data');
  const directive = problems.find((problem) => problem.code === 'directive-in-finished');
  return {
    ...(template ? { templateWithoutData: { expression: template.expression, range: template.range } } : {}),
    ...(directive
      ? {
          directiveInFinished: { keyword: directive.directive, count: directive.count, range: directive.range },
        }
      : {}),
  };
}

function hasField(
  fields: readonly { readonly name: string; readonly value: { text: string } }[],
  name: string,
): boolean {
  return fields.some((field) => field.name.toLowerCase() === name && field.value.text.trim() !== '');
}

/** Without the `@var`s that the person's own values stand in for: in the document they would have the last word. */
function withoutVariables(document: Document, variables: ComposeInput['variables']): Document {
  if (variables === undefined) return document;
  const header = document.header.filter((node) => {
    if (node.type !== 'setting' || node.name.toLowerCase() !== 'var') return true;
    const name = node.value.text.split('=', 1)[0]?.trim() ?? '';
    return !Object.hasOwn(variables, name);
  });
  return { ...document, header };
}

/** Whether the part that stands there says `template=off`. */
function isLeftAlone(nodes: readonly DraftNode[], { start }: Range): boolean {
  return nodes.some((node) => {
    if (node.type === 'multipart') return isLeftAlone(node.children, { start, end: start });
    if (node.type !== 'part' || node.headRange.start !== start) return false;
    return node.attributes.some(({ name, value }) => name === 'template' && value?.text === 'off');
  });
}

/** Whether there is something to read in it, attachments apart. */
function hasText(node: DraftNode): boolean {
  switch (node.type) {
    case 'text':
      return node.text.text.trim() !== '';
    case 'part':
      return node.attributes.some((attribute) => attribute.name === 'src') || node.children.some(hasText);
    case 'multipart':
      return node.children.some(hasText);
    case 'attach':
    case 'inline':
      return false;
  }
}

/** The problem of an `@server` that names none of the servers there are, if it does. */
export function checkServerName(composed: Composed, known: readonly string[]): ComposeProblem | undefined {
  const { server } = composed;
  if (!server || known.includes(server.name)) return undefined;
  const suggestion = suggestionFor(server.name, known);
  return {
    code: 'unknown-server',
    severity: 'error',
    range: server.range,
    name: server.name,
    known,
    ...(suggestion === undefined ? {} : { suggestion }),
    fixes: (suggestion === undefined ? known.slice(0, 5) : [suggestion]).map((text) => ({
      title: `Change to ${text}`,
      edits: [{ range: server.range, text }],
      ...(text === suggestion && { preferred: true }),
    })),
  };
}
