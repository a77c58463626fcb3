import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, it } from 'mocha';
import { parseLaunchArguments } from '../../host/launch-arguments.ts';

/** As `runTests` of @vscode/test-electron 3 passes them. */
const usual = [
  '/home/ann/samples',
  '--user-data-dir=/tmp/u',
  '--extensions-dir=/tmp/e',
  '--no-sandbox',
  '--disable-gpu-sandbox',
  '--disable-updates',
  '--skip-welcome',
  '--skip-release-notes',
  '--no-cached-data',
  '--disable-workspace-trust',
  '--extensionTestsPath=/ext/dist/test/index.cjs',
  '--extensionDevelopmentPath=/ext',
];

describe('the launcher’s arguments', () => {
  it('are those of desktop VS Code', () => {
    assert.deepEqual(parseLaunchArguments(usual, {}), {
      extensionDevelopmentPath: '/ext',
      extensionTestsPath: '/ext/dist/test/index.cjs',
      userData: '/tmp/u',
      extensions: '/tmp/e',
      trust: false,
      folder: '/home/ann/samples',
    });
  });

  it('keep workspace trust on where MAILBENCH_TRUST=1 says so', () => {
    assert.equal(parseLaunchArguments(usual, { MAILBENCH_TRUST: '1' }).trust, true);
    assert.equal(parseLaunchArguments(usual, { MAILBENCH_TRUST: '0' }).trust, false);
    assert.equal(parseLaunchArguments(['--extensionDevelopmentPath=/ext'], {}).trust, true);
  });

  it('may give a value as the next argument', () => {
    const parsed = parseLaunchArguments(
      ['--user-data-dir', '/tmp/u', '--extensionDevelopmentPath', 'ext', 'folder'],
      {},
    );
    assert.equal(parsed.userData, '/tmp/u');
    assert.equal(parsed.extensionDevelopmentPath, resolve('ext'));
    assert.equal(parsed.folder, resolve('folder'));
  });

  it('are refused without an extension', () => {
    assert.throws(() => parseLaunchArguments(['/home/ann/samples'], {}), /--extensionDevelopmentPath=FOLDER/);
  });
});
