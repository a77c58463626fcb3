import { parseAddressList } from '../base/address.ts';
import { formatPhrase } from '../base/address-write.ts';
import type { Fix } from '../base/problem.ts';
import { suggestionFor } from '../base/suggestion.ts';
import type { CheckContext, CheckedField } from './check.ts';
import { parseMailDate } from './date.ts';
import { encodedWords } from './encoded-word.ts';
import { type FieldFacts, type FieldKind, fieldFacts, fieldKind } from './fields.ts';
import { lineAfter } from './lines.ts';
import { documentRange } from './mapped.ts';

/** Where an empty value means something. */
const MAY_BE_EMPTY = /^(?:resent-)?bcc$|^subject$|^comments$/i;
const NEEDS_VALUE: ReadonlySet<FieldKind> = new Set([
  'address-list',
  'mailbox-list',
  'mailbox',
  'message-id',
  'message-ids',
  'date',
  'params',
]);
/** msg-id (RFC 5322 section 3.6.4), its quoted and literal forms of section 4 included. */
const MESSAGE_ID = /^<(?:[^\s<>@"\\()[\],;:]+|"(?:[^"\\]|\\.)*")@(?:[^\s<>@"\\()[\],;:]+|\[[^\s[\]\\<>]*\])>$/;
/** A URI in angle brackets, a comment behind it at most, and a comma, if another one follows (RFC 2369 section 2). */
const LISTED_URI = /\s*<[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]+>\s*(?:\([^()]*\)\s*)?(,|$)/y;
const PRIORITY = /^[1-5](?:\s*\([^()]*\))?$/;

/** The value of one field, addresses apart. */
export function checkValue(context: CheckContext, field: CheckedField): void {
  const { text } = field.value;
  const facts = fieldFacts(field.name);
  const kind = fieldKind(field.name);
  if (text === '') {
    if (!NEEDS_VALUE.has(kind) || MAY_BE_EMPTY.test(field.name)) return;
    const severity = context.finished ? 'warning' : 'error';
    context.sink.add({ code: 'field-empty', severity, range: field.range, name: field.name });
    return;
  }
  if (!context.finished) {
    contentField(context, field);
    typedEncodedWords(context, field, kind);
  }
  if (kind === 'date') date(context, field);
  if (kind === 'message-id' || kind === 'message-ids') messageIds(context, field, kind);
  if (facts?.values) oneOf(context, field, facts.values);
  if (facts?.uris) uris(context, field, facts);
  if (facts?.name === 'X-Priority' && !PRIORITY.test(text)) invalid(context, field, ['1', '2', '3', '4', '5']);
}

/** DOCUMENT.md, "What it becomes": the builder chooses the encoding, and multiparts are written as directives. */
function contentField({ sink, text }: CheckContext, field: CheckedField): void {
  const name = field.name.toLowerCase();
  const fixes: Fix[] = [];
  if (text !== undefined) {
    const range = { start: field.range.start, end: lineAfter(text, field.range.end) };
    fixes.push({ title: 'Remove the line', edits: [{ range, text: '' }], preferred: true });
  }
  if (name === 'content-transfer-encoding') {
    sink.add({ code: 'transfer-encoding-field', severity: 'error', range: field.range, fixes });
  } else if (name === 'content-type' && /^\s*multipart\//i.test(field.value.text)) {
    const value = field.value.text.split(';', 1)[0]!.trim();
    sink.add({ code: 'multipart-not-here', severity: 'error', range: field.range, value, where: 'field', fixes });
  }
}

/** `=?…?=` as typed is what the reader will see; whoever pasted it meant what it stands for. */
function typedEncodedWords({ sink }: CheckContext, field: CheckedField, kind: FieldKind): void {
  if (kind !== 'unstructured' && kind !== 'phrases' && !kind.startsWith('address') && !kind.startsWith('mailbox'))
    return;
  const structured = kind !== 'unstructured';
  for (const { range, decoded } of encodedWords(field.value.text)) {
    if (!sink.takes('hint')) return;
    const place = documentRange(field.value, range);
    const problem = { code: 'encoded-word-typed' as const, severity: 'hint' as const, range: place, decoded };
    // Decoded text with line ends in it would be a header of somebody else's making.
    if (field.value.rendered || /[\x00-\x1f\x7f]/.test(decoded)) {
      sink.add(problem);
      continue;
    }
    const text = structured && !insideQuotes(field.value.text, range.start) ? formatPhrase(decoded) : decoded;
    sink.add({
      ...problem,
      fixes: [{ title: `Decode to ${decoded}`, edits: [{ range: place, text }], preferred: true }],
    });
  }
}

function insideQuotes(text: string, offset: number): boolean {
  return text.includes('"') && (text.slice(0, offset).match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1;
}

function date(context: CheckContext, field: CheckedField): void {
  const { sink, finished } = context;
  const value = field.value.text;
  const read = parseMailDate(value);
  if (!read) {
    const severity = finished ? 'warning' : 'error';
    const fixes = withoutLine(context, field, 'date');
    sink.add({ code: 'date-invalid', severity, range: field.value.range, name: field.name, value, fixes });
    return;
  }
  const { weekday } = read;
  if (!weekday || weekday.written.toLowerCase() === weekday.expected.toLowerCase()) return;
  const { written, expected, start } = weekday;
  const range = documentRange(field.value, { start, end: start + written.length });
  const fixes = [{ title: `Change to ${expected}`, edits: [{ range, text: expected }], preferred: true }];
  sink.add({ code: 'date-weekday', severity: 'warning', range, name: field.name, written, expected, fixes });
}

/** What the builder writes by itself where the field is missing. */
function withoutLine({ text, finished }: CheckContext, field: CheckedField, name: string): Fix[] {
  if (text === undefined || finished || field.name.toLowerCase() !== name) return [];
  const range = { start: field.range.start, end: lineAfter(text, field.range.end) };
  return [{ title: `Remove the line: the message gets a ${field.name} of its own`, edits: [{ range, text: '' }] }];
}

function messageIds(context: CheckContext, field: CheckedField, kind: FieldKind): void {
  const { sink, finished } = context;
  const value = field.value.text.replace(/\([^()]*\)/g, ' ').trim();
  const ids = value === '' ? [''] : value.replace(/>\s*(?:,\s*)?</g, '>\n<').split('\n');
  const bad = ids.find((id) => !MESSAGE_ID.test(id)) ?? (kind === 'message-id' && ids.length > 1 ? value : undefined);
  if (bad === undefined) return;
  const fixes: Fix[] = [];
  const bracketed = `<${value}>`;
  if (!field.value.rendered && ids.length === 1 && MESSAGE_ID.test(bracketed)) {
    fixes.push({
      title: 'Put it in angle brackets',
      edits: [{ range: field.value.range, text: bracketed }],
      preferred: true,
    });
  }
  fixes.push(...withoutLine(context, field, 'message-id'));
  const severity = finished ? 'warning' : 'error';
  sink.add({ code: 'message-id-invalid', severity, range: field.value.range, name: field.name, value: bad, fixes });
}

function oneOf(context: CheckContext, field: CheckedField, values: readonly string[]): void {
  const value = field.value.text.replace(/\([^()]*\)/g, '').trim();
  // Parameters may follow (Auto-Submitted, RFC 3834 section 5).
  const word = value.split(';', 1)[0]!.trim().toLowerCase();
  if (values.some((candidate) => candidate.toLowerCase() === word)) return;
  invalid(context, field, values);
}

function invalid({ sink }: CheckContext, field: CheckedField, expected: readonly string[]): void {
  const value = field.value.text;
  const near = suggestionFor(value, expected);
  const fixes: Fix[] = field.value.rendered
    ? []
    : (near ? [near] : expected.slice(0, 6)).map((text) => ({
        title: `Change to ${text}`,
        edits: [{ range: field.value.range, text }],
        preferred: text === near,
      }));
  sink.add({
    code: 'field-value-invalid',
    severity: 'warning',
    range: field.value.range,
    name: field.name,
    value,
    expected,
    fixes,
  });
}

function isUriList(value: string): boolean {
  LISTED_URI.lastIndex = 0;
  for (let match = LISTED_URI.exec(value); match; match = LISTED_URI.exec(value)) if (match[1] === '') return true;
  return false;
}

function uris({ sink }: CheckContext, field: CheckedField, facts: FieldFacts): void {
  const value = field.value.text.trim();
  if (facts.name === 'List-Post' && /^no$/i.test(value.replace(/\([^()]*\)/g, '').trim())) return;
  if (isUriList(value)) return;
  const fixes: Fix[] = [];
  if (!field.value.rendered && /^[A-Za-z][A-Za-z0-9+.-]*:[^<>\s,]+$/.test(value)) {
    fixes.push({
      title: 'Put it in angle brackets',
      edits: [{ range: field.value.range, text: `<${value}>` }],
      preferred: true,
    });
  } else if (
    !field.value.rendered &&
    /^[^<>\s,]+$/.test(value) &&
    value.slice(1, -1).includes('@') &&
    parseAddressList(value).problems.length === 0
  ) {
    const text = `<mailto:${value}>`;
    fixes.push({ title: 'Make it a mailto: URI', edits: [{ range: field.value.range, text }], preferred: true });
  }
  sink.add({ code: 'list-uri-invalid', severity: 'warning', range: field.value.range, name: field.name, fixes });
}
