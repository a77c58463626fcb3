import { enhancedOf } from './codes.ts';

/** One reply, of one or more lines (RFC 5321 section 4.2). */
export interface Reply {
  readonly code: number;
  /** The enhanced status code (RFC 2034) of its last line that has one. */
  readonly enhanced?: string;
  /** The text of each line, code and separator taken off; octets that are not UTF-8 as `\xNN`. */
  readonly lines: readonly string[];
  /** Every line as it came, code included, without its line end. */
  readonly full: readonly string[];
}

export type ReplyFault =
  /** A line that does not begin with three digits and a space, hyphen or line end. */
  | { readonly fault: 'malformed'; readonly line: string }
  /** The lines of one reply carry different codes (section 4.2.1 forbids it). */
  | { readonly fault: 'mixed-codes'; readonly line: string }
  | { readonly fault: 'too-long'; readonly limit: number };

export type Parsed = { readonly reply: Reply } | { readonly fault: ReplyFault } | 'incomplete';

/** RFC 5321 section 4.5.3.1.5 allows 512 octets a line; real servers send more. */
const maxLine = 64 * 1024;
const maxReply = 1024 * 1024;

const nothing = Buffer.alloc(0);

/**
 * Reads replies out of octets that arrive in pieces of any size. It holds no more than it was fed and looks at each
 * octet once. After a fault nothing more can be read: where the next reply begins is not known.
 */
export class ReplyParser {
  /** What was fed and not looked at. */
  #waiting: Buffer[] = [];
  /** What is being looked at, and where in it the next line begins. */
  #current: Buffer = nothing;
  #start = 0;
  /** Earlier pieces of a line that has no end yet. */
  #open: Buffer[] = [];
  #openSize = 0;
  /** What is being looked at as text, where it is ASCII and nothing is open: in most sessions always. */
  #text: string | undefined;
  #full: string[] = [];
  #lines: string[] = [];
  /** Octets of the lines in `#full`. */
  #size = 0;
  #code = 0;
  #fault: ReplyFault | undefined;
  readonly #known = new Map<string, Parsed>();
  readonly #onLine: ((line: Uint8Array) => void) | undefined;

  /** `onLine` gets each line as it is read, its line end included. */
  constructor(onLine?: (line: Uint8Array) => void) {
    this.#onLine = onLine;
  }

  feed(octets: Uint8Array): void {
    this.#waiting.push(Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength));
  }

  /** Octets fed and not yet part of a reply that was returned. */
  get buffered(): number {
    const waiting = this.#waiting.reduce((sum, piece) => sum + piece.length, 0);
    return this.#size + this.#openSize + this.#current.length - this.#start + waiting;
  }

