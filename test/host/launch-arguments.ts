/** The arguments of desktop VS Code that a test run uses. */
import { resolve } from 'node:path';

export interface LaunchArguments {
  readonly extensionDevelopmentPath: string;
  readonly extensionTestsPath: string | undefined;
  readonly userData: string | undefined;
  readonly extensions: string | undefined;
  /** Whether workspace trust is in force. */
  readonly trust: boolean;
  /** What VS Code opens. */
  readonly folder: string | undefined;
}

/**
 * Every other option is one of Electron's or of the desktop's, without meaning in a browser, and is passed over.
 *
 * @param env `MAILBENCH_TRUST=1` keeps workspace trust on, although `@vscode/test-electron` always turns it off
 * @throws where there is no `--extensionDevelopmentPath`
 */
export function parseLaunchArguments(args: readonly string[], env: NodeJS.ProcessEnv): LaunchArguments {
  const values = new Map<string, string>();
  let folder: string | undefined;
  for (let index = 0; index < args.length; index++) {
    const arg = args[index] ?? '';
    const option = /^--([^=]+)(?:=(.*))?$/s.exec(arg);
    if (!option?.[1]) {
      folder ??= resolve(arg);
    } else if (option[2] !== undefined) {
      values.set(option[1], option[2]);
    } else if (takesValue.has(option[1])) {
      values.set(option[1], args[++index] ?? '');
    } else {
      values.set(option[1], '');
    }
  }
  const development = values.get('extensionDevelopmentPath');
  if (!development) throw new Error('The launcher needs --extensionDevelopmentPath=FOLDER.');
  const tests = values.get('extensionTestsPath');
  return {
    extensionDevelopmentPath: resolve(development),
    extensionTestsPath: tests === undefined ? undefined : resolve(tests),
    userData: values.get('user-data-dir'),
    extensions: values.get('extensions-dir'),
    trust: env.MAILBENCH_TRUST === '1' || !values.has('disable-workspace-trust'),
    folder,
  };
}

const takesValue = new Set([
  'extensionDevelopmentPath',
  'extensionTestsPath',
  'user-data-dir',
  'extensions-dir',
  'folder-uri',
  'locale',
  'log',
]);
