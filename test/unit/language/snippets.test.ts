import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { checkDocument } from '../../../src/document/check.ts';
import { advise, DEFAULT_ADVICE } from '../../../src/language/advice.ts';
import { Analysis } from '../../../src/language/analysis.ts';

interface Snippet {
  readonly prefix?: string;
  readonly description: string;
  readonly isFileTemplate?: boolean;
  readonly body: readonly string[];
}

const snippets: Readonly<Record<string, Snippet>> = JSON.parse(
  readFileSync(new URL('../../../media/snippets/eml.json', import.meta.url), 'utf8'),
);

/** The text once every place was left as it is. */
function filled(snippet: Snippet): string {
  return snippet.body
    .join('\n')
    .replace(/\$\{\d+\|([^,|]*)[^}]*\|\}/g, '$1')
    .replace(/\$\{\d+:([^{}]*)\}/g, '$1')
    .replace(/\$\{?0\}?/g, snippet.isFileTemplate ? 'text' : '');
}

describe('snippets', () => {
  for (const [name, snippet] of Object.entries(snippets)) {
    it(`${name}: gives what has no problem`, () => {
      const text = snippet.isFileTemplate
        ? filled(snippet)
        : `From: a@b\nTo: c@d\nSubject: x\n\nHi\n${filled(snippet)}\n`;
      const analysis = new Analysis(text);
      const problems = [...analysis.problems, ...checkDocument(analysis.document), ...advise(analysis, DEFAULT_ADVICE)];
      const ours = problems.filter(({ code }) => !(name === 'Attachment' && code === 'attachment-forgotten'));
      assert.deepEqual(
        ours.map(({ code }) => code),
        [],
      );
    });
  }

  it('come up where they are asked for, and not in the middle of prose', () => {
    for (const { prefix } of Object.values(snippets)) assert.equal(prefix, undefined);
  });
});
