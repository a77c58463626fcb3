import { isUtf8 } from 'node:buffer';
import { lineFault } from '../smtp/syntax.ts';
import { type Reply, replies } from './replies.ts';

const LF = 10;
const CR = 13;

/** A command line without its CRLF, or what is wrong with it. */
export type CommandLine = { readonly text: string } | { readonly wrong: Reply };

/**
 * Octets that have come and are not used up, and the command lines in them. A line ends with CRLF and nothing else
 * (RFC 5321 section 2.3.8). One that ends with a bare LF is not obeyed, yet answered at once, so that somebody who
 * types by hand over a raw connection learns why instead of waiting.
 */
export class CommandReader {
  #octets: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Whether the line being read was too long already: the rest of it is thrown away. */
  #overlong = false;

  /** Octets that wait to be read. */
  get length(): number {
    return this.#octets.length - this.#at;
  }

  push(octets: Buffer): void {
    this.#octets = this.length === 0 ? octets : Buffer.concat([this.#octets.subarray(this.#at), octets]);
    this.#at = 0;
  }

  /** The octets that wait; `used` tells how many of them were taken. */
  rest(): Buffer {
    return this.#at === 0 ? this.#octets : this.#octets.subarray(this.#at);
  }

  used(count: number): void {
    this.#at += count;
  }

  /** The next line, if all of it has come; `longest` counts its CRLF (RFC 5321 section 4.5.3.1.4). */
  line(longest: number): CommandLine | undefined {
    const octets = this.#octets;
    const from = this.#at;
    const end = octets.indexOf(LF, from);
    if (end === -1) {
      if (this.length > longest) {
        this.#overlong = true;
        this.#at = octets.length;
      }
      return undefined;
    }
    this.#at = end + 1;
    if (this.#overlong || end + 1 - from > longest) {
      this.#overlong = false;
      return { wrong: replies.lineTooLong };
    }
    if (end === from || octets[end - 1] !== CR) return { wrong: replies.bareLineEnd };
    const ascii = octets.toString('latin1', from, end - 1);
    if (/^[\x20-\x7e]*$/.test(ascii)) return { text: ascii };
    const line = octets.subarray(from, end - 1);
    if (!isUtf8(line)) return { wrong: replies.badCharacter };
    const text = line.toString('utf8');
    return lineFault(text) === undefined ? { text } : { wrong: replies.badCharacter };
  }
}
