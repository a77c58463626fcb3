/**
 * Where the machinery of the tests keeps what it fetches, and in which version. Plain JavaScript on `node:` modules
 * alone, because set-up runs before anything is installed, on whatever Node (20 or newer) the machine has.
 */
import { readFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

/** What is fetched and what a run leaves to look at; ignored by git, customary for tests of VS Code extensions. */
export const fetched = join(root, '.vscode-test');

export const versions = {
  /** The major version of Node that code-server wants; it is also the one that runs all tests. */
  node: '24',
  codeServer: '4.139.1',
  chromium: '153.0.0',
};

const windows = process.platform === 'win32';

/** npm's package that holds nothing but the Node binary for this platform. */
export const nodePackage = `node-${windows ? 'win' : process.platform}-${process.arch}`;
export const nodeFolder = join(fetched, 'node');
export const nodeBinary = join(nodeFolder, 'node_modules', nodePackage, 'bin', windows ? 'node.exe' : 'node');

export const codeServerFolder = join(fetched, 'code-server');
export const codeServerPackage = join(codeServerFolder, 'node_modules', 'code-server');
export const codeServerEntry = join(codeServerPackage, 'out', 'node', 'entry.js');

export const chromiumFolder = join(fetched, 'chromium');
/** Written by set-up: the path of the browser that it found or unpacked, and what must be in its environment. */
export const browserRecord = join(fetched, 'browser.json');

export const screenshots = join(fetched, 'screenshots');

/** The folder that people and tests open first. */
export const samples = join(root, 'media', 'samples');

/**
 * @param {string} [folder] of an extension; by default the checkout
 * @returns {{ name: string, publisher: string, version: string }} the extension's identity, from package.json
 */
export function extensionIdentity(folder = root) {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
}

/**
 * The environment for a program that must find the fetched Node first.
 *
 * @param {NodeJS.ProcessEnv} [more] variables to add
 * @returns {NodeJS.ProcessEnv}
 */
export function environment(more = {}) {
  /** @type {NodeJS.ProcessEnv} */
  const result = {};
  for (const [name, value] of Object.entries(process.env)) {
    // npm hands its own notion of the project down to every script; an `npm install` into another folder must not see it.
    if (/^npm_config_(local_prefix|prefix|global_prefix)$/i.test(name)) continue;
    // Inside a terminal of VS Code these make a second VS Code a mere remote control of the first.
    if (/^(VSCODE_|ELECTRON_RUN_AS_NODE$|CODE_SERVER_)/.test(name)) continue;
    result[name] = value;
  }
  const path = Object.keys(result).find((name) => name.toUpperCase() === 'PATH') ?? 'PATH';
  result[path] = [dirname(nodeBinary), result[path] ?? ''].join(delimiter);
  // Into a file or another program, text alone.
  if (!process.stdout.isTTY && result.FORCE_COLOR === undefined) result.NO_COLOR ??= '1';
  return { ...result, ...more };
}