  /** Everything that was fed and read as no line yet, in lines, for the record of a session that broke. */
  drain(): Uint8Array[] {
    const rest = Buffer.concat([...this.#open, this.#current.subarray(this.#start), ...this.#waiting]);
    this.#open = [];
    this.#waiting = [];
    this.#current = nothing;
    this.#text = undefined;
    this.#start = this.#openSize = this.#size = 0;
    const lines: Uint8Array[] = [];
    for (let from = 0; from < rest.length; ) {
      const end = rest.indexOf(0x0a, from);
      const next = end === -1 ? rest.length : end + 1;
      lines.push(rest.subarray(from, next));
      from = next;
    }
    return lines;
  }

  /** The next reply. `ended`: nothing more will come, so that a last line may do without its line end. */
  next(ended = false): Parsed {
    if (this.#fault !== undefined) return { fault: this.#fault };
    for (;;) {
      const line = this.#line(ended);
      if (line === undefined) return this.#fault === undefined ? 'incomplete' : { fault: this.#fault };
      if (this.#full.length === 0) {
        const known = this.#known.get(line);
        if (known !== undefined) {
          this.#size = 0;
          return known;
        }
      }
      const separator = line.charCodeAt(3);
      // A bare "250" without separator is a last line (section 4.2: "SHOULD be prepared").
      if (!/^[2-5][0-9]{2}(?:[ -]|$)/.test(line)) return this.#fail({ fault: 'malformed', line });
      const code = Number(line.slice(0, 3));
      if (this.#full.length === 0) this.#code = code;
      else if (code !== this.#code) return this.#fail({ fault: 'mixed-codes', line });
      this.#full.push(line);
      this.#lines.push(line.slice(4));
      if (separator !== 0x2d) return this.#remember({ reply: this.#take() });
    }
  }

  /** The same few lines answer every message of a session; each is read once. */
  #remember(parsed: { readonly reply: Reply }): Parsed {
    const line = parsed.reply.full[0]!;
    if (parsed.reply.full.length === 1 && line.length <= 80 && this.#known.size < 64) this.#known.set(line, parsed);
    return parsed;
  }

  #take(): Reply {
    const full = this.#full;
    const lines = this.#lines;
    this.#full = [];
    this.#lines = [];
    this.#size = 0;
    let enhanced: string | undefined;
    for (let i = lines.length - 1; i >= 0 && enhanced === undefined; i--) enhanced = enhancedOf(this.#code, lines[i]!);
    return enhanced === undefined ? { code: this.#code, lines, full } : { code: this.#code, enhanced, lines, full };
  }

  #fail(fault: ReplyFault): Parsed {
    this.#fault = fault;
    return { fault };
  }

  /** The next line without its line end: CRLF, or the bare LF of careless servers. */
  #line(ended: boolean): string | undefined {
    for (;;) {
      if (this.#text !== undefined) {
        const line = this.#textLine(this.#text);
        if (line !== undefined || this.#fault !== undefined) return line;
      }
      const end = this.#text === undefined ? this.#current.indexOf(0x0a, this.#start) : -1;
      if (end !== -1) return this.#whole(this.#current.subarray(this.#start, end + 1), end + 1);
      if (this.#start < this.#current.length) {
        this.#open.push(this.#current.subarray(this.#start));
        this.#openSize += this.#current.length - this.#start;
      }
      this.#current = this.#waiting.shift() ?? nothing;
      this.#start = 0;
      this.#text = this.#plain(this.#current);
      if (this.#openSize > maxLine) return this.#tooLong(maxLine);
      if (this.#current !== nothing) continue;
      return ended && this.#openSize > 0 ? this.#whole(nothing, 0) : undefined;
    }
  }

  /** The piece as text, where lines can be cut out of it as they are. */
  #plain(piece: Buffer): string | undefined {
    if (this.#onLine !== undefined || this.#openSize > 0 || piece.length === 0 || piece.length > maxLine)
      return undefined;
    const text = piece.toString('latin1');
    return ascii.test(text) ? text : undefined;
  }

  #textLine(text: string): string | undefined {
    const end = text.indexOf('\n', this.#start);
    if (end === -1) return undefined;
    const line = text.slice(this.#start, text.charCodeAt(end - 1) === 0x0d ? end - 1 : end);
    this.#size += end + 1 - this.#start;
    if (this.#size > maxReply) return this.#tooLong(maxReply);
    this.#start = end + 1;
    return line;
  }

  /** A line whose last piece is `piece`, which ends at `next` of what is being looked at. */
  #whole(piece: Buffer, next: number): string | undefined {
    const line = this.#open.length === 0 ? piece : Buffer.concat([...this.#open, piece]);
    if (this.#openSize > 0) this.#open = [];
    this.#openSize = 0;
    this.#start = next;
    if (line.length > maxLine) return this.#tooLong(maxLine);
    this.#size += line.length;
    if (this.#size > maxReply) return this.#tooLong(maxReply);
    this.#onLine?.(line);
    const end =
      line[line.length - 1] !== 0x0a ? line.length : line[line.length - 2] === 0x0d ? line.length - 2 : line.length - 1;
    return decode(line.subarray(0, end));
  }

  #tooLong(limit: number): undefined {
    this.#fault = { fault: 'too-long', limit };
    return undefined;
  }
}

const ascii = /^[\x00-\x7f]*$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** UTF-8 as text; octets that are none as `\xNN`, one by one, the rest as it stands. */
function decode(octets: Buffer): string {
  const text = octets.toString('latin1');
  if (!/[\x80-\xff]/.test(text)) return text;
  try {
    return utf8.decode(octets);
  } catch {
    return text.replace(/[\x80-\xff]/g, (char) => `\\x${char.charCodeAt(0).toString(16).toUpperCase()}`);
  }
}
