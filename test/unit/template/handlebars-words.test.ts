import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { nodeFiles } from '../../../src/base/node-files.ts';
import { compose } from '../../../src/send/compose.ts';
import { problemSentence } from '../../../src/send/sentences/problem.ts';

const clock = { now: () => 0, ticks: () => 0, offsetMinutes: () => 0 };

describe('template/handlebars, to a person', () => {
  const cases: readonly (readonly [body: string, told: string])[] = [
    ['Hi {{a', 'it ends before an expression or a block does.'],
    ['{{a b=}}', '"}}" can’t stand here.'],
    ['{{{a}}', '"}}" can’t stand here.'],
    ['{{=}}', '"=" can’t stand here.'],
    ['{{a}}}}}}', '"}}}}" can’t stand here.'],
    ['{{a &}}', 'what stands here is no expression.'],
  ];
  for (const [body, told] of cases) {
    it(`says of ${body} what is wrong, and no token of the grammar`, async () => {
      const text = `@var: a=1\nFrom: a@a.example\nTo: b@b.example\nSubject: s\n\n${body}\n`;
      const { problems } = await compose({ text, seed: 's' }, { files: nodeFiles, clock });
      assert.deepEqual(problems.map(problemSentence), [`The template can’t be read: ${told}`]);
    });
  }
});
