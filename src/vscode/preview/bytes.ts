import type { ByteSource } from '../../base/source.ts';

/** The beginning of a message, as much of it as a preview reads, and how large the whole is. */
export interface Beginning {
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** Octets that a preview reads at most: a film that is attached is no part of what is shown. */
const limit = 24 * 1024 * 1024;

export async function beginningOf(source: ByteSource, signal?: AbortSignal): Promise<Beginning> {
  const { whole, size } = source;
  if (whole) return { bytes: whole.length > limit ? whole.subarray(0, limit) : whole, size };
  const bytes = new Uint8Array(Math.min(size, limit));
  let at = 0;
  for await (const chunk of source.read(signal)) {
    const room = bytes.length - at;
    bytes.set(chunk.length > room ? chunk.subarray(0, room) : chunk, at);
    at += Math.min(chunk.length, room);
    if (at >= bytes.length) break;
  }
  return { bytes: bytes.subarray(0, at), size };
}

/** The same, of octets that are at hand. */
export function beginning(bytes: Uint8Array): Beginning {
  return { bytes: bytes.length > limit ? bytes.subarray(0, limit) : bytes, size: bytes.length };
}
