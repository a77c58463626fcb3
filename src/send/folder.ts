import { constants, createWriteStream } from 'node:fs';
import { access, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ByteSource } from '../base/source.ts';

/**
 * Writes a message as a `.eml` into a folder, which is made if it is not there, and answers its path. It is written
 * under a hidden name and renamed when whole, so that nobody who watches the folder reads half of it. Rejects with
 * Node's error shape, or with the source's own.
 */
export async function writeToFolder(
  folder: string,
  message: ByteSource,
  now: number,
  signal?: AbortSignal,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  // Sorts by time, and no file system minds its characters.
  const stem = new Date(now).toISOString().replace(/[-:]/g, '').replace('.', '');
  const path = await reserve(folder, stem);
  const unfinished = join(folder, `.${stem}.${process.pid}.tmp`);
  try {
    await pipeline(Readable.from(message.read(signal)), createWriteStream(unfinished), ...(signal ? [{ signal }] : []));
    await rename(unfinished, path);
    return path;
  } catch (error) {
    await Promise.allSettled([rm(unfinished, { force: true }), rm(path, { force: true })]);
    throw error;
  }
}

/** A name of its own in the folder, taken by an empty file: two messages of one millisecond stay two. */
async function reserve(folder: string, stem: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const path = join(folder, attempt === 0 ? `${stem}.eml` : `${stem}-${attempt}.eml`);
    try {
      await (await open(path, 'wx')).close();
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST' || attempt > 9999) throw error;
    }
  }
}

/** Why a message can't be written into a folder, as the system's word; undefined where it can. Writes nothing. */
export async function folderTrouble(folder: string): Promise<string | undefined> {
  // What is not there would be made, in the nearest folder that is.
  for (let place = folder; ; place = dirname(place)) {
    try {
      await access(place, constants.W_OK | constants.X_OK);
      return (await stat(place)).isDirectory() ? undefined : 'ENOTDIR';
    } catch (error) {
      const word = (error as NodeJS.ErrnoException).code ?? 'unknown';
      if (word !== 'ENOENT' || dirname(place) === place) return word;
    }
  }
}
