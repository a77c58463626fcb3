import { createReadStream } from 'node:fs';
import { readFile, realpath, stat } from 'node:fs/promises';
import type { FileAccess } from './ports.ts';

/** The files of this machine, by Node. */
export const nodeFiles: FileAccess = {
  async stat(path) {
    const found = await stat(path);
    return {
      size: found.size,
      modified: found.mtimeMs,
      kind: found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other',
    };
  },
  realpath: (path) => realpath(path),
  read: (path) => readFile(path),
  async *stream(path, signal, range) {
    if (range && range.end <= range.start) return;
    const stream = createReadStream(path, {
      highWaterMark: 256 * 1024,
      ...(signal ? { signal } : {}),
      // Node's `end` is the last octet that is read.
      ...(range ? { start: range.start, end: range.end - 1 } : {}),
    });
    try {
      for await (const chunk of stream) yield chunk as Buffer;
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      stream.destroy();
    }
  },
};
