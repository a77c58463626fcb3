/**
 * Builds dist/: `node esbuild.js [--production] [--watch] [--tests]`.
 *
 * What activation needs becomes one CommonJS file, extension.cjs, because some forks of VS Code fail on an ESM entry.
 * Every `import('./….ts')` that is met on the way is left as it is, pointed at dist/, and becomes an entry point of the
 * second build: ESM with splitting, shared with the command line.
 */
import { chmodSync, globSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const source = join(root, 'src');
const dist = join(root, 'dist');
const production = process.argv.includes('--production');
const watch = process.argv.includes('--watch');
const tests = process.argv.includes('--tests');

/** Bytes of extension.cjs, minified: all that VS Code reads before `activate()` runs. */
const activationLimit = 60_000;

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  // The command line runs on the oldest Node that package.json names; the extension host is never older.
  target: 'node20',
  charset: 'utf8',
  // A library may bring an ESM build, which splits better than its CommonJS one.
  mainFields: ['module', 'main'],
  minify: production,
  sourcemap: production ? false : 'linked',
  sourcesContent: false,
  // The whole texts stand in THIRD-PARTY-NOTICES.txt.
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
};

const isBuiltin = (/** @type {string} */ name) => name.startsWith('node:') || builtinModules.includes(name);
const slashes = (/** @type {string} */ path) => path.split(sep).join('/');

/**
 * @param {Map<string, string>} lazy takes the modules that are loaded later: name in dist/ (without ending) to file
 * @returns {import('esbuild').Plugin}
 */
function keepDynamicImports(lazy) {
  return {
    name: 'keep-dynamic-imports',
    setup(build) {
      build.onStart(() => lazy.clear());
      build.onResolve({ filter: /./ }, ({ kind, path, resolveDir, importer }) => {
        if (kind !== 'dynamic-import' || isBuiltin(path) || path === 'vscode') return undefined;
        const file = resolve(resolveDir, path);
        const name = slashes(relative(source, file));
        if (!/^\.{1,2}\/.*\.ts$/.test(path) || name.startsWith('../')) {
          const text = `${slashes(relative(root, importer))} is part of extension.cjs, where only a module of src/ can be imported dynamically: import '${path}' in a module that is itself imported so.`;
          return { errors: [{ text }] };
        }
        const output = name.slice(0, -'.ts'.length);
        lazy.set(output, file);
        return { path: `./${output}.js`, external: true };
      });
    },
  };
}

/**
 * Makes `import * as vscode from 'vscode'` a plain `require`, in both builds. In an ES module the import would go through
 * Node's ESM loader, which not every fork of VS Code hooks; all of them hook `require`, and tell extensions apart by the
 * path of the file that calls it. In CommonJS, esbuild would copy every member of the namespace, some five hundred, once for
 * each module that imports it: that was two thirds of the time that activation took.
 *
 * @type {import('esbuild').Plugin}
 */
const requireVscode = {
  name: 'require-vscode',
  setup(build) {
    build.onLoad({ filter: /[/\\]src[/\\](?:vscode[/\\].*|extension)\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace(
        /^import \* as vscode from 'vscode';$/m,
        "const vscode = require('vscode');",
      ),
      loader: 'ts',
      watchFiles: [path],
    }));
    build.onResolve({ filter: /^vscode$/ }, ({ kind, importer }) =>
      kind === 'require-call'
        ? { path: 'vscode', external: true }
        : { errors: [{ text: `${slashes(relative(root, importer))}: write import * as vscode from 'vscode'` }] },
    );
  },
};

/** Libraries of libraries whose code never runs here: MJML neither minifies nor beautifies, and juice is handed no address. */
const leftOut = /^(?:htmlnano|cssnano-preset-lite|js-beautify|web-resource-inliner)$/;

/**
 * Leaves out what MJML and juice bring along and never use here, two HTTP clients among it: Cheerio's entry for browsers is the
 * same but for loading from an address, a stream or a file.
 *
 * @type {import('esbuild').Plugin}
 */
