import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { DEFAULT_ADVICE } from '../../../src/language/advice.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { silenceFix } from '../../../src/language/silence.ts';
import { compose } from '../../../src/send/compose.ts';
import { reviewed, reviewSettings } from '../../../src/send/reviewed.ts';
import { reviewedHtml } from '../../../src/send/reviewed-html.ts';
import { problemSentence } from '../../../src/send/sentences/problem.ts';
import { composed } from '../../support/composed.ts';

const ports = {
  files: {
    stat: () => Promise.reject(new Error('none')),
    realpath: () => Promise.reject(new Error('none')),
    read: () => Promise.reject(new Error('none')),
    stream: () => {
      throw new Error('none');
    },
  },
  clock: { now: () => 0, offsetMinutes: () => 0, ticks: () => 0 },
};

async function told(text: string, written: Parameters<typeof reviewSettings>[0] = {}): Promise<readonly string[]> {
  const composed = await compose({ text, seed: 's' }, ports);
  return reviewed(composed, reviewSettings(written)).map(({ severity, code }) => `${severity} ${code}`);
}

const head = 'From: a@b.example\nTo: c@d.example\nSubject: x\n';

describe('findings about HTML as they are shown', () => {
  const text = `${head}\n<#part type=text/html>\n<a href="x">x</a>\n<#-- mailbench-ignore link-relative -->\n<a href="y">y</a>\n<#/part>\n`;
  const at = (url: string) => {
    const start = text.indexOf(`href="${url}"`);
    return {
      check: 'links',
      code: 'link-relative',
      severity: 'warning',
      where: 'html',
      range: { start, end: start + 8 },
      url,
    } as const;
  };
  const shown = (severity: Parameters<typeof reviewedHtml>[3]['severity']) =>
    reviewedHtml(text, [at('x'), at('y')], (_, range) => range, { severity }).map(
      ({ code, severity, range, ownSeverity }) => [code, severity, text.slice(range.start, range.end), ownSeverity],
    );

  it('are silenced at their places, what is set to be an error too, and as serious as is set', () => {
    assert.deepEqual(shown({}), [['link-relative', 'warning', 'href="x"', undefined]]);
    assert.deepEqual(shown({ 'link-relative': 'hint' }), [['link-relative', 'hint', 'href="x"', 'warning']]);
    assert.deepEqual(shown({ 'link-relative': 'error' }), [['link-relative', 'error', 'href="x"', 'warning']]);
    assert.deepEqual(shown({ 'link-relative': 'off' }), []);
  });

  it('go by the names of axe-core’s rules', () => {
    const range = { start: 0, end: 1 };
    const axe = {
      check: 'accessibility',
      code: 'axe',
      severity: 'warning',
      where: 'html',
      range,
      rule: 'list',
      help: '',
      helpUrl: '',
      impact: '',
      schemes: [],
    } as const;
    assert.deepEqual(
      reviewedHtml(text, [axe], () => undefined, { severity: { list: 'off' } }),
      [],
    );
    assert.equal(reviewedHtml(text, [axe], () => undefined, { severity: { axe: 'off' } }).length, 1);
  });
});

describe('the fixes of a composed document', () => {
  const lines = head.split('\n');
  const fixes: [text: string, code: string, titles: readonly string[], after?: string][] = [
    [
      `${head.replace('a@b.example', 'a@b.example, z@b.example')}\nHi`,
      'sender-missing',
      ['Add Sender: a@b.example', 'Add Sender: z@b.example'],
      `${head.replace('a@b.example', 'a@b.example, z@b.example\nSender: a@b.example')}\nHi`,
    ],
    [
      `${head}To: e@f.example\n\nHi`,
      'field-repeated',
      ['Join it with the first To', 'Remove this line'],
      `${head.replace('c@d.example', 'c@d.example,\n e@f.example')}\nHi`,
    ],
    [`${head}Subject: y\n\nHi`, 'field-repeated', ['Remove this line'], `${head}\nHi`],
    [`${head}Date: soon\n\nHi`, 'date-invalid', ['Remove the line: the message gets a Date of its own'], `${head}\nHi`],
    [
      `${head}Message-ID: x@y.example\n\nHi`,
      'message-id-invalid',
      ['Put it in angle brackets', 'Remove the line: the message gets a Message-ID of its own'],
      `${head}Message-ID: <x@y.example>\n\nHi`,
    ],
    [
      `${lines[0]}\nSender: a@b.example\n${lines.slice(1).join('\n')}\nHi`,
      'sender-redundant',
      ['Remove the Sender'],
      `${head}\nHi`,
    ],
    // What came from data stands nowhere that a fix could take it from.
    [
      `@var: to=e@f.example\n${head}To: {{to}}\n\nHi`,
      'field-repeated',
      ['Remove this line'],
      `@var: to=e@f.example\n${head}\nHi`,
    ],
  ];
  for (const [text, code, titles, after] of fixes) {
    it(`are there for ${code}: ${titles.join(', ')}`, async () => {
      const found = reviewed(await compose({ text, seed: 's' }, ports), reviewSettings({}));
      const problem = found.find((each) => each.code === code);
      assert.ok(problem, found.map((each) => each.code).join(' '));
      assert.deepEqual(
        problem.fixes?.map(({ title }) => title),
        titles,
      );
      const edits = [...problem.fixes![0]!.edits].sort((a, b) => b.range.start - a.range.start);
      const fixed = edits.reduce(
        (all, { range, text }) => all.slice(0, range.start) + text + all.slice(range.end),
        text,
      );
      assert.equal(fixed, after);
    });
  }
});

