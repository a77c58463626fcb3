import { posix } from 'node:path';
import type { FileAccess } from '../../../../src/base/ports.ts';

/** Files that are not on any disk; `links` leads one path to another. */
export function memoryFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
  links: Readonly<Record<string, string>> = {},
): FileAccess {
  const find = (path: string): Uint8Array => {
    const content = files[links[path] ?? path];
    if (content !== undefined) return Buffer.from(content as string);
    throw Object.assign(new Error(`no ${path}`), { code: 'ENOENT' });
  };
  const isFolder = (path: string) => Object.keys(files).some((name) => name.startsWith(`${path}/`));
  return {
    async stat(path) {
      if (isFolder(path)) return { size: 0, modified: 0, kind: 'directory' };
      return { size: find(path).length, modified: 0, kind: 'file' };
    },
    async realpath(path) {
      if (!isFolder(path)) find(path);
      return posix.normalize(links[path] ?? path);
    },
    read: async (path) => find(path),
    async *stream(path) {
      yield find(path);
    },
  };
}
