import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { ProblemBase } from '../../../src/base/problem.ts';
import { type AdviceOptions, advise, DEFAULT_ADVICE } from '../../../src/language/advice.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { shownProblems, shownSteps, silenceFix } from '../../../src/language/silence.ts';
import { cpuTime } from '../../support/cpu-time.ts';
import { applied } from './cursor.ts';

function advice(text: string, options: Partial<AdviceOptions> = {}, size?: number): readonly string[] {
  const message = size === undefined ? undefined : { size };
  return advise(new Analysis(text), { ...DEFAULT_ADVICE, ...options }, message).map(
    ({ severity, code, range }) => `${severity} ${code} «${text.slice(range.start, range.end)}»`,
  );
}

function fixed(text: string, code: string): string | undefined {
  const fix = advise(new Analysis(text), DEFAULT_ADVICE).find((problem) => problem.code === code)?.fixes?.[0];
  return fix && applied(text, fix.edits);
}

const forgotten = (word: string): string => `warning attachment-forgotten «${word}»`;
const head = 'To: a@b\n';

describe('advice', () => {
  for (const [text, expected] of [
    [`${head}\nThe report is attached.`, [forgotten('attached')]],
    [`${head}\nSee ATTACHMENT below`, [forgotten('ATTACHMENT')]],
    [`${head}\nPlease find\n enclosed the bill.`, [forgotten('Please find\n enclosed')]],
    [`${head}\nEnclosed spaces.`, []],
    [`${head}\n请查看附件。`, [forgotten('附件')]],
    [`${head}\n報表見附`, [forgotten('見附')]],
    [`${head}Subject: Report attached\n\nHi`, [forgotten('attached')]],
    [`${head}Subject: Re: Report attached\n\nHi`, []],
    [`${head}\nThe report is attached.\n<#attach ./x.pdf>`, []],
    [`${head}\nNo unattached or attachable things.`, []],
    [`${head}\n> the report is attached\n>> attached\nThanks`, []],
    [`${head}\n<#-- is it attached? -->\nHi`, []],
    [`${head}\n<#!-- attached\n`, [forgotten('attached')]],
    [`${head}\n<#part type=text/html src=./x.html>\n`, []],
    [`${head}\nHi\n<#part type=text/html>\n<p class="attached">Hi</p><!-- attached -->\n`, []],
    [
      `${head}\nHi\n<#part type=text/html>\n<blockquote>attached</blockquote><style>.attached{}</style><p>attached</p>\n`,
      [forgotten('attached')],
    ],
    [
      `${head}\nHi\n<#part type=text/html>\n<p>Please find <b>enclosed</b>\n</p>\n<#/part>\n`,
      [forgotten('Please find <b>enclosed')],
    ],
    [`${head}\nHi\n<#part>\nHi\n<#/part>\n<#part>\nattached\n<#/part>\n`, [forgotten('attached')]],
    ['MIME-Version: 1.0\n\nattached', []],
  ] as const) {
    it(`${expected.length ? 'misses' : 'misses no'} attachment in ${JSON.stringify(text)}`, () =>
      assert.deepEqual(advice(text), expected));
  }

  it('takes the words that it is given', () => {
    assert.deepEqual(advice(`${head}\nIm Anhang`, { attachmentWords: ['Anhang', 'a+b'] }), [forgotten('Anhang')]);
    assert.deepEqual(advice(`${head}\nattached`, { attachmentWords: [] }), []);
    assert.deepEqual(advice(`${head}\n(a+b)`, { attachmentWords: ['a+b'] }), [forgotten('a+b')]);
    assert.deepEqual(advice(`${head}\nder E-Anhang`, { attachmentWords: ['e-Anhang'] }), [forgotten('E-Anhang')]);
    // Signs of patterns are signs of the word.
    const signs = '\\\\^$.*+?()[]{}|/-';
    assert.deepEqual(advice(`${head}\na ${signs}`, { attachmentWords: [signs] }), [forgotten(signs)]);
  });

  it('asks for List-Unsubscribe in a mail to many, with what is known of it', () => {
    const html =
      'From: news@a.example\nTo: a@b\n@text: auto\nContent-Type: text/html\n\n<a href="https://a.example/u?x=1&amp;y">Unsubscribe</a>\n';
    assert.deepEqual(advice(html), ['information unsubscribe-missing «Unsubscribe»']);
    assert.equal(
      fixed(html, 'unsubscribe-missing'),
      html.replace(
        'text/html\n',
        'text/html\nList-Unsubscribe: <https://a.example/u?x=1&y>\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\n',
      ),
    );
    assert.equal(
      fixed('From: news@a.example\nTo: a@b\n\n退订', 'unsubscribe-missing'),
      'From: news@a.example\nTo: a@b\nList-Unsubscribe: <mailto:unsubscribe@a.example>\n\n退订',
    );
    assert.deepEqual(advice('Precedence: bulk\n\nHi'), ['information unsubscribe-missing «Precedence: bulk»']);
    assert.deepEqual(advice('List-Unsubscribe: <https://a.example>\n\nunsubscribe'), []);
  });

  it('misses a text beside the HTML', () => {
    const html = 'To: a@b\nContent-Type: text/html\n\n<p>Hi</p>';
    assert.deepEqual(advice(html), ['hint text-alternative-missing «Content-Type: text/html»']);
    assert.deepEqual(advice(fixed(html, 'text-alternative-missing') ?? ''), []);
    assert.deepEqual(advice('To: a@b\n\nHi\n<#part type=text/html>\n<p>Hi</p>'), []);
    assert.deepEqual(advice('To: a@b\n\n\n<#part type=text/html>\n<p>Hi</p>'), [
      'hint text-alternative-missing «<#part type=text/html>»',
    ]);
  });

  it('tells long lines of plain text, and breaks them', () => {
    const text = `${head}\n${'word '.repeat(30)}end\nshort\n`;
    assert.deepEqual(advice(text, { longLine: 148 }), [
      'information line-long «end»'.replace('end', text.slice(9 + 148, 9 + 153)),
    ]);
    assert.deepEqual(advice(text, { longLine: 0 }), []);
    assert.deepEqual(advice(`@flowed: on\n${text}`, { longLine: 100 }), []);
    const long = `${head}\n${'word '.repeat(300)}end\n`;
    const broken = fixed(long, 'line-long') ?? '';
    assert.equal(broken.replaceAll('\n', ' '), long.replaceAll('\n', ' '));
    assert.ok(broken.split('\n').every((line) => line.length <= 78));
  });

  it('tells a message that is too large, at its first file', () => {
    assert.deepEqual(advice(`${head}\n<#attach ./x.pdf>`, {}, 30e6), ['warning message-large «<#attach ./x.pdf>»']);
    assert.deepEqual(advice(`${head}\nHi`, {}, 30e6), ['warning message-large «To»']);
    assert.deepEqual(advice(`${head}\nHi`, {}, 1e6), []);
    assert.deepEqual(advice('MIME-Version: 1.0\n\nHi', {}, 30e6), ['warning message-large «MIME-Version»']);
  });

  it('takes time linear in hostile HTML', () => {
    const spent = cpuTime(() => {
      advice(`Content-Type: text/html\n\n${'<style><head '.repeat(100_000)}`);
      advice(`Content-Type: text/html\n\n${'<style>x</script>'.repeat(60_000)}`);
    });
    assert.ok(spent < 5000);
  });
});

