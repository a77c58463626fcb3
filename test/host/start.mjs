/** `npm start`: set-up and build, then VS Code with the extension; see start.ts. */
import { join } from 'node:path';
import { nodeBinary, root } from './layout.mjs';
import { run, runMain } from './process.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp();
  const { code, output } = await run(nodeBinary, ['esbuild.js', '--production'], { cwd: root, quiet: true });
  if (code !== 0) {
    console.error(output);
    return code;
  }
  const started = await run(nodeBinary, [join(root, 'test/host/start.ts'), ...process.argv.slice(2)], { cwd: root });
  return started.code;
});
