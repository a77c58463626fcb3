/** How much of an octet's range a message uses (RFC 2045 sections 2.7 to 2.9): what the server must offer to take it. */
export type Transparency = '7bit' | '8bit' | 'binary';

/**
 * A finished message as octets: CRLF line ends, neither dot-stuffed nor terminated. It can be read more than once and
 * gives the same octets each time, or fails.
 */
export interface ByteSource {
  /** Octets in all, as the SIZE parameter counts them (RFC 1870 section 5). */
  readonly size: number;
  readonly transparency: Transparency;
  /** Whether a header field holds UTF-8, so that the message needs SMTPUTF8 (RFC 6531). */
  readonly utf8Header: boolean;
  /** The whole message, where it is small enough to be held: the fast path of the engine. */
  readonly whole?: Uint8Array;
  /** The octets in order, in chunks of any size. Rejects where the content can no longer be what was measured. */
  read(signal?: AbortSignal): AsyncIterable<Uint8Array>;
}
