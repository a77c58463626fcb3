import { createHash } from 'node:crypto';

/** One header field, without its last line end, as the relaxed algorithm has it (RFC 6376 section 3.4.2). */
export function relaxedField(field: string): string {
  const colon = field.indexOf(':');
  const name = field.slice(0, colon).trim().toLowerCase();
  const value = field
    .slice(colon + 1)
    .replace(/\r\n/g, '')
    .replace(/[ \t]+/g, ' ')
    .trim();
  return `${name}:${value}`;
}

/** SHA-256 of a body in relaxed form (RFC 6376 section 3.4.4), fed in chunks of any size. */
export class BodyHash {
  readonly #hash = createHash('sha256');
  /** Line ends since the last line that held something: written only when something follows. */
  #lineEnds = 0;
  /** White space since the last character of this line. */
  #space = false;
  #cr = false;
  #any = false;

  update(chunk: Uint8Array): void {
    const out = Buffer.allocUnsafe(chunk.length * 2 + 2 * this.#lineEnds + 4);
    let length = 0;
    for (let i = 0; i < chunk.length; i++) {
      const octet = chunk[i]!;
      if (octet === 0x0d && !this.#cr) {
        this.#cr = true;
        continue;
      }
      if (octet === 0x0a && this.#cr) {
        this.#cr = false;
        this.#space = false;
        this.#lineEnds++;
        continue;
      }
      if (octet === 0x20 || octet === 0x09) {
        this.#space = true;
        continue;
      }
      while (this.#lineEnds > 0) {
        out[length++] = 0x0d;
        out[length++] = 0x0a;
        this.#lineEnds--;
      }
      if (this.#space) out[length++] = 0x20;
      this.#space = false;
      out[length++] = octet;
    }
    this.#hash.update(out.subarray(0, length));
    this.#any ||= length > 0;
  }

  /** In base64. A body that holds something ends in one CRLF; one that does not is empty. */
  digest(): string {
    if (this.#any) this.#hash.update('\r\n');
    return this.#hash.digest('base64');
  }
}
