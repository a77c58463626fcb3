import type { FileAccess } from '../base/ports.ts';
import type { PlacedFile } from './file-places.ts';
import { CrlfOctets } from './line-ends.ts';

/** What a file holds that is to travel unencoded, found by reading it once. */
export interface FileShape {
  /** Octets with every line end as CRLF. */
  readonly size: number;
  readonly eightBit: boolean;
  readonly nul: boolean;
  /** Octets of the longest line. */
  readonly longest: number;
  /** A line end that is not CRLF. */
  readonly bareBreak: boolean;
  /** Whether the last octet ends a line. */
  readonly endsLine: boolean;
  /** The first octets, at most 1000. */
  readonly head: Buffer;
  /** Lines that begin with `--`, without that and their line ends, of at most 200 octets: boundaries must not be among their beginnings. */
  readonly dashLines: ReadonlySet<string>;
}

const headLength = 1000;
const dashLineLength = 200;

export async function scanFile(file: PlacedFile, files: FileAccess, signal?: AbortSignal): Promise<FileShape> {
  const lines = new CrlfOctets();
  const head: Uint8Array[] = [];
  let headSize = 0;
  let size = 0;
  let raw = 0;
  let eightBit = false;
  let nul = false;
  let bareBreak = false;
  let longest = 0;
  let column = 0;
  let dash = '';
  let inDash = false;
  const dashLines = new Set<string>();
  for await (const chunk of files.stream(file.absolute, signal)) {
    raw += chunk.length;
    const out = lines.push(chunk);
    if (out !== chunk && out.length !== chunk.length) bareBreak = true;
    if (headSize < headLength) {
      head.push(out.slice(0, headLength - headSize));
      headSize += out.length;
    }
    size += out.length;
    for (let i = 0; i < out.length; i++) {
      const octet = out[i]!;
      if (octet === 0x0a) {
        if (inDash && dash.startsWith('--')) dashLines.add(dash.slice(2));
        inDash = false;
        column = 0;
        continue;
      }
      if (octet === 0x0d) continue;
      if (octet >= 0x80) eightBit = true;
      else if (octet === 0) nul = true;
      if (column === 0) {
        inDash = octet === 0x2d;
        dash = '';
      }
      if (inDash && dash.length < dashLineLength) {
        if (column === 1 && octet !== 0x2d) inDash = false;
        else dash += String.fromCharCode(octet);
      }
      column++;
      if (column > longest) longest = column;
    }
  }
  if (inDash && dash.startsWith('--')) dashLines.add(dash.slice(2));
  if (size !== raw) bareBreak = true;
  return {
    size,
    eightBit,
    nul,
    longest,
    bareBreak,
    endsLine: size > 0 && column === 0,
    head: Buffer.concat(head).subarray(0, headLength),
    dashLines,
  };
}

/** Whether octets begin as a message does: with a header field, an mbox line, or the blank line of an empty header. */
export function beginsAsMessage(head: Uint8Array): boolean {
  const text = Buffer.from(head.buffer, head.byteOffset, head.length).toString('latin1');
  return /^(?:\r?\n|From [^\r\n]*\r?\n[!-9;-~]+[ \t]*:|[!-9;-~]+[ \t]*:)/.test(text);
}
