import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { asciiDomain } from '../../../src/base/domain.ts';
import { ownText } from '../../../src/base/own-text.ts';
import { summarise } from '../../../src/capture/summary.ts';
import { growth } from '../../support/heap.ts';

describe('ownText', () => {
  it('is the same text, lone surrogates too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.integer({ min: 0, max: 0xffff })), (text, units) => {
        const odd = text + String.fromCharCode(...units);
        assert.equal(ownText(odd), odd);
      }),
    );
  });

  it('holds on to no other', async () => {
    const held: string[] = [];
    const octets = await growth(50, (index) => {
      held.push(ownText(`a line that is longer than a few letters${index}${'x'.repeat(100_000)}`.slice(0, 40)));
    });
    assert.ok(octets < 10_000, `${octets} octets for each`);
    assert.equal(held.length, 100);
  });
});

describe('what is kept of a long text', () => {
  it('a domain: not the document', async () => {
    const octets = await growth(30, (index) => {
      const text = `${'x'.repeat(200_000)} a@domain-number-${index}.example.com`;
      asciiDomain(text.slice(text.indexOf('@') + 1));
    });
    assert.ok(octets < 20_000, `${octets} octets for each`);
  });

  it('the summary of a message: not its header', async () => {
    const held: unknown[] = [];
    const octets = await growth(50, async (index) => {
      const field = `X-Long: ${'y'.repeat(900)}\r\n`;
      held.push(
        await summarise([Buffer.from(`Subject: A subject of some length ${index}\r\n${field.repeat(50)}\r\n`)]),
      );
    });
    assert.ok(octets < 10_000, `${octets} octets for each`);
    assert.equal(held.length, 100);
  });
});
