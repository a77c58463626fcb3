import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { growth } from '../../support/heap.ts';
import { rendered } from './rendered.ts';

/** A newsletter of 20 KB. */
const rows = '<tr><td>Something to buy — {{name}} has it</td></tr>\n'.repeat(350);

const typed = (engine: string) => (index: number) =>
  rendered(`@template: ${engine}\nSubject: Hi {{name}}\n\n<p>Letter ${index} {{name}}</p>\n${rows}`, {
    data: { name: 'Ann' },
  });

describe('templates in a long session', function () {
  this.timeout(60_000);

  for (const engine of ['handlebars', 'liquid']) {
    it(`${engine}: what was typed in between is held by nobody`, async () => {
      const octets = await growth(120, typed(engine));
      assert.ok(octets < 10_000, `${octets} octets for each letter`);
    });
  }
});
