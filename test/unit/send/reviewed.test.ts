import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DEFAULT_ADVICE } from '../../../src/language/advice.ts';
import { compose } from '../../../src/send/compose.ts';
import { reviewed, reviewSettings } from '../../../src/send/reviewed.ts';
import { problemSentence } from '../../../src/send/sentences/problem.ts';

const ports = {
  files: {
    stat: () => Promise.reject(new Error('none')),
    realpath: () => Promise.reject(new Error('none')),
    read: () => Promise.reject(new Error('none')),
    stream: () => {
      throw new Error('none');
    },
  },
  clock: { now: () => 0, offsetMinutes: () => 0, ticks: () => 0 },
};

async function told(text: string, written: Parameters<typeof reviewSettings>[0] = {}): Promise<readonly string[]> {
  const composed = await compose({ text, seed: 's' }, ports);
  return reviewed(composed, reviewSettings(written)).map(({ severity, code }) => `${severity} ${code}`);
}

const head = 'From: a@b.example\nTo: c@d.example\nSubject: x\n';

describe('problems as they are shown', () => {
  it('have the advice among them, in order of place', async () => {
    const text = `${head}X-Priority: 9\n\nThe report is attached.\n`;
    assert.deepEqual(await told(text), ['warning field-value-invalid', 'warning attachment-forgotten']);
    assert.deepEqual(
      await told(text, { severity: { 'attachment-forgotten': 'off', 'field-value-invalid': 'error' } }),
      ['error field-value-invalid'],
    );
    assert.deepEqual(await told(`${head}# mailbench-ignore\nX-Priority: 9\n\nHi`), []);
  });

  it('keep the errors, whatever is set and silenced', async () => {
    const text = 'From: a@b.example\n# mailbench-ignore\nTo: c\nSubject: x\n\nHi';
    assert.deepEqual(await told(text, { severity: { 'address-without-domain': 'off' } }), [
      'error address-without-domain',
    ]);
  });

  it('measure the message that is made', async () => {
    assert.deepEqual(await told(`${head}\nHi`, { messageSize: 0.0001 }), ['warning message-large']);
    assert.deepEqual(await told(`${head}\nHi`, { messageSize: 0 }), []);
  });

  it('go by the defaults where settings are none', () => {
    const defaults = { severity: {}, advice: DEFAULT_ADVICE };
    assert.deepEqual(reviewSettings({}), defaults);
    assert.deepEqual(reviewSettings({ severity: 'x', attachmentWords: 1, messageSize: -1, lineLength: '9' }), defaults);
    assert.deepEqual(reviewSettings({ severity: { a: 'off', b: 'loud' }, attachmentWords: ['x', 2] }), {
      severity: { a: 'off' },
      advice: { ...DEFAULT_ADVICE, attachmentWords: ['x'] },
    });
  });

  it('say what to do', async () => {
    const composed = await compose({ text: `${head}\nSee the attachment.`, seed: 's' }, ports);
    assert.deepEqual(reviewed(composed, reviewSettings({})).map(problemSentence), [
      'The text says "attachment", and nothing is attached: add <#attach ./file>, or silence this for the line.',
    ]);
  });

  it('has its defaults in package.json', async () => {
    const { default: manifest } = await import('../../../package.json', { with: { type: 'json' } });
    const properties: Record<string, { default?: unknown }> = Object.assign(
      {},
      ...manifest.contributes.configuration.map((section: { properties: object }) => section.properties),
    );
    const of = (name: string): unknown => properties[`mailbench.check.${name}`]?.default;
    const written = {
      severity: of('severity'),
      attachmentWords: of('attachmentWords'),
      messageSize: of('messageSize'),
      lineLength: of('lineLength'),
    };
    assert.deepEqual(reviewSettings(written), { severity: {}, advice: DEFAULT_ADVICE });
  });
});
