import type { Range } from '../base/problem.ts';
import { checkAddresses } from './check-addresses.ts';
import { checkValue } from './check-values.ts';
import type { Draft } from './draft.ts';
import { envelopeFields, type NamedValue, parseReversePath } from './envelope.ts';
import { fieldFacts, fieldKind, nearestField } from './fields.ts';
import { isBlank, lineAfter, lineEndOf } from './lines.ts';
import { hasTemplate } from './markers.ts';
import type { Document, FieldNode, SettingNode } from './nodes.ts';
import type { EnvelopeProblem, MeaningProblem } from './problems.ts';
import { ProblemSink } from './sink.ts';

export type CheckProblem = MeaningProblem | EnvelopeProblem;

export interface CheckedField extends NamedValue {
  readonly range: Range;
}

/** What the checks go by. */
export interface CheckContext {
  readonly fields: readonly CheckedField[];
  readonly settings: readonly NamedValue[];
  readonly finished: boolean;
  /** The text of the document, where fixes may take lines out of it. */
  readonly text?: string;
  /** Whether the value holds template expressions that are still to be rendered. */
  readonly open: (field: NamedValue) => boolean;
  readonly sink: ProblemSink<CheckProblem>;
}

/**
 * What is wrong with the meaning of a header as written, for the editor: author, recipients, addresses, dates,
 * identifiers, repetition. Values that hold template expressions are left alone. In a finished message, which is sent
 * as it stands, only what keeps it from being sent is an error.
 */
export function checkDocument(document: Document): readonly CheckProblem[] {
  const fields = document.header.filter((node): node is FieldNode => node.type === 'field');
  const settings = document.header.filter((node): node is SettingNode => node.type === 'setting');
  const finished = document.kind === 'finished';
  const open = finished ? () => false : (field: NamedValue) => hasTemplate(field.value.text);
  const sink = new ProblemSink<CheckProblem>();
  checkHeader({ fields, settings, finished, text: document.text, open, sink }, !endsUnexpectedly(document));
  return inOrder(sink);
}

/** The same checks on rendered fields and settings of a composed document, before a send. */
export function checkDraft(draft: Pick<Draft, 'fields' | 'settings'>, text?: string): readonly CheckProblem[] {
  const { fields, settings } = draft;
  const sink = new ProblemSink<CheckProblem>();
  checkHeader(
    { fields, settings, finished: false, open: () => false, sink, ...(text !== undefined && { text }) },
    true,
  );
  return inOrder(sink);
}

