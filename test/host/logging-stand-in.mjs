/**
 * VS Code writes its logs, and with them every output channel, through a native library. Where that was not compiled
 * (install scripts are off), channels stay empty and nothing says so: this puts a plain one in its place.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './layout.mjs';

/** @param {string} vscode the folder of code-server's VS Code */
export function prepareLogging(vscode) {
  const folder = join(vscode, 'node_modules', '@vscode', 'spdlog');
  if (existsSync(join(folder, 'build', 'Release', 'spdlog.node'))) return;
  const library = join(folder, 'index.js');
  const standIn = readFileSync(join(root, 'test', 'host', 'logging-stand-in.cjs'), 'utf8');
  if (readFileSync(library, 'utf8') !== standIn) writeFileSync(library, standIn);
}
