import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'mocha';
import { type BuildOptions, buildMessage } from '../../../src/mime/build.ts';
import { BodyHash, relaxedField } from '../../../src/mime/dkim-canonical.ts';
import { kinds, pem, verify } from '../../support/dkim.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { attach, draft, type MadeDraft, part } from './drafts.ts';
import { located } from './tree.ts';

async function build(made: MadeDraft, key: string | undefined, options: Partial<BuildOptions> = {}) {
  const { message, problems } = await buildMessage(made, {
    seed: 'seed',
    clock: fixedClock,
    files: memoryFiles({ '/docs/a.bin': Buffer.alloc(3000, 1), '/docs/big.bin': Buffer.alloc(3_000_000, 2) }),
    documentPath: '/docs/m.eml',
    dkimKeys: { key: async () => key },
    ...options,
  });
  return { message: message!, problems: problems.map((problem) => located(problem, made.documentText)) };
}

const header: [string, string][] = [
  ['From', 'Ann Zoë <a@b.example>'],
  ['To', 'b@c.example, "Doe, Jo" <d@e.example>'],
  ['Subject', 'Quarterly  figures – résumé with a subject that is long enough to be folded'],
  ['X-Thing', 'a'],
  ['X-Thing', 'b'],
  ['@dkim', 'sel@b.example'],
];

describe('DKIM', () => {
  for (const [algorithm, { privateKey, record }] of Object.entries(kinds)) {
    it(`${algorithm} verifies`, async () => {
      const made = draft(header, 'Text  with   spaces \n\n\n', part({ type: 'text/html' }, '<p>\n'), attach('./a.bin'));
      const { message, problems } = await build(made, pem(privateKey));
      assert.deepEqual(problems, []);
      const whole = Buffer.from(message.whole!);
      assert.equal(message.size, whole.length);
      assert.deepEqual(await verify(whole, record), [`pass ${algorithm}`]);
      for (const line of whole.toString('latin1').split('\r\n')) assert.ok(line.length <= 78, line);
      // The places of what stands below the signature are those of the message with it.
      assert.equal(whole.toString('latin1', message.fields[1]!.start, message.fields[1]!.end).slice(0, 5), 'From:');
      assert.equal(
        whole.toString('latin1', message.root.children[1]!.bodyEnd - 5, message.root.children[1]!.bodyEnd).length,
        5,
      );
    });

    for (const [what, change] of [
      ['the body', (text: string) => text.replace('Text', 'Test')],
      ['a field', (text: string) => text.replace('X-Thing: b', 'X-Thing: c')],
      ['one more Subject', (text: string) => `Subject: other\r\n${text}`],
      ['one more field that was not there', (text: string) => `Reply-To: x@y.example\r\n${text}`],
    ] as const)
      it(`${algorithm} fails with ${what} changed`, async () => {
        const { message } = await build(draft(header, 'Text\n'), pem(privateKey));
        const changed = Buffer.from(change(Buffer.from(message.whole!).toString('latin1')), 'latin1');
        assert.deepEqual(await verify(changed, record), [`${what === 'the body' ? 'neutral' : 'fail'} ${algorithm}`]);
      });
  }

  it('signs a message that is streamed', async () => {
    const { privateKey, record } = kinds['ed25519-sha256'];
    const { message } = await build(draft(header, 'Text\n', attach('./big.bin')), pem(privateKey));
    assert.equal(message.whole, undefined);
    const chunks: Uint8Array[] = [];
    for await (const chunk of message.read()) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).length, message.size);
    assert.deepEqual(await verify(Buffer.concat(chunks), record), ['pass ed25519-sha256']);
  });

  it('says the same signature from the same seed and clock', async () => {
    const { privateKey } = kinds['ed25519-sha256'];
    const one = await build(draft(header, 'Text\n'), pem(privateKey));
    const two = await build(draft(header, 'Text\n'), pem(privateKey));
    assert.deepEqual(one.message.whole, two.message.whole);
  });

  it('tells what keeps it from signing', async () => {
    const made = draft(header, 'Text\n');
    assert.deepEqual((await build(made, undefined)).problems, ['dkim-key-missing "sel@b.example"']);
    assert.deepEqual((await build(made, 'nonsense')).problems, ['dkim-key-unusable "sel@b.example"']);
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    assert.deepEqual((await build(made, pem(ec.privateKey))).problems, ['dkim-key-unusable "sel@b.example"']);
    const other = draft(
      [
        ['From', 'a@other.example'],
        ['@dkim', 'sel@b.example'],
      ],
      'x\n',
    );
    assert.deepEqual((await build(other, pem(kinds['ed25519-sha256'].privateKey))).problems, [
      'dkim-not-aligned "sel@b.example"',
    ]);
    const wrong = draft(
      [
        ['From', 'a@b.example'],
        ['@dkim', 'b.example'],
      ],
      'x\n',
    );
    assert.deepEqual((await build(wrong, undefined)).problems, ['setting-value-invalid "b.example"']);
  });

  it('has the relaxed forms of RFC 6376 section 3.4.5, at every split', () => {
    assert.equal(relaxedField('A: X'), 'a:X');
    assert.equal(relaxedField('B : Y\t\r\n\tZ  '), 'b:Y Z');
    const body = Buffer.from(' C \r\nD \t E\r\n\r\n\r\n');
    const whole = new BodyHash();
    whole.update(Buffer.from(' C\r\nD E\r\n'));
    const expected = whole.digest();
    for (let at = 0; at <= body.length; at++) {
      const hash = new BodyHash();
      hash.update(body.subarray(0, at));
      hash.update(body.subarray(at));
      assert.equal(hash.digest(), expected);
    }
    // RFC 6376 section 3.4.4: the hash of an empty body.
    assert.equal(new BodyHash().digest(), '47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=');
  });
});
