import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { nodeFiles } from '../../../src/base/node-files.ts';
import { builtSource } from '../../../src/inspect/check-source.ts';
import { inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { readMessage } from '../../../src/inspect/read.ts';
import { compose } from '../../../src/send/compose.ts';
import { reviewedHtml } from '../../../src/send/reviewed-html.ts';

const samples = fileURLToPath(new URL('../../../media/samples/', import.meta.url));
const clock = { now: () => 0, ticks: () => 0, offsetMinutes: () => 0 };

const text = `From: a@a.example
To: b@b.example
Subject: Hello [NAME]

Plain text {%x%}
<#!escaped {{t}}
<#part type=text/html>
<p>One</p>
<#-- a note between {{not this}} -->
<img src="./images/logo.png" alt="">
<#!p {{html}}
<a href="cid:none">x</a><img src="cid:gone" alt="x" width="1">
<#/part>
`;

describe('inspect/check-source, composed', () => {
  it('leads every problem to its place in the document', async () => {
    const composed = await compose(
      { text, path: `${samples}x.eml`, workspaceRoot: samples, seed: 'seed' },
      { files: nodeFiles, clock },
    );
    assert.ok(composed.built, JSON.stringify(composed.problems));
    const bytes = composed.built.whole ?? new Uint8Array();
    const view = await readMessage(bytes);
    assert.match(view.html ?? '', /src="cid:/);
    const { input, place } = builtSource(composed.built, view, text);
    assert.match(input.html ?? '', /src="\.\/images\/logo\.png"/);
    const { problems } = await inspectMessage(input, {
      checks: { support: false, accessibility: false, spam: false, text: false },
    });
    const found = problems.map((problem) => {
      const range = place(problem.where, problem.range);
      return `${problem.code}@${range ? text.slice(range.start, range.end) : '?'}`;
    });
    assert.deepEqual(found, [
      'placeholder@Subject: Hello [NAME]',
      'image-without-size@<img src="./images/logo.png" alt="">',
      'placeholder@{{html}}',
      'image-cid-unknown@src="cid:gone"',
      'placeholder@{%x%}',
      'placeholder@{{t}}',
    ]);
  });

  it('leads into the template that a text was made by, element by element and line by line', async () => {
    const template = `From: a@a.example
To: b@b.example
Subject: Hello
@template: handlebars
@var: name=Jo
@var: url=page.html

Dear {{name}}, lorem ipsum
<#part type=text/html>
<p>Hi {{name}} <img src="https://a.example/x.png" alt="" width="1"></p>
<#-- mailbench-ignore link-relative -->
<p><a href="silent.html">{{name}}</a></p>
<p><a href="{{url}}">{{name}}</a> and
<a class="x" href="other.html">TODO</a></p>
{{#if name}}<p><img alt="{{name}}"></p>{{/if}}
<#/part>
`;
    const composed = await compose({ text: template, seed: 'seed' }, { files: nodeFiles, clock });
    assert.ok(composed.built, JSON.stringify(composed.problems));
    const view = await readMessage(composed.built.whole ?? new Uint8Array());
    const { input, place } = builtSource(composed.built, view, template);
    assert.match(input.html ?? '', /Hi Jo/);
    const { problems } = await inspectMessage(input, { checks: { support: false, spam: false } });
    const found = (all: typeof problems) =>
      all.map((problem) => {
        const range = place(problem.where, problem.range);
        return `${problem.code}@${range ? template.slice(range.start, range.end).replace(/\n[\s\S]*/, '…') : '?'}`;
      });
    assert.deepEqual(found(problems), [
      // About the HTML as a whole.
      'language-missing@<#part type=text/html>',
      'title-missing@<#part type=text/html>',
      'link-relative@href="silent.html"',
      'link-relative@href="{{url}}"',
      'link-relative@href="other.html"',
      'placeholder@TODO',
      'image-without-source@<img alt="{{name}}">',
      'image-without-size@<img alt="{{name}}">',
      'placeholder@lorem ipsum',
    ]);
    const shown = reviewedHtml(template, problems, place, { severity: {} });
    assert.equal(found(shown as typeof problems).filter((each) => each.includes('silent')).length, 0);
    assert.equal(shown.length, problems.length - 1);
  });

  it('says what a loop repeats where it is written once, and takes no element for another', async () => {
    const template = `From: a@a.example
To: b@b.example
Subject: Hello
@template: liquid
@var: names=ann,bob

text
<#part type=text/html>
{% assign all = names | split: "," %}<ul>
{% for name in all %}<li><a href="{{name}}.html">{{name}}</a></li>
{% endfor %}</ul>
<p><a href="end.html">end</a></p>
<#/part>
`;
    const composed = await compose({ text: template, seed: 'seed' }, { files: nodeFiles, clock });
    assert.ok(composed.built, JSON.stringify(composed.problems));
    const view = await readMessage(composed.built.whole ?? new Uint8Array());
    const { input, place } = builtSource(composed.built, view, template);
    const { problems } = await inspectMessage(input, { checks: { support: false, accessibility: false, text: false } });
    const found = problems
      .filter(({ code }) => code === 'link-relative')
      .map(({ where, range }) => place(where, range))
      .map((range) => range && template.slice(range.start, range.end));
    assert.deepEqual(found, ['href="{{name}}.html"', 'href="{{name}}.html"', 'href="end.html"']);
  });
});
