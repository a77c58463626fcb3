/** Running other programs: with their output shown, or kept for the sentence that tells what went wrong. */
import { spawn } from 'node:child_process';
import { environment } from './layout.mjs';

/** What is missing on this machine, and what to do about it: reported as its sentence alone, without a stack. */
export class SetupProblem extends Error {
  /** @readonly */
  kind = 'setup';
}

/**
 * Runs a command's main function; a problem of set-up becomes one sentence and exit code 1.
 *
 * @param {() => Promise<number | undefined>} main gives the exit code
 */
export async function runMain(main) {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    const plain = error instanceof Error && 'kind' in error && error.kind === 'setup';
    console.error(plain ? `\n${error.message}` : error);
    process.exitCode = 1;
  }
}

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env] the whole environment; by default ours with the fetched Node first in PATH
 * @property {boolean} [quiet] keep the output instead of showing it
 * @property {number} [deadline] milliseconds, after which the program is ended and the exit code is 124
 * @property {boolean} [stdin] let it read this process's standard input
 */

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<{ code: number, output: string }>} `output` is empty unless `quiet`; a program that can't be
 *   started gives 127, one that a signal ended 128
 */
export function run(program, args, options = {}) {
  return new Promise((resolve) => {
    // npm is a .cmd file on Windows, which only a shell can start.
    const shell = process.platform === 'win32' && !/\.exe$/i.test(program);
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? environment(),
      stdio: [
        options.stdin ? 'inherit' : 'ignore',
        options.quiet ? 'pipe' : 'inherit',
        options.quiet ? 'pipe' : 'inherit',
      ],
      shell,
    });
    let output = '';
    let late = false;
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      output += chunk;
    });
    const timer = options.deadline
      ? setTimeout(() => {
          late = true;
          child.kill();
        }, options.deadline)
      : undefined;
    const forward = () => child.kill('SIGTERM');
    process.on('SIGTERM', forward);
    // Ctrl+C reaches the whole process group by itself; this process only has to outlive the child's own clean-up.
    const outlive = () => {};
    process.on('SIGINT', outlive);
    const end = (/** @type {number} */ code, /** @type {string} */ text) => {
      clearTimeout(timer);
      process.off('SIGTERM', forward);
      process.off('SIGINT', outlive);
      resolve({ code, output: text });
    };
    child.once('error', (error) => end(127, output + error.message));
    child.once('close', (code) => end(late ? 124 : (code ?? 128), output));
  });
}

/**
 * Installs into a folder of its own, never into the project.
 *
 * @param {string} what for the message
 * @param {string} folder
 * @param {readonly string[]} args after `npm`
 * @returns {Promise<void>}
 */
export async function npm(what, folder, args) {
  console.log(`Setting up: ${what} …`);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  // By default npm waits for more than a minute before it says that there is no network.
  const patience = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
  const common = ['--prefix', folder, ...quiet, ...patience];
  const { code, output } = await run('npm', [...args, ...common], { cwd: folder, quiet: true });
  if (code === 0) return;
  throw new SetupProblem(
    `${output.trim().split('\n').slice(0, 20).join('\n')}\n\nCould not install ${what}: npm ended with code ${code}. ` +
      'Check that the npm registry can be reached (npm ping), then run the same command again: it goes on where it stopped.',
  );
}
