/** Text with every CR, LF and CRLF as one LF. */
export function toLf(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** Text with every CR, LF and CRLF as CRLF. */
export function toCrlf(text: string): string {
  return toLf(text).replaceAll('\n', '\r\n');
}

/** Octets, in chunks of any size, with every CR, LF and CRLF as CRLF. */
export class CrlfOctets {
  /** Whether the last octet so far was a CR, whose CRLF has been written. */
  #afterCr = false;

  /** The chunk itself where nothing in it has to change. */
  push(chunk: Uint8Array): Uint8Array {
    if (!this.#changes(chunk)) return chunk;
    const out = Buffer.allocUnsafe(chunk.length * 2);
    let length = 0;
    for (let i = 0; i < chunk.length; i++) {
      const octet = chunk[i]!;
      if (octet === 0x0a) {
        if (!this.#afterCr) {
          out[length++] = 0x0d;
          out[length++] = 0x0a;
        }
        this.#afterCr = false;
      } else if (octet === 0x0d) {
        out[length++] = 0x0d;
        out[length++] = 0x0a;
        this.#afterCr = true;
      } else {
        out[length++] = octet;
        this.#afterCr = false;
      }
    }
    return out.subarray(0, length);
  }

  #changes(chunk: Uint8Array): boolean {
    if (this.#afterCr || chunk[chunk.length - 1] === 0x0d) return true;
    for (let at = chunk.indexOf(0x0a); at >= 0; at = chunk.indexOf(0x0a, at + 1))
      if (chunk[at - 1] !== 0x0d) return true;
    for (let at = chunk.indexOf(0x0d); at >= 0; at = chunk.indexOf(0x0d, at + 1))
      if (chunk[at + 1] !== 0x0a) return true;
    return false;
  }
}
