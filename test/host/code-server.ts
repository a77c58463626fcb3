/** Starts and ends a code-server: VS Code's server, reached by a browser at a loopback address. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeServerEntry, environment, extensionIdentity, nodeBinary, root } from './layout.mjs';

export interface CodeServerOptions {
  /** Holds the user's settings (`User/settings.json`) and VS Code's state. */
  readonly userData: string;
  readonly extensions: string;
  /** Written to the user's settings where there is no such file yet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** 0 takes any free port. */
  readonly port?: number;
  /** Whether VS Code asks whether the folder is to be trusted. */
  readonly trust?: boolean;
  /** Whether the page takes an extension under development from its address, and reports to a driver. */
  readonly driver?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  /** A temporary folder that goes when the server goes. */
  readonly scratch?: string;
  /** Gets every line that the server writes. */
  readonly log?: (line: string) => void;
}

export interface CodeServer {
  readonly port: number;
  /** Settles when the server is gone, of itself or by `stop`. */
  readonly gone: Promise<void>;
  stop(): Promise<void>;
}

const guard = join(root, 'test', 'host', 'guard.mjs');

/** Settings that leave nothing on the screen but the work. */
const quietSettings: Readonly<Record<string, unknown>> = {
  'chat.disableAIFeatures': true,
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  // Otherwise a note comes up for each port on which the inbox begins to listen.
  'remote.autoForwardPorts': false,
  'workbench.tips.enabled': false,
  'workbench.reduceMotion': 'on',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'update.mode': 'none',
  'git.enabled': false,
  'git.openRepositoryInParentFolders': 'never',
  'npm.autoDetect': 'off',
  'typescript.disableAutomaticTypeAcquisition': true,
  'security.workspace.trust.startupPrompt': 'never',
  'window.confirmBeforeClose': 'never',
  'files.hotExit': 'off',
};

/** Variables that keep code-server out of the person's home and the common temporary folder. */
export function ownPlaces(folder: string): NodeJS.ProcessEnv {
  return { TMPDIR: folder, XDG_RUNTIME_DIR: '', XDG_DATA_HOME: folder };
}

/** The arguments that every start of the server has. */
export function serverArguments(options: Pick<CodeServerOptions, 'userData' | 'extensions'>): string[] {
  return [
    codeServerEntry,
    '--config',
    join(options.userData, 'code-server.yaml'),
    '--user-data-dir',
    options.userData,
    '--extensions-dir',
    options.extensions,
  ];
}

/** The folders and files that code-server would otherwise make for itself, in the person's home. */
export function prepareUserData(options: Pick<CodeServerOptions, 'userData' | 'extensions' | 'settings'>): void {
  mkdirSync(join(options.userData, 'User'), { recursive: true });
  mkdirSync(options.extensions, { recursive: true });
  writeFileSync(join(options.userData, 'code-server.yaml'), 'auth: none\n');
  try {
    const settings = JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2);
    writeFileSync(join(options.userData, 'User', 'settings.json'), settings, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** @throws when the server ends, or is silent for a minute, before it listens; the message holds what it wrote */
export async function startCodeServer(options: CodeServerOptions): Promise<CodeServer> {
  prepareUserData(options);
  const args = [
    ...serverArguments(options),
    '--auth',
    'none',
    '--bind-addr',
    `127.0.0.1:${options.port ?? 0}`,
    '--disable-telemetry',
    '--disable-update-check',
    '--disable-getting-started-override',
    // Otherwise sessions outlive their page by three hours, in case it comes back.
    '--reconnection-grace-time',
    '10',
    ...(options.trust ? [] : ['--disable-workspace-trust']),
    ...(options.driver ? ['--vscode-option', 'enable-smoke-test-driver=true'] : []),
  ];
  // A process group of its own: the server starts others, and all of them have to go together.
  const child = spawn(nodeBinary, [guard, options.scratch ?? '', nodeBinary, ...args], {
    env: environment({
      // Its sockets and temporary files go where everything else of it goes, and away with it.
      ...ownPlaces(options.scratch ?? options.userData),
      ...options.env,
    }),
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.stdin.on('error', () => {});
  const stop = async () => {
    child.stdin.end();
    await gone;
  };
  try {
    const port = await listeningPort(child, options.log);
    return { port, gone, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function listeningPort(child: ChildProcess, log: (line: string) => void = () => {}): Promise<number> {
  return new Promise((resolve, reject) => {
    let text = '';
    const fail = (why: string) => reject(new Error(`code-server ${why}\n${text.trim()}`));
    const timer = setTimeout(() => fail('did not start within a minute.'), 60_000);
    child.once('error', (error) => fail(`could not be started: ${error.message}`));
    child.once('close', (code) => {
      clearTimeout(timer);
      fail(`ended with code ${code} before it listened.`);
    });
    let rest = '';
    const take = (chunk: Buffer) => {
      if (text.length < 100_000) text += chunk;
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        log(line);
        const port = /HTTP server listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1];
        if (!port) continue;
        clearTimeout(timer);
        resolve(Number(port));
      }
    };
    child.stdout?.on('data', take);
    child.stderr?.on('data', take);
  });
}

/** A new temporary folder; short, because VS Code makes Unix sockets below it, whose paths end at a hundred characters. */
export function scratchFolder(): string {
  return realpathSync(mkdtempSync(join(process.platform === 'darwin' ? '/tmp' : tmpdir(), 'mailbench-')));
}

/** Removes a temporary folder that a server just left; its last writes may come in between. */
export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** What the page takes in its address to load an extension from its source folder. */
export interface Development {
  readonly extension: string;
  /** A module whose `run()` is the test run. */
  readonly tests?: string;
}

/**
 * The address at which the page shows `folder`.
 *
 * @param more `development` is minded only by a server with `driver`; `file` is opened at once
 */
export function pageAddress(
  port: number,
  folder: string,
  more: { readonly development?: Development; readonly file?: string } = {},
): string {
  const remote = (path: string) => `vscode-remote://127.0.0.1:${port}${encodeURI(path)}`;
  const payload: [string, string][] = [];
  if (more.development) payload.push(['extensionDevelopmentPath', remote(more.development.extension)]);
  if (more.development?.tests) payload.push(['extensionTestsPath', remote(more.development.tests)]);
  if (more.file) payload.push(['openFile', remote(more.file)]);
  const address = `http://127.0.0.1:${port}/?folder=${encodeURI(folder)}`;
  return payload.length > 0 ? `${address}&payload=${encodeURIComponent(JSON.stringify(payload))}` : address;
}

/** Puts the checkout where installed extensions are, so that every window has it, at whatever address. */
export function linkCheckout(extensions: string): void {
  linkExtension(extensions, root);
}

/** @param folder of an extension, its package.json in it */
export function linkExtension(extensions: string, folder: string): void {
  const { publisher, name, version } = extensionIdentity(folder);
  mkdirSync(extensions, { recursive: true });
  symlinkSync(folder, join(extensions, `${publisher}.${name}-${version}`), 'dir');
}
