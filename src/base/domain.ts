import { isIPv4, isIPv6 } from 'node:net';
import { domainToASCII, domainToUnicode } from 'node:url';
import { ownText } from './own-text.ts';

/**
 * Why a domain can't stand in an envelope. `not-canonical`: an IDN that lookup would silently turn into another
 * (full-width letters, ligatures), `a-label`: an `xn--` label that decodes to nothing lawful, `numeric`: an address
 * without its brackets.
 */
export type DomainFault =
  | 'empty'
  | 'empty-label'
  | 'label-too-long'
  | 'too-long'
  | 'hyphen'
  | 'character'
  | 'not-canonical'
  | 'a-label'
  | 'literal'
  | 'numeric';

export type AsciiDomain =
  | { readonly ascii: string; readonly fault?: undefined }
  | {
      readonly ascii?: undefined;
      readonly fault: DomainFault;
      /** What was probably meant, where that can be told. */
      readonly meant?: string;
    };

/** RFC 1035 section 2.3.4. */
const MAX_LABEL = 63;
/** RFC 5321 section 4.5.3.1.2. */
const MAX_DOMAIN = 255;

/** Letters, digits, `-`; and `_`, which RFC 5321 lacks and test networks (container names) use all the same. */
const ASCII_LABEL = /^[A-Za-z0-9_-]+$/;

/** What IDNA2008 lets into a U-label (RFC 5892), by general category; context rules are those of node's UTS 46. */
const U_LABEL = /^(?:[\p{Ll}\p{Lo}\p{Lm}\p{Mn}\p{Mc}\p{Nd}\u00b7\u0375\u05f3\u05f4\u30fb-]|\u200c|\u200d)+$/u;

/** General-address-literal (RFC 5321 section 4.1.3) with a tag of its own. */
const TAGGED_LITERAL = /^\[[A-Za-z0-9-]*[A-Za-z0-9]:[\x21-\x5a\x5e-\x7e]+\]$/;

const IPV6_TAG = /^ipv6:/i;

/** The addresses of a long list share a few domains, and each is asked for by the checks, the envelope and the header. */
const KEPT = 64;
const answers = new Map<string, AsciiDomain>();

/**
 * The domain of an address as DNS and SMTP take it: A-labels for an IDN, an address literal as it stands (RFC 5321
 * sections 2.3.5 and 4.1.3). Strict where `domainToASCII` maps, strips, percent-decodes or reads an IPv4 address
 * into it: whatever comes out means exactly what was written.
 */
export function asciiDomain(domain: string): AsciiDomain {
  const known = answers.get(domain);
  if (known) return known;
  if (domain.length > MAX_DOMAIN) return readDomain(domain);
  const own = ownText(domain);
  const answer = readDomain(own);
  if (answers.size === KEPT) answers.clear();
  answers.set(own, answer);
  return answer;
}

function readDomain(domain: string): AsciiDomain {
  if (domain === '') return { fault: 'empty' };
  if (domain.startsWith('[')) return isDomainLiteral(domain) ? { ascii: domain } : { fault: 'literal' };
  if (domain.length > 4 * MAX_DOMAIN) return { fault: 'too-long' };
  const labels: string[] = [];
  for (const label of domain.split('.')) {
    const result = asciiLabel(label);
    if (result.ascii === undefined) {
      return result.meant === undefined ? result : { fault: result.fault, meant: domain.replace(label, result.meant) };
    }
    labels.push(result.ascii);
  }
  const ascii = labels.join('.');
  if (ascii.length > MAX_DOMAIN) return { fault: 'too-long' };
  if (isIPv4(ascii)) return { fault: 'numeric', meant: `[${ascii}]` };
  // No top-level domain is all digits (RFC 3696 section 2); resolvers read such a name as an address.
  if (/^\d+$/.test(labels[labels.length - 1] ?? '')) return { fault: 'numeric' };
  // The Bidi rule (RFC 5893) looks at the whole name.
  if (ascii !== domain && domainToASCII(ascii) === '') return { fault: 'character' };
  return { ascii };
}

function asciiLabel(label: string): AsciiDomain {
  if (label === '') return { fault: 'empty-label' };
  if (/^[\x00-\x7f]*$/.test(label)) {
    if (!ASCII_LABEL.test(label)) return { fault: 'character' };
    if (label.length > MAX_LABEL) return { fault: 'label-too-long' };
    if (label.startsWith('-') || label.endsWith('-')) return { fault: 'hyphen' };
    if (/^xn--/i.test(label)) return isALabel(label) ? { ascii: label } : { fault: 'a-label' };
    return { ascii: label };
  }
  const canonical = label.normalize('NFC').toLowerCase();
  if (!U_LABEL.test(canonical)) {
    const mapped = domainToUnicode(domainToASCII(label));
    return mapped !== '' && mapped !== canonical && (U_LABEL.test(mapped) || /^[a-z0-9.-]+$/.test(mapped))
      ? { fault: 'not-canonical', meant: mapped }
      : { fault: 'character' };
  }
  // RFC 5891 sections 4.2.3.1 and 5.4: no hyphen at either end, none in both third and fourth place.
  if (canonical.startsWith('-') || canonical.endsWith('-') || canonical.slice(2, 4) === '--')
    return { fault: 'hyphen' };
  // RFC 5891 section 4.2.3.2.
  if (/^\p{M}/u.test(canonical)) return { fault: 'character' };
  const ascii = domainToASCII(canonical);
  if (!/^xn--[a-z0-9-]+$/.test(ascii)) {
    return /^[a-z][a-z0-9-]*$/.test(ascii) ? { fault: 'not-canonical', meant: ascii } : { fault: 'character' };
  }
  const back = domainToUnicode(ascii);
  if (back !== canonical) return { fault: 'not-canonical', meant: back };
  return ascii.length > MAX_LABEL ? { fault: 'label-too-long' } : { ascii };
}

function isALabel(label: string): boolean {
  const lower = label.toLowerCase();
  const unicode = domainToUnicode(lower);
  return unicode !== '' && unicode !== lower && domainToASCII(unicode) === lower;
}

/** `[192.0.2.1]`, `[IPv6:2001:db8::1]` or another tag with its text. */
function isDomainLiteral(domain: string): boolean {
  if (!domain.startsWith('[') || !domain.endsWith(']') || domain.length > MAX_DOMAIN) return false;
  const inner = domain.slice(1, -1);
  if (isIPv4(inner)) return true;
  if (IPV6_TAG.test(inner)) return !inner.includes('%') && isIPv6(inner.slice(5));
  return TAGGED_LITERAL.test(domain);
}
