import type { FileAccess } from '../base/ports.ts';
import type { Transparency } from '../base/source.ts';
import type { Steps } from '../base/steps.ts';
import type { BuiltField, BuiltMessage, BuiltPart } from './built.ts';
import { type Piece, pieceSize, readPiece, slicePiece, wholePiece } from './pieces.ts';

/** Messages up to this size are held whole: one write sends them. */
export const wholeLimit = 2 * 1024 * 1024;

export interface MessageFacts {
  readonly size: number;
  readonly transparency: Transparency;
  readonly utf8Header: boolean;
  readonly root: BuiltPart;
  readonly fields: readonly BuiltField[];
  readonly messageId: string;
}

/** Strings and small pieces as one stretch of octets each. */
export function* joinPieces(pieces: readonly (string | Piece)[], utf8: boolean): Steps<Piece[]> {
  const joined: Piece[] = [];
  let run: (string | Uint8Array)[] = [];
  let runSize = 0;
  const close = function* (): Steps<void> {
    if (runSize > 0) joined.push(yield* concat(run, runSize, utf8));
    run = [];
    runSize = 0;
  };
  for (const piece of pieces) {
    if (typeof piece === 'string') {
      run.push(piece);
      runSize += utf8 ? Buffer.byteLength(piece) : piece.length;
    } else if (piece instanceof Uint8Array) {
      run.push(piece);
      runSize += piece.length;
    } else {
      yield* close();
      joined.push(piece);
    }
  }
  yield* close();
  return joined;
}

function* concat(run: readonly (string | Uint8Array)[], size: number, utf8: boolean): Steps<Buffer> {
  const out = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const piece of run) {
    yield;
    if (typeof piece === 'string') at += out.write(piece, at, utf8 ? 'utf8' : 'latin1');
    else {
      out.set(piece, at);
      at += piece.length;
    }
  }
  return out;
}

/** The message over its pieces. Files are read when their turn comes, and again for each reading. */
export function messageOf(facts: MessageFacts, pieces: readonly Piece[], files: FileAccess): BuiltMessage {
  const only = pieces.length === 1 && pieces[0] instanceof Uint8Array ? pieces[0] : undefined;
  return {
    ...facts,
    ...(only ? { whole: only } : {}),
    async *read(signal?: AbortSignal) {
      for (const piece of pieces) {
        signal?.throwIfAborted();
        if (piece instanceof Uint8Array) yield piece;
        else yield* readPiece(piece, files, signal);
      }
    },
    async slice(start, end, signal) {
      const found: Uint8Array[] = [];
      let at = 0;
      for (const piece of pieces) {
        const size = pieceSize(piece);
        const from = Math.max(0, start - at);
        const to = Math.min(size, end - at);
        at += size;
        if (from >= to) continue;
        if (piece instanceof Uint8Array) found.push(piece.subarray(from, to));
        else found.push(await slicePiece(piece, from, to, files, signal));
      }
      return found.length === 1 ? found[0]! : Buffer.concat(found);
    },
  };
}

/** All of a small message, its files read together; rejects as reading does. */
export async function readWhole(pieces: readonly Piece[], size: number, files: FileAccess): Promise<Buffer> {
  const read = await Promise.all(
    pieces.map((piece) => (piece instanceof Uint8Array ? piece : wholePiece(piece, files))),
  );
  const out = Buffer.allocUnsafeSlow(size);
  let at = 0;
  for (const piece of read) {
    out.set(piece, at);
    at += piece.length;
  }
  return out;
}
