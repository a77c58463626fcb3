/**
 * Makes a clone ready to run: `node test/host/setup.mjs [host]`. With `host`, also what runs VS Code in a browser. Each
 * step looks first and fetches only what is missing, so that a second run needs neither the network nor time.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMain, SetupProblem } from './process.mjs';
import { prepareBrowser } from './setup-browser.mjs';
import { prepareCodeServer } from './setup-code-server.mjs';
import { prepareDependencies } from './setup-dependencies.mjs';
import { prepareNode } from './setup-node.mjs';

/** The oldest Node that set-up itself runs on. */
const oldest = 20;

/**
 * @param {{ host?: boolean, browser?: boolean }} [needs] `host`: code-server; `browser`: Chromium to drive it
 * @returns {Promise<void>}
 * @throws {SetupProblem}
 */
export async function setUp(needs = {}) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < oldest) {
    throw new SetupProblem(`Node ${process.versions.node} is too old: install Node ${oldest} or newer and try again.`);
  }
  await prepareNode();
  await prepareDependencies();
  if (needs.host) await prepareCodeServer();
  if (needs.browser) await prepareBrowser();
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const host = process.argv.includes('host');
  await runMain(async () => {
    await setUp({ host, browser: host });
    console.log(host ? 'Ready: Node, dependencies, code-server and a browser.' : 'Ready: Node and dependencies.');
    return 0;
  });
}
