/** What an extension of SMTP (a keyword of the reply to EHLO) lets a client do, in a few words. */
export const EXTENSION_NOTES: Readonly<Record<string, string>> = {
  '8BITMIME': 'takes 8-bit text as it is (RFC 6152)',
  ATRN: 'on-demand relay (RFC 2645)',
  AUTH: 'login, by these mechanisms (RFC 4954)',
  BINARYMIME: 'takes binary parts as they are (RFC 3030)',
  BURL: 'takes parts by an IMAP URL (RFC 4468)',
  CHUNKING: 'BDAT in place of DATA (RFC 3030)',
  DELIVERBY: 'a time limit for delivery (RFC 2852)',
  DSN: 'reports of delivery on request (RFC 3461)',
  ENHANCEDSTATUSCODES: 'replies say more exactly what is wrong (RFC 2034)',
  ETRN: 'starts a queue (RFC 1985)',
  EXPN: 'lists the members of a mailing list',
  FUTURERELEASE: 'holds a message until later (RFC 4865)',
  HELP: 'answers HELP',
  LIMITS: 'says its limits (RFC 9422)',
  'MT-PRIORITY': 'priorities of messages (RFC 6710)',
  'NO-SOLICITING': 'wants no advertising (RFC 3865)',
  PIPELINING: 'takes commands in groups (RFC 2920)',
  REQUIRETLS: 'TLS for the whole way, on request (RFC 8689)',
  RRVS: 'recipients that must be the same as at a date (RFC 7293)',
  SIZE: 'says the largest message it takes (RFC 1870)',
  SMTPUTF8: 'takes addresses and header fields in UTF-8 (RFC 6531)',
  STARTTLS: 'can go over to TLS (RFC 3207)',
  VRFY: 'checks an address',
  XCLIENT: 'takes another client’s address for testing (Postfix)',
  XFORWARD: 'takes another client’s address for its log (Postfix)',
};

/** Those that a message may need, for the list of what a server lacks. */
export const WORTH_HAVING = ['PIPELINING', 'SIZE', '8BITMIME', 'SMTPUTF8', 'DSN', 'CHUNKING'] as const;
