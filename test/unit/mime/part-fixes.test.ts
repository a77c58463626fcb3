import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { TextEdit } from '../../../src/base/problem.ts';
import { composed } from '../../support/composed.ts';

const png = Buffer.from('iVBORw0KGgo=', 'base64');
const files = { 'logo.png': png, 'b.png': png };
const codes = ['dangling-cid', 'unused-cid', 'alternative-twice', 'alternatives-order'];

function applied(text: string, edits: readonly TextEdit[]): string {
  return [...edits]
    .sort((a, b) => b.range.start - a.range.start)
    .reduce((made, { range, text: put }) => made.slice(0, range.start) + put + made.slice(range.end), text);
}

/** The first problem's fixes in a document of which `text` follows `From` and `To`: title to what they make of it. */
async function fixesOf(code: string, text: string, eol = '\n'): Promise<Record<string, string>> {
  const start = 'From: a@a.example\nTo: b@b.example\nSubject: s\n';
  const document = (start + text).replaceAll('\n', eol);
  const { problems } = await composed(document, files);
  const problem = problems.find((each) => each.code === code);
  assert.ok(problem, `no ${code} among ${problems.map((each) => each.code).join()}`);
  const made = (problem.fixes ?? []).map(({ title, edits }) => [title, applied(document, edits)] as const);
  for (const [title, fixed] of made) {
    const left = (await composed(fixed, files)).problems.map((each) => each.code);
    assert.deepEqual(
      left.filter((each) => each === code),
      [],
      title,
    );
    assert.deepEqual(
      left.filter((each) => !codes.includes(each) && !problems.some((was) => was.code === each)),
      [],
    );
  }
  return Object.fromEntries(made.map(([title, fixed]) => [title, fixed.slice(start.replaceAll('\n', eol).length)]));
}

