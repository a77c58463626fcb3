import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { isSourceFailure } from '../../../src/mime/source-failure.ts';
import { composed, octetsOf } from '../../support/composed.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const document = `@encoding: binary
From: a@example.com
To: b@example.org

Hi
<#attach ./a.bin encoding=base64>
<#attach ./b.bin>
<#attach ./c.eml>
`;

describe('a stretch of a message', () => {
  it('is what stands there, of files in each form', async () => {
    const octets = (size: number) => Buffer.from(Array.from({ length: size }, (_, index) => (index * 7) % 251));
    const made = await composed(document, {
      'a.bin': octets(1_500_000),
      'b.bin': octets(700_000),
      'c.eml': `Subject: x\n\n${'A line\n'.repeat(1000)}`,
    });
    const message = made.built!;
    assert.equal(message.whole, undefined);
    const all = await octetsOf(made);
    const leaves = message.root.children;
    assert.deepEqual(
      leaves.map(({ encoding }) => encoding),
      ['7bit', 'base64', 'binary', '7bit'],
    );
    // Around where the parts begin and end, and anywhere.
    const edges = leaves.flatMap(({ bodyStart, bodyEnd }) => [bodyStart, bodyEnd]);
    const near = fc
      .tuple(fc.constantFrom(...edges), fc.integer({ min: -160, max: 160 }))
      .map(([edge, by]) => edge + by);
    const offset = fc.oneof(near, fc.nat(all.length)).map((at) => Math.min(Math.max(at, 0), all.length));
    await fc.assert(
      fc.asyncProperty(offset, fc.oneof(fc.nat(300), fc.nat(all.length)), async (start, length) => {
        const slice = await message.slice(start, start + length);
        assert.ok(Buffer.from(slice).equals(all.subarray(start, start + length)), `${start} to ${start + length}`);
      }),
      { numRuns: 60 },
    );
  });

  it('fails where the file is not the one that was measured', async () => {
    const content: Record<string, Uint8Array> = {
      '/docs/mail.eml': Buffer.alloc(0),
      '/docs/a.bin': Buffer.alloc(3_000_000),
    };
    const made = await composed(
      'From: a@example.com\nTo: b@example.org\n\nHi\n<#attach ./a.bin>\n',
      memoryFiles(content),
    );
    content['/docs/a.bin'] = Buffer.alloc(2_999_999);
    await assert.rejects(made.built!.slice(1000, 2000), isSourceFailure);
  });
});
