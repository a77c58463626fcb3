import assert from 'node:assert/strict';
import { globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { after, describe, it } from 'mocha';
import { parseAddressList } from '../../../src/base/address.ts';
import { asciiDomain } from '../../../src/base/domain.ts';
import { nodeFiles } from '../../../src/base/node-files.ts';
import type { Draft } from '../../../src/document/draft.ts';
import { draftOf } from '../../../src/document/draft-of.ts';
import { parseDocument } from '../../../src/document/parse.ts';
import { buildMessage } from '../../../src/mime/build.ts';
import { parseDataSet } from '../../../src/template/data.ts';
import { createRender } from '../../../src/template/render.ts';
import { compare, isDifference } from '../../oracles/compare.ts';
import type { Meant } from '../../oracles/generate.ts';
import { findPython, PythonReader } from '../../oracles/python.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { root } from '../architecture/source-tree.ts';

const folder = join(root, 'media/samples');
const samples = globSync(['*.eml', 'python-email/*.eml'], { cwd: folder }).sort();

function meantBy({ fields }: Draft, files: Readonly<Record<string, Buffer>>): Meant {
  const text = (name: string): string => fields.find((field) => field.name === name)?.value.text ?? '';
  const mailboxes = (name: string): [string, string][] =>
    parseAddressList(text(name))
      .addresses.flatMap((address) => (address.type === 'group' ? address.members : [address]))
      .map(({ name, local, domain }) => [name?.text ?? '', `${local}@${asciiDomain(domain).ascii}`]);
  return {
    files,
    subject: text('Subject'),
    extra: '',
    references: text('References').match(/<[^>]*>/g) ?? [],
    from: mailboxes('From'),
    to: mailboxes('To'),
    cc: mailboxes('Cc'),
  };
}

/** Every file below a folder, by its path from there. */
function filesBelow(from: string): Record<string, Buffer> {
  return Object.fromEntries(
    readdirSync(from, { recursive: true })
      .map(String)
      .filter((name) => statSync(join(from, name)).isFile())
      .map((name) => [name, readFileSync(join(from, name))]),
  );
}

describe('the samples', () => {
  const python = findPython();
  const reader = python === undefined ? undefined : new PythonReader(python);
  after(() => reader?.close());

  for (const sample of samples)
    it(`${sample} is read by others as it was meant`, async () => {
      const path = join(folder, sample);
      const { document, problems } = parseDocument(readFileSync(path, 'utf8'));
      assert.deepEqual(problems, []);
      const data = /^@data: (.*)$/m.exec(document.text)?.[1];
      const set = data && (await parseDataSet(readFileSync(join(folder, data), 'utf8'), 'json'));
      const record = set ? set.data?.records[0] : undefined;
      const settings = { seed: 'sample', clock: fixedClock, messageId: '<id@a.example>' };
      const { render } = await createRender(document, record ? { ...settings, record } : settings);
      const { draft } = draftOf(document, render);
      const options = {
        seed: 'sample',
        clock: fixedClock,
        files: nodeFiles,
        documentPath: path,
        workspaceRoot: folder,
      };
      const { message, problems: said } = await buildMessage(draft, options);
      assert.deepEqual(said, []);
      const findings = await compare(meantBy(draft, filesBelow(dirname(path))), message!, reader);
      assert.ok(findings.length > 8);
      assert.deepEqual(findings.filter(isDifference), []);
      // They are short enough for the faults of every reader: all have to agree.
      for (const { what, meant, readers } of findings)
        for (const [name, read] of Object.entries(readers)) assert.equal(read, meant, `${name}: ${what}`);
    });
});