const leaveOut = {
  name: 'leave-out',
  setup(build) {
    build.onResolve({ filter: leftOut }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /./, namespace: 'left-out' }, ({ path }) => ({
      contents: `module.exports = () => { throw new Error('${path} is left out of the bundle'); };`,
    }));
    build.onResolve({ filter: /^cheerio$/ }, async ({ path, pluginData, ...from }) => {
      if (pluginData === leaveOut) return undefined;
      const found = await build.resolve(path, { ...from, pluginData: leaveOut });
      const browser = found.path.replace(/[/\\](?:commonjs|esm)(?=[/\\]index\.js$)/, `${sep}browser`);
      if (browser === found.path) return { errors: [{ text: `There is no entry for browsers beside ${found.path}` }] };
      return { path: browser };
    });
  },
};

/** What CommonJS libraries expect to find, for each file of the ESM build. */
const banner = [
  'import { createRequire as mailbenchCreateRequire } from "node:module";',
  'const require = mailbenchCreateRequire(import.meta.url);',
  'const __filename = import.meta.filename, __dirname = import.meta.dirname;',
].join(' ');

/** @param {Map<string, string>} lazy */
const activation = (lazy) => ({
  ...shared,
  entryPoints: { extension: join(source, 'extension.ts') },
  outdir: dist,
  outExtension: { '.js': '.cjs' },
  format: /** @type {const} */ ('cjs'),
  plugins: [requireVscode, keepDynamicImports(lazy)],
});

/** @param {Map<string, string>} lazy */
const later = (lazy) => ({
  ...shared,
  entryPoints: {
    cli: join(source, 'cli.ts'),
    // A thread begins with a file, which nothing imports.
    'send/mail-worker': join(source, 'send/mail-worker.ts'),
    ...Object.fromEntries(lazy),
  },
  outdir: dist,
  chunkNames: 'chunks/[name]-[hash]',
  format: /** @type {const} */ ('esm'),
  splitting: true,
  banner: { js: banner },
  plugins: [requireVscode, leaveOut],
});

/** Each file by itself, so that mocha can load them one after the other; the source in line, for the stacks. */
const integrationTests = () => ({
  ...shared,
  entryPoints: [join(root, 'test/integration/index.ts'), ...globSync(join(root, 'test/integration/**/*.test.ts'))],
  outbase: join(root, 'test/integration'),
  outdir: join(dist, 'test'),
  outExtension: { '.js': '.cjs' },
  format: /** @type {const} */ ('cjs'),
  minify: false,
  sourcemap: /** @type {const} */ ('inline'),
  external: ['vscode', 'mocha'],
});

/**
 * The package that a bundled file belongs to: the folder after the last node_modules.
 *
 * @param {string} input a path of the metafile
 */
function packageFolder(input) {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
}

/**
 * @param {readonly import('esbuild').Metafile[]} metafiles
 * @returns {string}
 */
function notices(metafiles) {
  const inOutput = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) => Object.keys(inputs)),
  );
  const folders = [...new Set(inOutput.map(packageFolder))].filter((folder) => folder !== undefined);
  const sections = new Map();
  for (const folder of folders) {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
    const files = readdirSync(join(root, folder)).filter((name) => /^(licen[cs]e|copying|notice)/i.test(name));
    const texts = files.sort().map((name) =>
      readFileSync(join(root, folder, name), 'utf8')
        .replaceAll('\r', '')
        .trim(),
    );
    if (!manifest.license && texts.length === 0) throw new Error(`${folder} names no licence: it can't be bundled.`);
    const author = typeof manifest.author === 'string' ? manifest.author : manifest.author?.name;
    const heading = `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})`;
    sections.set(
      heading,
      [heading, ...(texts.length > 0 ? texts : [`Author: ${author ?? 'see its homepage'}`])].join('\n\n'),
    );
  }
  const rule = `\n\n${'-'.repeat(80)}\n\n`;
  const intro = 'Mailbench contains the libraries listed here, each under its own licence.';
  return [intro, ...[...sections.keys()].sort().map((name) => sections.get(name))].join(rule) + '\n';
}

