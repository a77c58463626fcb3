/**
 * Runs mocha inside the extension host, on every `*.test.cjs` that was built beside this module; in a folder that is not
 * trusted, on those of `untrusted/`. See test/host/integration.ts for the variables.
 */
import { globSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { format } from 'node:util';
import type Mocha from 'mocha';

/** Tells the launcher of a browser's VS Code which lines of its log are ours. */
function markConsole(mark: string | undefined): void {
  if (!mark) return;
  for (const method of ['log', 'info', 'warn', 'error'] as const) {
    const original = console[method];
    const marked = (...args: unknown[]) => {
      const text = format(...args);
      // VS Code's own complaint that its compiled logger was left out of the installation; it does without.
      const own = !text.includes('Could not locate the bindings file');
      for (const line of text.split('\n')) original.call(console, own ? mark + line : line);
    };
    // The extension host's own console ignores a plain assignment.
    Object.defineProperty(console, method, { value: marked, configurable: true, writable: true });
  }
}

/** VS Code calls it once the window stands, and takes a rejection as the failure of the run. */
export async function run(): Promise<void> {
  // Stacks name the TypeScript source.
  process.setSourceMapsEnabled(true);
  markConsole(process.env.MAILBENCH_CONSOLE_MARK);
  const { default: MochaClass } = (await import('mocha')) as { default: typeof Mocha };
  const mocha = new MochaClass({ ui: 'bdd', color: !process.env.NO_COLOR, timeout: 30_000, forbidOnly: true });
  const grep = process.env.MAILBENCH_GREP;
  if (grep) mocha.grep(new RegExp(grep));
  const untrusted = process.env.MAILBENCH_TRUST === '1';
  const files = globSync('**/*.test.cjs', { cwd: __dirname }).sort();
  for (const file of files.filter((path) => path.startsWith(`untrusted${sep}`) === untrusted)) {
    mocha.addFile(join(__dirname, file));
  }

  const stats = await new Promise<Mocha.Stats | undefined>((resolve) => {
    const runner = mocha.run(() => resolve(runner.stats));
  });
  const passed = stats?.passes ?? 0;
  const failed = stats?.failures ?? 0;
  const skipped = stats?.pending ?? 0;
  if (process.env.MAILBENCH_COUNTS) {
    writeFileSync(process.env.MAILBENCH_COUNTS, JSON.stringify({ passed, failed, skipped }));
  }
  if (failed > 0) throw new Error(`${failed} of ${passed + failed} integration tests failed.`);
  // A name that fits none of these may fit tests of the other run.
  if (passed === 0 && !grep) throw new Error('No integration test ran.');
}
