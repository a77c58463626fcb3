import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'mocha';
import { nodeFiles } from '../../../src/base/node-files.ts';
import { builtSource } from '../../../src/inspect/check-source.ts';
import { inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { readMessage } from '../../../src/inspect/read.ts';
import { compose } from '../../../src/send/compose.ts';

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
});
