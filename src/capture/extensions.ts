/**
 * The service extensions that the server offers, in the order of its EHLO reply. It relays nothing, so those that only
 * bind a relay (DSN) cost it no more than to read and to keep the parameters.
 */
const EXTENSIONS = [
  'PIPELINING', // RFC 2920
  'SIZE', // RFC 1870
  '8BITMIME', // RFC 6152
  'SMTPUTF8', // RFC 6531
  'CHUNKING', // RFC 3030
  'BINARYMIME', // RFC 3030
  'DSN', // RFC 3461
  'ENHANCEDSTATUSCODES', // RFC 2034
  'STARTTLS', // RFC 3207
  'AUTH', // RFC 4954
  'HELP', // RFC 5321 section 4.1.1.8
] as const;
export type Extension = (typeof EXTENSIONS)[number];

/** What is offered to a session, given what it has reached so far. */
export interface Offer {
  readonly without: ReadonlySet<string>;
  readonly maxSize: number;
  /** Whether TLS can still begin. */
  readonly tlsPossible: boolean;
}

export function offers(extension: Extension, offer: Offer): boolean {
  if (offer.without.has(extension)) return false;
  if (extension === 'STARTTLS') return offer.tlsPossible;
  // RFC 3030 section 3: BINARYMIME can't be used without CHUNKING.
  if (extension === 'BINARYMIME') return !offer.without.has('CHUNKING');
  // RFC 6531 section 3.1: a server that offers SMTPUTF8 must offer 8BITMIME too.
  if (extension === 'SMTPUTF8') return !offer.without.has('8BITMIME');
  return true;
}

/** The lines of the EHLO reply after the server's name (RFC 5321 section 4.1.1.1). */
export function ehloLines(offer: Offer): string[] {
  return EXTENSIONS.filter((extension) => offers(extension, offer)).map((extension) => {
    if (extension === 'SIZE') return `SIZE ${offer.maxSize}`;
    if (extension === 'AUTH') return 'AUTH PLAIN LOGIN';
    return extension;
  });
}
