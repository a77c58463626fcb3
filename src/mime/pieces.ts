import type { FileAccess } from '../base/ports.ts';
import { Base64Encoder, base64Length, encodeBase64, lineInput, lineOutput } from './base64.ts';
import type { PlacedFile } from './file-places.ts';
import { CrlfOctets } from './line-ends.ts';
import { SourceFailure } from './source-failure.ts';

/** A stretch of a message: octets that are there, or a file that is read and encoded when its turn comes. */
export type Piece = Uint8Array | FilePiece;

export interface FilePiece {
  readonly file: PlacedFile;
  /** `base64`: lines of 76; `crlf`: as it is, line ends made CRLF (an attached message); `raw`: as it is. */
  readonly form: 'base64' | 'crlf' | 'raw';
  /** Octets that it comes to. */
  readonly size: number;
  /** Whether the last of them is a line end. */
  readonly endsLine: boolean;
}

export function base64Piece(file: PlacedFile): FilePiece {
  return { file, form: 'base64', size: base64Length(file.stat.size), endsLine: false };
}

/** Whether a message may end with it: a line end is its last octet, or there is none at all. */
export function endsLine(piece: Piece): boolean {
  if (piece instanceof Uint8Array) return piece.length === 0 || piece[piece.length - 1] === 0x0a;
  return piece.endsLine || piece.size === 0;
}

export function pieceSize(piece: Piece): number {
  return piece instanceof Uint8Array ? piece.length : piece.size;
}

/** A small file in the form of its piece, in one go. Rejects as reading it does. */
export async function wholePiece(piece: FilePiece, files: FileAccess): Promise<Uint8Array> {
  const { file } = piece;
  let octets: Uint8Array;
  try {
    octets = await files.read(file.absolute);
  } catch (error) {
    throw new SourceFailure('unreadable', file.path, error);
  }
  if (octets.length !== file.stat.size) throw new SourceFailure('changed', file.path);
  const encoded =
    piece.form === 'base64' ? encodeBase64(octets) : piece.form === 'crlf' ? new CrlfOctets().push(octets) : octets;
  if (encoded.length !== piece.size) throw new SourceFailure('changed', file.path);
  return encoded;
}

/** Read and encoded together, this much at a time: enough that no call counts, little enough for the processor's cache. */
const block = 256 * 1024;

/**
 * The octets of a file in the form of its piece. Reads no more than what it yields, so a slow reader slows it. Rejects with a
 * `SourceFailure` where the file is not the one that was measured any more, before its last octets are out.
 */
export async function* readPiece(
  piece: FilePiece,
  files: FileAccess,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const { file } = piece;
  await expectUnchanged(file, files);
  let read = 0;
  let written = 0;
  // Held back by one: the last goes out only once the file has proved to be what it was.
  let held: Uint8Array | undefined;
  const encoder = piece.form === 'base64' ? new Base64Encoder() : undefined;
  const lines = piece.form === 'crlf' ? new CrlfOctets() : undefined;
  try {
    for await (const chunk of files.stream(file.absolute, signal)) {
      read += chunk.length;
      if (read > file.stat.size) throw new SourceFailure('changed', file.path);
      for (let at = 0; at < chunk.length; at += block) {
        const slice = chunk.length <= block ? chunk : chunk.subarray(at, at + block);
        const out = encoder ? encoder.push(slice) : lines ? lines.push(slice) : slice;
        if (out.length === 0) continue;
        if (held) {
          yield held;
          written += held.length;
        }
        held = out;
      }
    }
  } catch (error) {
    if ((error as { kind?: unknown }).kind === 'source-failure' || signal?.aborted) throw error;
    throw new SourceFailure('unreadable', file.path, error);
  }
  signal?.throwIfAborted();
  if (read !== file.stat.size) throw new SourceFailure('changed', file.path);
  await expectUnchanged(file, files);
  const tail = encoder?.end();
  // Any other length means that other octets were measured.
  if (written + (held?.length ?? 0) + (tail?.length ?? 0) !== piece.size) throw new SourceFailure('changed', file.path);
  if (held) yield held;
  if (tail && tail.length > 0) yield tail;
}

/**
 * The octets `start` to `end` of what `readPiece` gives, in one go. Of a file in base64, or as it is, only what they come from is
 * read; the line ends of the third form can't be told without reading up to them.
 */
export async function slicePiece(
  piece: FilePiece,
  start: number,
  end: number,
  files: FileAccess,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const { file, form } = piece;
  if (form === 'crlf') return sliceOf(readPiece(piece, files, signal), start, end);
  const firstLine = Math.floor(start / lineOutput);
  // One octet more, so that the last line has its line end where it has one.
  const range =
    form === 'raw'
      ? { start, end }
      : {
          start: firstLine * lineInput,
          end: Math.min(file.stat.size, Math.ceil(end / lineOutput) * lineInput + 1),
        };
  await expectUnchanged(file, files);
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of files.stream(file.absolute, signal, range)) chunks.push(chunk);
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new SourceFailure('unreadable', file.path, error);
  }
  signal?.throwIfAborted();
  await expectUnchanged(file, files);
  const octets = Buffer.concat(chunks);
  if (octets.length !== range.end - range.start) throw new SourceFailure('changed', file.path);
  const before = firstLine * lineOutput;
  return form === 'raw' ? octets : encodeBase64(octets).subarray(start - before, end - before);
}

async function sliceOf(chunks: AsyncIterable<Uint8Array>, start: number, end: number): Promise<Uint8Array> {
  const found: Uint8Array[] = [];
  let at = 0;
  for await (const chunk of chunks) {
    if (at + chunk.length > start) found.push(chunk.slice(Math.max(0, start - at), end - at));
    at += chunk.length;
    if (at >= end) break;
  }
  return Buffer.concat(found);
}

async function expectUnchanged(file: PlacedFile, files: FileAccess): Promise<void> {
  let now: { size: number; modified: number };
  try {
    now = await files.stat(file.absolute);
  } catch (error) {
    throw new SourceFailure('unreadable', file.path, error);
  }
  if (now.size !== file.stat.size || now.modified !== file.stat.modified) throw new SourceFailure('changed', file.path);
}
