import type { FileAccess } from '../../src/base/ports.ts';

/** Files that are there: content by absolute path; `links` leads from one path to another. */
export function memoryFiles(
  content: Readonly<Record<string, string | Uint8Array>>,
  links: Readonly<Record<string, string>> = {},
  chunk = 65536,
): FileAccess {
  const missing = (path: string): Error => Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' });
  const octets = (path: string): Buffer => {
    const found = content[path];
    if (found === undefined) throw missing(path);
    return Buffer.from(found as string);
  };
  const isFolder = (path: string): boolean =>
    path === '/' || Object.keys(content).some((name) => name.startsWith(`${path}/`));
  return {
    async stat(path) {
      if (isFolder(path)) return { size: 0, modified: 0, kind: 'directory' };
      return { size: octets(path).length, modified: 0, kind: 'file' };
    },
    async realpath(path) {
      for (const [from, to] of Object.entries(links))
        if (path === from || path.startsWith(`${from}/`)) return to + path.slice(from.length);
      if (!isFolder(path)) octets(path);
      return path;
    },
    async read(path) {
      return octets(path);
    },
    async *stream(path, _signal, range) {
      const all = octets(path).subarray(range?.start, range?.end);
      for (let at = 0; at < all.length; at += chunk) yield all.subarray(at, at + chunk);
    },
  };
}
