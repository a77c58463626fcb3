/** A file that can't be read at all, in words for the person; exit code 2. Told apart by `kind`. */
export class FileError extends Error {
  readonly kind = 'file-error';
}

export function isFileError(error: unknown): error is FileError {
  return error instanceof Error && (error as Partial<FileError>).kind === 'file-error';
}

/** What the system said, as a person reads it. */
export function reason(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOSPC':
      return 'no space left on the device';
    case 'ENOTDIR':
      return 'a part of its path is no folder';
    default:
      return code ?? message;
  }
}
