import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { htmlProblemCodes } from '../../../src/inspect/checks/codes.ts';
import { helpSection } from '../../../src/language/help-section.ts';
import { problemCodes } from '../../../src/send/sentences/problem.ts';

const page = readFileSync(new URL('../../../media/help/problems.md', import.meta.url), 'utf8');

const codes = [...problemCodes, ...htmlProblemCodes];

describe('the help on problems', () => {
  it('explains every code, each once, and no other', () => {
    const explained = [...page.matchAll(/^### (.+)$/gm)].map((match) => match[1]!);
    assert.deepEqual([...explained].sort(), [...codes].sort());
  });

  it('says something of each', () => {
    for (const code of codes) assert.match(helpSection(page, code) ?? '', /^# [a-z0-9-]+\n\n[^#\s][\s\S]+\n$/, code);
  });

  it('gives one section', () => {
    const text = '# Page\n\n### a\n\nOne\nand more.\n\n### b\n\nTwo.\n\n## More\n\n### c\n';
    assert.equal(helpSection(text, 'a'), '# a\n\nOne and more.\n');
    assert.equal(helpSection(text, 'b'), '# b\n\nTwo.\n');
    assert.equal(helpSection(text, 'c'), '# c\n');
    assert.equal(helpSection(text, 'd'), undefined);
  });
});
