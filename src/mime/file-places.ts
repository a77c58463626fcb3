import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';
import type { FileAccess, FileStat } from '../base/ports.ts';
import type { Range } from '../base/problem.ts';
import { pathFault } from './paths.ts';
import type { MimeProblem } from './problems.ts';

/** A file that a document names, found and measured. */
export interface PlacedFile {
  /** As written. */
  readonly path: string;
  /** Absolute, symbolic links followed. */
  readonly absolute: string;
  readonly stat: FileStat;
}

/**
 * Finds files by their paths in a document. None outside the workspace is ever read: the place is compared before anything is
 * asked of the disk, and again with every symbolic link followed.
 */
export class FilePlaces {
  readonly #files: FileAccess;
  readonly #folder: string | undefined;
  readonly #root: string | undefined;
  #realRoot: Promise<string> | undefined;

  constructor(files: FileAccess, documentPath: string | undefined, workspaceRoot: string | undefined) {
    this.#files = files;
    this.#folder = documentPath === undefined ? workspaceRoot : dirname(documentPath);
    this.#root = workspaceRoot ?? this.#folder;
  }

  /** The file, or undefined with a problem pushed. */
  async place(path: string, range: Range, problems: MimeProblem[]): Promise<PlacedFile | undefined> {
    const fault = pathFault(path);
    if (fault) {
      problems.push({ code: 'bad-path', severity: 'error', range, path, fault });
      return undefined;
    }
    if (this.#folder === undefined || this.#root === undefined) {
      problems.push({ code: 'path-without-document', severity: 'error', range, path });
      return undefined;
    }
    const wanted = resolve(this.#folder, path.replaceAll('\\', sep));
    if (!isInside(this.#root, wanted)) {
      problems.push({ code: 'file-outside', severity: 'error', range, path });
      return undefined;
    }
    try {
      this.#realRoot ??= this.#files.realpath(this.#root);
      // Where the file is not there either, nobody waits for it.
      this.#realRoot.catch(() => undefined);
      const absolute = await this.#files.realpath(wanted);
      if (!isInside(await this.#realRoot, absolute)) {
        problems.push({ code: 'file-outside', severity: 'error', range, path });
        return undefined;
      }
      const stat = await this.#files.stat(absolute);
      if (stat.kind === 'file') return { path, absolute, stat };
      const code = stat.kind === 'directory' ? 'file-is-directory' : 'file-not-regular';
      problems.push({ code, severity: 'error', range, path });
    } catch (error) {
      problems.push(fileProblem(error, path, range));
    }
    return undefined;
  }
}

/** What a failed read tells. */
export function fileProblem(error: unknown, path: string, range: Range): MimeProblem {
  const code = (error as { code?: unknown } | undefined)?.code;
  if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'FileNotFound')
    return { code: 'file-missing', severity: 'error', range, path };
  if (code === 'EISDIR') return { code: 'file-is-directory', severity: 'error', range, path };
  const reason = typeof code === 'string' ? code : error instanceof Error ? error.message : String(error);
  return { code: 'file-unreadable', severity: 'error', range, path, reason };
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way === '' || (!isAbsolute(way) && way !== '..' && !way.startsWith(`..${sep}`));
}
