import { atOnce, type Steps } from '../base/steps.ts';
import { type HeaderFacts, headerFacts, type OutlineField, readField } from './outline-header.ts';

/** A part of a message as it stands in its octets. Offsets are octets from the start, half-open. */
export interface OutlinePart extends HeaderFacts {
  readonly headerStart: number;
  /** Where the body begins, behind the blank line; the end of the part where there is none. */
  readonly bodyStart: number;
  /** The line end that belongs to the boundary behind it apart (RFC 2046 section 5.1.1). */
  readonly bodyEnd: number;
  readonly fields: readonly OutlineField[];
  /** Octets of the body as it travels. */
  readonly size: number;
  /** Octets of the body once its transfer encoding is undone; those of the body itself for a multipart. */
  readonly decodedSize: number;
  /** The parts of a multipart, or the one message in a message/rfc822. */
  readonly children: readonly OutlinePart[];
}

type OpenPart = { -readonly [Key in keyof OutlinePart]: OutlinePart[Key] } & {
  fields: OutlineField[];
  children: OutlinePart[];
  boundary?: string;
};

/** Deeper nesting is nobody's message; what lies deeper counts as content. */
const deepest = 100;

/**
 * The parts of a message, built or received, whatever its octets are: total and linear. Lines end in CRLF or LF. A multipart
 * that is not closed ends with its parent; a boundary of an outer part ends every part inside of it.
 */
export function outline(octets: Uint8Array): OutlinePart {
  return atOnce(outlineSteps(octets));
}

/** The same in parts. */
export function outlineSteps(octets: Uint8Array): Steps<OutlinePart> {
  return new Outliner(octets).read();
}

class Outliner {
  readonly #octets: Buffer;
  readonly #open: OpenPart[] = [];
  /** Where in `#open` the multipart of a boundary is. */
  readonly #boundaries = new Map<string, number>();
  #inHeader = true;
  /** Start of the header field that is being read. */
  #fieldStart = -1;

  constructor(octets: Uint8Array) {
    this.#octets = Buffer.from(octets.buffer, octets.byteOffset, octets.length);
  }

