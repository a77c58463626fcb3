/** Finds a desktop VS Code that can be started here. */
import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';

/** Whether a window could be shown. */
function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}

/** The `code` command on the PATH, where a window could be shown; MAILBENCH_HOST=browser says that there is none. */
export function findCodeCommand(env: NodeJS.ProcessEnv = process.env): string | undefined {
  if (env.MAILBENCH_HOST === 'browser' || !hasDisplay(env)) return undefined;
  const names = process.platform === 'win32' ? ['code.cmd', 'code-insiders.cmd'] : ['code', 'code-insiders', 'codium'];
  const folders = (env.PATH ?? '').split(delimiter).filter(Boolean);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path));
}

/** The program behind the `code` command: a test run needs its exit code, which the command does not wait for. */
function executableOf(codeCommand: string): string | undefined {
  const command = realpathSync(codeCommand);
  const app = dirname(dirname(command));
  const candidates = [
    join(app, basename(command)),
    join(app, basename(command).replace(/\.cmd$/, '.exe')),
    join(app, 'Code.exe'),
    join(app, '..', '..', 'MacOS', 'Code'),
    join(app, '..', '..', 'MacOS', 'Electron'),
  ];
  return candidates.find((path) => path !== command && existsSync(path));
}

/**
 * The executable for a test run: MAILBENCH_VSCODE, else the installed VS Code, else, where there is a display, one that is
 * downloaded. Undefined where none can be had, or MAILBENCH_HOST=browser forbids it.
 *
 * @throws where MAILBENCH_HOST=desktop insists on one
 */
export async function findDesktop(env: NodeJS.ProcessEnv = process.env): Promise<string | undefined> {
  if (env.MAILBENCH_HOST === 'browser') return undefined;
  if (env.MAILBENCH_VSCODE) return env.MAILBENCH_VSCODE;
  const command = findCodeCommand(env);
  const installed = command && executableOf(command);
  if (installed) return installed;
  const insists = env.MAILBENCH_HOST === 'desktop';
  if (!hasDisplay(env)) {
    if (insists) throw new Error('MAILBENCH_HOST=desktop, but there is no display: start it under xvfb-run.');
    return undefined;
  }
  try {
    return await downloadAndUnzipVSCode({ timeout: 15_000 });
  } catch (error) {
    if (insists) throw error;
    console.log(`Desktop VS Code is neither installed nor to be downloaded (${(error as Error).message}).`);
    return undefined;
  }
}
