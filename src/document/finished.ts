import { countWhile } from '../base/ordered.ts';
import type { Range } from '../base/problem.ts';
import type { ByteSource, Transparency } from '../base/source.ts';
import { type EnvelopeOptions, type EnvelopeResult, envelopeFields, envelopeOf, type NamedValue } from './envelope.ts';
import { saysBinary } from './finished-binary.ts';
import { type ByteField, type ByteHeader, latin1, splitHeader } from './finished-lines.ts';
import { copyWithCrlf, type OctetFacts, scanOctets } from './finished-scan.ts';
import type { FinishedProblem } from './problems.ts';

/** What differs between the octets that were given and those that are sent. Ranges count as those of problems do. */
export type FinishedChange =
  | { readonly change: 'bom' }
  /** Settings are taken off. */
  | { readonly change: 'settings'; readonly names: readonly string[]; readonly range: Range }
  | { readonly change: 'mbox-line'; readonly range: Range }
  /** A field that nobody but its recipients shall know of is taken out. `counts`: whether they get the message. */
  | { readonly change: 'bcc'; readonly name: string; readonly counts: boolean; readonly range: Range }
  /** So many line ends are made CRLF. */
  | { readonly change: 'line-ends'; readonly count: number }
  | { readonly change: 'last-line-end' };

export interface FinishedMessage {
  /** The octets to send. There even where problems keep them from being sent, to be shown. */
  readonly source: ByteSource & { readonly whole: Uint8Array };
  readonly changes: readonly FinishedChange[];
  readonly problems: readonly FinishedProblem[];
  /** The fields before any change, Bcc among them. Values are those of UTF-8; any other octet is U+FFFD. */
  readonly fields: readonly NamedValue[];
  readonly settings: readonly NamedValue[];
  envelope(options?: EnvelopeOptions): EnvelopeResult;
}

const CHUNK = 1 << 16;

/**
 * A finished message as it is sent (DOCUMENT.md, "Finished or composed"): its octets as they stand, but for the changes
 * that are listed. Nothing is re-encoded, and nothing below the top-level header is looked into. Linear in the octets.
 * Ranges count in the text that an editor makes of the octets: UTF-8 decoded, a byte order mark left out.
 *
 * Where a Content-Transfer-Encoding says `binary`, the body is left alone, line ends included: only a server with
 * BINARYMIME takes it (RFC 3030 section 3), and NUL and long lines are lawful there.
 */
export function finishedMessage(bytes: Uint8Array, options: { readonly edited?: boolean } = {}): FinishedMessage {
  const header = splitHeader(bytes);
  const binary =
    header.bodyStart < bytes.length &&
    saysBinary(latin1(bytes, header.start, bytes.length), header.bodyStart - header.start);
  const facts = {
    head: scanOctets(bytes, header.start, header.bodyStart),
    body: scanOctets(bytes, header.bodyStart, bytes.length),
  };
  const places = new Places(bytes, header.start, facts.head.high >= 0 ? facts.head.high : header.bodyStart);
  const changes: FinishedChange[] = [];
  const whole = rewrite(bytes, header, binary, facts, changes, places);
  const problems = [...refusals(bytes, header, binary, facts, places)];
  if (options.edited && !isUtf8(bytes)) {
    problems.push({ code: 'not-utf8-edited', severity: 'error', range: { start: 0, end: 0 } });
  }
  const fields = header.fields
    .filter((field) => field.type === 'field')
    .map((field) => namedValue(bytes, field, places));
  const settings = header.settings.map((setting) => namedValue(bytes, setting, places));
  const utf8Header = facts.head.high >= 0 && isUtf8(bytes.subarray(header.start, header.bodyStart));
  let transparency: Transparency = binary ? 'binary' : '7bit';
  if (!binary && (facts.head.high >= 0 || facts.body.high >= 0)) transparency = '8bit';
  return {
    source: sourceOf(whole, transparency, utf8Header),
    changes,
    problems,
    fields,
    settings,
    envelope: (envelopeOptions) => envelopeOf({ fields, settings }, envelopeOptions),
  };
}

interface Facts {
  readonly head: OctetFacts;
  readonly body: OctetFacts;
}

function rewrite(
  bytes: Uint8Array,
  header: ByteHeader,
  binary: boolean,
  { head, body }: Facts,
  changes: FinishedChange[],
  places: Places,
): Uint8Array {
  const removed: { start: number; end: number }[] = [];
  if (header.start > 0) changes.push({ change: 'bom' });
  const remove = (field: ByteField): Range => {
    const span = { start: field.lines[0]!.start, end: field.lines[field.lines.length - 1]!.next };
    removed.push(span);
    return places.range(span.start, field.lines[field.lines.length - 1]!.end);
  };
  if (header.mbox) {
    removed.push({ start: header.mbox.start, end: header.mbox.next });
    changes.push({ change: 'mbox-line', range: places.range(header.mbox.start, header.mbox.end) });
  }
  if (header.settings.length > 0) {
    const ranges = header.settings.map(remove);
    const range = { start: ranges[0]!.start, end: ranges[ranges.length - 1]!.end };
    changes.push({ change: 'settings', names: header.settings.map((setting) => setting.name), range });
  }
  const { recipients } = envelopeFields(header.fields.filter((field) => field.type === 'field'));
  for (const field of header.fields) {
    if (!isBcc(field)) continue;
    changes.push({ change: 'bcc', name: field.name, counts: recipients.includes(field), range: remove(field) });
  }
  const inRemoved = removed
    .map((span) => scanOctets(bytes, span.start, span.end))
    .reduce((sum, gone) => sum + gone.bareLf + gone.bareCr, 0);
  const bare = head.bareLf + head.bareCr + (binary ? 0 : body.bareLf + body.bareCr) - inRemoved;
  const ended = body.ended && (header.bodyStart < bytes.length || head.ended);
  const addEnd = !ended && !binary && bytes.length > header.start;
  if (bare > 0) changes.push({ change: 'line-ends', count: bare });
  if (changes.length === 0 && !addEnd) return bytes;
  const out = new Uint8Array(bytes.length + bare + 2);
  let at = 0;
  let from = header.start;
  for (const span of removed.sort((a, b) => a.start - b.start)) {
    at = copyWithCrlf(bytes, from, span.start, out, at);
    from = span.end;
  }
  at = copyWithCrlf(bytes, from, Math.max(from, header.bodyStart), out, at);
  from = Math.max(from, header.bodyStart);
  if (binary) {
    out.set(bytes.subarray(from), at);
    at += bytes.length - from;
  } else at = copyWithCrlf(bytes, from, bytes.length, out, at);
  if (addEnd && at > 0 && !(out[at - 1] === 0x0a && out[at - 2] === 0x0d)) {
    out[at++] = 0x0d;
    out[at++] = 0x0a;
    changes.push({ change: 'last-line-end' });
  }
  return out.subarray(0, at);
}

