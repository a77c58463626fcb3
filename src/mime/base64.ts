/** Input octets of a full line: 76 characters of base64 (RFC 2045 section 6.8). */
export const lineInput = 57;
/** Octets of a full line that another one follows, its line end included. */
export const lineOutput = 78;

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Two characters for each twelve bits, in memory order. */
const pairs = new Uint16Array(4096);
{
  const octets = new Uint8Array(pairs.buffer);
  for (let i = 0; i < 4096; i++) {
    octets[2 * i] = alphabet.charCodeAt(i >> 6);
    octets[2 * i + 1] = alphabet.charCodeAt(i & 63);
  }
}
/** CRLF as two octets in memory order. */
const crlf = new Uint16Array(Uint8Array.of(0x0d, 0x0a).buffer)[0]!;

/** The octets that `size` octets come to in base64: lines of 76 parted by CRLF, none behind the last. */
export function base64Length(size: number): number {
  if (size === 0) return 0;
  const before = Math.floor((size - 1) / lineInput);
  return before * lineOutput + 4 * Math.ceil((size - before * lineInput) / 3);
}

/** The way back: the octets that so many of base64 stand for, padding counted as if it were content. */
export function base64Content(length: number): number {
  return Math.floor(((length - 2 * Math.ceil(length / lineOutput)) * 3) / 4);
}

/** Lines that are worth a call into native code. */
const fewLines = 32;
/** Lines that are encoded at a time: what they come to stays in the processor's cache. */
const blockLines = 1024;
let scratch: Uint32Array | undefined;

/**
 * Writes full lines: `count` of them, from `input` at `from` to `octets` at line `line`. Node's own base64 is many times faster than
 * any loop in JavaScript, but knows no lines: it fills a scratch buffer, from which they are copied four octets at a time. Two
 * lines are 156 octets, so that every other one begins at a word; in the one behind it all words are moved by half of one.
 */
function writeLines(input: Buffer, from: number, octets: Buffer, line: number, count: number): void {
  const halves = new Uint16Array(octets.buffer, octets.byteOffset, octets.length >> 1);
  let done = 0;
  if (count >= fewLines) {
    if (line % 2 === 1) {
      writeFewLines(input, from, halves, line, 1);
      done = 1;
    }
    const words = new Uint32Array(octets.buffer, octets.byteOffset, octets.length >> 2);
    scratch ??= new Uint32Array((blockLines * 76) / 4);
    const target = Buffer.from(scratch.buffer);
    while (count - done >= 2) {
      const lines = Math.min(blockLines, (count - done) & ~1);
      const start = from + done * lineInput;
      target.write(input.toString('base64', start, start + lines * lineInput), 'latin1');
      copyPairs(scratch, words, ((line + done) * lineOutput) / 4, lines / 2);
      done += lines;
    }
  }
  for (; done < count; done++) writeFewLines(input, from + done * lineInput, halves, line + done, 1);
}

/** Little-endian, as every machine is that this runs on. */
function copyPairs(source: Uint32Array, words: Uint32Array, at: number, pairs: number): void {
  let p = 0;
  let o = at;
  for (let pair = 0; pair < pairs; pair++) {
    for (let i = 0; i < 19; i++) words[o++] = source[p++]!;
    let carry = crlf;
    for (let i = 0; i < 19; i++) {
      const word = source[p++]!;
      words[o++] = carry | (word << 16);
      carry = word >>> 16;
    }
    words[o++] = carry | (crlf << 16);
  }
}

/** The same for a few lines: two look-ups for three octets, two octets stored at once. */
function writeFewLines(input: Buffer, from: number, output: Uint16Array, line: number, count: number): void {
  let i = from;
  let o = line * (lineOutput / 2);
  for (let n = 0; n < count; n++) {
    const end = i + lineInput;
    while (i < end) {
      const a = input[i]!;
      const b = input[i + 1]!;
      const c = input[i + 2]!;
      output[o] = pairs[(a << 4) | (b >> 4)]!;
      output[o + 1] = pairs[((b & 15) << 8) | c]!;
      i += 3;
      o += 2;
    }
    output[o++] = crlf;
  }
}

/** Base64 in lines of 76 characters parted by CRLF, none behind the last. */
export function encodeBase64(input: Uint8Array): Buffer {
  const encoder = new Base64Encoder();
  const head = encoder.push(input);
  const tail = encoder.end();
  return tail.length === 0 ? head : head.length === 0 ? tail : Buffer.concat([head, tail]);
}

/** The same over chunks of any size; every result is a buffer of its own, and together they are as above. */
export class Base64Encoder {
  readonly #rest = Buffer.allocUnsafeSlow(lineInput);
  #held = 0;

  push(input: Uint8Array): Buffer {
    const chunk = Buffer.from(input.buffer, input.byteOffset, input.length);
    let from = 0;
    const total = this.#held + chunk.length;
    // A line goes out, with its CRLF, when it is known that another one follows.
    const lines = Math.max(0, Math.floor((total - 1) / lineInput));
    if (lines === 0) {
      this.#rest.set(chunk, this.#held);
      this.#held = total;
      return Buffer.alloc(0);
    }
    // Not zeroed, since all of it is written; a buffer of its own, so that it is aligned.
    const output = Buffer.allocUnsafeSlow(lines * lineOutput);
    let line = 0;
    if (this.#held > 0) {
      from = lineInput - this.#held;
      this.#rest.set(chunk.subarray(0, from), this.#held);
      writeLines(this.#rest, 0, output, 0, 1);
      line = 1;
    }
    writeLines(chunk, from, output, line, lines - line);
    from += (lines - line) * lineInput;
    this.#held = chunk.length - from;
    this.#rest.set(chunk.subarray(from));
    return output;
  }

  /** The last line. */
  end(): Buffer {
    if (this.#held === 0) return Buffer.alloc(0);
    const text = this.#rest.toString('base64', 0, this.#held);
    this.#held = 0;
    return Buffer.from(text, 'latin1');
  }
}
