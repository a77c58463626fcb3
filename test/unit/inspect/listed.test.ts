import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { listedFindings } from '../../../src/inspect/checks/listed.ts';

type Finding = Parameters<typeof listedFindings>[0][number];

describe('inspect/checks/listed', () => {
  const all = (text: string): readonly (Finding & { readonly at: number })[] =>
    [...text].map((letter, at) => {
      const severity = { e: 'error', w: 'warning', i: 'information', h: 'hint' } as const;
      const check = letter === letter.toUpperCase() ? 'images' : 'links';
      return { at, check, severity: severity[letter.toLowerCase() as keyof typeof severity] };
    });
  const cases: readonly (readonly [given: string, listed: readonly number[], left: object])[] = [
    ['', [], {}],
    ['hwI', [0, 1, 2], {}],
    ['hhhhw', [0, 1, 4], { links: 2 }],
    ['hihwhe', [1, 3, 5], { links: 3 }],
    ['wwwwHHHHE', [0, 1, 2, 4, 5, 8], { links: 1, images: 2 }],
  ];
  for (const [given, places, more] of cases)
    it(`lists the gravest of ${JSON.stringify(given)}, and counts the others`, () => {
      const { listed, left } = listedFindings(all(given), 3);
      assert.deepEqual([listed.map(({ at }) => at), left], [places, more]);
    });
});
