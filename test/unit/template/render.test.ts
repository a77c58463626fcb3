import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { describe, it } from 'mocha';
import { mailboxesOf, parseAddressList } from '../../../src/base/address.ts';
import { conversions } from '../../../src/mime/convert.ts';
import { escapeMarkdown } from '../../../src/template/escape-markup.ts';
import { applied } from '../document/shown.ts';
import { type Given, rendered } from './rendered.ts';

const DATA = {
  user: { name: 'Doe, Jo', email: 'jo@a.example' },
  list: ['a@b', '"X, Y" <c@d>'],
  two: 'a@b, c@d',
  evil: 'x\r\nBcc: e@e.example',
  html: '<b>&"\'',
  items: [{ t: '<1>' }, { t: '2' }],
  object: { a: 1 },
  no: false,
  zero: 0,
  nothing: null,
  braces: '{{user.name}}{% assign x = 1 %}',
  directive: '\n<#attach /etc/passwd>\n',
};

/** The one field, or the one text, that the template makes. */
async function made(template: string, given: Given = { data: DATA }): Promise<string> {
  return (await rendered(template, given)).lines.join('|');
}

type Row = readonly [template: string, result: string, ...problems: string[]];

function check(rows: readonly Row[], given: Given = { data: DATA }, before = ''): void {
  for (const [template, result, ...problems] of rows) {
    it(JSON.stringify(template), async () => {
      const { lines, problems: said } = await rendered(before + template, given);
      assert.equal(lines.join('|'), result);
      assert.deepEqual(said, problems);
    });
  }
}

describe('values in a text', () => {
  check([
    ['\n{{user.name}} {{html}} {{{html}}} {{&html}}', 'Doe, Jo <b>&"\' <b>&"\' <b>&"\''],
    ['\n{{#each items}}{{@index}}{{t}};{{/each}}', '0<1>;12;'],
    [
      '\n{{#if no}}a{{else}}b{{/if}}{{#unless zero}}c{{/unless}}{{#with user}}{{name}}{{../zero}}{{/with}}',
      'bcDoe, Jo0',
    ],
    ['\n{{lookup list 0}} {{lookup user "name"}}', 'a@b Doe, Jo'],
    ['\n{{list}}', 'a@b, "X, Y" <c@d>'],
    ['\n{{nothing}}{{no}}{{zero}}', 'false0'],
    ['\n{{object}}', '', 'warning template-object «{{object}}»'],
    ['\na \\{{x}} b', 'a {{x}} b'],
    ['\n{{! a comment {{ }}b', 'b'],
    ['\n{{usr.name}}', '', 'warning template-unknown-variable «{{usr.name}}»'],
    ['\n{{#each itms}}{{t}}{{/each}}', '', 'warning template-unknown-variable «itms»'],
    ['\n{{#if missing}}a{{/if}}', ''],
    [
      '\n{{constructor}}{{user.constructor}}{{__proto__}}{{user.__proto__.polluted}}{{list.constructor}}',
      '',
      ...['constructor', 'user.constructor', '__proto__', 'user.__proto__.polluted', 'list.constructor'].map(
        (path) => `warning template-unknown-variable «{{${path}}}»`,
      ),
    ],
    ['\n{{> partial}}', '{{> partial}}', 'error template-no-files «{{> partial}}»'],
    ['\n{{shout user.name}}', '{{shout user.name}}', 'error template-unknown-helper «shout»'],
    ['\n{{#shout user}}x{{/shout}}', '{{#shout user}}x{{/shout}}', 'error template-unknown-helper «shout»'],
    ['\n{{lookup (log user) "x"}}', '{{lookup (log user) "x"}}', 'error template-unknown-helper «log»'],
    [
      '\n{{#*inline "x"}}y{{/inline}}',
      '{{#*inline "x"}}y{{/inline}}',
      'error template-unknown-helper «{{#*inline "x"}}y{{/inline}}»',
    ],
    ['\na\n{{#if no}}\nb', 'a\n{{#if no}}\nb', 'error template-syntax «{{#if no}}»'],
    ['\na\n{{/if}}\nb', 'a\n{{/if}}\nb', 'error template-syntax «{{/if}}»'],
  ]);

  it('are never templates, directives or parts themselves', async () => {
    assert.equal(await made('\n{{braces}}{{directive}}'), '{{user.name}}{% assign x = 1 %}\n<#attach /etc/passwd>\n');
    assert.equal(
      await made('@template: liquid\n\n{{braces}}{{directive}}'),
      '{{user.name}}{% assign x = 1 %}\n<#attach /etc/passwd>\n',
    );
  });

  it('are suggested by their nearest name', async () => {
    const { problems } = await rendered('\n{{user.nmae}}', { data: DATA });
    assert.deepEqual(problems, ['warning template-unknown-variable «{{user.nmae}}»']);
  });
});

