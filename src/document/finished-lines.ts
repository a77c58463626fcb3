/** The lines of a message's header, in octets. */
export interface ByteLine {
  readonly start: number;
  /** Without its line end. */
  readonly end: number;
  /** Where the next line starts. */
  readonly next: number;
}

export interface ByteField {
  readonly type: 'field' | 'setting' | 'other';
  /** A setting's without its `@`; empty for `other`. */
  readonly name: string;
  /** Folded lines included. */
  readonly lines: readonly ByteLine[];
  /** Where the value starts in the first line. */
  readonly valueStart: number;
}

export interface ByteHeader {
  /** After the byte order mark, where there is one. */
  readonly start: number;
  /** The `From ` line of an mbox, where there is one. */
  readonly mbox?: ByteLine;
  /** Settings that stand before the first field. */
  readonly settings: readonly ByteField[];
  /** Fields, and lines that are none, in order. */
  readonly fields: readonly ByteField[];
  /** After the empty line; the length of the whole where there is none. */
  readonly bodyStart: number;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const TAB = 0x09;
const COLON = 0x3a;
const AT = 0x40;

export function lineAt(bytes: Uint8Array, start: number): ByteLine {
  let end = start;
  while (end < bytes.length && bytes[end] !== LF && bytes[end] !== CR) end++;
  let next = end;
  if (end < bytes.length) next = bytes[end] === CR && bytes[end + 1] === LF ? end + 2 : end + 1;
  return { start, end, next };
}

/** Splits the header from the body at the first empty line, whatever line ends there are (LF, CRLF, lone CR). */
export function splitHeader(bytes: Uint8Array): ByteHeader {
  const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
  const settings: ByteField[] = [];
  const fields: ByteField[] = [];
  let mbox: ByteLine | undefined;
  let open: ByteLine[] | undefined;
  let at = start;
  while (at < bytes.length) {
    const line = lineAt(bytes, at);
    at = line.next;
    if (line.end === line.start) return { start, settings, fields, bodyStart: at, ...(mbox && { mbox }) };
    const first = bytes[line.start]!;
    if ((first === SPACE || first === TAB) && open) {
      open.push(line);
      continue;
    }
    if (fields.length === 0 && !mbox && startsWith(bytes, line, 'From ')) {
      mbox = line;
      open = undefined;
      continue;
    }
    open = [line];
    const field = readField(bytes, line, open);
    if (field.type === 'setting' && fields.length === 0) settings.push(field);
    else fields.push(field);
  }
  return { start, settings, fields, bodyStart: bytes.length, ...(mbox && { mbox }) };
}

function readField(bytes: Uint8Array, line: ByteLine, lines: readonly ByteLine[]): ByteField {
  const setting = bytes[line.start] === AT;
  let nameEnd = line.start;
  while (nameEnd < line.end && bytes[nameEnd] !== COLON && bytes[nameEnd]! > SPACE && bytes[nameEnd]! < 0x7f) nameEnd++;
  let colon = nameEnd;
  // `Bcc : x` is obsolete, and still a Bcc to everybody who reads it (RFC 5322 section 4.5).
  while (colon < line.end && (bytes[colon] === SPACE || bytes[colon] === TAB)) colon++;
  if (colon >= line.end || bytes[colon] !== COLON || nameEnd === line.start) {
    return { type: 'other', name: '', lines, valueStart: line.start };
  }
  const name = latin1(bytes, setting ? line.start + 1 : line.start, nameEnd);
  return { type: setting ? 'setting' : 'field', name, lines, valueStart: colon + 1 };
}

function startsWith(bytes: Uint8Array, line: ByteLine, text: string): boolean {
  if (line.end - line.start < text.length) return false;
  for (let i = 0; i < text.length; i++) if (bytes[line.start + i] !== text.charCodeAt(i)) return false;
  return true;
}

export function latin1(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.max(0, end - start)).toString('latin1');
}
