/**
 * Who a message is from and for, as SMTP says it (RFC 5321 section 2.3.1), apart from what its header says. Addresses
 * are bare addr-specs without angle brackets, domains as A-labels; local parts may hold UTF-8 (RFC 6531).
 */
export interface Envelope {
  /** The reverse-path; the empty string is the null reverse-path `<>`. */
  readonly sender: string;
  /** At least one forward-path, each once, in the order in which they were written. */
  readonly recipients: readonly string[];
}
