/**
 * mocha's `spec` reporter (`dot` where MAILBENCH_REPORTER says so), which also writes the counts to the file that
 * MAILBENCH_COUNTS names, for the sum at the end of `npm test`.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const { Dot, Spec } = Mocha.reporters;

/** For what is closing when the last test ends; milliseconds. */
const patience = 5000;

export default class CountingReporter extends (process.env.MAILBENCH_REPORTER === 'dot' ? Dot : Spec) {
  /**
   * @param {import('mocha').Runner} runner
   * @param {import('mocha').MochaOptions} options
   */
  constructor(runner, options) {
    super(runner, options);
    const write = (/** @type {number} */ more) => {
      const { passes = 0, failures = 0, pending = 0 } = runner.stats ?? {};
      if (!process.env.MAILBENCH_COUNTS) return;
      const counts = { passed: passes, failed: failures + more, skipped: pending };
      writeFileSync(process.env.MAILBENCH_COUNTS, JSON.stringify(counts));
    };
    runner.once('end', () => {
      write(0);
      // Fires only where a test left something open, which would keep this process waiting for ever.
      setTimeout(() => {
        write(1);
        console.error(`Left open after the last test: ${process.getActiveResourcesInfo().join(', ')}.`);
        process.exit(1);
      }, patience).unref();
    });
  }
}
