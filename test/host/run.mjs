/**
 * Runs a program of this project on the fetched Node: `node test/host/run.mjs FILE ARGUMENTS…`. Set-up comes first where
 * it is needed, so that every npm script works in a fresh clone. What set-up says goes to standard error: the program's
 * output may be a message.
 */
import { join } from 'node:path';
import { nodeBinary, root } from './layout.mjs';
import { run, runMain } from './process.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  const log = console.log;
  console.log = console.error;
  await setUp();
  console.log = log;
  // npm runs scripts in the project's folder, and keeps where the person stood in INIT_CWD: relative names mean that place.
  const cwd = process.argv[2] === 'src/cli.ts' ? (process.env.INIT_CWD ?? process.cwd()) : root;
  const args = [join(root, process.argv[2] ?? ''), ...process.argv.slice(3)];
  const { code } = await run(nodeBinary, args, { cwd, stdin: true });
  return code;
});
