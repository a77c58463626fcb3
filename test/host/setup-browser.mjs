/**
 * A Chromium to drive: the one that MAILBENCH_CHROMIUM names, else one on this machine, else the Linux binary that an npm
 * package carries, unpacked once. What was found is recorded for test/support/browser.ts.
 */
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { browserRecord, chromiumFolder, environment, versions } from './layout.mjs';
import { npm, run, SetupProblem } from './process.mjs';

/** @typedef {{ path: string, source: string, env: Record<string, string> }} Browser */

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
  'microsoft-edge',
  'microsoft-edge-stable',
];

/** Where macOS and Windows keep browsers, which are not on the PATH there. */
function elsewhere() {
  if (process.platform === 'darwin') {
    return ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
      (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
    );
  }
  if (process.platform !== 'win32') return [];
  const folders = [process.env.ProgramFiles, process.env['ProgramFiles(x86)'], process.env.LOCALAPPDATA];
  return folders.flatMap((folder) =>
    folder
      ? [join(folder, 'Google/Chrome/Application/chrome.exe'), join(folder, 'Microsoft/Edge/Application/msedge.exe')]
      : [],
  );
}

/** @returns {string[]} paths that exist, best first */
function candidates() {
  const onPath = (process.env.PATH ?? '').split(delimiter).flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, ...elsewhere()].filter((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * @param {string} path
 * @param {Record<string, string>} [env]
 */
async function runs(path, env = {}) {
  // On Ubuntu `chromium-browser` may be a script that only says how to install it: so it has to answer.
  const { code } = await run(path, ['--version', '--no-sandbox'], {
    quiet: true,
    deadline: 30_000,
    env: environment(env),
  });
  return code === 0;
}

/** @returns {Promise<Browser | undefined>} */
async function found() {
  for (const path of new Set(candidates())) {
    if (await runs(path)) return { path, source: 'found on this machine', env: {} };
  }
  return undefined;
}

/** @returns {Promise<Browser>} */
async function fetchedFromNpm() {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new SetupProblem(
      'No Chromium, Chrome or Edge was found. Install one, or set MAILBENCH_CHROMIUM to the path of its executable.',
    );
  }
  mkdirSync(chromiumFolder, { recursive: true });
  writeFileSync(join(chromiumFolder, 'package.json'), '{ "private": true }\n');
  await npm(`Chromium ${versions.chromium} (@sparticuz/chromium)`, chromiumFolder, [
    'install',
    `@sparticuz/chromium@${versions.chromium}`,
  ]);
  const unpacked = join(chromiumFolder, 'unpacked');
  rmSync(unpacked, { recursive: true, force: true });
  mkdirSync(unpacked);
  const library = pathToFileURL(join(chromiumFolder, 'node_modules/@sparticuz/chromium/build/index.js')).href;
  const program = `import { inflate } from ${JSON.stringify(library)};
    for (const pack of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br', 'swiftshader.tar.br'])
      await inflate(new URL('../bin/' + pack, ${JSON.stringify(library)}).pathname);`;
  // The library unpacks into the temporary folder, where a half-unpacked binary of another program could lie.
  const { code, output } = await run('node', ['--input-type=module', '--eval', program], {
    quiet: true,
    deadline: 180_000,
    env: environment({ TMPDIR: unpacked }),
  });
  const path = join(unpacked, 'chromium');
  if (code !== 0)
    throw new SetupProblem(`${output.trim()}\n\nCould not unpack Chromium. Install one (apt install chromium).`);
  /** @type {Record<string, string>} */
  const fonts = existsSync('/etc/fonts/fonts.conf') ? {} : { FONTCONFIG_PATH: join(unpacked, 'fonts') };
  // The package's own libraries only where the system's are lacking: they are those of another distribution.
  for (const env of [fonts, { ...fonts, LD_LIBRARY_PATH: join(unpacked, 'al2023', 'lib') }]) {
    if (await runs(path, env)) return { path, source: `@sparticuz/chromium ${versions.chromium}`, env };
  }
  const again = await run(path, ['--version', '--no-sandbox'], { quiet: true, deadline: 30_000 });
  throw new SetupProblem(
    `${again.output.trim()}\n\nThe Chromium of @sparticuz/chromium does not run here. ` +
      'Install one (apt install chromium), or set MAILBENCH_CHROMIUM to the path of its executable.',
  );
}

/** @returns {Browser | undefined} what an earlier run recorded, if it is still there */
export function recordedBrowser() {
  try {
    /** @type {Browser} */
    const browser = JSON.parse(readFileSync(browserRecord, 'utf8'));
    return existsSync(browser.path) ? browser : undefined;
  } catch {
    return undefined;
  }
}

/** @returns {Promise<Browser>} */
export async function prepareBrowser() {
  const named = process.env.MAILBENCH_CHROMIUM;
  const recorded = recordedBrowser();
  if (recorded && (!named || named === recorded.path)) return recorded;
  /** @type {Browser} */
  let browser;
  if (named) {
    if (!(await runs(named))) {
      throw new SetupProblem(`MAILBENCH_CHROMIUM is set to ${named}, which does not run. Correct it, or unset it.`);
    }
    browser = { path: named, source: 'MAILBENCH_CHROMIUM', env: {} };
  } else {
    browser = (await found()) ?? (await fetchedFromNpm());
  }
  writeFileSync(browserRecord, `${JSON.stringify(browser, undefined, 2)}\n`);
  return browser;
}