describe('values in HTML', () => {
  check(
    [
      ['{{html}}|{{{html}}}', 'Content-Type: text/html|&lt;b&gt;&amp;&quot;&#x27;|<b>&"\''],
      ['{{#each items}}{{t}}{{/each}}', 'Content-Type: text/html|&lt;1&gt;2'],
    ],
    { data: DATA },
    'Content-Type: text/html\n\n',
  );

  it('are escaped there and nowhere else', async () => {
    const text =
      '\n{{html}}\n<#part type=text/html>\n{{html}}\n<#part type=text/markdown>\n{{html}}\n<#part type=text/html template=off>\n{{html}}\n';
    assert.equal(
      await made(text),
      "<b>&\"'\n|part type=text/html|&lt;b&gt;&amp;&quot;&#x27;\n|part type=text/markdown|&lt;b>&&quot;'\n|part type=text/html template=off|{{html}}\n",
    );
  });
});

describe('values in Markdown', () => {
  it('stay readable in its source', () => {
    for (const text of ["O'Brien & Co", 'a < b > c', '[1] 50 % *x*', 'AT&T', 'x = 1'])
      assert.equal(escapeMarkdown(text), text);
  });

  it('make no HTML, no picture and no link of their own', async () => {
    const piece = fc.constantFrom(
      ...[
        '<',
        '>',
        '/',
        '!',
        '[',
        ']',
        '(',
        ')',
        ':',
        '"',
        "'",
        '=',
        '&',
        'lt;',
        '#60;',
        '\\',
        '`',
        '\n',
        ' ',
        'b',
        'img src=./x',
        './x',
      ],
    );
    const value = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(''));
    const places = [
      '{{v}}',
      'a {{v}} b',
      '`{{v}}`',
      '<div>\n{{v}}\n</div>',
      '<p title="{{v}}">x</p>',
      '# {{v}}',
      '[text]({{v}})',
    ];
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(...places), async (v, place) => {
        const of = async (given: string): Promise<string[]> => {
          const { lines } = await rendered(`From: a@b\nContent-Type: text/markdown\n\n${place}\n`, {
            data: { v: given },
          });
          const { text: html } = await conversions.markdown(lines.at(-1)!);
          return [...html.matchAll(/<(?:img|a|b|div|p title)\b[^>]*>/g)].map(([tag]) => tag.split(/[ >]/, 1)[0]!);
        };
        const author = await of('word');
        for (const tag of new Set(await of(v)))
          assert.ok(author.includes(tag), `${place} with ${JSON.stringify(v)} has ${tag}`);
      }),
      { numRuns: 300 },
    );
  });
});

describe('values in addresses', () => {
  check([
    ['To: {{user.name}} <{{user.email}}>', 'To: "Doe, Jo" <jo@a.example>'],
    ['To: {{user.email}}', 'To: jo@a.example'],
    ['To: {{list.[1]}}', 'To: "X, Y" <c@d>'],
    ['To: {{list}}, z@z', 'To: a@b, "X, Y" <c@d>, z@z'],
    ['To: "{{user.name}} {{html}}" <x@y>', 'To: "Doe, Jo <b>&\\"\'" <x@y>'],
    ['To: x@y ({{html}} {{user.name}})', 'To: x@y (<b>&"\' Doe, Jo)'],
    ['To: {{user.name}}: x@y;', 'To: "Doe, Jo": x@y;'],
    ['To: a+{{zero}}@b, x@{{user.none}}', 'To: a+0@b, x@', 'warning template-unknown-variable «{{user.none}}»'],
    ['To: {{two}}', 'To: ', 'error template-address «{{two}}»'],
    ['To: <{{two}}>', 'To: <>', 'error template-address «{{two}}»'],
    ['To: X <{{list}}>', 'To: X <>', 'error template-address «{{list}}»'],
    ['To: {{list}} <x@y>', 'To:  <x@y>', 'error template-address «{{list}}»'],
    ['To: {{user.name}}@b', 'To: @b', 'error template-address «{{user.name}}»'],
    ['To: a@{{user.email}}', 'To: a@', 'error template-address «{{user.email}}»'],
    ['To: a@b, {{evil}}', 'To: a@b, ', 'error template-line-break «{{evil}}»'],
    ['@envelope-from: {{user.email}}\nTo: a@b', 'To: a@b'],
  ]);

  it('never add a recipient, wherever they stand', async () => {
    const value = fc.string({ unit: fc.constantFrom(...'ab@.,;:<>()[]"\\ é'), maxLength: 12 });
    const places = [
      '{{v}} <x@y>',
      '"{{v}}" <x@y>',
      'x@y ({{v}})',
      '<{{v}}>',
      '{{v}}',
      'a{{v}}@y',
      'x@{{v}}',
      'N {{v}} M <x@y>',
      '{{v}}: x@y;',
      'x@[{{v}}]',
    ];
    await fc.assert(
      fc.asyncProperty(value, fc.constantFrom(...places), async (v, place) => {
        const { lines } = await rendered(`To: ${place}, last@z`, { data: { v } });
        const { addresses } = parseAddressList(lines[0]!.slice(4));
        const all = mailboxesOf(addresses).map(({ local, domain }) => `${local}@${domain}`);
        assert.ok(all.length <= 2, `${lines[0]} is ${all.join(' and ')}`);
        assert.equal(all[all.length - 1], 'last@z');
      }),
      { numRuns: 500 },
    );
  });
});