function inOrder(sink: ProblemSink<CheckProblem>): readonly CheckProblem[] {
  return sink.problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/** Whether some line that is none of a header's ended it: what is missing may stand below. */
function endsUnexpectedly({ text, bodyStart }: Document): boolean {
  if (bodyStart >= text.length) return false;
  let end = bodyStart;
  if (end > 0 && text.charCodeAt(end - 1) === 0x0a) end--;
  if (end > 0 && text.charCodeAt(end - 1) === 0x0d) end--;
  const start = Math.max(text.lastIndexOf('\n', end - 1), text.lastIndexOf('\r', end - 1)) + 1;
  return end === bodyStart || !isBlank(text, start, end);
}

function checkHeader(context: CheckContext, complete: boolean): void {
  const byName = new Map<string, CheckedField[]>();
  for (const field of context.fields) {
    const name = field.name.toLowerCase();
    const same = byName.get(name);
    if (same) {
      same.push(field);
      if (fieldFacts(name)?.once) repeated(context, field, same[0]!);
    } else byName.set(name, [field]);
    if (!same && !fieldFacts(name) && !context.finished) misspelt(context, field);
    if (!context.open(field)) checkValue(context, field);
  }
  checkAddresses(context, byName);
  unsubscribe(context, byName);
  if (complete) missing(context, byName);
  checkEnvelopeFrom(context);
}

function repeated({ sink, finished, text }: CheckContext, field: CheckedField, first: CheckedField): void {
  const { name, nameRange: range } = field;
  const severity = finished ? 'warning' : 'error';
  const problem = { code: 'field-repeated' as const, severity: severity as 'warning' | 'error', range, name };
  if (text === undefined) {
    sink.add(problem);
    return;
  }
  const line = { start: field.range.start, end: lineAfter(text, field.range.end) };
  const removal = { title: 'Remove this line', edits: [{ range: line, text: '' }] };
  // What was put in from data is not what stands there.
  const rendered = field.value.rendered || first.value.rendered;
  if (rendered || fieldKind(name) !== 'address-list' || field.value.text === '' || first.value.text === '') {
    sink.add({ ...problem, fixes: [removal] });
    return;
  }
  const end = first.range.end;
  const edits = [
    { range: { start: end, end }, text: `,${lineEndOf(text)} ${field.value.text}` },
    { range: line, text: '' },
  ];
  sink.add({ ...problem, fixes: [{ title: `Join it with the first ${first.name}`, edits, preferred: true }, removal] });
}

function misspelt({ sink }: CheckContext, { name, nameRange: range }: CheckedField): void {
  if (!sink.takes('warning')) return;
  const suggestion = nearestField(name);
  if (suggestion === undefined) return;
  const fixes = [{ title: `Change to ${suggestion}`, edits: [{ range, text: suggestion }], preferred: true }];
  sink.add({ code: 'field-misspelt', severity: 'warning', range, name, suggestion, fixes });
}

function missing(context: CheckContext, byName: ReadonlyMap<string, readonly CheckedField[]>): void {
  const { sink, finished } = context;
  const place = context.fields[0]?.nameRange ?? { start: 0, end: 0 };
  if (!byName.has('from')) {
    sink.add({ code: 'from-missing', severity: finished ? 'warning' : 'error', range: place });
  }
  const { recipients, resent } = envelopeFields(context.fields);
  if (!recipients.some((field) => field.value.text !== '')) {
    sink.add({ code: 'recipients-missing', severity: 'error', range: recipients[0]?.nameRange ?? place });
  }
  // Said of a Bcc alone: To and Cc are still to be read in the message, a Bcc is gone without a trace.
  for (const field of resent && !finished ? context.fields : []) {
    if (!/^(?:resent-)?bcc$/i.test(field.name) || field.value.text === '' || recipients.includes(field)) continue;
    sink.add({ code: 'bcc-outranked', severity: 'warning', range: field.nameRange, name: field.name });
  }
}

/** RFC 8058 section 3.1: one-click takes both fields, and an https URI in the first. */
function unsubscribe(context: CheckContext, byName: ReadonlyMap<string, readonly CheckedField[]>): void {
  const list = byName.get('list-unsubscribe')?.[0];
  const post = byName.get('list-unsubscribe-post')?.[0];
  if ((list && context.open(list)) || (post && context.open(post))) return;
  const https = list !== undefined && /<\s*https:/i.test(list.value.text);
  if (post && !https) {
    context.sink.add({ code: 'unsubscribe-without-https', severity: 'warning', range: post.range });
  } else if (https && !post && !context.finished) {
    const at = list.range.end;
    const line = `${context.text === undefined ? '\n' : lineEndOf(context.text)}List-Unsubscribe-Post: List-Unsubscribe=One-Click`;
    const fixes = [
      { title: 'Add List-Unsubscribe-Post', edits: [{ range: { start: at, end: at }, text: line }], preferred: true },
    ];
    context.sink.add({ code: 'unsubscribe-post-missing', severity: 'hint', range: list.nameRange, fixes });
  }
}

function checkEnvelopeFrom({ settings, sink, open }: CheckContext): void {
  const setting = settings.find((candidate) => candidate.name.toLowerCase() === 'envelope-from');
  if (!setting || setting.value.text === '' || open(setting)) return;
  const { text: value, range } = setting.value;
  if (parseReversePath(value) !== undefined) return;
  sink.add({ code: 'envelope-from-invalid', severity: 'error', range, value, origin: 'setting' });
}
