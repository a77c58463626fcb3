const CR = 0x0d;
const LF = 0x0a;
const DOT = 0x2e;
/** The same octets four at a time, where memory is cut that way. */
function wordsOf(octets: Uint8Array): Int32Array | undefined {
  if ((octets.byteOffset & 3) !== 0 || octets.length < 64) return undefined;
  return new Int32Array(octets.buffer, octets.byteOffset, octets.length >> 2);
}

/** Whether one of four octets is below 0x0e, hence maybe CR or LF. Never wrong about one that is; now and then about one that is not. */
function mayHoldLineEnd(word: number): boolean {
  return ((word - 0x0e0e0e0e) & ~word & 0x80808080) !== 0;
}

const crlf = Buffer.from('\r\n');
const dot = Buffer.from('.');

/** What ends a message: the CRLF before it, where the message has none of its own, then the dot (RFC 5321 section 4.1.1.4). */
const terminator = Buffer.from('.\r\n');
const lineEndAndTerminator = Buffer.from('\r\n.\r\n');

/**
 * Makes a message fit for DATA: a bare CR and a bare LF become CRLF (RFC 5321 section 2.3.8 forbids them, and servers
 * that take one for a line end can be made to see two messages in one), a dot at the start of a line is doubled
 * (section 4.5.2). The result does not depend on how the message was cut into chunks; only the terminator, which
 * `end` gives, holds CRLF "." CRLF.
 */
export class DotStuffer {
  /** Octets taken in. */
  taken = 0;
  /** Octets and lines of the message as the receiver will have it: without doubled dots and the terminator. */
  octets = 0;
  lines = 0;

  #lineStart = true;
  /** The last octet of the chunk before was a CR, not yet written: only its successor tells what it is. */
  #heldCr = false;

  /** The chunk as it goes over the wire; the chunk itself where nothing in it needs changing. */
  push(chunk: Uint8Array): Buffer {
    const input = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    const length = input.length;
    if (length === 0) return input;
    this.taken += length;
    const pieces: Buffer[] = [];
    let doubled = 0;
    let from = 0;
    let i = 0;
    if (this.#heldCr) {
      this.#heldCr = false;
      pieces.push(crlf);
      this.lines++;
      this.#lineStart = true;
      if (input[0] === LF) from = i = 1;
    }
    if (i < length) {
      if (this.#lineStart && input[i] === DOT) {
        pieces.push(dot);
        doubled++;
      }
      this.#lineStart = false;
    }
    const words = wordsOf(input);
    for (; i < length; i++) {
      if (words !== undefined && (i & 3) === 0) {
        while (i + 4 <= length && !mayHoldLineEnd(words[i >> 2]!)) i += 4;
        if (i === length) break;
      }
      const octet = input[i]!;
      if (octet > CR || (octet !== LF && octet !== CR)) continue;
      if (octet === CR && i + 1 === length) {
        this.#heldCr = true;
        break;
      }
      if (octet === CR && input[i + 1] === LF) i++;
      else {
        // The LF of a pair was skipped just now: what is seen here, CR or LF, stands alone.
        pieces.push(input.subarray(from, i), crlf);
        from = i + 1;
      }
      this.lines++;
      if (i + 1 === length) this.#lineStart = true;
      else if (input[i + 1] === DOT) {
        pieces.push(input.subarray(from, i + 1), dot);
        doubled++;
        from = i + 1;
      }
    }
    const end = this.#heldCr ? length - 1 : length;
    const last = from === 0 && end === length ? input : input.subarray(from, end);
    const out = pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
    this.octets += out.length - doubled;
    return out;
  }

  /** What is still held, and the terminator. */
  end(): Buffer {
    if (this.#lineStart && !this.#heldCr) return terminator;
    this.#heldCr = false;
    this.octets += 2;
    this.lines++;
    return lineEndAndTerminator;
  }
}
