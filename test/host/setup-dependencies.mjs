/** The project's own node_modules, as package-lock.json has them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './layout.mjs';
import { npm, SetupProblem } from './process.mjs';

/**
 * @typedef {{ version?: string, optional?: boolean, devOptional?: boolean, link?: boolean }} LockedPackage
 * @param {string} file
 * @returns {Record<string, LockedPackage> | undefined} by path below the project
 */
function packagesOf(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * npm writes what it installed to node_modules/.package-lock.json. What package-lock.json wants and that file lacks, or
 * has in another version, makes the installation stale. Optional packages are left out: most are for other platforms.
 *
 * @returns {'missing' | 'stale' | 'ready'}
 */
function state() {
  if (!existsSync(join(root, 'node_modules'))) return 'missing';
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (!wanted)
    throw new SetupProblem('package-lock.json is missing or no JSON. Restore it: git checkout package-lock.json');
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!installed) return 'missing';
  for (const [path, { version, optional, devOptional, link }] of Object.entries(wanted)) {
    if (path === '' || optional || devOptional || link) continue;
    if (installed[path]?.version !== version) return 'stale';
  }
  return 'ready';
}

/** @returns {Promise<void>} */
export async function prepareDependencies() {
  const found = state();
  if (found === 'ready') return;
  await npm(found === 'stale' ? 'changed dependencies (npm ci)' : 'dependencies (npm ci)', root, ['ci']);
}
