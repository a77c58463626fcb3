import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as table from '../../../src/inspect/checks/feature-table.ts';
import { featuresOf } from '../../../src/inspect/checks/features.ts';
import { checkSupport } from '../../../src/inspect/checks/support.ts';
import {
  chooseClients,
  clientsOf,
  dataDate,
  loadSupportData,
  type SupportFeature,
  supportOf,
} from '../../../src/inspect/checks/support-data.ts';
import { parseHtml } from '../../../src/inspect/html.ts';
import { inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { htmlSentence } from '../../../src/send/sentences/html.ts';

/** Features that a mail's HTML can't be seen to use. */
const untold: Readonly<Record<string, string>> = {
  amp: 'a part of its own, not HTML',
  bimi: 'DNS, not HTML',
  'css-selector-chaining': 'every compound selector; supported wherever its parts are',
  'html-comments': 'what a client does to comments is not seen by a reader',
  'html-doctype': 'a client puts the mail into a page of its own',
};

/** Those that the code names itself. */
const inCode = new Set([
  'html-anchor-links',
  'html-mailto-links',
  'html-meta-color-scheme',
  'image-base64',
  'css-nesting',
  'css-comments',
  'css-selector-class',
  'css-selector-id',
  'css-selector-attribute',
  'css-selector-universal',
  'css-selector-type',
  'css-selector-grouping',
  'css-unit-percent',
  'css-at-media',
  'css-variables',
  'css-important',
]);

describe('inspect/checks/support', () => {
  it('knows every feature of the data, and no other', async () => {
    const data = await loadSupportData();
    const slugs = new Set(data.data.map((feature) => feature.slug));
    const tables = Object.values(table) as unknown[];
    const known = new Set([
      ...inCode,
      ...Object.keys(untold),
      ...tables.flatMap((each) =>
        Array.isArray(each) ? each.map((pair: string[]) => pair[1]!) : Object.values(each as Record<string, string>),
      ),
    ]);
    assert.deepEqual(
      [...known].filter((slug) => !slugs.has(slug)),
      [],
    );
    assert.deepEqual(
      [...slugs].filter((slug) => !known.has(slug)),
      [],
    );
    assert.match(dataDate(data), /^20\d\d-\d\d-\d\d$/);
  });

  const uses: readonly (readonly [html: string, features: readonly string[]])[] = [
    ['<p style="color:red">', ['html-p@<p style="color:red">']],
    [
      '<p style="border-radius:4px 1em">',
      ['html-p@', 'css-border-radius@border-radius:4px 1em', 'css-unit-px@4px', 'css-unit-em@1em'],
    ],
    ['<p style="display:FLEX">', ['html-p@', 'css-display-flex@display:FLEX']],
    ['<p style="display:block">', ['html-p@', 'css-display@display:block']],
    [
      '<style>a>b:hover,c{--x:1;width:calc(1px + var(--x))!important}</style>',
      [
        'html-style@<style>',
        'css-selector-grouping@a>b:hover,c',
        'css-selector-type@a',
        'css-selector-child@>',
        'css-pseudo-class-hover@:hover',
        'css-variables@--x:1',
        'css-width@width:calc(1px + var(--x))!important',
        'css-important@width:calc(1px + var(--x))!important',
        'css-unit-calc@calc(1px + var(--x))',
        'css-unit-px@1px',
      ],
    ],
    [
      '<style>@media (prefers-color-scheme:dark){a{x:y}}@media (max-width:1px){}@font-face{src:url(a.woff)}</style>',
      [
        'html-style@<style>',
        'css-at-media-prefers-color-scheme@@media (prefers-color-scheme:dark)',
        'css-selector-type@a',
        'css-at-media@@media (max-width:1px)',
        'css-max-width@',
        'css-unit-px@1px',
        'css-at-font-face@@font-face',
      ],
    ],
    [
      '<img src="a.webp" width="1" srcset="b.png 2x">',
      ['html-img@', 'image-webp@src="a.webp"', 'html-width@width="1"', 'html-srcset@srcset="b.png 2x"'],
    ],
    ['<img src="data:image/png;base64,AA">', ['html-img@', 'image-base64@', 'image-png@']],
    ['<a href="#x" target=_blank>', ['html-anchor-links@href="#x"', 'html-target@target=_blank']],
    [
      '<input type=checkbox><button>x</button>',
      ['html-input-checkbox@<input type=checkbox>', 'html-button-submit@<button>'],
    ],
    ['<p style="mso-line-height-rule:exactly">', ['html-p@']],
    ['<constructor __proto__=x style="constructor:x">', []],
  ];
  for (const [html, features] of uses) {
    it(`sees ${features.length} features in ${html.slice(0, 70)}`, () => {
      const found = featuresOf(parseHtml(html)).map(
        ({ slug, range }) => `${slug}@${html.slice(range.start, range.end)}`,
      );
      // An expectation that ends in "@" leaves the place open.
      const wanted = features.filter((feature) => feature !== 'css-max-width@');
      assert.deepEqual(
        found
          .filter((each) => !each.startsWith('css-max-width@'))
          .map((each, index) => (wanted[index]?.endsWith('@') ? each.replace(/@.*/s, '@') : each)),
        wanted,
      );
    });
  }

  const feature = (stats: SupportFeature['stats']): SupportFeature => ({
    slug: 's',
    title: 't',
    url: 'u',
    stats,
    notes_by_num: { 1: 'first', 2: 'second' },
  });

  it('goes by the newest version', () => {
    const stats = {
      f: {
        a: { '2019-08': 'y', '2024-04': 'n #2' },
        b: { '16.80': 'a #1 #2', 2019: 'n', '9': 'y' },
        c: { '1': 'u' },
      },
    };
    assert.deepEqual(supportOf(feature(stats), 'f.a'), { support: 'none', notes: ['second'] });
    assert.deepEqual(supportOf(feature({ f: { b: { '16': 'n', '16.80': 'a #1 #2', '9': 'y' } } }), 'f.b'), {
      support: 'partial',
      notes: ['first', 'second'],
    });
    assert.deepEqual(supportOf(feature(stats), 'f.c'), { support: 'unknown', notes: [] });
    assert.deepEqual(supportOf(feature(stats), 'x.y'), { support: 'unknown', notes: [] });
  });

  it('chooses clients by pattern', async () => {
    const data = await loadSupportData();
    const ids = (patterns: string[]) => chooseClients(data, patterns).clients.map((client) => client.id);
    assert.deepEqual(ids(['gmail.ios', 'gmail.ios']), ['gmail.ios']);
    assert.ok(ids(['*.ios']).includes('yahoo.ios') && ids(['*.ios']).every((id) => id.endsWith('.ios')));
    assert.deepEqual(
      ids(['*']),
      clientsOf(data).map((client) => client.id),
    );
    assert.deepEqual(chooseClients(data, ['gnail.*', '(']), { clients: [], unknown: ['gnail.*', '('] });
  });

  it('tells what a client lacks, with its notes and the day of the data', () => {
    const data = {
      last_update_date: '2026-05-13 14:45:41 +0000',
      nicenames: { family: { f: 'Fine Mail' }, platform: { ios: 'iOS', web: 'Web' } },
      data: [
        {
          slug: 'html-p',
          title: '<p> element',
          url: 'https://www.caniemail.com/features/html-p/',
          stats: { f: { ios: { '1': 'n' }, web: { '1': 'a #1' } } },
          notes_by_num: { 1: 'See [this](https://x.example) `p`' },
        },
      ],
    };
    const { clients } = chooseClients(data, ['*']);
    const [problem] = checkSupport({ html: '<p><p>', tree: parseHtml('<p><p>') }, data, clients);
    assert.deepEqual(problem, {
      check: 'support',
      code: 'client-support',
      severity: 'information',
      where: 'html',
      range: { start: 0, end: 3 },
      title: '<p> element',
      slug: 'html-p',
      url: 'https://www.caniemail.com/features/html-p/',
      clients: [
        { client: 'f.ios', name: 'Fine Mail (iOS)', support: 'none', notes: [] },
        { client: 'f.web', name: 'Fine Mail (Web)', support: 'partial', notes: ['See [this](https://x.example) `p`'] },
      ],
      asked: 2,
      uses: 2,
      dataDate: '2026-05-13',
    });
    assert.equal(
      htmlSentence(problem!),
      '<p> element does not work in Fine Mail (iOS). It works only in part in Fine Mail (Web): See this p. Used 2 times. (caniemail, 2026-05-13)',
    );
  });

  it('is part of the inspection, by setting', async () => {
    const html = '<p style="border-radius:4px">x</p>';
    const outlook = await inspectMessage(
      { html },
      { clients: ['outlook.windows', 'nope'], checks: { accessibility: false } },
    );
    const radius = outlook.problems.find(
      (problem) => problem.code === 'client-support' && problem.slug === 'css-border-radius',
    );
    assert.equal(radius && html.slice(radius.range.start, radius.range.end), 'border-radius:4px');
    assert.deepEqual(outlook.unknownClients, ['nope']);
    const apple = await inspectMessage({ html }, { clients: ['apple-mail.macos'] });
    assert.ok(!apple.problems.some((problem) => problem.code === 'client-support'));
  });
});
