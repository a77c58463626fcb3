import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { summarise } from '../../../src/capture/summary.ts';
import { fileNameOf } from '../../../src/inspect/file-name.ts';
import { checkInputOf, inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { previewModel } from '../../../src/inspect/preview-model.ts';
import { readMessage } from '../../../src/inspect/read.ts';
import { advise, DEFAULT_ADVICE } from '../../../src/language/advice.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { complete } from '../../../src/language/complete.ts';
import { folds } from '../../../src/language/folding.ts';
import { fieldActions, formatHeader } from '../../../src/language/format.ts';
import { hover } from '../../../src/language/hover.ts';
import { links } from '../../../src/language/links.ts';
import { selections } from '../../../src/language/selection.ts';
import { symbols } from '../../../src/language/symbols.ts';
import { compose } from '../../../src/send/compose.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { fixedClock } from '../send/support/fixed.ts';

/** What would take minutes where a pattern begins anew at each of the characters, and exponentially long where at each split. */
const length = 200_000;
const DRAFT = 'From: a@b.example\nTo: c@d.example\nSubject: s\n';
const MESSAGE = `MIME-Version: 1.0\n${DRAFT}`;
const html = (text: string): string => `${MESSAGE}Content-Type: text/html\n\n${text}\n`;
const part = (text: string): string => `${DRAFT}\nHi\n<#part type=text/html>\n${text}\n<#/part>\n`;

/** `much` is what a writer repeats, and where. */
const documents: Readonly<Record<string, readonly [much: string, document: (run: string) => string]>> = {
  'a list of addresses to unsubscribe': [
    '\t,<A:A>\t',
    (run) => `${MESSAGE}List-Unsubscribe: <A::>${run.slice(0, 3000)}\t)\n\nHi\n`,
  ],
  'an address to unsubscribe': ['@', (run) => `${MESSAGE}List-Unsubscribe: a${run}<\n\nHi\n`],
  references: ['\t', (run) => `${MESSAGE}References: <a@b>${run}x\n\nHi\n`],
  'a folded field': ['\t', (run) => `${MESSAGE}X-Other: a\n b${run}c${run}\n\nHi\n`],
  'a subject that is composed': [' ', (run) => `From: a@b.example\nSubject: ä${run}x\n\nHi\n`],
  'identifiers that are composed': ['\\"', (run) => `${DRAFT}References: "${run}<\n\nHi\n`],
  'a URL in the text': ['!', (run) => `${MESSAGE}\nSee https://a.example/${run}x\n`],
  'a URL in brackets': [')', (run) => `${MESSAGE}\nSee https://a.example/${run}x)\n`],
  'tags that never end': ['<head ', (run) => part(`<p>See attached.</p>${run}`)],
  'an address of a picture': [' ', (run) => html(`<img alt="" src="a${run}b"><img alt="" src=".0${run}#">`)],
  'pictures to choose from': [',', (run) => html(`<img alt="" srcset="a${run}b 2x">`)],
  'a style that can’t be read': ['\t', (run) => html(`<p style="--a:url(${run}x${run}\\">Hi</p>`)],
  'declarations that can’t be read': ['a;\n', (run) => html(`<p style="${run.slice(0, 60_000)}">Hi</p>`)],
  'rules in rules': ['@font-face{', (run) => html(`<style>${run}</style><p>Hi</p>`)],
  'an expression': ['.', (run) => `@var: a=b\n${DRAFT}\nHi {{$A${run}\n`],
  'a block': ['!*', (run) => `@var: a=b\n${DRAFT}\nHi {{a}} {{#*${run}{\n`],
  'blocks in blocks': ['{{#if a}}', (run) => `@var: a=b\n${DRAFT}\nHi {{a}} ${run.slice(0, 60_000)}\n`],
  'notes in a template': ['{{!', (run) => `@var: a=b\n${DRAFT}\nHi {{a}} ${run}}\n`],
  'tags of Liquid': ['{%if', (run) => `@template: liquid\n@var: a=b\n${DRAFT}\nHi {{a}} ${run}\n`],
  'a loop': ['i', (run) => `@template: liquid\n@var: a=b\n${DRAFT}\nHi {%for e in f${run} {{ a\n`],
  'a calendar': [' ', (run) => `${DRAFT}\n<#part type=text/calendar>\nBEGIN:VCALENDAR\nMETHOD:H${run}M\n<#/part>\n`],
  'flowed text': [' ', (run) => `@flowed: on\n${DRAFT}\na${run}b\n`],
};

describe('what a hostile writer repeats', () => {
  for (const [name, [much, document]] of Object.entries(documents))
    it(`in ${name} keeps nobody waiting`, async () => {
      const text = document(much.repeat(length / much.length));
      const analysis = new Analysis(text);
      for (const offset of [0, 40, text.length >> 1, text.length - 2]) {
        complete(analysis, offset);
        hover(analysis, offset);
        selections(analysis, offset);
        fieldActions(analysis, offset);
      }
      for (const feature of [links, symbols, folds, formatHeader]) feature(analysis);
      advise(analysis, DEFAULT_ADVICE);
      const files = memoryFiles({ '/p/a.eml': text });
      await compose({ text, path: '/p/a.eml', workspaceRoot: '/p', seed: 's' }, { files, clock: fixedClock });
      const octets = Buffer.from(text);
      await summarise([octets]);
      const view = await readMessage(octets);
      previewModel(view, { scheme: 'light', images: true, remote: false, path: [] });
      await inspectMessage(checkInputOf(view));
    });

  it('in the name of an attachment keeps nobody waiting', () => {
    assert.match(fileNameOf({ name: `a${' '.repeat(length)}b`, type: 'text/plain', index: 0 }), /^a +$/);
  });
});
