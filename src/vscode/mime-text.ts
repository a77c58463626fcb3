import type { ByteSource } from '../base/source.ts';
import type { BuiltMessage, BuiltPart } from '../mime/built.ts';

/** Octets of a body in base64 from which on only its beginning and its end are shown. */
const longBody = 64 * 1024;
/** base64 is written in lines of 76 characters and CRLF (RFC 2045 section 6.8). */
const lineLength = 78;
const linesShown = 16;
/** Octets after which nothing more is read: a preview is made anew at each keystroke. */
const mostRead = 48 * 1024 * 1024;

interface Gap {
  readonly start: number;
  readonly end: number;
}

/**
 * A message as text for an editor: its exact octets, but for the middle of long attachments, in whose place a line in
 * brackets stands. Octets above 127 are read as UTF-8, or where they are not that, as Latin-1.
 */
export async function mimeText(message: ByteSource, built?: BuiltMessage): Promise<string> {
  const gaps = built ? gapsOf(built.root) : [];
  const shown: (Uint8Array | string)[] = [];
  let offset = 0;
  for await (const chunk of message.read()) {
    take(chunk, offset, gaps, shown);
    offset += chunk.length;
    if (offset >= mostRead && offset < message.size) {
      shown.push(`\r\n[… ${grouped(message.size - offset)} more bytes …]\r\n`);
      break;
    }
  }
  return textOf(shown);
}

function gapsOf(part: BuiltPart): Gap[] {
  if (part.children.length > 0) return part.children.flatMap(gapsOf);
  if (part.encoding !== 'base64' || part.bodyEnd - part.bodyStart <= longBody) return [];
  const lines = Math.ceil((part.bodyEnd - part.bodyStart) / lineLength);
  const at = (line: number) => part.bodyStart + line * lineLength;
  return [{ start: at(linesShown), end: at(lines - linesShown) }];
}

/** Puts what of a chunk stands outside of the gaps at the end of what is shown. */
function take(chunk: Uint8Array, offset: number, gaps: readonly Gap[], shown: (Uint8Array | string)[]): void {
  const end = offset + chunk.length;
  let from = offset;
  for (const gap of gaps) {
    if (gap.end <= from || gap.start >= end) continue;
    if (gap.start >= from) {
      if (gap.start > from) shown.push(chunk.slice(from - offset, gap.start - offset));
      const octets = gap.end - gap.start;
      shown.push(`[… ${grouped(octets / lineLength)} more lines, ${grouped(octets)} bytes …]\r\n`);
    }
    from = Math.min(gap.end, end);
  }
  if (from < end) shown.push(chunk.slice(from - offset));
}

function textOf(pieces: readonly (Uint8Array | string)[]): string {
  const octets = Buffer.concat(pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece) : piece)));
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    // The brackets' own characters would turn to rubbish in Latin-1.
    const latin1 = pieces.map((piece) =>
      typeof piece === 'string' ? piece : Buffer.from(piece.buffer, piece.byteOffset, piece.length).toString('latin1'),
    );
    return latin1.join('');
  }
}

function grouped(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
