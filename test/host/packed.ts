/** The extension as people get it: packed by vsce, installed from the file. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ownPlaces, prepareUserData, serverArguments } from './code-server.ts';
import { environment, fetched, nodeBinary, root } from './layout.mjs';
import { run } from './process.mjs';

/**
 * Builds and packs the extension, as `npm run package` does.
 *
 * @returns the path of the .vsix
 * @throws with vsce's own words where it refuses
 */
export async function pack(): Promise<string> {
  mkdirSync(fetched, { recursive: true });
  const file = join(fetched, 'mailbench.vsix');
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file];
  const { code, output } = await run(nodeBinary, [vsce, 'package', ...options], {
    cwd: root,
    quiet: true,
    deadline: 120_000,
  });
  if (code !== 0) throw new Error(`vsce could not pack the extension:\n${output}`);
  return file;
}

/** @throws with code-server's own words where it refuses */
export async function installPacked(vsix: string, place: { userData: string; extensions: string }): Promise<void> {
  prepareUserData(place);
  const { code, output } = await run(nodeBinary, [...serverArguments(place), '--install-extension', vsix], {
    quiet: true,
    deadline: 120_000,
    env: environment(ownPlaces(place.userData)),
  });
  if (code !== 0 || !/was successfully installed/.test(output)) {
    throw new Error(`The packed extension could not be installed:\n${output}`);
  }
}