describe('problems as they are shown', () => {
  it('offer to be silenced where only a setting made an error of them', async () => {
    const text = `${head}\nThe report is attached.\n<#attach ./none>\n<#part>\n`;
    const review = reviewSettings({ severity: { 'unused-cid': 'error', 'attachment-forgotten': 'error' } });
    const said = `${head}\nThe report is attached.\n`;
    const [problem] = reviewed(await compose({ text: said, seed: 's' }, ports), review);
    assert.deepEqual(
      [problem?.code, problem?.severity, problem?.ownSeverity],
      ['attachment-forgotten', 'error', 'warning'],
    );
    assert.equal(silenceFix(new Analysis(said), problem!)?.title, 'Silence attachment-forgotten for this line');
    const own = reviewed(await compose({ text, seed: 's' }, ports), review).find(
      ({ severity }) => severity === 'error',
    );
    assert.ok(own);
    assert.equal(silenceFix(new Analysis(text), own), undefined);
  });

  it('have the advice among them, in order of place', async () => {
    const text = `${head}X-Priority: 9\n\nThe report is attached.\n`;
    assert.deepEqual(await told(text), ['warning field-value-invalid', 'warning attachment-forgotten']);
    assert.deepEqual(
      await told(text, { severity: { 'attachment-forgotten': 'off', 'field-value-invalid': 'error' } }),
      ['error field-value-invalid'],
    );
    assert.deepEqual(await told(`${head}# mailbench-ignore\nX-Priority: 9\n\nHi`), []);
  });

  it('keep the errors, whatever is set and silenced', async () => {
    const text = 'From: a@b.example\n# mailbench-ignore\nTo: c\nSubject: x\n\nHi';
    assert.deepEqual(await told(text, { severity: { 'address-without-domain': 'off' } }), [
      'error address-without-domain',
    ]);
  });

  it('measure the message that is made', async () => {
    assert.deepEqual(await told(`${head}\nHi`, { messageSize: 0.0001 }), ['warning message-large']);
    assert.deepEqual(await told(`${head}\nHi`, { messageSize: 0 }), []);
  });

  it('tell of its size at its largest part', async () => {
    const review = reviewSettings({ messageSize: 0.0001 });
    const cases: readonly (readonly [body: string, place: string])[] = [
      ['\nHi\n<#attach ./small.bin>\n<#attach ./large.bin>\n', '<#attach ./large.bin>'],
      [
        '\nHi\n<#part type=text/html>\n<img src="./large.png" alt="x">\n<#/part>\n<#attach ./small.bin>\n',
        './large.png',
      ],
      [`\n${'Hi '.repeat(2000)}\n<#attach ./small.bin>\n`, '<#attach ./small.bin>'],
    ];
    const large = new Uint8Array(1000);
    for (const [body, place] of cases) {
      const text = head + body;
      const made = await composed(text, { 'small.bin': large.subarray(10), 'large.bin': large, 'large.png': large });
      const problem = reviewed(made, review).find(({ code }) => code === 'message-large');
      assert.equal(problem && text.slice(problem.range.start, problem.range.end), place);
    }
  });

  it('go by the defaults where settings are none', () => {
    const defaults = { severity: {}, advice: DEFAULT_ADVICE };
    assert.deepEqual(reviewSettings({}), defaults);
    assert.deepEqual(reviewSettings({ severity: 'x', attachmentWords: 1, messageSize: -1, lineLength: '9' }), defaults);
    assert.deepEqual(reviewSettings({ severity: { a: 'off', b: 'loud' }, attachmentWords: ['x', 2] }), {
      severity: { a: 'off' },
      advice: { ...DEFAULT_ADVICE, attachmentWords: ['x'] },
    });
  });

  it('say what to do', async () => {
    const composed = await compose({ text: `${head}\nSee the attachment.`, seed: 's' }, ports);
    assert.deepEqual(reviewed(composed, reviewSettings({})).map(problemSentence), [
      'The text says "attachment", and nothing is attached: add <#attach ./file>, or silence this for the line.',
    ]);
  });

  it('name the sender that the document has', async () => {
    const sentences = async (text: string) =>
      (await compose({ text, seed: 's' }, ports)).problems
        .filter(({ code }) => code === 'sender-missing')
        .map(problemSentence);
    assert.deepEqual(await sentences('From: Kim <kim@exämple.org>, lu@b.example\nTo: c@d.example\n\nx\n'), [
      'From has 2 authors, so a Sender is needed: write which of them sends it, as "Sender: kim@exämple.org".',
    ]);
    const resent = 'Resent-From: kim@a.example, lu@b.example, jo@c.example\nResent-To: c@d.example\n';
    assert.deepEqual(await sentences(`${resent}${head}\nx\n`), [
      'Resent-From has 3 authors, so a Resent-Sender is needed: write which of them sends it, as "Resent-Sender: kim@a.example".',
    ]);
  });

  it('has its defaults in package.json', async () => {
    const { default: manifest } = await import('../../../package.json', { with: { type: 'json' } });
    const properties: Record<string, { default?: unknown }> = Object.assign(
      {},
      ...manifest.contributes.configuration.map((section: { properties: object }) => section.properties),
    );
    const of = (name: string): unknown => properties[`mailbench.check.${name}`]?.default;
    const written = {
      severity: of('severity'),
      attachmentWords: of('attachmentWords'),
      messageSize: of('messageSize'),
      lineLength: of('lineLength'),
    };
    assert.deepEqual(reviewSettings(written), { severity: {}, advice: DEFAULT_ADVICE });
  });
});
