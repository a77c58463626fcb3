/** Makes launcher.ts startable in place of desktop VS Code. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fetched, nodeBinary, root } from './layout.mjs';

/** A script, because a program that stands in for VS Code has to be one executable file. */
export function browserLauncher(): string {
  const path = join(fetched, 'code-in-browser.sh');
  const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
  const script = `#!/bin/sh\nexec ${quoted(nodeBinary)} ${quoted(join(root, 'test/host/launcher.ts'))} "$@"\n`;
  mkdirSync(fetched, { recursive: true });
  writeFileSync(path, script, { mode: 0o755 });
  return path;
}
