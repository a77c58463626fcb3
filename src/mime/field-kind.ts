/**
 * How a field's value is written. `unstructured`: words, encoded where they need it. `address`: a list of addresses. `date`: a
 * date-time. `tokens`: ASCII, folded at white space only (message identifiers and other machine-read values). `list`: URLs in angle brackets,
 * with commas (RFC 2369). `list-id`: a phrase and an identifier (RFC 2919).
 */
export type FieldKind = 'unstructured' | 'address' | 'date' | 'tokens' | 'list' | 'list-id';

const kinds: ReadonlyMap<string, FieldKind> = new Map<string, FieldKind>([
  ...[
    'from',
    'sender',
    'reply-to',
    'to',
    'cc',
    'bcc',
    'resent-from',
    'resent-sender',
    'resent-to',
    'resent-cc',
    'resent-bcc',
    'resent-reply-to',
    'disposition-notification-to',
    'return-receipt-to',
    'read-receipt-to',
    'x-confirm-reading-to',
    'mail-followup-to',
    'mail-reply-to',
    'errors-to',
    'apparently-to',
  ].map((name) => [name, 'address'] as const),
  ...['date', 'resent-date'].map((name) => [name, 'date'] as const),
  ...[
    'message-id',
    'in-reply-to',
    'references',
    'resent-message-id',
    'original-message-id',
    'supersedes',
    'obsoletes',
    'content-id',
    'content-language',
    'content-location',
    'content-duration',
    'content-md5',
    'content-features',
    'list-unsubscribe-post',
    'auto-submitted',
    'precedence',
    'priority',
    'importance',
    'sensitivity',
    'x-priority',
    'x-msmail-priority',
    'x-auto-response-suppress',
    'return-path',
    'received',
    'received-spf',
    'authentication-results',
    'arc-seal',
    'arc-message-signature',
    'arc-authentication-results',
    'dkim-signature',
    'autocrypt',
    'bimi-selector',
    'tls-required',
    'accept-language',
    'expires',
    'expiry-date',
    'deferred-delivery',
    'original-recipient',
    'solicitation',
  ].map((name) => [name, 'tokens'] as const),
  ...['list-unsubscribe', 'list-subscribe', 'list-help', 'list-post', 'list-owner', 'list-archive', 'archived-at'].map(
    (name) => [name, 'list'] as const,
  ),
  ['list-id', 'list-id'],
]);

/** The kind of a field by its name, in any case; an unknown one is unstructured (RFC 5322 section 3.6.8). */
export function fieldKind(name: string): FieldKind {
  return kinds.get(name.toLowerCase()) ?? 'unstructured';
}