  *read(): Steps<OutlinePart> {
    const octets = this.#octets;
    const root = this.#start(0);
    let at = 0;
    for (let line = 1; at < octets.length; line++) {
      if (line % 64 === 0) yield;
      const feed = octets.indexOf(0x0a, at);
      const next = feed < 0 ? octets.length : feed + 1;
      const end = feed < 0 ? octets.length : feed > at && octets[feed - 1] === 0x0d ? feed - 1 : feed;
      if (!this.#boundary(at, end, next) && this.#inHeader) this.#headerLine(at, end, next);
      at = next;
    }
    if (this.#inHeader) this.#endHeader(octets.length, octets.length);
    this.#closeTo(0, octets.length);
    return root;
  }

  #start(at: number): OpenPart {
    const part: OpenPart = {
      ...headerFacts([], this.#open[this.#open.length - 1]?.mediaType),
      headerStart: at,
      bodyStart: at,
      bodyEnd: at,
      fields: [],
      size: 0,
      decodedSize: 0,
      children: [],
    };
    this.#open[this.#open.length - 1]?.children.push(part);
    this.#open.push(part);
    this.#inHeader = true;
    this.#fieldStart = -1;
    return part;
  }

  /** Whether the line is the boundary of an open multipart; if so everything inside of it ends. */
  #boundary(start: number, end: number, next: number): boolean {
    const octets = this.#octets;
    if (this.#boundaries.size === 0 || octets[start] !== 0x2d || octets[start + 1] !== 0x2d) return false;
    // RFC 2046 section 5.1.1: at most 70 characters, then white space.
    if (end - start > 400) return false;
    const line = octets.toString('latin1', start + 2, end).trimEnd();
    let index = this.#boundaries.get(line);
    const closing = index === undefined && line.endsWith('--');
    if (closing) index = this.#boundaries.get(line.slice(0, -2));
    if (index === undefined) return false;
    if (this.#inHeader) this.#endHeader(start, start);
    this.#closeTo(index + 1, this.#beforeLineEnd(start));
    if (closing) {
      // What follows up to the next outer boundary is an epilogue.
      this.#forget(this.#open[index]!, index);
      this.#inHeader = false;
    } else this.#start(next);
    return true;
  }

  #beforeLineEnd(at: number): number {
    const octets = this.#octets;
    if (at === 0 || octets[at - 1] !== 0x0a) return at;
    return at > 1 && octets[at - 2] === 0x0d ? at - 2 : at - 1;
  }

  #headerLine(start: number, end: number, next: number): void {
    if (end === start) {
      this.#endHeader(start, next);
      return;
    }
    const first = this.#octets[start];
    if ((first === 0x20 || first === 0x09) && this.#fieldStart >= 0) return;
    this.#endField(start);
    this.#fieldStart = start;
  }

  #endField(at: number): void {
    if (this.#fieldStart < 0) return;
    const field = readField(this.#octets, this.#fieldStart, at);
    if (field) this.#open[this.#open.length - 1]!.fields.push(field);
    this.#fieldStart = -1;
  }

  #endHeader(at: number, bodyStart: number): void {
    this.#endField(at);
    this.#inHeader = false;
    const part = this.#open[this.#open.length - 1]!;
    Object.assign(part, headerFacts(part.fields, this.#open[this.#open.length - 2]?.mediaType));
    part.bodyStart = bodyStart;
    if (this.#open.length >= deepest) return;
    const { boundary } = part;
    if (part.mediaType.startsWith('multipart/')) {
      // An outer boundary of the same name goes first: it ends this part as well.
      if (boundary !== undefined && !this.#boundaries.has(boundary))
        this.#boundaries.set(boundary, this.#open.length - 1);
    } else if (
      (part.mediaType === 'message/rfc822' || part.mediaType === 'message/global') &&
      part.encoding !== 'base64' &&
      part.encoding !== 'quoted-printable' &&
      bodyStart < this.#octets.length
    )
      this.#start(bodyStart);
  }

  /** The boundary of the part at `index` ends nothing any more, if it was its own. */
  #forget({ boundary }: OpenPart, index: number): void {
    if (boundary !== undefined && this.#boundaries.get(boundary) === index) this.#boundaries.delete(boundary);
  }

  #closeTo(depth: number, end: number): void {
    while (this.#open.length > depth) {
      const part = this.#open.pop()!;
      this.#forget(part, this.#open.length);
      part.bodyEnd = Math.max(part.bodyStart, end);
      part.size = part.bodyEnd - part.bodyStart;
      part.decodedSize =
        part.children.length > 0 || part.mediaType.startsWith('multipart/')
          ? part.size
          : decodedSize(this.#octets, part.bodyStart, part.bodyEnd, part.encoding);
    }
  }
}

/** Octets that a body comes to without its transfer encoding. */
function decodedSize(octets: Uint8Array, start: number, end: number, encoding: string): number {
  if (encoding === 'base64') {
    let characters = 0;
    for (let i = start; i < end; i++) {
      const octet = octets[i]!;
      const isData =
        (octet >= 0x61 && octet <= 0x7a) ||
        (octet >= 0x41 && octet <= 0x5a) ||
        (octet >= 0x30 && octet <= 0x39) ||
        octet === 0x2b ||
        octet === 0x2f;
      if (isData) characters++;
    }
    return Math.floor((characters * 3) / 4);
  }
  if (encoding !== 'quoted-printable') return end - start;
  let size = 0;
  for (let i = start; i < end; i++) {
    if (octets[i] !== 0x3d) {
      size++;
      continue;
    }
    if (octets[i + 1] === 0x0a) i += 1;
    else if (octets[i + 1] === 0x0d && octets[i + 2] === 0x0a) i += 2;
    else {
      size++;
      i += 2;
    }
  }
  return size;
}