describe('what is shown of problems', () => {
  const problem = (
    text: string,
    at: string,
    code = 'x-y',
    severity: ProblemBase['severity'] = 'warning',
  ): ProblemBase => ({
    code,
    severity,
    range: { start: text.indexOf(at), end: text.indexOf(at) + at.length },
  });
  const shows = (text: string, at: string, code?: string, severity?: ProblemBase['severity']): boolean =>
    shownProblems(new Analysis(text), [problem(text, at, code, severity)]).length > 0;

  for (const [text, at, shown] of [
    ['# mailbench-ignore x-y\nTo: here\n', 'here', false],
    ['# mailbench-ignore\nTo: here\n', 'here', false],
    ['# mailbench-ignore other\nTo: here\n', 'here', true],
    ['# mailbench-ignore other, x-y\nTo: here\n', 'here', false],
    ['# mailbench-ignore x-y\n# mailbench-ignore other\nTo: a,\n here\n', 'here', false],
    ['# mailbench-ignore x-y\nTo: a\nCc: here\n', 'here', true],
    ['To: a\n\n<#-- mailbench-ignore x-y -->\nhere\n', 'here', false],
    ['To: a\n\n<#-- mailbench-ignore x-y -->\n\nhere\n', 'here', true],
    ['To: a\n\n<#-- mailbench-ignore x-y -->\n<#-- another note -->\nhere\n', 'here', false],
    ['To: a\n\n<#part>\n<#-- mailbench-ignore -->\n<#inline ./here>\n', './here', false],
    ['To: a\n\nmailbench-ignore x-y\nhere\n', 'here', true],
    ['MIME-Version: 1.0\n\n<#-- mailbench-ignore x-y -->\nhere\n', 'here', true],
  ] as const) {
    it(`${shown ? 'shows' : 'silences'} it in ${JSON.stringify(text)}`, () => {
      assert.equal(shows(text, at), shown);
      assert.equal(shows(text, at, 'x-y', 'error'), true);
    });
  }

  it('goes by the severities that are set, but keeps errors', () => {
    const text = 'To: here\n';
    const analysis = new Analysis(text);
    const all = [problem(text, 'here', 'a'), problem(text, 'here', 'b', 'hint'), problem(text, 'here', 'c', 'error')];
    assert.deepEqual(
      shownProblems(analysis, all, { a: 'off', b: 'error', c: 'off' }).map(
        ({ code, severity }) => `${code} ${severity}`,
      ),
      ['b error', 'c error'],
    );
  });

  it('leaves room for others where there are thousands of problems', () => {
    const text = 'To: here\n';
    const all = Array.from({ length: 20_000 }, (_, index) => problem(text, 'here', index % 2 === 0 ? 'a' : 'b'));
    const steps = shownSteps(new Analysis(text), all, { a: 'off' });
    let turns = 0;
    let step = steps.next();
    for (; !step.done; step = steps.next()) turns++;
    assert.ok(turns >= 4, `${turns}`);
    assert.equal(step.value.length, 10_000);
  });

  it('brings the fix that silences', () => {
    for (const [text, at] of [
      ['To: a@b\nCc: x,\n here\n', 'here'],
      ['To: a@b\n\none\ntwo here\n', 'here'],
      ['To: a@b\r\n\r\n<#part>\r\nhere\r\n', 'here'],
    ] as const) {
      const fix = silenceFix(new Analysis(text), problem(text, at));
      assert.ok(fix);
      const after = applied(text, fix.edits);
      assert.equal(shows(after, at), false, after);
    }
    const text = 'To: here\n';
    assert.equal(silenceFix(new Analysis(text), problem(text, 'here', 'x', 'error')), undefined);
    assert.equal(silenceFix(new Analysis(`MIME-Version: 1\n${text}`), problem(text, 'here')), undefined);
  });
});
