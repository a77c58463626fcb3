import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { findPython } from '../../oracles/python.ts';
import { compareRecipients } from '../../oracles/recipients.ts';
import { runOracles } from '../../oracles/run.ts';

const python = findPython();
const readers = `postal-mime, mailparser${python ? ' and Python' : ' (no Python was found: its email does not take part)'}`;

const seed = Number(process.env.MAILBENCH_SEED) || 1;

describe('independent readers', () => {
  // Ten thousand of them: npm run test:oracles.
  it(`agree on 500 documents at random: ${readers}`, async function () {
    this.timeout(60_000);
    const { documents, comparisons, differences } = await runOracles(500, python, seed);
    assert.equal(documents, 500);
    assert.ok(comparisons > 3000);
    assert.deepEqual(differences, []);
  });

  it('write to whom the envelope names', async function () {
    this.timeout(60_000);
    const { taken, differences } = await compareRecipients(1000, python, seed);
    assert.ok(taken > 50);
    assert.deepEqual(differences, []);
  });
});
