import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { axeProblems, withoutRepeats } from '../../../src/inspect/checks/axe.ts';
import type { CheckInput } from '../../../src/inspect/checks/input.ts';
import type { CheckName, HtmlProblem } from '../../../src/inspect/checks/problems.ts';
import { checkNames } from '../../../src/inspect/checks/problems.ts';
import { inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { htmlSentence } from '../../../src/send/sentences/html.ts';

const only = (check: CheckName) => Object.fromEntries(checkNames.map((name) => [name, name === check]));

async function run(check: CheckName, input: CheckInput): Promise<readonly HtmlProblem[]> {
  const { problems } = await inspectMessage(input, { checks: only(check) });
  for (const problem of problems) {
    assert.notEqual(problem.severity, 'error', 'none of it keeps a message from being sent');
    assert.match(htmlSentence(problem), /^[\S\s]*[.)]$/);
    assert.ok(!/undefined|\[object/.test(htmlSentence(problem)) || problem.code === 'placeholder');
  }
  return problems;
}

/** `code@text that the range holds`, for the HTML. */
async function found(check: CheckName, html: string, rest: CheckInput = {}): Promise<string[]> {
  const problems = await run(check, { ...rest, html });
  return problems.map(({ code, where, range }) => {
    const text = where === 'html' ? html : where === 'text' ? (rest.text ?? '') : (rest.subject ?? '');
    return `${code}@${text.slice(range.start, range.end)}`;
  });
}

type Row = readonly [html: string, expected: readonly string[], rest?: CheckInput];

function table(check: CheckName, rows: readonly Row[]): void {
  describe(`inspect/checks/${check}`, () => {
    for (const [html, expected, rest] of rows) {
      it(`${html.slice(0, 90)} → ${expected.join(', ') || 'nothing'}`, async () => {
        assert.deepEqual(await found(check, html, rest), expected);
      });
    }
  });
}

const a = (href: string): string => `<a href="${href}">x</a>`;

table('links', [
  [a('https://h.example/'), []],
  [a('mailto:a@a.example,b@b.example?subject=x'), []],
  [a('mailto:?subject=x'), []],
  [a('tel:+123'), []],
  [a('{{url}}'), []],
  [a('https://h.example/{{path}} x'), []],
  [a('#a') + '<p id=a>', []],
  [a('#a%20b') + '<a name="a b"></a>', []],
  [a('#top'), []],
  [a(''), ['link-empty@href=""']],
  [a('#'), ['link-empty@href="#"']],
  ['<a>x</a>', ['link-empty@<a>']],
  ['<a name=x>x</a>', []],
  [a('#b'), ['link-anchor-missing@href="#b"']],
  [a('page.html'), ['link-relative@href="page.html"']],
  [a('//h.example'), ['link-relative@href="//h.example"']],
  [a('java\nscript:x'), ['link-scheme@href="java\nscript:x"']],
  [a('http://h.example/'), ['link-insecure@href="http://h.example/"']],
  [a('https://localhost:3000/'), ['link-local@href="https://localhost:3000/"']],
  [a('https://192.168.0.1/'), ['link-local@href="https://192.168.0.1/"']],
  [a('https://[::1]/'), ['link-local@href="https://[::1]/"']],
  [a('https://a b.example/'), ['link-invalid@href="https://a b.example/"']],
  [a('https:///x'), ['link-invalid@href="https:///x"']],
  [a('mailto:nobody'), ['link-mailto-invalid@href="mailto:nobody"']],
  ['<map><area href=""></map>', ['link-empty@href=""']],
]);

const img = (attributes: string): string => `<img ${attributes}>`;
const images = [
  { key: 'logo', name: 'logo.png', size: 300 * 1024, type: 'image/png' },
  { key: './small.png', name: 'small.png', size: 10, type: 'image/png' },
];

table('images', [
  [img('src="https://h.example/a.png" alt="x" width=10'), []],
  [img('src="https://h.example/a.png" alt="" style="width:10px"'), []],
  [img('src="./small.png" alt=x width=1'), [], { images, relativeImages: true }],
  [img('src="cid:other" alt=x width=1'), []],
  [img('alt=x width=1'), ['image-without-source@<img alt=x width=1>']],
  [img('src=" " alt=x width=1'), ['image-without-source@<img src=" " alt=x width=1>']],
  [img('src=a.png alt=x width=1'), ['image-relative@src=a.png']],
  [img('src="cid:other" alt=x width=1'), ['image-cid-unknown@src="cid:other"'], { images }],
  [img('src="cid:logo" alt=x width=1'), ['image-heavy@src="cid:logo"'], { images }],
  [img('src=data:image/png,x width=1'), ['image-without-alt@<img src=data:image/png,x width=1>']],
  [img('src=data:image/png,x width=1 aria-hidden=true'), []],
  [
    `<a href=x>${img('src=data:image/png,x width=1 alt=""')}</a>`,
    ['image-without-alt@<img src=data:image/png,x width=1 alt="">'],
  ],
  [`<a href=x>${img('src=data:image/png,x width=1 alt=""')} Shop</a>`, []],
  [img('src=data:image/png,x alt=x'), ['image-without-size@<img src=data:image/png,x alt=x>']],
  ['<td background="a.png">', []],
  ['<table background="a.png"></table>', ['image-relative@background="a.png"']],
]);

const page = (body: string): string => `<html lang="en"><head><title>t</title></head><body>${body}</body></html>`;

table('accessibility', [
  [page('<p>x</p>'), []],
  ['<html><head><title>t</title></head>', ['language-missing@<html>']],
  ['<html lang="e n"><head><title>t</title></head>', ['language-invalid@lang="e n"']],
  ['<html lang=en><body>x', ['title-missing@<html lang=en>']],
  [page('<table><tr><td>x</table>'), ['table-role@<table>']],
  [page('<table role=presentation><tr><td>x</table>'), []],
  [page('<table><tr><th>h<tr><td>x</table>'), []],
  [page('<table><tr><td><table><tr><th>h</table></table>'), ['table-role@<table>']],
  [page('<a href=x></a>'), ['link-without-name@<a href=x>']],
  [page('<a href=x aria-label=y></a>'), []],
  [page('<p style="font-size:8px">x</p>'), ['text-tiny@style="font-size:8px"']],
  [page('<p style="font-size:0">x</p>'), []],
  [page('<p style="color:#999;background:#fff">x</p>'), ['contrast@<p style="color:#999;background:#fff">']],
  [page('<p style="color:#999;background:#fff;font-size:24px;display:none">x</p>'), []],
  [
    page('<table role=none bgcolor=white><tr><td><font color="#aaaaaa">x</font></table>'),
    ['contrast@<font color="#aaaaaa">'],
  ],
  [
    page('<div style="background:#fff"><p style="color:#767676">x</p><p style="color:#777777">y</p></div>'),
    ['contrast@<p style="color:#777777">'],
  ],
  [page('<style>.a{color:red}</style><div style="background:#fff"><p class=a style="background:#fff">x</p></div>'), []],
  [page('<div style="background:#fff url(x)"><p style="color:#eee">x</p></div>'), []],
]);

const long = 'A text of some length that a reader reads, and that a filter counts as one, word for word.';

table('spam', [
  [`<p>${long}</p>`, []],
  [`<p>${long}</p>`, ['spam-capitals@BUY YOUR THING NOW'], { subject: 'BUY YOUR THING NOW' }],
  [`<p>${long}</p>`, ['spam-marks@Now!!! Really'], { subject: 'Now!!! Really' }],
  [`<p>${long}</p>`, ['spam-subject-missing@ '], { subject: ' ' }],
  [`<p>${long} Act now, it is risk-free!</p>`, ['spam-phrases@Hi'], { subject: 'Hi' }],
  [
    `<p>${long}</p><a href="https://evil.example/">https://bank.example/login</a>`,
    ['spam-link-mismatch@href="https://evil.example/"'],
  ],
  [`<p>${long}</p><a href="https://click.bank.example/">www.bank.example</a>`, []],
  [`<p>${long}</p><a href="https://x.example/">report.pdf</a>`, []],
  [`<p>${long}</p><a href="https://203.0.113.9/">x</a>`, ['spam-link-address@href="https://203.0.113.9/"']],
  [`<p>${long}</p><a href="https://bit.ly/x">x</a>`, ['spam-link-shortener@href="https://bit.ly/x"']],
  [`<p>${long}</p><form></form>`, ['spam-active@<form>']],
  ['<img src=x alt=x>', ['spam-images-only@<img src=x alt=x>']],
  [
    `<p>${long}</p><p style="color:#fff;background:#FFF">${long}</p>`,
    ['spam-hidden-text@<p style="color:#fff;background:#FFF">'],
  ],
  [`<p>${long}</p><p style="display:none;color:#fff;background:#fff">${long}</p>`, []],
]);

table('placeholders', [
  ['<p>Hi Jo</p>', []],
  ['<p>Hi {{name}}</p>', ['placeholder@{{name}}']],
  ['<p title="{{{a.b}}}">', ['placeholder@{{{a.b}}}']],
  ['{% if x %}y{% endif %}', ['placeholder@{% if x %}', 'placeholder@{% endif %}']],
  [
    `Hi *|FNAME|* %%first%% %recipient.name% $\{user} <%= x %> [[code]]`,
    [
      'placeholder@*|FNAME|*',
      'placeholder@%%first%%',
      'placeholder@%recipient.name%',
      `placeholder@$\{user}`,
      'placeholder@<%= x %>',
      'placeholder@[[code]]',
    ],
  ],
  ['<p>Dear undefined, [object Object]</p>', ['placeholder@undefined', 'placeholder@[object Object]']],
  ['<p>Lorem ipsum</p>', ['placeholder@Lorem ipsum']],
  [`<style>a{b:#{x}}{{y}}</style><script>$\{z}</script><!-- {{c}} --><p>100% off and 50%</p>`, []],
  ['<a href="https://h.example/%20%41%42">x</a>', []],
  ['', ['placeholder@{{n}}', 'placeholder@[NAME]'], { subject: 'Hi {{n}}', text: 'Dear [NAME]' }],
]);

table('text', [
  [`<p>${long}</p>`, [], { text: long }],
  [`<p>${long}</p>`, ['text-missing@']],
  [`<p>${long}</p>`, ['text-empty@'], { text: ' \n' }],
  [`<p>${long}</p>`, ['text-differs@Something'], { text: 'Something else\nentirely.' }],
  [`<p>${long}</p><a href="https://h.example/a">A</a>`, ['text-lacks-links@A'], { text: `A text\n${long}` }],
  [`<p>${long}</p><a href="https://h.example/a">A</a>`, [], { text: `A\n${long} https://h.example/a` }],
]);

describe('inspect/checks/weight', () => {
  const limit = 102 * 1024;
  it('measures octets, not characters', async () => {
    assert.deepEqual(await run('weight', { html: 'a'.repeat(limit * 0.9) }), []);
    const [near] = await run('weight', { html: 'a'.repeat(limit) });
    assert.equal(near?.code, 'weight-near');
    const html = 'é'.repeat(limit / 2 + 1);
    const [clipped] = await run('weight', { html });
    assert.deepEqual(clipped, {
      check: 'weight',
      code: 'weight-clipped',
      severity: 'warning',
      where: 'html',
      range: { start: limit / 2, end: limit / 2 + 1 },
      size: limit + 2,
      limit,
    });
  });
});

describe('inspect/checks/axe', () => {
  const finding = {
    rule: 'color-contrast',
    impact: 'serious',
    help: 'Elements must meet minimum color contrast ratio thresholds',
    helpUrl: 'https://dequeuniversity.com/rules/axe/4.14/color-contrast',
    scheme: 'light',
    at: '3-9',
  };
  it('joins the two schemes', () => {
    const problems = axeProblems(
      [finding, { ...finding, scheme: 'dark' }, { ...finding, at: '5-7', scheme: 'dark' }],
      100,
    );
    assert.deepEqual(
      problems.map((problem) => [problem.range, problem.code === 'axe' && problem.schemes, problem.severity]),
      [
        [{ start: 3, end: 9 }, ['light', 'dark'], 'warning'],
        [{ start: 5, end: 7 }, ['dark'], 'warning'],
      ],
    );
    assert.match(htmlSentence(problems[1]!), /thresholds\. \(In dark mode\.\)$/);
  });
  it('takes nothing on trust', () => {
    const wrong = [
      null,
      7,
      {},
      { ...finding, rule: 'made-up' },
      { ...finding, helpUrl: 'javascript:alert(1)' },
      { ...finding, scheme: 'sepia' },
      { ...finding, at: '1' },
      { ...finding, help: 7 },
    ];
    assert.deepEqual(axeProblems(wrong, 100), []);
    assert.deepEqual(axeProblems([{ ...finding, at: '50-999' }], 100)[0]?.range, { start: 50, end: 100 });
  });

  it('leaves to the check of pictures what both say of a picture, and nothing else', async () => {
    const html = '<img src="a.png"><p>text</p><img src="b.png" alt="B">';
    const { problems } = await inspectMessage({ html }, { checks: { support: false } });
    const found = (rule: string, at: string) => ({ ...finding, rule, at });
    const axe = axeProblems(
      [found('image-alt', '0-17'), found('image-alt', '28-53'), found('color-contrast', '0-17')],
      html.length,
    );
    const left = withoutRepeats(axe, problems).map((each) => each.code === 'axe' && [each.rule, each.range.start]);
    assert.deepEqual(left, [
      ['image-alt', 28],
      ['color-contrast', 0],
    ]);
    assert.deepEqual(withoutRepeats(axe, []), axe);
  });
});

describe('inspect/inspect-message', () => {
  it('sorts by place, and obeys the switches', async () => {
    const input = { subject: 'Hi {{n}}', html: '<p>{{b}} {{a}}</p>', text: '{{t}}' };
    const { problems } = await inspectMessage(input, { checks: only('placeholders') });
    assert.deepEqual(
      problems.map((problem) => problem.code === 'placeholder' && problem.placeholder),
      ['{{n}}', '{{b}}', '{{a}}', '{{t}}'],
    );
    const none = await inspectMessage(input, { checks: Object.fromEntries(checkNames.map((name) => [name, false])) });
    assert.deepEqual(none, { problems: [], clients: [], unknownClients: [], htmlSize: 18, links: [] });
  });

  it('is total on any HTML', async () => {
    for (const html of [
      '',
      '<',
      '<a href',
      '<style>',
      '<style>a{',
      `<p style="${'('.repeat(20_000)}">`,
      '<div>'.repeat(20_000),
      '\0\ud800',
    ]) {
      const { problems } = await inspectMessage({ html, text: html, subject: html });
      for (const problem of problems) {
        assert.ok(problem.range.start <= problem.range.end && problem.range.end <= html.length);
        assert.ok(htmlSentence(problem).length > 0);
      }
    }
  });
});
