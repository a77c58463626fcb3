import { type AddressProblem, type Mailbox, mailboxesOf, parseAddressList } from '../base/address.ts';
import { formatAddress, formatMailbox } from '../base/address-write.ts';
import type { Fix } from '../base/problem.ts';
import type { CheckContext, CheckedField } from './check.ts';
import { fieldKind } from './fields.ts';
import { lineAfter, lineEndOf } from './lines.ts';
import { documentProblem, documentRange } from './mapped.ts';

const ENVELOPE_FIELD = /^(?:resent-)?(?:to|cc|bcc)$/;

/** Addresses, and what the fields that hold authors have to do with each other. */
export function checkAddresses(context: CheckContext, byName: ReadonlyMap<string, readonly CheckedField[]>): void {
  const mailboxes = new Map<string, readonly Mailbox[]>();
  for (const [name, fields] of byName) {
    const kind = fieldKind(name);
    if (kind !== 'address-list' && kind !== 'mailbox-list' && kind !== 'mailbox') continue;
    for (const field of fields) {
      if (context.open(field) || field.value.text === '') continue;
      mailboxes.set(name, checkList(context, field, name, kind));
    }
  }
  for (const prefix of ['', 'resent-']) {
    const from = byName.get(`${prefix}from`)?.[0];
    const sender = byName.get(`${prefix}sender`)?.[0];
    if (!from || context.open(from) || (sender && context.open(sender))) continue;
    const authors = mailboxes.get(`${prefix}from`) ?? [];
    if (authors.length > 1 && !sender) senderMissing(context, from, authors, prefix);
    const [author] = authors;
    const [sent] = mailboxes.get(`${prefix}sender`) ?? [];
    if (sender && authors.length === 1 && author && sent && sameAddress(author, sent)) senderRedundant(context, sender);
  }
}

function checkList(
  context: CheckContext,
  field: CheckedField,
  name: string,
  kind: 'address-list' | 'mailbox-list' | 'mailbox',
): readonly Mailbox[] {
  const { addresses, problems } = parseAddressList(field.value.text);
  const lenient = context.finished && !ENVELOPE_FIELD.test(name);
  const report = (problem: AddressProblem): void => {
    const placed = documentProblem(field.value, problem);
    context.sink.add(lenient && placed.severity === 'error' ? { ...placed, severity: 'warning' } : placed);
  };
  for (const problem of problems) report(problem);
  const all = mailboxesOf(addresses);
  if (kind === 'address-list') return all;
  for (const address of addresses) {
    if (address.type !== 'group') continue;
    report({ code: 'address-group-not-allowed', severity: 'error', range: address.range, field: field.name });
  }
  if (kind === 'mailbox' && all.length > 1) {
    const range = documentRange(field.value, { start: all[1]!.range.start, end: all[all.length - 1]!.range.end });
    const severity = lenient ? 'warning' : 'error';
    context.sink.add({ code: 'mailbox-not-one', severity, range, name: field.name, count: all.length });
  }
  return all;
}

function sameAddress(a: Mailbox, b: Mailbox): boolean {
  return a.local === b.local && a.domain.toLowerCase() === b.domain.toLowerCase();
}

/** RFC 5322 section 3.6.2: several authors take a Sender. */
function senderMissing(context: CheckContext, from: CheckedField, authors: readonly Mailbox[], prefix: string): void {
  const fixes: Fix[] = [];
  const name = prefix ? 'Resent-Sender' : 'Sender';
  const addressOf = ({ local, domain }: Mailbox): string => formatAddress(local, domain);
  if (context.text !== undefined && !from.value.rendered) {
    const at = from.range.end;
    const eol = lineEndOf(context.text);
    for (const author of authors.slice(0, 5)) {
      const edits = [{ range: { start: at, end: at }, text: `${eol}${name}: ${formatMailbox(author)}` }];
      fixes.push({
        title: `Add ${name}: ${addressOf(author)}`,
        edits,
        preferred: author === authors[0],
      });
    }
  }
  const severity = context.finished ? 'warning' : 'error';
  context.sink.add({
    code: 'sender-missing',
    severity,
    range: from.nameRange,
    name: prefix ? 'Resent-From' : 'From',
    authors: authors.length,
    sender: name,
    author: addressOf(authors[0]!),
    fixes,
  });
}

function senderRedundant(context: CheckContext, sender: CheckedField): void {
  const fixes: Fix[] = [];
  if (context.text !== undefined) {
    const range = { start: sender.range.start, end: lineAfter(context.text, sender.range.end) };
    fixes.push({ title: 'Remove the Sender', edits: [{ range, text: '' }], preferred: true });
  }
  context.sink.add({ code: 'sender-redundant', severity: 'hint', range: sender.range, fixes });
}
