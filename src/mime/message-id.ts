import { parseAddressList } from '../base/address.ts';
import { asciiDomain } from '../base/domain.ts';
import { seededName } from './seed.ts';

/** Where no author tells a domain. */
const fallbackDomain = 'mailbench.local';

/**
 * The Message-ID of a draft, without angle brackets (RFC 5322 section 3.6.4): from its seed, at the domain of the first author.
 * `from`: the From field's value.
 */
export function messageIdFor(seed: string, from: string | undefined): string {
  return `${seededName(seed, 'message-id', 24)}@${(from === undefined ? undefined : domainOf(from)) ?? fallbackDomain}`;
}

function domainOf(from: string): string | undefined {
  const first = parseAddressList(from).addresses[0];
  const mailbox = first?.type === 'group' ? first.members[0] : first;
  if (!mailbox || mailbox.domain.startsWith('[')) return undefined;
  return asciiDomain(mailbox.domain).ascii;
}
