import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { nodeFiles } from '../../../src/base/node-files.ts';
import { compose } from '../../../src/send/compose.ts';
import { findPython } from '../../oracles/python.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { root } from '../architecture/source-tree.ts';

const samples = join(root, 'media/samples/python-email');
const twins = fileURLToPath(new URL('../../oracles/twins.py', import.meta.url));

async function built(path: string): Promise<Buffer> {
  const { message, problems } = await compose(
    { text: await readFile(path, 'utf8'), path, workspaceRoot: join(root, 'media/samples'), seed: 'sample' },
    { files: nodeFiles, clock: fixedClock },
  );
  assert.deepEqual(problems, [], path);
  const chunks: Uint8Array[] = [];
  for await (const chunk of message!.read()) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('what the classes of Python’s email.mime are for', () => {
  const names = globSync('*.eml', { cwd: samples })
    .map((name) => basename(name, '.eml'))
    .sort();

  it('has a sample for each, which names them', async () => {
    assert.deepEqual(names, [
      ...['add-header', 'chinese-name', 'mimeapplication', 'mimeaudio', 'mimebase', 'mimeimage'],
      ...['mimeimage-in-the-text', 'mimemessage', 'mimemultipart-alternative', 'mimemultipart-mixed'],
      ...['mimemultipart-nested', 'mimetext', 'mimetext-gb2312', 'mimetext-html', 'several-recipients'],
    ]);
    for (const name of names) assert.match(await readFile(join(samples, `${name}.eml`), 'utf8'), /^# Python: /, name);
  });

  it('reads in Python as what its own classes make', async function () {
    const python = findPython();
    if (python === undefined) this.skip();
    const messages: Record<string, string> = {};
    for (const name of names) messages[name] = (await built(join(samples, `${name}.eml`))).toString('base64');
    const input = JSON.stringify(messages);
    const env = { ...process.env, PYTHONIOENCODING: 'utf-8' };
    const said = execFileSync(python, ['-I', twins, join(samples, 'files')], { input, env });
    const found = JSON.parse(said.toString()) as Record<string, { ours: object; twin: object }>;
    assert.deepEqual(Object.keys(found), names);
    for (const [name, { ours, twin }] of Object.entries(found)) assert.deepEqual(ours, twin, name);
  });
});
