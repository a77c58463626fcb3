import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, it } from 'mocha';
import { api, closeAll, openText, restoreSettings, sendAndSee, setSetting } from './support/workbench.ts';

describe('@dkim', () => {
  afterEach(async () => {
    await closeAll();
    await restoreSettings();
  });

  it('signs with the key that the settings name', async () => {
    const { privateKey } = generateKeyPairSync('ed25519');
    const folder = await mkdtemp(join(tmpdir(), 'mailbench-dkim-'));
    try {
      const path = join(folder, 'key.pem');
      await writeFile(path, privateKey.export({ type: 'pkcs8', format: 'pem' }));
      const text = '@dkim: sel@b.example\nFrom: a@b.example\nTo: c@d.example\nSubject: Signed\n\nHi\n';
      const unsigned = await (await api()).build(text);
      assert.deepEqual(
        unsigned.problems.map(({ code }) => code),
        ['dkim-key-missing'],
      );
      await setSetting('dkim.keys', { 'sel@b.example': path });
      const { message, problems } = await (await api()).build(text);
      assert.deepEqual(problems, []);
      const signature = /^DKIM-Signature: v=1; a=ed25519-sha256; c=relaxed\/relaxed; d=b\.example;/;
      assert.match(Buffer.from(message ?? []).toString(), signature);
      await openText(text);
      const { octets } = await sendAndSee();
      assert.match(Buffer.from(octets).toString(), signature);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
