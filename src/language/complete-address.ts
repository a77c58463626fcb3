import { mailboxesOf, parseAddressList } from '../base/address.ts';
import { formatMailbox } from '../base/address-write.ts';
import { withWordsDecoded } from '../document/encoded-word.ts';
import { fieldKind } from '../document/fields.ts';
import { hasTemplate } from '../document/markers.ts';
import type { Analysis } from './analysis.ts';
import { separators } from './separators.ts';
import type { KnownAddress, Suggestion, Surroundings } from './suggestion.ts';

/**
 * The addresses of documents, those first that most of them have, each as most of them write it: with a name, where any has one.
 * In whatever order the documents come.
 */
export function gatheredAddresses(
  documents: Iterable<readonly { readonly text: string; readonly address: string }[]>,
): readonly KnownAddress[] {
  const found = new Map<string, Map<string, number>>();
  for (const addresses of documents) {
    for (const { text, address } of addresses) {
      const texts = found.get(address) ?? new Map<string, number>();
      found.set(address, texts.set(text, (texts.get(text) ?? 0) + 1));
    }
  }
  const named = (text: string): number => Number(text.includes('<'));
  const inOrder = (one: string, other: string): number => Number(one > other) - Number(one < other);
  const known = Array.from(found, ([address, texts]) => {
    const [best] = [...texts].sort(([a, m], [b, n]) => named(b) - named(a) || n - m || inOrder(a, b));
    return { text: best![0], address, uses: [...texts.values()].reduce((sum, count) => sum + count, 0) };
  });
  return known.sort((a, b) => b.uses - a.uses || inOrder(a.address, b.address));
}

/** The addresses of a document's header, as they would be written again. */
export function addressesOf(analysis: Analysis): readonly { readonly text: string; readonly address: string }[] {
  const found = new Map<string, string>();
  for (const { name, value } of analysis.fields) {
    const kind = fieldKind(name);
    if (kind !== 'address-list' && kind !== 'mailbox-list' && kind !== 'mailbox') continue;
    if (value.text.length > 100_000 || hasTemplate(value.text)) continue;
    for (const mailbox of mailboxesOf(parseAddressList(value.text).addresses)) {
      if (mailbox.local === '' || mailbox.domain === '') continue;
      const address = `${mailbox.local}@${mailbox.domain}`.toLowerCase();
      // Written again it is a name to be read, whatever form it travels in.
      const text = formatMailbox(
        mailbox.name ? { ...mailbox, name: { text: withWordsDecoded(mailbox.name.text) } } : mailbox,
      );
      // The form that has a name tells more.
      if (!found.has(address) || mailbox.name) found.set(address, text);
    }
  }
  return [...found].map(([address, text]) => ({ text, address }));
}

/** Characters of a list in which is looked for what stands in it already. */
const REACH = 5000;

/** Addresses for the list that begins at `start`: those of the workspace's documents, without those that stand in it. */
export function completeAddress(
  analysis: Analysis,
  start: number,
  offset: number,
  surroundings: Surroundings,
): readonly Suggestion[] {
  const before = analysis.text.slice(Math.max(start, offset - REACH), offset);
  const from = offset - before.length + elementStart(before);
  const lead = analysis.text.slice(from, offset);
  if (/\{\{[^}]*$|\(|[\r\n]/.test(lead.trimStart())) return [];
  const range = { start: offset - lead.trimStart().length, end: offset };
  const end = Math.min(analysis.lineEnd(offset), offset + REACH);
  const present = new Set(
    mailboxesOf(
      parseAddressList(`${before.slice(0, elementStart(before))},${analysis.text.slice(offset, end)}`).addresses,
    ).map(({ local, domain }) => `${local}@${domain}`.toLowerCase()),
  );
  const known = new Map<string, KnownAddress>(surroundings.addresses.map((each) => [each.address, each]));
  for (const { text, address } of addressesOf(analysis)) {
    if (!known.has(address)) known.set(address, { text, address, uses: 1 });
  }
  const typed = analysis.text.slice(range.start, offset).toLowerCase();
  const written = typed.slice(Math.max(typed.lastIndexOf(' '), typed.lastIndexOf('<'), typed.lastIndexOf('"')) + 1);
  return [...known.values()]
    .filter(({ address }) => !present.has(address) && address !== written && couldBecome(address, written))
    .map(({ text, uses }) => ({
      label: text,
      kind: 'address' as const,
      range,
      sort: `${String(99_999 - Math.min(uses, 99_999)).padStart(5, '0')}${text.toLowerCase()}`,
      // Quotation marks and brackets are not what people type first.
      filter: typed.startsWith('"') || typed.startsWith('<') ? text : text.replace(/["<>]/g, ''),
    }));
}

/**
 * From its `@` on an address is compared as it stands. The editor's own comparison forgives left-out and swapped letters,
 * which finds names, and would put a stranger in the place of an address that is new.
 */
function couldBecome(address: string, written: string): boolean {
  if (!written.includes('@')) return true;
  return written.startsWith('@') ? address.includes(written) : address.startsWith(written);
}

/** Where the element begins that the end of the text is in: behind the last separator that stands in no quotes. */
function elementStart(text: string): number {
  let start = 0;
  for (const at of separators(text)) start = at + 1;
  return start;
}
