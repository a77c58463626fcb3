import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { outline } from '../../../src/inspect/outline.ts';
import { buildMessage } from '../../../src/mime/build.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { attach, draft, inline, part } from './drafts.ts';

const files = memoryFiles({ '/docs/a.bin': Buffer.from([0, 1, 255]), '/docs/a.eml': 'Subject: x\n\nFrom\n--\n.\n' });
const nasty = fc.string({
  unit: fc.oneof(
    fc.constantFrom(
      '\r',
      '\n',
      '\0',
      '\r\n',
      '\r\n\r\n',
      '--',
      ' ',
      '"',
      '\\',
      '=?',
      '?=',
      '漢',
      '\ud800',
      ';',
      ':',
      '<',
      '>',
    ),
    fc.string({ minLength: 1, maxLength: 3 }),
  ),
  maxLength: 20,
});

describe('whole messages', () => {
  it('have the fields and parts that were meant, whatever is typed or rendered into them', async () => {
    await fc.assert(
      fc.asyncProperty(nasty, nasty, nasty, nasty, nasty, nasty, async (subject, name, id, value, text, any) => {
        const made = draft(
          [
            ['From', 'a@b.example'],
            ['Subject', subject],
            [any.replace(/^@/, '') || 'X', value],
            ['@message-id', any],
            ['@boundary', id],
            ['@date', value],
          ],
          text,
          part(
            {
              type: 'text/html',
              id,
              language: any,
              'param.x': value,
              [`param.${any}`]: 'x',
              [`header.${any}`]: 'x',
              'header.X-Y': value,
            },
            text,
            inline('./a.bin', { id }),
          ),
          attach('./a.bin', { name, description: value, type: any, charset: any, method: any, disposition: any }),
          attach('./a.eml', { name }),
        );
        const { message, problems } = await buildMessage(made, {
          seed: 's',
          clock: fixedClock,
          files,
          documentPath: '/docs/m.eml',
        });
        const whole = Buffer.from(message!.whole!);
        assert.equal(whole.length, message!.size);
        const read = outline(whole);
        const top = read.fields.map((field) => field.name.toLowerCase());
        const expected = new Set([
          'from',
          'subject',
          any.toLowerCase(),
          'x',
          'date',
          'message-id',
          'mime-version',
          'content-type',
          'content-transfer-encoding',
        ]);
        for (const field of top) assert.ok(expected.has(field) || problems.length > 0, field);
        assert.ok(!top.includes('bcc') || any.toLowerCase() === 'bcc');
        const text8 = whole.toString('latin1');
        assert.doesNotMatch(text8, /\r(?!\n)|(?<!\r)\n|\0/);
        for (const line of text8.split('\r\n')) assert.ok(line.length <= 998);
        const shape = (found: typeof read): string =>
          found.children.length > 0 ? `(${found.children.map(shape).join(' ')})` : 'x';
        const meant = (built: NonNullable<typeof message>['root']): string =>
          built.children.length > 0
            ? `(${built.children.map(meant).join(' ')})`
            : built.mediaType === 'message/rfc822'
              ? '(x)'
              : 'x';
        assert.equal(shape(read), meant(message!.root));
      }),
      { numRuns: 400 },
    );
  });

  it('of a gigabyte are read within 32 MB of heap', async function () {
    this.timeout(120_000);
    const script = fileURLToPath(new URL('./gigabyte.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [script]);
    const { size, expected, heap, external } = JSON.parse(stdout) as Record<string, number>;
    assert.equal(size, expected);
    assert.ok(heap! < 32 * 1024 * 1024, `${heap} octets of heap`);
    assert.ok(external! < 64 * 1024 * 1024, `${external} octets outside of it`);
  });
});