describe('values in other header values and attributes', () => {
  check([
    ['Subject: Hi {{user.name}} {{html}}', 'Subject: Hi Doe, Jo <b>&"\''],
    ['Subject: a {{evil}} b', 'Subject: a  b', 'error template-line-break «{{evil}}»'],
    ['Content-Type: text/plain; name="{{html}}"', 'Content-Type: text/plain; name="<b>&\\"\'"'],
    ['Content-Type: text/plain; name={{user.name}}', 'Content-Type: text/plain; name="Doe, Jo"'],
    ['\n<#attach "./{{user.name}}.pdf" name="{{html}}">\n', 'attach ./Doe, Jo.pdf name=<b>&"\''],
    ['\n<#attach a name="{{evil}}">\n', 'attach a name=', 'error template-line-break «{{evil}}»'],
    [
      '\n<#attach a header.Reply-To="{{user.name}} <{{user.email}}>">\n',
      'attach a header.Reply-To="Doe, Jo" <jo@a.example>',
    ],
    [
      '\n<#attach a when=user>\n<#attach b when=no>\n<#attach c when=!user.none>\n<#attach d when=items>\n',
      'attach a|attach c|attach d',
    ],
  ]);

  it('never hold a line end', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('\r', '\n', '\0', 'a', ' ', '"'), maxLength: 6 }),
        async (v) => {
          const { lines, problems } = await rendered(
            'Subject: {{v}}\nTo: "{{v}}" <a@b>\nX: {{#if v}}{{{v}}}{{/if}}\n\n<#attach "{{v}}">\n',
            { data: { v } },
          );
          assert.doesNotMatch(lines.join(''), /[\r\n\0]/);
          assert.equal(
            problems.some((problem) => problem.includes('template-line-break')),
            /[\r\n\0]/.test(v),
          );
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe('blocks', () => {
  const fixes: readonly (readonly [string, string])[] = [
    ['@var: a=1\n\nx\n{{#if a}}\n<#attach y>\n{{/if}}\n', '@var: a=1\n\nx\n<#attach y when=a>\n'],
    [
      '@var: a=1\n\nx\n{{#unless a.b}}\n<#part>\ny\n<#/part>\n<#attach "z">\n{{/unless}}\n',
      '@var: a=1\n\nx\n<#part when=!a.b>\ny\n<#/part>\n<#attach "z" when=!a.b>\n',
    ],
    [
      '@template: liquid\n@var: a=1\n\n{% if a %}\n<#part type=text/html>\ny\n{% endif %}\n',
      '@template: liquid\n@var: a=1\n\n<#part type=text/html when=a>\ny\n',
    ],
  ];
  for (const [text, result] of fixes) {
    it(`around parts become when=: ${JSON.stringify(text)}`, async () => {
      const { problems, fixes: offered } = await rendered(text);
      assert.deepEqual(
        [...new Set(problems.map((problem) => problem.split(' «')[0]))],
        ['error template-block-across-parts'],
      );
      assert.equal(applied(text, offered[0]!.edits), result);
    });
  }

  it('have no such fix where there is text in them, or a condition that is no path', async () => {
    for (const block of [
      '{{#if a}}\ntext\n<#attach y>\n{{/if}}',
      '{{#each a}}\n<#attach y>\n{{/each}}',
      '{{#if a}}\n<#attach y when=b>\n{{/if}}',
    ]) {
      const { problems, fixes: offered } = await rendered(`@var: a=1\n\n${block}\n`);
      assert.deepEqual(
        [...new Set(problems.map((problem) => problem.split(' «')[0]))],
        ['error template-block-across-parts'],
      );
      assert.deepEqual(offered, []);
    }
  });
});

describe('a document without data', () => {
  check(
    [
      [
        'Subject: {{a}}\n\nx {{b}} {{c}}',
        'Subject: {{a}}|x {{b}} {{c}}',
        'warning template-without-data «{{a}}»',
        'warning template-without-data «{{b}}»',
      ],
      ['\n{{$timestamp}} \\{{$guid}}', '1750000000 {{$guid}}'],
      ['\n<#part template=off>\n{{a}} {{$guid}}\n', 'part template=off|{{a}} {{$guid}}\n'],
      ['@template: off\n\n{{a}} {{$guid}}', '{{a}} {{$guid}}'],
      ['@template: handlebars\n\n{{a}}!', '!', 'warning template-without-data «{{a}}»'],
      ['@template: liquid\n\n{{ "x" | upcase }}', 'X'],
      ['@template: mustache\n\n{{$timestamp}}', '1750000000', 'error template-engine-unknown «mustache»'],
      ['\n<#attach x when=a>\n', 'attach x', 'warning when-without-data «a»'],
    ],
    {},
  );
});

describe('@var', () => {
  check([
    ['@var: user.name=Max = x\n@var: new= 1\n\n{{user.name}} {{user.email}} {{new}}', 'Max = x jo@a.example 1'],
    ['@var: nothing here\n\n{{user.email}}', 'jo@a.example', 'error var-invalid «nothing here»'],
  ]);
  check([['@var: a=1\n\n{{a}}', '1']], {});
});

describe('$ values', () => {
  const env = { HOME: '{{user.name}} <x>', A: 'Doe, Jo' };
  check(
    [
      [
        'X: {{$date}} {{ $date iso }} {{$date mail}}',
        'X: 2025-06-15 2025-06-15T17:06:40+02:00 Sun, 15 Jun 2025 17:06:40 +0200',
      ],
      ['X: {{$timestamp}} {{$messageId}} {{$randomInt 5 5}}', 'X: 1750000000 <id@a.example> 5'],
      ['\n{{$env.HOME}}', '{{user.name}} <x>'],
      [
        'Content-Type: text/html\n\n{{$env.HOME}} {{{$env.HOME}}}',
        'Content-Type: text/html|{{user.name}} &lt;x&gt; {{user.name}} <x>',
      ],
      ['To: {{$env.A}} <a@b>', 'To: "Doe, Jo" <a@b>'],
      ['\n{{$env.NONE}}', '', 'error template-env-unset «{{$env.NONE}}»'],
      ['\n{{$gid}}', '', 'error template-unknown-value «{{$gid}}»'],
      [
        '\n{{$date tomorrow}}{{$randomInt 6 1}}{{$guid 1}}{{$env}}',
        '',
        ...['{{$date tomorrow}}', '{{$randomInt 6 1}}', '{{$guid 1}}', '{{$env}}'].map(
          (text) => `error template-value-argument «${text}»`,
        ),
      ],
      ['\n\\\\{{$timestamp}} \\{{$timestamp}}', '\\1750000000 {{$timestamp}}'],
      ['@template: liquid\n\n{{$timestamp}} {% raw %}{{$timestamp}}{% endraw %}', '1750000000 {{$timestamp}}'],
    ],
    { data: DATA, env },
  );
  check([['\n{{$env.HOME}}', '', 'error template-env-untrusted «{{$env.HOME}}»']], {});

  it('are the same for a seed, and different for places and seeds', async () => {
    const text = '\n{{$guid}}|{{$guid}}|{{$randomInt 1 1000000000}}';
    const [first, again, other] = await Promise.all([made(text, {}), made(text, {}), made(text, { seed: 'other' })]);
    assert.equal(first, again);
    const [one, two, number] = first.split('|');
    assert.match(one!, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.notEqual(one, two);
    assert.match(number!, /^\d{1,10}$/);
    assert.notEqual(first.split('|')[0], other.split('|')[0]);
  });
});

describe('Liquid', () => {
  check(
    [
      ['To: {{ user.name }} <{{ user.email }}>', 'To: "Doe, Jo" <jo@a.example>'],
      [
        '\n{% for i in items %}{{ i.t }}{% endfor %} {{ html | upcase }} {% echo html %} {% cycle html, "b" %}',
        '<1>2 <B>&"\' <b>&"\' <b>&"\'',
      ],
      [
        'Content-Type: text/html\n\n{{ html }}|{{ html | raw }}|{% echo html %}|{% cycle html %}',
        'Content-Type: text/html|&lt;b&gt;&amp;&quot;&#x27;|<b>&"\'|&lt;b&gt;&amp;&quot;&#x27;|&lt;b&gt;&amp;&quot;&#x27;',
      ],
      ['To: {{ two | raw }}', 'To: ', 'error template-address «{{ two | raw }}»'],
      ['To: {% echo two %}', 'To: ', 'error template-address «{% echo two %}»'],
      ['Subject: {% capture c %}a {{ html }}{% endcapture %}{{ c }}', 'Subject: a <b>&"\''],
      ['Subject: {{ evil | raw }}', 'Subject: ', 'error template-line-break «{{ evil | raw }}»'],
      ['\n{% raw %}{{x}}{% endraw %}', '{{x}}'],
      [
        '\n{{ usr.name }}{{ usr | default: "d" }}{% if usr %}a{% endif %}',
        'd',
        'warning template-unknown-variable «usr.name»',
      ],
      [
        '\n{{ constructor }}{{ user.constructor.name }}',
        '',
        'warning template-unknown-variable «constructor»',
        'warning template-unknown-variable «user.constructor.name»',
      ],
      [
        '\n{% include "x" %}{% render "x" %}',
        '{% include "x" %}{% render "x" %}',
        'error template-no-files «{% include "x" %}»',
        'error template-no-files «{% render "x" %}»',
      ],
      ['\n{{ user.name | nope }}', '{{ user.name | nope }}', 'error template-syntax «{{ user.name | nope }}»'],
      ['\n{{ "now" | date: "%Y-%m-%d %H:%M" }}', '2025-06-15 17:06'],
      ['\n{% if a %}', '{% if a %}', 'error template-syntax «{% if a %}»'],
      ['\n{{ object }}', '', 'warning template-object «{{ object }}»'],
    ],
    { data: DATA },
    '@template: liquid\n',
  );
});

describe('template/render: a template that is rendered in pieces', () => {
  const rows = Array.from({ length: 2000 }, (_, index) => `Row ${index} for {{user.name}}.\n`).join('');

  it('gives what the whole gives, for one record and for the next', async () => {
    for (const name of ['Jo', 'Ann']) {
      const given = { data: { user: { name } } };
      const text = `\n${rows}{{#if user}}\nif\n{{/if}}\nend\n`;
      assert.equal(await made(text, given), `${rows.replaceAll('{{user.name}}', name)}if\nend\n`);
    }
  });

  it('tells of every place where it stands', async () => {
    for (const [template, ...problems] of [
      ['{{nope}}', 'warning template-unknown-variable «{{nope}}»'],
      ['{{object}}', 'warning template-object «{{object}}»'],
      ['{{nope 1}}', 'error template-unknown-helper «nope»'],
      ['{{> card}}', 'error template-no-files «{{> card}}»'],
      ['{{)}}', 'error template-syntax «{{)}}\n»'],
      ['{{/if}}', 'error template-syntax «{{/if}}»'],
    ] as const) {
      const { problems: said } = await rendered(`\n${rows}${template}\n${rows}`, { data: DATA });
      assert.deepEqual(said, problems, template);
    }
  });

  it('reads two hundred blocks in one another, and no more', async () => {
    const nested = (depth: number) => `\n${'{{#if user}}'.repeat(depth)}x${'{{/if}}'.repeat(depth)}\n`;
    assert.equal(await made(nested(200), { data: DATA }), 'x\n');
    const { problems } = await rendered(nested(201), { data: DATA });
    assert.deepEqual(problems, ['error template-syntax «{{#if user}}»']);
  });

  it('tells of a block that is never closed, and of nothing else', async () => {
    const { lines, problems } = await rendered(`\n{{nope 1}}\n${rows}{{#if user}}\n${rows}`, { data: DATA });
    assert.deepEqual(
      problems.map((problem) => problem.split(' «')[0]),
      ['error template-syntax'],
    );
    assert.ok(lines[0]!.startsWith('{{nope 1}}'));
  });
});
