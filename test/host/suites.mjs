/** What `npm test` is made of, and the suites that are run by name. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './layout.mjs';

/**
 * @typedef {object} Suite
 * @property {string} title
 * @property {(args: readonly string[]) => string[]} command arguments for the fetched Node; `args` are those that follow
 *   `--` on the command line
 * @property {boolean} [counts] writes its counts to the file that MAILBENCH_COUNTS names; otherwise it is one check,
 *   passed or failed by its exit code
 * @property {'host'} [needs] VS Code in a browser
 * @property {boolean} [built] runs what the build suite makes
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} deadline milliseconds
 */

const tool = (/** @type {string} */ path) => join(root, 'node_modules', path);
const minutes = (/** @type {number} */ count) => count * 60_000;

/**
 * @param {string} spec
 * @param {readonly string[]} options
 */
const mocha =
  (spec, ...options) =>
  (/** @type {readonly string[]} */ args) => {
    // A file or folder among the arguments takes the place of the whole suite.
    const own = args.some((arg) => existsSync(arg)) ? [] : [spec];
    return [
      tool('mocha/bin/mocha.js'),
      '--reporter',
      join(root, 'test/host/reporter.mjs'),
      ...options,
      ...own,
      ...args,
    ];
  };

/** @type {Record<string, Suite>} */
export const suites = {
  lint: { title: 'Lint', command: (args) => [tool('@biomejs/biome/bin/biome'), 'ci', ...args], deadline: minutes(2) },
  types: { title: 'Types', command: (args) => [tool('typescript/bin/tsc'), '-p', '.', ...args], deadline: minutes(3) },
  unit: {
    title: 'Unit tests',
    command: mocha('test/unit/**/*.test.ts'),
    counts: true,
    env: { MAILBENCH_REPORTER: 'dot' },
    deadline: minutes(10),
  },
  build: {
    title: 'Build',
    command: (args) => ['esbuild.js', '--production', '--tests', ...args],
    deadline: minutes(3),
  },
  integration: {
    title: 'Integration tests',
    command: (args) => ['test/host/integration.ts', ...args],
    counts: true,
    needs: 'host',
    built: true,
    deadline: minutes(10),
  },
  page: {
    title: 'Page tests',
    command: mocha('test/page/**/*.test.ts', '--timeout', '120000', '--slow', '20000'),
    counts: true,
    needs: 'host',
    built: true,
    deadline: minutes(15),
  },
  oracles: {
    title: 'Oracles',
    command: (args) => ['test/oracles/main.ts', ...args],
    deadline: minutes(30),
  },
  servers: {
    title: 'Mail servers',
    command: mocha('test/servers/**/*.test.ts', '--timeout', '60000'),
    counts: true,
    deadline: minutes(15),
  },
};

/** The suites of `npm test`, in this order. */
export const everything = ['lint', 'types', 'unit', 'build', 'integration', 'page'];
