/**
 * Runs the benchmarks: `npm run bench [-- NAME…]`. Each `*.bench.ts` below this folder is a program by itself, in a
 * process of its own, that prints its figures and the ratios to its rivals; a name picks those whose path holds it.
 */
import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { join } from 'node:path';

const names = process.argv.slice(2);
const files = globSync('**/*.bench.ts', { cwd: import.meta.dirname })
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort();
if (files.length === 0) {
  console.error(`No benchmark has a path with ${names.join(' or ')} in it.`);
  process.exitCode = 1;
}
for (const file of files) {
  console.log(`\n──── ${file.replace(/\.bench\.ts$/, '')} ────`);
  const { status } = spawnSync(process.execPath, ['--expose-gc', join(import.meta.dirname, file)], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