function isBcc(field: ByteField): boolean {
  return field.type === 'field' && /^(?:resent-)?bcc$/i.test(field.name);
}

function* refusals(
  bytes: Uint8Array,
  header: ByteHeader,
  binary: boolean,
  { head, body }: Facts,
  places: Places,
): Generator<FinishedProblem> {
  const nulCount = head.nul.count + (binary ? 0 : body.nul.count);
  if (nulCount > 0) {
    const at = head.nul.count > 0 ? head.nul.first : body.nul.first;
    yield { code: 'finished-nul', severity: 'error', range: places.range(at, at + 1), count: nulCount };
  }
  const longCount = head.long.count + (binary ? 0 : body.long.count);
  if (longCount > 0) {
    const at = head.long.count > 0 ? head.long.first : body.long.first;
    const length = Math.max(head.long.longest, binary ? 0 : body.long.longest);
    yield {
      code: 'finished-line-too-long',
      severity: 'error',
      range: places.range(at, at + 1),
      length,
      count: longCount,
    };
  }
  if (head.high >= 0 && !isUtf8(bytes.subarray(header.start, header.bodyStart))) {
    yield { code: 'finished-header-charset', severity: 'warning', range: places.range(head.high, head.high + 1) };
  }
  const hidden = header.fields.filter(isBcc);
  if (hidden.length === 0) return;
  for (const field of header.fields) {
    if (field.type !== 'field' || !/^dkim-signature$/i.test(field.name)) continue;
    const signed = signedNames(value(bytes, field));
    const name = hidden.find((candidate) => signed.has(candidate.name.toLowerCase()))?.name;
    if (name === undefined) continue;
    const { start, end } = field.lines[0]!;
    yield { code: 'finished-bcc-signed', severity: 'error', range: places.range(start, end), name };
  }
}

/** The fields of a signature's `h=` (RFC 6376 section 3.5), in lower case. */
function signedNames(signature: string): ReadonlySet<string> {
  const tag = signature.split(';').find((part) => /^\s*h\s*=/.test(part)) ?? '';
  const names = tag.slice(tag.indexOf('=') + 1).split(':');
  return new Set(names.map((name) => name.replace(/\s/g, '').toLowerCase()));
}

/** The unfolded value, octets that are no UTF-8 as U+FFFD. */
function value(bytes: Uint8Array, field: ByteField): string {
  return field.lines
    .map((line, i) => Buffer.from(bytes.subarray(i === 0 ? field.valueStart : line.start, line.end)).toString('utf8'))
    .join('')
    .trim();
}

function namedValue(bytes: Uint8Array, field: ByteField, places: Places): NamedValue {
  const { start } = field.lines[0]!;
  const { end } = field.lines[field.lines.length - 1]!;
  const sign = field.type === 'setting' ? 1 : 0;
  return {
    name: field.name,
    nameRange: places.range(start, start + field.name.length + sign),
    // Where octets and characters may not run in step, the whole value is the place.
    value: { text: value(bytes, field), segments: [], range: places.range(field.valueStart, end), rendered: true },
  };
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}

/** Offsets of octets as offsets of text. What was worked out serves for what lies behind it. */
class Places {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  /** Up to here an octet is a character. */
  readonly #plainEnd: number;
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  readonly #known: { octet: number; unit: number }[];

  constructor(bytes: Uint8Array, start: number, plainEnd: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#plainEnd = plainEnd;
    this.#known = [{ octet: plainEnd, unit: plainEnd - start }];
  }

  range(start: number, end: number): Range {
    return { start: this.#unit(start), end: this.#unit(end) };
  }

  #unit(octet: number): number {
    if (octet <= this.#plainEnd) return Math.max(0, octet - this.#start);
    const last = countWhile(this.#known.length, (index) => this.#known[index]!.octet <= octet) - 1;
    const near = this.#known[last]!;
    const unit = near.unit + this.#decoder.decode(this.#bytes.subarray(near.octet, octet)).length;
    if (last === this.#known.length - 1 && octet > near.octet) this.#known.push({ octet, unit });
    return unit;
  }
}

function sourceOf(whole: Uint8Array, transparency: Transparency, utf8Header: boolean): FinishedMessage['source'] {
  return {
    size: whole.length,
    transparency,
    utf8Header,
    whole,
    async *read(signal) {
      for (let at = 0; at < whole.length; at += CHUNK) {
        signal?.throwIfAborted();
        yield whole.subarray(at, at + CHUNK);
      }
    },
  };
}
