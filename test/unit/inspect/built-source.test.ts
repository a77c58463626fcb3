import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { nodeFiles } from '../../../src/base/node-files.ts';
import { builtSource } from '../../../src/inspect/check-source.ts';
import { findingsOf } from '../../../src/inspect/findings.ts';
import { inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { readMessage } from '../../../src/inspect/read.ts';
import { compose } from '../../../src/send/compose.ts';
import { reviewedHtml } from '../../../src/send/reviewed-html.ts';
import { composed, octetsOf } from '../../support/composed.ts';

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
    const made = await compose(
      { text, path: `${samples}x.eml`, workspaceRoot: samples, seed: 'seed' },
      { files: nodeFiles, clock },
    );
    assert.ok(made.built, JSON.stringify(made.problems));
    const bytes = made.built.whole ?? new Uint8Array();
    const view = await readMessage(bytes);
    assert.match(view.html ?? '', /src="cid:/);
    const { input, place } = builtSource(made.built, view, text);
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
    const made = await compose({ text: template, seed: 'seed' }, { files: nodeFiles, clock });
    assert.ok(made.built, JSON.stringify(made.problems));
    const view = await readMessage(made.built.whole ?? new Uint8Array());
    const { input, place } = builtSource(made.built, view, template);
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
    const made = await compose({ text: template, seed: 'seed' }, { files: nodeFiles, clock });
    assert.ok(made.built, JSON.stringify(made.problems));
    const view = await readMessage(made.built.whole ?? new Uint8Array());
    const { input, place } = builtSource(made.built, view, template);
    const { problems } = await inspectMessage(input, { checks: { support: false, accessibility: false, text: false } });
    const found = problems
      .filter(({ code }) => code === 'link-relative')
      .map(({ where, range }) => place(where, range))
      .map((range) => range && template.slice(range.start, range.end));
    assert.deepEqual(found, ['href="{{name}}.html"', 'href="{{name}}.html"', 'href="end.html"']);
  });

  /** Line and column, code, and the text there, of every finding of a document with files beside it. */
  async function findings(document: string): Promise<readonly string[]> {
    const files = {
      'page.html': '<html lang="en"><head><title>t</title></head>\n<p>\n<a href="http://a.example/">x</a></p></html>',
      'note.md': 'Hello\n\n[x](http://b.example/)\n',
    };
    const composition = await composed(document, files);
    assert.ok(composition.built, JSON.stringify(composition.problems));
    const view = await readMessage(await octetsOf(composition));
    const source = builtSource(composition.built, view, document);
    const checks = { support: false, accessibility: false, spam: false, text: false };
    const { problems } = await inspectMessage(source.input, { checks });
    return findingsOf(problems, { file: 'x', text: document, source, sentence: ({ code }) => code }).map(
      ({ line, column, endLine, endColumn, message }) => `${line}:${column}-${endLine}:${endColumn} ${message}`,
    );
  }
  const header = 'From: a@a.example\nTo: b@b.example\nSubject: Hello\n';

  it('looks at what Markdown and MJML become, and finds the words and addresses in them', async () => {
    const markdown = `${header}Content-Type: text/markdown\n\n# %%NAME%%\n\n[x](http://a.example/?a&b) [y](http://a.example/?a&b)\n`;
    // Markdown itself is the text that goes beside it.
    assert.deepEqual(await findings(markdown), [
      '6:3-6:11 placeholder',
      '8:5-8:26 link-insecure',
      '8:32-8:53 link-insecure',
      '6:3-6:11 placeholder',
    ]);
    const mjml = `${header}\nHi\n<#part type=text/mjml>
<mjml><mj-body><mj-section><mj-column>
<mj-button href="http://a.example/">Go</mj-button>
<mj-text>%%NAME%% <a href="#">x</a></mj-text>
</mj-column></mj-section></mj-body></mjml>
<#/part>
`;
    const found = await findings(mjml);
    assert.deepEqual(
      found.filter((each) => !each.includes('(HTML')),
      ['8:12-8:36 link-insecure', '9:10-9:18 placeholder', '9:22-9:30 link-empty'],
    );
  });

  it('tells at the directive what comes from a file, and where in the HTML it is', async () => {
    assert.deepEqual(await findings(`${header}\nHi\n<#part src=./page.html>\n`), [
      '6:1-6:24 link-insecure (HTML, line 3, column 4)',
    ]);
    const [found] = await findings(`${header}\n<#part src=./note.md>\n`);
    assert.match(found!, /^5:1-5:22 link-insecure \(HTML, line \d+, column \d+\)$/);
  });

  it('looks at every part of HTML that is shown, typed or not', async () => {
    const link = (host: string): string => `<p><a href="http://${host}.example/">x</a></p>`;
    const typed = (host: string): string => `<#part type=text/html>\n${link(host)}\n<#/part>\n`;
    assert.deepEqual(await findings(`${header}\nHi\n${typed('a')}<#attach ./note.md>\n${typed('b')}`), [
      '7:7-7:31 link-insecure',
      '11:7-11:31 link-insecure',
    ]);
    assert.deepEqual(await findings(`${header}\nHi\n${typed('c')}<#attach ./note.md>\n<#part src=./page.html>\n`), [
      '7:7-7:31 link-insecure',
      '10:1-10:24 link-insecure (HTML, line 6, column 4)',
    ]);
  });

  it('tells what is about a lacking subject at the author', async () => {
    const composition = await composed(`X-A: b\n${header.replace(/Subject.*\n/, '')}\nHi\n`);
    const { place } = builtSource(composition.built!, await readMessage(await octetsOf(composition)), '');
    assert.deepEqual(place('subject', { start: 0, end: 0 }), { start: 7, end: 24, about: true });
  });
});