/**
 * Removes what an earlier build left in dist/ and this one did not write.
 *
 * @param {ReadonlySet<string>} written paths below the project
 */
function removeStale(written) {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const path = slashes(relative(root, join(entry.parentPath, entry.name)));
    if (entry.isFile() && !written.has(path) && !path.startsWith('dist/test/')) rmSync(join(root, path));
  }
}

/** @param {readonly import('esbuild').Metafile[]} metafiles */
function report(metafiles) {
  const sizes = Object.assign({}, ...metafiles.map(({ outputs }) => outputs));
  const bytes = (/** @type {string[]} */ paths) => paths.reduce((sum, path) => sum + sizes[path].bytes, 0);
  const code = Object.keys(sizes).filter((path) => /\.c?js$/.test(path));
  const kilo = (/** @type {number} */ count) => `${(count / 1000).toFixed(1)} KB`;
  const entry = sizes['dist/extension.cjs'].bytes;
  console.log(`dist/extension.cjs ${kilo(entry)}, all of dist/ ${kilo(bytes(code))} in ${code.length} files`);
  if (production && entry > activationLimit) {
    const largest = Object.entries(sizes['dist/extension.cjs'].inputs).sort(
      ([, a], [, b]) => b.bytesInOutput - a.bytesInOutput,
    );
    const list = largest
      .slice(0, 15)
      .map(([path, { bytesInOutput }]) => `  ${kilo(bytesInOutput).padStart(9)}  ${path}`);
    throw new Error(
      `dist/extension.cjs is over ${kilo(activationLimit)}. Import some of it with import() instead:\n${list.join('\n')}`,
    );
  }
}

async function buildOnce() {
  const lazy = new Map();
  const first = await esbuild.build(activation(lazy));
  const second = await esbuild.build(later(lazy));
  const metafiles = [first, second].map(({ metafile }) => /** @type {import('esbuild').Metafile} */ (metafile));
  const notice = join(dist, 'THIRD-PARTY-NOTICES.txt');
  writeFileSync(notice, notices(metafiles));
  const written = new Set(metafiles.flatMap(({ outputs }) => Object.keys(outputs)));
  removeStale(written.add(slashes(relative(root, notice))));
  chmodSync(join(dist, 'cli.js'), 0o755);
  report(metafiles);
  if (tests) {
    rmSync(join(dist, 'test'), { recursive: true, force: true });
    await esbuild.build(integrationTests());
  }
}

/** Rebuilds on each change; a new dynamic import makes a new entry point, hence a new second build. */
async function buildForever() {
  const lazy = new Map();
  let entries = '';
  /** @type {import('esbuild').BuildContext | undefined} */
  let second;
  const follow = {
    name: 'follow-entry-points',
    setup(/** @type {import('esbuild').PluginBuild} */ build) {
      build.onEnd(async ({ errors }) => {
        const now = [...lazy].join('\n');
        if (errors.length > 0 || now === entries) return;
        entries = now;
        await second?.dispose();
        second = await esbuild.context({ ...later(lazy), plugins: [requireVscode, leaveOut, announce] });
        await second.watch();
      });
    },
  };
  // The words that the problem matcher of .vscode/tasks.json waits for.
  const announce = {
    name: 'announce',
    setup(/** @type {import('esbuild').PluginBuild} */ build) {
      build.onStart(() => console.log('[watch] build started'));
      build.onEnd(() => console.log('[watch] build finished'));
    },
  };
  const first = await esbuild.context({
    ...activation(lazy),
    plugins: [requireVscode, keepDynamicImports(lazy), follow],
  });
  await first.watch();
  if (tests) await (await esbuild.context(integrationTests())).watch();
}

mkdirSync(dist, { recursive: true });
try {
  await (watch ? buildForever() : buildOnce());
} catch (error) {
  // esbuild has already shown what it found.
  if (!(error instanceof Error && 'errors' in error)) console.error(error);
  process.exit(1);
}