describe('fixes of parts and cids', () => {
  it('writes the cid that was meant', async () => {
    const html = (cid: string) =>
      `\nHi\n<#part type=text/html>\n<p><img src="cid:${cid}" alt="x"></p>\n<#/part>\n<#inline ./logo.png id=logo>\n`;
    assert.deepEqual(await fixesOf('dangling-cid', html('lgo')), { 'Change to cid:logo': html('logo') });
    assert.deepEqual(await fixesOf('dangling-cid', html('elsewhere')), {});
  });

  it('writes no cid into what a template makes', async () => {
    const text =
      '@var: x=1\n\nHi\n<#part type=text/html>\n<p>{{x}}<img src="cid:lgo" alt="x"></p>\n<#/part>\n<#inline ./logo.png id=logo>\n';
    assert.deepEqual(await fixesOf('dangling-cid', text.replace('@var', '@template: handlebars\n@var')), {});
  });

  it('takes out an id that nothing shows, or attaches what has it', async () => {
    assert.deepEqual(await fixesOf('unused-cid', '\nHi\n<#attach ./logo.png  id=x name=y>\n'), {
      'Take id= out': '\nHi\n<#attach ./logo.png name=y>\n',
    });
    assert.deepEqual(
      await fixesOf('unused-cid', '\nHi\n<#part type=text/html>\n<p>\n<#/part>\n<#inline ./logo.png id="x">\n'),
      {
        'Attach it instead': '\nHi\n<#part type=text/html>\n<p>\n<#/part>\n<#attach ./logo.png>\n',
      },
    );
    // An attachment would end the text that goes on behind it.
    assert.deepEqual(
      await fixesOf('unused-cid', '\nHi\n<#inline ./logo.png id=x>\nmore\n<#part type=text/html>\n<p>\n'),
      {},
    );
    assert.deepEqual(await fixesOf('unused-cid', '\n<#part type=text/html>\n<p>\n<#inline ./logo.png id=x>\n'), {});
  });

  for (const [name, eol] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ] as const)
    it(`joins two texts of one type, or takes out the one that nobody sees (${name})`, async () => {
      const cases: readonly (readonly [text: string, joined: string | undefined, without: string | undefined])[] = [
        ['\na\n<#part type=text/plain>\nb\n<#/part>\n', '\na\nb\n', '\n<#part type=text/plain>\nb\n<#/part>\n'],
        ['\na\n<#part>\nb', '\na\nb', '\n<#part>\nb'],
        [
          '\nHi\n<#part type=text/html>\n<p>a\n<#/part>\n\n<#part type=text/html>\n<p>b\n<#/part>\n',
          '\nHi\n<#part type=text/html>\n<p>a\n<p>b\n<#/part>\n',
          '\nHi\n\n<#part type=text/html>\n<p>b\n<#/part>\n',
        ],
        [
          '\nHi\n<#part type=text/html>\n<p>a\n<#part type=text/html>\n<p>b\n<#attach ./logo.png>\n',
          '\nHi\n<#part type=text/html>\n<p>a\n<p>b\n<#attach ./logo.png>\n',
          '\nHi\n<#part type=text/html>\n<p>b\n<#attach ./logo.png>\n',
        ],
        [
          'Content-Type: text/html\n\n<p>a\n<#part type=text/html>\n<p>b\n',
          'Content-Type: text/html\n\n<p>a\n<p>b\n',
          '\n<#part type=text/html>\n<p>b\n',
        ],
        // Two pages make no page; what is said of one may not hold for the other; pictures don't go with a text.
        [
          '\nHi\n<#part type=text/html>\n<html>a\n<#part type=text/html>\n<html>b\n',
          undefined,
          '\nHi\n<#part type=text/html>\n<html>b\n',
        ],
        ['\na\n<#part language=de>\nb\n', undefined, '\n<#part language=de>\nb\n'],
        [
          '\nHi\n<#part type=text/html>\n<p>a<img src=cid:x>\n<#inline ./logo.png id=x>\n<#/part>\n<#part type=text/html>\n<p>b\n<#/part>\n',
          '\nHi\n<#part type=text/html>\n<p>a<img src=cid:x>\n<#inline ./logo.png id=x>\n<p>b\n<#/part>\n',
          undefined,
        ],
      ];
      for (const [text, joined, without] of cases) {
        const wanted = {
          ...(joined === undefined ? {} : { 'Join it to the one before': joined.replaceAll('\n', eol) }),
          ...(without === undefined ? {} : { 'Take out the first, which nobody sees': without.replaceAll('\n', eol) }),
        };
        assert.deepEqual(await fixesOf('alternative-twice', text, eol), wanted, text);
      }
    });

  for (const [name, eol] of [
    ['LF', '\n'],
    ['CRLF', '\r\n'],
  ] as const)
    it(`moves the leading text to where it belongs, with what the header says of it (${name})`, async () => {
      const cases: readonly (readonly [text: string, fixed: string | undefined])[] = [
        [
          'Content-Type: text/html; charset=gb2312\nX-A: b\n\n<p>a\n<#part>\na\n<#/part>\n<#attach ./logo.png>\n',
          'X-A: b\n\n<#part>\na\n<#/part>\n<#part type=text/html charset=gb2312>\n<p>a\n<#/part>\n<#attach ./logo.png>\n',
        ],
        [
          'Content-Type: text/html\nContent-Language: de\n\n<p><img src="cid:x" alt="y">\n<#inline ./logo.png id=x>\n<#-- note -->\n<#part>\na',
          '\n<#part>\na\n<#part type=text/html language="de">\n<p><img src="cid:x" alt="y">\n<#inline ./logo.png id=x>\n<#-- note -->\n<#/part>\n',
        ],
        [
          'Content-Type: text/html\n\n<p>a\n<#part type=text/calendar method=REQUEST src=./a.ics>\n<#part>\na\n',
          '\n<#part>\na\n<#part type=text/html>\n<p>a\n<#/part>\n<#part type=text/calendar method=REQUEST src=./a.ics>\n',
        ],
        ['Content-Type: text/html; x=y\n\n<p>a\n<#part>\na\n', undefined],
        ['Content-Type: text/html\nContent-Foo: bar\n\n<p>a\n<#part>\na\n', undefined],
      ];
      for (const [text, fixed] of cases) {
        const wanted = fixed === undefined ? {} : { 'Put the plainest form first': fixed.replaceAll('\n', eol) };
        assert.deepEqual(await fixesOf('alternatives-order', text, eol), wanted, text);
      }
    });
});
