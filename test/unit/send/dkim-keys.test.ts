import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { dkimKeys } from '../../../src/send/dkim-keys.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const files = memoryFiles({ '/w/keys/a.pem': 'from a', '/home/b.pem': 'from b' });
const environment = (name: string) => (name === 'MAILBENCH_DKIM_KEY' ? ' line 1\\nline 2\n' : undefined);
const settings = { 's1@a.example': 'keys/a.pem', 'S2@XN--exmple-cua.com': '/home/b.pem', 's3@a.example': 7 };

describe('send/dkim-keys', () => {
  const table: [string, Parameters<typeof dkimKeys>[0], [string, string], string | undefined][] = [
    ['a file of the settings, from the folder', { files, settings, folder: '/w' }, ['s1', 'a.example'], 'from a'],
    ['a file anywhere, in any case', { files, settings, folder: '/w' }, ['s2', 'xn--exmple-cua.com'], 'from b'],
    ['none for another selector', { files, settings, folder: '/w' }, ['s9', 'a.example'], undefined],
    ['none where the settings hold something else', { files, settings }, ['s3', 'a.example'], undefined],
    ['none of settings that are no table', { files, settings: 'x' }, ['s1', 'a.example'], undefined],
    ['the environment, in one line or in many', { files, settings, environment }, ['s9', 'x'], 'line 1\nline 2'],
    ['none of an empty variable', { files, environment: () => ' ' }, ['s', 'x'], undefined],
    ['a file before the environment', { files, settings, folder: '/w', environment }, ['s1', 'a.example'], 'from a'],
    ['what is given before all', { files, settings, environment, given: 'given' }, ['s1', 'a.example'], 'given'],
  ];
  for (const [what, sources, [selector, domain], expected] of table)
    it(what, async () => assert.equal(await dkimKeys(sources).key(selector, domain), expected));

  it('takes no other key where the one that is named can’t be read', () =>
    assert.rejects(dkimKeys({ files, settings: { 's@x': '/none.pem' }, environment }).key('s', 'x'), {
      code: 'ENOENT',
    }));
});
