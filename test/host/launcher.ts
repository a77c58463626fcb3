/**
 * Understands the arguments with which desktop VS Code is started for a test run, and does the run in code-server and a
 * headless Chromium instead. `@vscode/test-electron` starts it in place of VS Code's own executable. What the tests write
 * to the console comes out here, and their exit code is this program's: 124 where the deadline came first.
 */
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../support/browser.ts';
import {
  type CodeServer,
  type Development,
  pageAddress,
  removeFolder,
  scratchFolder,
  startCodeServer,
} from './code-server.ts';
import { parseLaunchArguments } from './launch-arguments.ts';

/** For the whole run, start included; milliseconds. */
const deadline = Number(process.env.MAILBENCH_HOST_DEADLINE ?? 300_000);

const launch = parseLaunchArguments(process.argv.slice(2), process.env);
const scratch = scratchFolder();
let server: CodeServer | undefined;
let browser: Browser | undefined;

async function end(code: number): Promise<never> {
  await browser?.close().catch(() => {});
  await server?.stop();
  removeFolder(scratch);
  process.exit(code);
}

let ending = false;
function endOnce(code: number, why?: string): void {
  if (ending) return;
  ending = true;
  if (code !== 0 && !spoke) console.error(ownLog.slice(-40).join('\n'));
  if (why) console.error(why);
  void end(code);
}

// Killed outright, the test run that started this program could not say so.
const parent = process.ppid;
setInterval(() => {
  if (process.ppid !== parent) endOnce(143, 'The test run is gone.');
}, 1000);
process.on('SIGINT', () => endOnce(130, 'Interrupted.'));
process.on('SIGTERM', () => endOnce(143, 'Terminated.'));
setTimeout(() => endOnce(124, `The test run did not end within ${deadline / 1000} s.`), deadline);

const verbose = Boolean(process.env.MAILBENCH_HOST_VERBOSE);
/** Marks what the tests write: the page hands down its own log along with it, which is of use only when a run fails. */
const mark = '\u2063';
const ownLog: string[] = [];
let spoke = false;

function show(args: readonly unknown[]): void {
  const text = format(...args);
  if (text.startsWith(mark)) {
    spoke = true;
    process.stdout.write(`${text.slice(mark.length)}\n`);
  } else if (verbose) {
    console.error(`[VS Code] ${text}`);
  } else {
    ownLog.push(text);
  }
}

/** Shows the page's own errors too, where somebody looks for the reason of a run that never began. */
function watch(page: Page): void {
  page.on('crash', () => endOnce(1, 'The page crashed.'));
  page.on('pageerror', (error) => {
    if (verbose) console.error(`[page] ${error.message}`);
  });
  page.on('console', (message) => {
    if (verbose) console.error(`[page ${message.type()}] ${message.text()}`);
  });
}

try {
  server = await startCodeServer({
    userData: launch.userData ? resolve(launch.userData) : join(scratch, 'user'),
    extensions: launch.extensions ? resolve(launch.extensions) : join(scratch, 'extensions'),
    trust: launch.trust,
    scratch,
    driver: true,
    env: { MAILBENCH_CONSOLE_MARK: mark },
    ...(verbose ? { log: (line: string) => console.error(`[server] ${line}`) } : {}),
  });
  void server.gone.then(() => endOnce(1, 'code-server ended before the tests did.'));
  browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  watch(page);
  await page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => show(args));
  await page.exposeFunction('codeAutomationExit', (code: number) => endOnce(code));
  const development: Development = {
    extension: launch.extensionDevelopmentPath,
    ...(launch.extensionTestsPath ? { tests: launch.extensionTestsPath } : {}),
  };
  await page.goto(pageAddress(server.port, launch.folder ?? launch.extensionDevelopmentPath, { development }));
} catch (error) {
  endOnce(1, error instanceof Error ? (error.stack ?? error.message) : String(error));
}
