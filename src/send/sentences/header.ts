import type { AddressProblem } from '../../base/address.ts';
import type { DomainFault } from '../../base/domain.ts';
import type { HeaderProblem } from '../../document/problems.ts';
import type { SentencesFor } from './table.ts';
import { count, list, meant, quoted } from './words.ts';

export const headerSentences: SentencesFor<HeaderProblem> = {
  'lone-cr': (p) =>
    `${count(p.count, 'lone carriage return')} in the document: each is taken as a line end. Save it with LF or CRLF line ends.`,
  'spaces-only-line': () =>
    'This line holds only spaces: it ends the header as a blank line would. Empty it to make that clear.',
  'header-not-a-field': (p) => HEADER_LINES[p.line],
  'mbox-line': () => 'A line that begins with "From " comes from an mbox file and is no field: take it out.',
  'control-character': (p) => `${p.name} holds the control character ${character(p.character)}: take it out.`,
  'comment-in-finished': () =>
    'A finished message has no comments: its bytes are sent as they stand. Take the line out, or convert the document to a composed one.',
  'setting-in-finished': (p) =>
    `@${p.name} stands after the first field of a finished message. Move it above that field: only there it is taken off before sending.`,
  'setting-unknown': (p) => `There is no setting @${p.name}${meant(p.suggestion, '@')}.`,
  'setting-colon-missing': (p) => `@${p.name} needs a colon before its value.`,
  'setting-repeated': (p) => `@${p.name} stands twice, and may stand once. The first one counts: take one of them out.`,
  'setting-value-missing': (p) => `@${p.name} has no value: write one, or take it out.`,
  'setting-value-invalid': (p) =>
    `@${p.name} can’t be ${quoted(p.value)}${p.expected.length ? `: write ${list(p.expected, 20, 'or')}` : ''}.`,
  'setting-outranked': (p) => `@${p.name} is not used: the field ${p.field} says the same, and a field counts more.`,
  'setting-without-effect': (p) =>
    `@${p.name} says how to build a message, and a finished message is sent as it stands: take it out, or convert the document to a composed one.`,
  'encoding-excludes-dkim': () =>
    '@encoding and @dkim exclude each other: a signed message has to survive relays that take 7-bit only. Take one of them out.',
};

const HEADER_LINES: Readonly<Record<Extract<HeaderProblem, { code: 'header-not-a-field' }>['line'], string>> = {
  text: 'This line is no header field, so the body begins here. Put a blank line before it, or write it as "Name: value".',
  fold: 'This line is indented as the rest of a field, and there is no field before it. Take the spaces away.',
  directive: 'A directive belongs into the body: put a blank line before it.',
  'space-before-colon': 'No space may stand between the name of a field and its colon: take it out.',
};

export const addressSentences: SentencesFor<AddressProblem> = {
  'address-empty': () => 'There is nothing between these commas: take one of them out.',
  'address-without-domain': (p) => `${quoted(p.value)} is no address: add @ and the domain, as name@example.com.`,
  'address-without-local-part': () => 'There is nothing before the @: write the name of the mailbox.',
  'address-local-part': (p) =>
    `${quoted(p.value)} can’t stand before the @: put it into double quotes if it is meant so, else take out the spaces and stray dots.`,
  'address-encoded-word': (p) =>
    `${quoted(p.value)} can’t stand before the @: some mail programs decode it and see another address. Write the address itself.`,
  'address-domain': (p) => `${quoted(p.value)} is no domain that mail can go to: ${DOMAIN_FAULTS[p.fault]}.`,
  'address-too-long': (p) =>
    `${p.part === 'local' ? 'What stands before the @' : 'The address'} is longer than ${p.limit} octets: no server takes it.`,
  'address-semicolon': () => 'Recipients are parted by commas, not by semicolons: write a comma.',
  'address-unexpected': (p) => `${quoted(p.value)} does not belong here: part two addresses with a comma.`,
  'address-full-width': (p) => `${quoted(p.character)} is the full-width form: write ${quoted(p.meant)}.`,
  'address-unclosed': (p) => UNCLOSED[p.what],
  'address-name-unquoted': (p) => `The name ${quoted(p.value)} needs double quotes around it.`,
  'address-nested-group': () => 'A group can’t stand in another group: close the first with ";".',
  'address-group-not-allowed': (p) => `${p.field} takes addresses, not a group.`,
  'address-route': () =>
    'A route in an address ("@a,@b:") means nothing today: what stands before its colon is left out. Take it out.',
  'address-control-character': (p) => `The address holds the control character ${character(p.character)}: take it out.`,
};

const UNCLOSED: Readonly<Record<Extract<AddressProblem, { code: 'address-unclosed' }>['what'], string>> = {
  quote: 'The quotation mark is never closed: add the second one.',
  comment: 'The bracket of this comment is never closed: add ")".',
  angle: 'The angle bracket is never closed: add ">".',
  literal: 'The square bracket is never closed: add "]".',
  group: 'The group is never closed: add ";" after its last address.',
};

const DOMAIN_FAULTS: Readonly<Record<DomainFault, string>> = {
  empty: 'it is empty',
  'empty-label': 'two dots stand side by side, or one at an end',
  'label-too-long': 'a part of it has more than 63 characters',
  'too-long': 'it is too long as a whole',
  hyphen: 'a part of it begins or ends with a hyphen, or has two where only "xn--" may have them',
  character: 'a character stands in it that no domain may have',
  'not-canonical': 'it is not written in the form that is registered',
  'a-label': 'a part that begins with "xn--" is no valid encoding',
  literal: 'what stands in square brackets is no IP address',
  numeric: 'its last part is all digits; an IP address goes into square brackets, as [192.0.2.1]',
};

export function character(code: number): string {
  const names: Readonly<Record<number, string>> = { 0: 'NUL', 9: 'TAB', 10: 'LF', 13: 'CR', 27: 'ESC', 127: 'DEL' };
  return names[code] ?? `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}
