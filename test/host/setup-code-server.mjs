/** code-server: VS Code's workbench and extension host from the npm registry, without compiling anything. */
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeServerEntry, codeServerFolder, codeServerPackage, environment, versions } from './layout.mjs';
import { prepareLogging } from './logging-stand-in.mjs';
import { npm, run, SetupProblem } from './process.mjs';

const stamp = join(codeServerFolder, 'ready');
const vscode = join(codeServerPackage, 'lib', 'vscode');

/** @returns {Promise<void>} */
export async function prepareCodeServer() {
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === versions.codeServer && existsSync(codeServerEntry)) {
    return prepareLogging(vscode);
  }
  if (process.platform === 'win32') {
    throw new SetupProblem(
      'code-server does not run on Windows: install desktop VS Code (https://code.visualstudio.com).',
    );
  }
  rmSync(stamp, { force: true });
  mkdirSync(codeServerFolder, { recursive: true });
  writeFileSync(join(codeServerFolder, 'package.json'), '{ "private": true }\n');
  await npm(`code-server ${versions.codeServer} (620 MB on disk)`, codeServerFolder, [
    'install',
    `code-server@${versions.codeServer}`,
  ]);
  // Its own install script would do these two with scripts on, which compiles for minutes and wants Kerberos headers.
  await npm("code-server's VS Code", vscode, ['install', '--omit=dev']);
  await npm("code-server's built-in extensions", join(vscode, 'extensions'), ['install', '--omit=dev']);
  prepareLogging(vscode);

  const config = join(codeServerFolder, 'config.yaml');
  const { code, output } = await run('node', [codeServerEntry, '--version', '--config', config], {
    quiet: true,
    deadline: 60_000,
    // It makes folders where it thinks it is at home.
    env: environment({ XDG_DATA_HOME: codeServerFolder }),
  });
  if (code !== 0) {
    throw new SetupProblem(
      `${output.trim()}\n\ncode-server ${versions.codeServer} was installed but does not start. ` +
        `Delete ${codeServerFolder} and try again, or install desktop VS Code.`,
    );
  }
  writeFileSync(stamp, versions.codeServer);
}
