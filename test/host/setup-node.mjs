/** The Node that everything after set-up runs on, from an npm package that holds just the binary. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { nodeBinary, nodeFolder, nodePackage, versions } from './layout.mjs';
import { npm, run, SetupProblem } from './process.mjs';

/** @returns {Promise<void>} */
export async function prepareNode() {
  if (existsSync(nodeBinary)) return;
  mkdirSync(nodeFolder, { recursive: true });
  // Without a package.json of its own, npm looks for one in the folders above and finds the project's.
  writeFileSync(join(nodeFolder, 'package.json'), '{ "private": true }\n');
  try {
    await npm(`Node ${versions.node} (${nodePackage})`, nodeFolder, ['install', `${nodePackage}@${versions.node}`]);
  } catch (error) {
    if (!(error instanceof SetupProblem)) throw error;
    throw new SetupProblem(
      `${error.message}\nIf npm has no package ${nodePackage}, install Node ${versions.node} for this platform yourself ` +
        `and put its binary (or a link to it) at ${nodeBinary}.`,
    );
  }
  const { code, output } = await run(nodeBinary, ['--version'], { quiet: true });
  if (code !== 0) {
    throw new SetupProblem(
      `${output.trim()}\n\nThe Node that npm's ${nodePackage} holds does not run on this machine. ` +
        `Put a Node ${versions.node} that does (or a link to it) at ${nodeBinary}.`,
    );
  }
}
