/** Atoms with single spaces between them: a phrase that needs no quotes (RFC 5322 section 3.2.5, RFC 6532). */
const PLAIN_PHRASE = /^[^\s\x00-\x1f\x7f-\x9f()<>[\]:;@\\,."]+(?: [^\s\x00-\x1f\x7f-\x9f()<>[\]:;@\\,."]+)*$/;

/** `dot-atom-text` with UTF-8 (RFC 5322 section 3.2.3, RFC 6531 section 3.3). */
const DOT_ATOM = /^[^\s\x00-\x1f\x7f-\x9f()<>[\]:;@\\,."]+(?:\.[^\s\x00-\x1f\x7f-\x9f()<>[\]:;@\\,."]+)*$/;

/** What looks like an encoded-word would be decoded by readers, unless it is quoted (RFC 2047 section 5). */
const ENCODED_WORD = /=\?[^?\s]*\?[^?\s]*\?[^?\s]*\?=/;

/** Quotes around it, `"` and `\` escaped. CR, LF and NUL have to be refused before this: it lets them through. */
export function quoteString(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** A display name as a phrase: quoted where it needs to be. The empty name is `""`. */
export function formatPhrase(name: string): string {
  return PLAIN_PHRASE.test(name) && !ENCODED_WORD.test(name) ? name : quoteString(name);
}

export function formatLocalPart(local: string): string {
  return DOT_ATOM.test(local) ? local : quoteString(local);
}

/** An addr-spec (RFC 5322 section 3.4.1), the local part quoted where it needs to be. */
export function formatAddress(local: string, domain: string): string {
  return `${formatLocalPart(local)}@${domain}`;
}

/** A mailbox as it stands in a header field: `Ann <ann@a.example>`, or the bare address where it has no name. */
export function formatMailbox(mailbox: {
  readonly name?: { readonly text: string };
  readonly local: string;
  readonly domain: string;
}): string {
  const address = formatAddress(mailbox.local, mailbox.domain);
  return mailbox.name === undefined ? address : `${formatPhrase(mailbox.name.text)} <${address}>`;
}
