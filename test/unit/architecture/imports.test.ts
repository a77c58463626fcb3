import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix } from 'node:path';
import { describe, it } from 'mocha';
import { importsOf, root, type SourceFile, sourceFiles } from './source-tree.ts';

/**
 * Who may import whom: each room (or file of src/ itself) with the rooms or files that it may use. The table of the
 * design; both change together.
 */
const table: Readonly<Record<string, readonly string[]>> = {
  base: [],
  net: ['base'],
  document: ['base'],
  template: ['base', 'document'],
  mime: ['base', 'document'],
  smtp: ['base', 'net'],
  capture: ['base', 'net', 'smtp/codes.ts', 'smtp/syntax.ts'],
  retrieve: ['base', 'net'],
  inspect: ['base', 'mime'],
  language: ['base', 'document', 'template', 'mime', 'inspect'],
  send: ['base', 'net', 'document', 'template', 'mime', 'smtp', 'capture', 'retrieve', 'inspect', 'language'],
  terminal: ['base', 'net', 'document', 'template', 'mime', 'smtp', 'capture', 'retrieve', 'inspect', 'send'],
  vscode: ['*'],
  'extension.ts': ['*'],
  'cli.ts': [
    'terminal',
    'send',
    'capture',
    'smtp',
    'net',
    'mime',
    'template',
    'document',
    'inspect',
    'retrieve',
    'base',
  ],
};

const files = sourceFiles();
const everyImport = files.flatMap((file) => file.imports.map((specifier) => ({ file, specifier })));

function show(entries: readonly { file: SourceFile; specifier: string }[]): string[] {
  return entries.map(({ file, specifier }) => `${file.path} imports ${specifier}`);
}

/** The imported file, below src/. */
function target(file: SourceFile, specifier: string): string {
  return posix.normalize(posix.join(posix.dirname(file.path), specifier));
}

describe('imports', () => {
  it('finds each way to import', () => {
    const text = [
      "import './a.ts';",
      "import type { B } from './b.ts';",
      'import {',
      '  c,',
      "} from './c.ts';",
      "export { d } from './d.ts';",
      "const e = await import('./e.ts');",
      "type F = import('./f.ts').F;",
      "// import './comment.ts';",
      " * import './docs.ts';",
    ].join('\n');
    assert.deepEqual(importsOf(text).sort(), ['./a.ts', './b.ts', './c.ts', './d.ts', './e.ts', './f.ts']);
  });

  it('stays within the table', () => {
    const wrong = everyImport.filter(({ file, specifier }) => {
      if (!specifier.startsWith('.')) return false;
      const path = target(file, specifier);
      const room = path.split('/')[0] ?? path;
      const allowed = table[file.room] ?? [];
      return room !== file.room && !allowed.includes('*') && !allowed.includes(room) && !allowed.includes(path);
    });
    assert.deepEqual(show(wrong), []);
  });

  it('knows every room', () => {
    const unknown = files.filter(({ room }) => !table[room]).map(({ path }) => path);
    assert.deepEqual(unknown, []);
  });

  it("takes 'vscode' only in src/vscode/ and src/extension.ts", () => {
    const wrong = everyImport.filter(
      ({ file, specifier }) => specifier === 'vscode' && file.room !== 'vscode' && file.room !== 'extension.ts',
    );
    assert.deepEqual(show(wrong), []);
  });

  it('names files with their ending, and files that exist', () => {
    const wrong = everyImport.filter(
      ({ file, specifier }) =>
        specifier.startsWith('.') &&
        !(/\.ts$/.test(specifier) && existsSync(join(root, 'src', dirname(file.path), specifier))),
    );
    assert.deepEqual(show(wrong), []);
  });

  it("writes Node's modules with node:", () => {
    const wrong = everyImport.filter(({ specifier }) => isBuiltin(specifier) && !specifier.startsWith('node:'));
    assert.deepEqual(show(wrong), []);
  });

  it('uses only libraries that package.json names', () => {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const known = new Set([...Object.keys(manifest.devDependencies), 'vscode']);
    const wrong = everyImport.filter(({ specifier }) => {
      if (specifier.startsWith('.') || isBuiltin(specifier)) return false;
      return !known.has(/^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
    });
    assert.deepEqual(show(wrong), []);
    // Everything is bundled: what is installed beside the extension is nothing.
    assert.equal(manifest.dependencies, undefined);
  });
});

describe('the tree', () => {
  it('has no file over 400 lines', () => {
    const long = files.filter(({ lines }) => lines > 400).map(({ path, lines }) => `${path}: ${lines}`);
    assert.deepEqual(long, []);
  });

  it('has no barrels', () => {
    const barrels = files.filter(({ path }) => /(^|\/)(index|utils?|helpers?|common|misc)\.ts$/.test(path));
    assert.deepEqual(
      barrels.map(({ path }) => path),
      [],
    );
  });

  it('keeps the top level short', () => {
    const expected = new Set(
      'src test media package.json tsconfig.json esbuild.js README.md CHANGELOG.md LICENSE package-lock.json package.nls.json biome.json'.split(
        ' ',
      ),
    );
    const made = new Set(['node_modules', 'dist']);
    const others = readdirSync(root).filter((name) => !name.startsWith('.') && !expected.has(name) && !made.has(name));
    assert.deepEqual(
      others.filter((name) => !name.endsWith('.vsix') && !name.endsWith('.log')),
      [],
    );
  });
});
