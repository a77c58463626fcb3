/** RFC 5322 section 2.1.1: lines that can be folded are at most 78 characters long. */
export const foldAt = 78;
/** RFC 2047 section 2: a line with an encoded-word is at most 76 characters long. */
export const foldEncodedAt = 76;
/** RFC 5322 section 2.1.1: no line is ever longer, in octets. */
export const maxLine = 998;

/**
 * One header field being written, token by token. Tokens are never broken; a fold goes before one that does not fit. A
 * line that holds nothing but white space never comes about.
 */
export class FieldLine {
  #out: string;
  #column: number;
  #limit = foldAt;
  #empty = true;

  constructor(name: string) {
    this.#out = `${name}:`;
    this.#column = this.#out.length;
  }

  /** Whether nothing has been written behind the colon yet. */
  get empty(): boolean {
    return this.#empty;
  }

  /** How long an encoded-word may be to stand on this line, after a space. */
  get encodedRoom(): number {
    return foldEncodedAt - this.#column - 1;
  }

  /** A token behind a space or a fold. */
  token(token: string, encoded = false): void {
    const limit = encoded ? foldEncodedAt : this.#limit;
    if (this.#column + 1 + token.length > limit && !(this.#empty && this.#column < 20 && token.length > foldAt)) {
      this.#out += `\r\n ${token}`;
      this.#column = 1 + token.length;
      this.#limit = encoded ? foldEncodedAt : foldAt;
    } else {
      this.#out += ` ${token}`;
      this.#column += 1 + token.length;
      if (encoded) this.#limit = foldEncodedAt;
    }
    this.#empty = false;
  }

  /** Encoded-words; `suffix` (a comma) goes right behind the last one. */
  encoded(words: readonly string[], suffix = ''): void {
    for (let i = 0; i < words.length; i++) this.token(i === words.length - 1 ? words[i]! + suffix : words[i]!, true);
  }

  /** The field with its line end. */
  finish(): string {
    return this.#empty ? `${this.#out} \r\n` : `${this.#out}\r\n`;
  }
}

/** The longest line of CRLF-ended text, in octets of UTF-8, its line end apart. */
export function longestLine(text: string): number {
  let longest = 0;
  for (const line of text.split('\r\n'))
    longest = Math.max(longest, line.length * 3 <= longest ? 0 : Buffer.byteLength(line));
  return longest;
}
