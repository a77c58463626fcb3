import { AddressParser } from './address-parser.ts';
import { addressTokens } from './address-tokens.ts';
import type { DomainFault } from './domain.ts';
import type { ProblemBase, Range } from './problem.ts';
import { atOnce, type Steps } from './steps.ts';

/** A display name: quotes and escapes undone, words parted by one space. */
export interface DisplayName {
  readonly text: string;
  readonly range: Range;
}

/**
 * One mailbox (RFC 5322 section 3.4). Ranges are offsets in the text that was parsed. `local` is what is meant (quotes
 * and escapes undone), so that it has to be written with {@link file://./address-write.ts formatLocalPart}; `domain` is
 * as written, comments and white space out: A-labels come from {@link file://./domain.ts asciiDomain}.
 */
export interface Mailbox {
  readonly type: 'mailbox';
  readonly range: Range;
  readonly name?: DisplayName;
  readonly local: string;
  readonly domain: string;
  /** The addr-spec, without angle brackets. */
  readonly addressRange: Range;
  readonly localRange: Range;
  readonly domainRange: Range;
  /** Whether angle brackets stand around the addr-spec. */
  readonly angle: boolean;
}

/** A named group; its list of members may be empty (`undisclosed-recipients:;`). */
export interface Group {
  readonly type: 'group';
  readonly range: Range;
  readonly name: DisplayName;
  readonly members: readonly Mailbox[];
}

export type Address = Mailbox | Group;

/** What can be wrong with an address list. Ranges and fixes count in the text that was parsed. */
export type AddressProblem =
  /** Nothing between two commas; receivers skip it (RFC 5322 section 4.4). */
  | ProblemBase<'address-empty'>
  /** A name or word without `@` and domain. */
  | (ProblemBase<'address-without-domain'> & { readonly value: string })
  /** `@domain` without anything before it. */
  | ProblemBase<'address-without-local-part'>
  /** Words with spaces between them, or dots that part nothing, before the `@`. */
  | (ProblemBase<'address-local-part'> & { readonly value: string })
  /** An encoded-word before the `@`: some readers decode it, and see another address (RFC 2047 section 5). */
  | (ProblemBase<'address-encoded-word'> & { readonly value: string })
  | (ProblemBase<'address-domain'> & { readonly value: string; readonly fault: DomainFault })
  /** Over 64 octets before the `@`, or over 254 in all (RFC 5321 section 4.5.3.1). */
  | (ProblemBase<'address-too-long'> & { readonly part: 'local' | 'whole'; readonly limit: number })
  /** `;` where `,` parts addresses. */
  | ProblemBase<'address-semicolon'>
  /** Two addresses without a comma between them, or anything else after an address. */
  | (ProblemBase<'address-unexpected'> & { readonly value: string })
  /** A full-width `，`, `；`, `＠`, `＜` … where its ASCII twin belongs. */
  | (ProblemBase<'address-full-width'> & { readonly character: string; readonly meant: string })
  | (ProblemBase<'address-unclosed'> & { readonly what: 'quote' | 'comment' | 'angle' | 'literal' | 'group' })
  /** An unquoted name that needs quotes. */
  | (ProblemBase<'address-name-unquoted'> & { readonly value: string })
  | ProblemBase<'address-nested-group'>
  /** A group where only mailboxes may stand (From, Sender). Reported by the checks of the header. */
  | (ProblemBase<'address-group-not-allowed'> & { readonly field: string })
  /** A source route (RFC 5321 appendix C): what stands before its colon is left out. */
  | ProblemBase<'address-route'>
  | (ProblemBase<'address-control-character'> & { readonly character: number });

export interface AddressList {
  readonly addresses: readonly Address[];
  readonly problems: readonly AddressProblem[];
}

/** Characters from which on a list is kept: to read some thousand addresses takes long enough to be noticed. */
const LONG = 16 * 1024;
/** The longest lists of a message: To, Cc and Bcc. */
const KEPT = 3;
const kept: WeakRef<KeptList>[] = [];

/** A list that was read, for whoever wants it to be there until the work that needs it is done. */
export interface KeptList {
  readonly text: string;
  readonly list: AddressList;
}

/**
 * Reads an address list (RFC 5322 sections 3.4 and 4.4, RFC 6532): total, and linear in its length. The unfolded value
 * of a field goes in. Mailboxes are there in spite of problems, as far as they can be told, for an editor to show;
 * what is sent to comes from lists without errors only. Of a long list the answer is kept for as long as memory lasts: the checks,
 * the envelope and the message itself ask for the same one after the other.
 */
export function parseAddressList(text: string): AddressList {
  return atOnce(addressListSteps(text)).list;
}

/** The same in parts. While somebody holds what it answers, the list is there for `parseAddressList` at once. */
export function* addressListSteps(text: string): Steps<KeptList> {
  if (text.length >= LONG) {
    for (const each of kept) {
      const known = each.deref();
      if (known?.text === text) return known;
    }
  }
  const answer: KeptList = { text, list: yield* new AddressParser(text, yield* addressTokens(text)).list() };
  if (text.length >= LONG) {
    if (kept.length === KEPT) kept.shift();
    kept.push(new WeakRef(answer));
  }
  return answer;
}

/** Every mailbox of the list, those of groups included, in order. */
export function mailboxesOf(addresses: readonly Address[]): readonly Mailbox[] {
  return addresses.flatMap((address) => (address.type === 'group' ? address.members : [address]));
}
