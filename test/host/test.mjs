/**
 * `npm test`: set-up, then the suites that are named (all of `everything` where none is), each whatever became of the one
 * before it, and one line with the sum of their counts. What follows `--` goes to the suites' own programs.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environment, nodeBinary, root } from './layout.mjs';
import { run, runMain, SetupProblem } from './process.mjs';
import { setUp } from './setup.mjs';
import { everything, suites } from './suites.mjs';

/** @typedef {{ title: string, passed: number, failed: number, skipped: number, seconds: number, note: string }} Result */

/**
 * @param {string} name
 * @param {readonly string[]} args
 * @param {string} scratch a folder for the counts
 * @returns {Promise<Result>}
 */
async function runSuite(name, args, scratch) {
  const suite = suites[name];
  if (!suite) throw new SetupProblem(`There is no suite "${name}". There are: ${Object.keys(suites).join(', ')}.`);
  console.log(`\n──── ${suite.title} ────`);
  const began = Date.now();
  const counts = join(scratch, `${name}.json`);
  const { code } = await run(nodeBinary, suite.command(args), {
    cwd: root,
    env: environment({ MAILBENCH_FIRST_NODE: process.execPath, ...suite.env, MAILBENCH_COUNTS: counts }),
    deadline: suite.deadline,
  });
  const seconds = (Date.now() - began) / 1000;
  let result = { passed: 0, failed: 0, skipped: 0 };
  let note = code === 124 ? 'stopped at its deadline' : '';
  if (suite.counts) {
    try {
      result = JSON.parse(readFileSync(counts, 'utf8'));
    } catch {
      note ||= 'ended before it could count';
    }
    // Whatever ended a suite badly counts, even where no test could say so.
    if (code !== 0 && result.failed === 0) result.failed = 1;
    if (code === 0 && result.passed === 0 && result.failed === 0) note = 'holds no test';
  } else if (code === 0) {
    result.passed = 1;
  } else {
    result.failed = 1;
  }
  return { title: suite.title, ...result, seconds, note };
}

/** @param {readonly Result[]} results */
function summary(results) {
  console.log('\n──── Summary ────');
  for (const { title, passed, failed, skipped, seconds, note } of results) {
    const counts = `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
    console.log(`${title.padEnd(20)}${counts.padEnd(36)}${seconds.toFixed(1).padStart(6)} s  ${note}`.trimEnd());
  }
}

await runMain(async () => {
  const separator = process.argv.indexOf('--', 2);
  const named = process.argv.slice(2, separator === -1 ? undefined : separator);
  const args = separator === -1 ? [] : process.argv.slice(separator + 1);
  let names = named.length > 0 ? named : everything;
  if (names.some((name) => suites[name]?.built) && !names.includes('build')) names = ['build', ...names];

  const host = names.some((name) => suites[name]?.needs === 'host');
  await setUp({ host, browser: host });
  const scratch = mkdtempSync(join(tmpdir(), 'mailbench-counts-'));
  /** @type {Result[]} */
  const results = [];
  try {
    let built = true;
    for (const name of names) {
      if (suites[name]?.built && !built) {
        results.push({
          title: suites[name].title,
          passed: 0,
          failed: 1,
          skipped: 0,
          seconds: 0,
          note: 'not run: no build',
        });
        continue;
      }
      const result = await runSuite(name, name === 'build' && args.length > 0 ? [] : args, scratch);
      if (name === 'build') built = result.failed === 0;
      results.push(result);
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  summary(results);
  const passed = results.reduce((sum, result) => sum + result.passed, 0);
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  console.log(`\n${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
});
