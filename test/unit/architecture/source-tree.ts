/** Reads the source tree as text: its files, and what each imports. */
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');

export interface SourceFile {
  /** Below src/, with `/`. */
  readonly path: string;
  /** The first folder of the path, or the file's own name for what stands in src/ itself. */
  readonly room: string;
  readonly lines: number;
  /** Module specifiers as they are written, types' ones included. */
  readonly imports: readonly string[];
}

export function sourceFiles(): SourceFile[] {
  return globSync('**/*.ts', { cwd: join(root, 'src') })
    .map((path) => path.split(sep).join('/'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, 'src', path), 'utf8');
      const lines = text.split('\n').length - 1;
      return { path, room: path.split('/')[0] ?? path, lines, imports: importsOf(text) };
    });
}

/** The formatter puts every import and export at the start of a line, which lets expressions do for a parser. */
export function importsOf(text: string): string[] {
  const code = text.replaceAll(/^\s*(?:\/\/.*|\/?\*.*)$/gm, '');
  const found = [
    ...code.matchAll(/^(?:import|export)\b[^;'"`]*?\bfrom\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/^import\s*['"]([^'"]+)['"]/gm),
    ...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g),
    ...code.matchAll(/\brequire\(\s*['"]([^'"]+)['"]/g),
  ];
  return found.map((match) => match[1] ?? '');
}
