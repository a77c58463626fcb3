/**
 * Runs the built integration tests inside a real VS Code: the desktop's where there is one and a display for it, else
 * code-server in a headless Chromium. MAILBENCH_HOST=desktop or =browser decides otherwise, MAILBENCH_VSCODE names the
 * desktop's executable. An argument picks tests by an expression that their full name matches.
 *
 * What stands in test/integration/untrusted/ gets a run of its own, in a folder that is not trusted.
 */
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTests, TestRunFailedError } from '@vscode/test-electron';
import { browserLauncher } from './browser-launcher.ts';
import { prepareUserData, removeFolder, scratchFolder } from './code-server.ts';
import { findDesktop } from './desktop.ts';
import { root, samples, versions } from './layout.mjs';

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** @throws only what is no failure of a test */
async function runOnce(executable: string, trust: boolean): Promise<Counts> {
  const scratch = scratchFolder();
  const workspace = join(scratch, 'samples');
  const counts = join(scratch, 'counts.json');
  const profile = { userData: join(scratch, 'user'), extensions: join(scratch, 'extensions') };
  // An interrupted run ends inside of runTests.
  const clean = () => removeFolder(scratch);
  process.once('exit', clean);
  try {
    // A copy: the tests type into it.
    cpSync(samples, workspace, { recursive: true });
    prepareUserData({ ...profile, settings: { 'mailbench.inbox.port': 0 } });
    const place = [`--user-data-dir=${profile.userData}`, `--extensions-dir=${profile.extensions}`];
    const grep = process.argv[2] ?? process.env.MAILBENCH_GREP;
    let ended = true;
    try {
      await runTests({
        vscodeExecutablePath: executable,
        extensionDevelopmentPath: root,
        extensionTestsPath: join(root, 'dist', 'test', 'index.cjs'),
        launchArgs: [workspace, ...place, '--disable-extensions'],
        extensionTestsEnv: {
          MAILBENCH_TEST_WORKSPACE: workspace,
          MAILBENCH_COUNTS: counts,
          MAILBENCH_TRUST: trust ? '0' : '1',
          ...(grep ? { MAILBENCH_GREP: grep } : {}),
        },
      });
    } catch (error) {
      if (!(error instanceof TestRunFailedError)) throw error;
      ended = false;
    }
    const result: Counts = existsSync(counts)
      ? JSON.parse(readFileSync(counts, 'utf8'))
      : { passed: 0, failed: 0, skipped: 0 };
    // A run that ended badly counts as a failure, even where no test could say so.
    return ended || result.failed > 0 ? result : { ...result, failed: 1 };
  } finally {
    process.off('exit', clean);
    clean();
  }
}

process.once('SIGTERM', () => process.exit(143));

const desktop = await findDesktop();
console.log(
  desktop
    ? `Integration tests in desktop VS Code (${desktop}).`
    : `Integration tests in code-server ${versions.codeServer}, in a headless Chromium.`,
);
const executable = desktop ?? browserLauncher();
const total = await runOnce(executable, true);
if (existsSync(join(root, 'dist', 'test', 'untrusted'))) {
  if (desktop) {
    // @vscode/test-electron always turns workspace trust off; only our own launcher can leave it on.
    console.log('The tests of untrusted folders run only in code-server (MAILBENCH_HOST=browser).');
  } else {
    console.log('Integration tests in a folder that is not trusted.');
    const more = await runOnce(executable, false);
    total.passed += more.passed;
    total.failed += more.failed;
    total.skipped += more.skipped;
  }
}
if (process.env.MAILBENCH_COUNTS) writeFileSync(process.env.MAILBENCH_COUNTS, JSON.stringify(total));
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
