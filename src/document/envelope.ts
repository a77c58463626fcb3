import { type AddressProblem, type Mailbox, mailboxesOf, parseAddressList } from '../base/address.ts';
import { formatAddress } from '../base/address-write.ts';
import { asciiDomain } from '../base/domain.ts';
import type { Envelope } from '../base/envelope.ts';
import type { Range } from '../base/problem.ts';
import { atOnce, type Steps } from '../base/steps.ts';
import { documentProblem } from './mapped.ts';
import type { MappedText } from './nodes.ts';
import type { EnvelopeProblem } from './problems.ts';

/** A field or setting, of a document, a draft or a finished message. */
export interface NamedValue {
  readonly name: string;
  readonly nameRange: Range;
  readonly value: MappedText;
}

export interface EnvelopeInput {
  readonly fields: readonly NamedValue[];
  readonly settings: readonly NamedValue[];
}

export interface EnvelopeOptions {
  /** The server's `envelopeFrom`: an address, or `<>` or the empty string for the null reverse-path. */
  readonly serverEnvelopeFrom?: string;
}

export interface EnvelopeResult {
  /** Undefined where a problem keeps it from being made. */
  readonly envelope?: Envelope;
  /** Errors only; those of addresses are the same that {@link file://./check.ts} reports. */
  readonly problems: readonly EnvelopeProblem[];
}

const START: Range = { start: 0, end: 0 };

/**
 * The envelope by the header (DOCUMENT.md, "What it becomes"): recipients of To, Cc and Bcc, the sender of
 * @envelope-from, the server's settings, Sender or the only From, in this order. Where there are Resent-* fields, it is
 * the newest block of them that counts (RFC 5322 section 3.6.6). One error in an address that is needed, and there is
 * no envelope: no part of a broken list is sent to.
 */
export function envelopeOf(input: EnvelopeInput, options: EnvelopeOptions = {}): EnvelopeResult {
  return atOnce(envelopeSteps(input, options));
}

/** The same in parts; see `addressListSteps` for lists that were read before. */
export function* envelopeSteps(input: EnvelopeInput, options: EnvelopeOptions = {}): Steps<EnvelopeResult> {
  const problems: EnvelopeProblem[] = [];
  const fields = envelopeFields(input.fields);
  const recipients = new Map<string, string>();
  for (const field of fields.recipients) {
    for (const mailbox of readList(field, problems)) {
      yield;
      const address = envelopeAddress(mailbox);
      if (address === undefined) continue;
      const key = `${address.slice(0, address.lastIndexOf('@'))}@${address.slice(address.lastIndexOf('@') + 1).toLowerCase()}`;
      if (!recipients.has(key)) recipients.set(key, address);
    }
  }
  if (recipients.size === 0 && problems.length === 0) {
    problems.push({
      code: 'recipients-missing',
      severity: 'error',
      range: fields.recipients[0]?.nameRange ?? placeOf(input),
    });
  }
  const sender = senderOf(input, fields, options, problems);
  if (problems.length > 0 || sender === undefined) return { problems };
  return { envelope: { sender, recipients: [...recipients.values()] }, problems };
}

/** An addr-spec as SMTP takes it; undefined where its domain is not lawful. */
function envelopeAddress(mailbox: Pick<Mailbox, 'local' | 'domain'>): string | undefined {
  const { ascii } = asciiDomain(mailbox.domain);
  return ascii === undefined ? undefined : formatAddress(mailbox.local, ascii);
}

/** A reverse-path: an address with or without angle brackets, or `<>`, which gives the empty string. */
export function parseReversePath(text: string): string | undefined {
  if (/^<\s*>$/.test(text)) return '';
  const { addresses, problems } = parseAddressList(text);
  const [only] = addresses;
  if (addresses.length !== 1 || only?.type !== 'mailbox' || only.name || problems.some((p) => p.severity === 'error'))
    return undefined;
  return envelopeAddress(only);
}

export interface EnvelopeFields<Field> {
  readonly recipients: readonly Field[];
  readonly sender: Field | undefined;
  readonly from: readonly Field[];
  readonly resent: boolean;
}

/** Which fields the envelope is made from. */
export function envelopeFields<Field extends { readonly name: string }>(
  fields: readonly Field[],
): EnvelopeFields<Field> {
  const block = newestResentBlock(fields);
  const resent = block.length > 0;
  const pick = (name: string): Field[] => {
    if (!resent) return fields.filter((field) => field.name.toLowerCase() === name);
    return block.filter((field) => field.name.toLowerCase() === `resent-${name}`);
  };
  const recipients = resent
    ? block.filter((field) => /^resent-(?:to|cc|bcc)$/i.test(field.name))
    : fields.filter((field) => /^(?:to|cc|bcc)$/i.test(field.name));
  const from = pick('from');
  if (from.length > 0 || !resent) return { recipients, sender: pick('sender')[0], from, resent };
  // Resent-From is missing, which is an error of its own: the message's author stands in.
  const sender = pick('sender')[0] ?? fields.find((field) => /^sender$/i.test(field.name));
  return { recipients, sender, from: fields.filter((field) => /^from$/i.test(field.name)), resent };
}

/** The Resent-* fields up to the first one that repeats: older blocks stand below newer ones. */
function newestResentBlock<Field extends { readonly name: string }>(fields: readonly Field[]): Field[] {
  const seen = new Set<string>();
  const block: Field[] = [];
  for (const field of fields) {
    const name = field.name.toLowerCase();
    if (!/^resent-(?:from|sender|to|cc|bcc|date|message-id)$/.test(name)) continue;
    if (seen.has(name)) break;
    seen.add(name);
    block.push(field);
  }
  return block;
}

function senderOf(
  input: EnvelopeInput,
  fields: EnvelopeFields<NamedValue>,
  options: EnvelopeOptions,
  problems: EnvelopeProblem[],
): string | undefined {
  const setting = input.settings.find((candidate) => candidate.name.toLowerCase() === 'envelope-from');
  if (setting) {
    const { text, range } = setting.value;
    const path = parseReversePath(text);
    if (path === undefined) {
      problems.push({ code: 'envelope-from-invalid', severity: 'error', range, value: text, origin: 'setting' });
    }
    return path;
  }
  if (options.serverEnvelopeFrom !== undefined) {
    const text = options.serverEnvelopeFrom.trim();
    const path = text === '' ? '' : parseReversePath(text);
    if (path === undefined) {
      problems.push({ code: 'envelope-from-invalid', severity: 'error', range: START, value: text, origin: 'server' });
    }
    return path;
  }
  const before = problems.length;
  const candidates = fields.sender ? [fields.sender] : fields.from;
  const mailboxes = candidates.flatMap((field) => readList(field, problems));
  const [only] = mailboxes;
  if (mailboxes.length === 1 && only) return envelopeAddress(only);
  if (problems.length === before) {
    problems.push({ code: 'sender-unknown', severity: 'error', range: candidates[0]?.nameRange ?? placeOf(input) });
  }
  return undefined;
}

function readList(field: NamedValue, problems: EnvelopeProblem[]): readonly Mailbox[] {
  const list = parseAddressList(field.value.text);
  const errors = list.problems.filter((problem) => problem.severity === 'error');
  for (const error of errors) problems.push(documentProblem<AddressProblem>(field.value, error));
  return errors.length > 0 ? [] : mailboxesOf(list.addresses);
}

function placeOf(input: EnvelopeInput): Range {
  return input.fields[0]?.nameRange ?? START;
}
