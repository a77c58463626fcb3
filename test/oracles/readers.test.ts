import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compareCharsets } from './charsets.ts';
import { findPython } from './python.ts';
import { runOracles } from './run.ts';

const count = Number(process.env.MAILBENCH_ORACLE_DOCUMENTS ?? 10_000);
const python = findPython();

describe('independent readers: Python email, postal-mime, mailparser', () => {
  it('has a Python to ask', () => {
    assert.ok(
      python,
      'No Python 3.8 or newer is to be found (python3, python). Its email package is one of the readers that this run is about.',
    );
  });

  it(`agree on ${count} documents at random`, async function () {
    if (!python) this.skip();
    this.timeout(1_200_000);
    const { documents, comparisons, differences, alone } = await runOracles(count, python);
    console.log(`      ${documents} documents, ${comparisons} comparisons`);
    // One reader alone is told of and does not count: it may be the one that is wrong.
    for (const [reader, { count: times, first }] of alone)
      console.log(`      alone: ${reader}, ${times} times, first at seed ${first.seed}`);
    assert.deepEqual(differences, []);
  });

  it("has the codes of Python's codecs for every character of every charset", async function () {
    if (!python) this.skip();
    this.timeout(120_000);
    const { compared, differences } = await compareCharsets(python);
    assert.ok(compared > 1_000_000);
    assert.deepEqual(differences, []);
  });
});
