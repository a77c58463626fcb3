import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import { after, before, describe, it } from 'mocha';
import { MailReader } from '../../../src/inspect/mail-reader.ts';
import { JobError } from '../../../src/inspect/mail-threads.ts';
import { compose } from '../../../src/send/compose.ts';
import { inThreads } from '../../../src/send/compose-elsewhere.ts';
import type { Elsewhere } from '../../../src/send/compose-jobs.ts';
import type { Composed } from '../../../src/send/composed.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const header = 'From: a@a.example\nTo: b@a.example\nSubject: s\n';
const html = (body: string, type = 'text/html') => `${header}\n<#part type=${type}>\n${body}<#/part>\n`;
const rows = (row: string, length: number) => `${row}\n`.repeat(Math.ceil(length / (row.length + 1)));

/** Just over what is done here, a kind each. */
const large = {
  'a Liquid template': `@template: liquid\n@var: name=J<o\n@date: 2026-01-01\n${html(
    rows(
      '<p>{{ name | upcase }} {{ nam }} {{ $guid }} {{ "now" | date: "%H:%M" }} {% assign x = 7 %}{{ x }} {{ "a,b" | split: "," | sample }}</p>',
      70_000,
    ),
  )}`,
  'a Liquid template with a mistake': `@template: liquid\n@var: name=Jo\n${html(`${rows('<p>{{ name }}</p>', 70_000)}{% if %}\n`)}`,
  'a Handlebars template in one block': `@var: name=J<o\n@var: a.b=c\n${html(
    `{{#if name}}\n${rows('<p>{{name}} {{{name}}} {{nam}} {{ $guid }} {{a.b}} {{a}} {{a.constructor}}</p>', 30_000)}{{/if}}\n`,
  )}`,
  'a Handlebars template in Markdown': `@var: name=J*o\n${html(`{{#if name}}\n${rows('- {{name}}', 30_000)}{{/if}}\n`, 'text/markdown')}`,
  'a Handlebars template with a mistake': `@var: name=Jo\n${html(`{{#if name}}\n${rows('<p>{{name}}</p>', 30_000)}{{/each}}\n`)}`,
  Markdown: html(rows('- a **list** with [links](https://a.example)', 70_000), 'text/markdown'),
  'MJML with a mistake': html(
    `<mjml><mj-body><mj-section><mj-column><mj-foo>x</mj-foo>\n${rows('<mj-text>x</mj-text>', 25_000)}</mj-column></mj-section></mj-body></mjml>\n`,
    'text/mjml',
  ),
  'styles to be inlined': `@css: inline\n${html(`<style>p { color: red }</style>\n${rows('<p>x</p>', 50_000)}`)}`,
  'a text to be made of the HTML': `@text: auto\n${html(rows('<p>Some words</p>', 135_000))}`,
} as const;

function made(text: string, elsewhere?: Elsewhere, signal?: AbortSignal): Promise<Composed> {
  const clock = { now: () => Date.UTC(2026, 0, 1), offsetMinutes: () => 60, ticks: () => 0 };
  return compose(
    { text, seed: 's', path: '/p/a.eml', workspaceRoot: '/p', ...(signal && { signal }) },
    { files: memoryFiles({}), clock, turn: async () => undefined, ...(elsewhere && { elsewhere }) },
  );
}

function facts({ message, problems, envelope }: Composed): unknown {
  return { octets: Buffer.from(message?.whole ?? []).toString(), problems, envelope };
}

/** Threads that answer as told, and count what they are asked. */
function fake(answer: (name: string, input: unknown) => Promise<unknown>) {
  const asked: string[] = [];
  const elsewhere = inThreads(async () => ({
    do: (name, input) => {
      asked.push(name);
      return answer(name, input);
    },
  }));
  return { asked, elsewhere };
}

describe('send/compose-elsewhere', () => {
  describe('makes in a thread, to the octet, what is made here of', () => {
    let reader: MailReader;
    const asked: string[] = [];

    before(async () => {
      reader = new MailReader(() => new Worker(new URL('../../../src/send/mail-worker.ts', import.meta.url)));
      // The sources of the thread are loaded once for all that follow.
      const { threads } = reader;
      await threads.do(
        'convert',
        { name: 'plain', text: '<p>x</p>' },
        { signal: new AbortController().signal, urgent: true, patience: 60_000 },
      );
    });

    after(() => reader.dispose());

    for (const [what, text] of Object.entries(large))
      it(what, async () => {
        asked.length = 0;
        const elsewhere = inThreads(async () => ({
          do: (name, input, options) => {
            asked.push(name);
            return reader.threads.do(name, input, options);
          },
        }));
        assert.deepEqual(facts(await made(text, elsewhere)), facts(await made(text)));
        assert.ok(asked.length > 0, 'it was done here');
      });
  });

  it('does here what is small, or can be done in pieces', async () => {
    const { asked, elsewhere } = fake(() => Promise.reject(new JobError('failed', 'nobody asks')));
    for (const text of [
      `@template: liquid\n@var: name=Jo\n${html(rows('<p>{{ name }}</p>', 20_000))}`,
      `@var: name=Jo\n${html(`{{#if name}}\n${rows('<p>{{name}}</p>', 20_000)}{{/if}}\n`)}`,
      `@var: name=Jo\n${html(rows('<p>{{name}}</p>', 200_000))}`,
      html(rows('- a **list**', 20_000), 'text/markdown'),
      `@css: inline\n@text: auto\n${html(`<style>p { color: red }</style>\n${rows('<p>x</p>', 20_000)}`)}`,
    ])
      await made(text, elsewhere);
    assert.deepEqual(asked, []);
  });

  it('does here what no thread can be had for', async () => {
    const { asked, elsewhere } = fake(() => Promise.reject(new JobError('failed', 'no more threads')));
    for (const what of ['a Liquid template', 'Markdown'] as const)
      assert.deepEqual(facts(await made(large[what], elsewhere)), facts(await made(large[what])));
    assert.deepEqual(asked, ['render', 'convert']);
  });

  it('tells of what takes too long', async () => {
    const { elsewhere } = fake(() => Promise.reject(new JobError('too-slow', 'It took longer than 60 s.')));
    const told = await Promise.all(
      Object.entries(large).map(async ([what, text]) => {
        const { problems } = await made(text, elsewhere);
        const problem = problems.find(({ severity, code }) => severity === 'error' || code === 'css-inline');
        assert.match(JSON.stringify(problem ?? ''), /longer than 60 s/, what);
        return problem?.code;
      }),
    );
    assert.deepEqual(new Set(told), new Set(['template-failed', 'mjml', 'markdown', 'css-inline', 'text-auto']));
  });

  it('gives up where the signal fires', async () => {
    const controller = new AbortController();
    const { asked, elsewhere } = fake(async () => {
      controller.abort(new Error('newer'));
      throw controller.signal.reason;
    });
    await assert.rejects(made(large['a Liquid template'], elsewhere, controller.signal), /newer/);
    assert.deepEqual(asked, ['render']);
  });
});
