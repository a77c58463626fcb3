import type { PathFault } from './problems.ts';

/** Nothing in it could mean anything else, as in nearly all: one look in place of several. */
const PLAIN = /^[\w.][\w./ -]*$/;

/**
 * Why a path in a document is not followed: it has to be relative, with forward slashes, without anything that a shell
 * would make something of (DOCUMENT.md, "What it becomes"). Undefined where nothing speaks against it; whether it leaves the
 * workspace shows when links are followed.
 */
export function pathFault(path: string): PathFault | undefined {
  if (PLAIN.test(path)) return undefined;
  if (path === '') return 'empty';
  if (/[\0-\x1f\x7f]/.test(path)) return 'control';
  if (/^[A-Za-z][A-Za-z0-9+.-]+:\/\//.test(path) || /^(?:data|file|cid|mailto|https?):/i.test(path)) return 'url';
  if (/^(?:[\\/]|[A-Za-z]:)/.test(path)) return 'absolute';
  if (/^~/.test(path)) return 'home';
  if (/\$(?:\{|\(|[A-Za-z_])|^%[A-Za-z_]+%|`/.test(path)) return 'variable';
  return undefined;
}

/** `path`, relative to the folder of the file `base`, both relative to one place; `.` and `..` are taken out as far as they can be. */
export function joinPath(base: string, path: string): string {
  const parts: string[] = [];
  for (const part of [...base.split('/').slice(0, -1), ...path.split('/')]) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts[parts.length - 1] !== '..') parts.pop();
    else parts.push(part);
  }
  return parts.join('/');
}
