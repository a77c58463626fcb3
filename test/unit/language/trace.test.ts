import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import type { Range } from '../../../src/base/problem.ts';
import { showMessage } from '../../../src/inspect/shown-message.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { traceOf } from '../../../src/language/trace.ts';
import { composed } from '../../support/composed.ts';

async function traced(text: string, files: Record<string, string | Uint8Array> = {}) {
  const made = await composed(text, files);
  const message = await showMessage(made.message!, made.built);
  const trace = traceOf(new Analysis(text), message, made.built);
  const at = (within: string, piece: string): Range => {
    const start = within.indexOf(piece);
    assert.ok(start >= 0, `${piece} in ${within}`);
    return { start, end: start };
  };
  const cut = (within: string, ranges: readonly Range[]) =>
    ranges.map(({ start, end }) => within.slice(start, end).replaceAll('\r\n', '\n'));
  return {
    text,
    message,
    trace,
    /** What the line of the document that holds the piece became. */
    shown: (piece: string) => cut(message.text, trace.toShown(at(text, piece))),
    /** What the line of the message that holds the piece came from. */
    source: (piece: string) => cut(text, trace.toSource(at(message.text, piece))),
    selected: (from: string, to: string) =>
      cut(message.text, trace.toShown({ start: at(text, from).start, end: at(text, to).start + to.length })),
  };
}

const head = 'From: a@example.com\nTo: b@example.org\n';

describe('the way from a document to its message, and back', () => {
  it('leads from a field to that field', async () => {
    const { shown, source } = await traced(`# A comment\n@date: 2026-03-03T14:00:00Z\n${head}Subject: Grüße\n\nHi\n`);
    assert.deepEqual(shown('Subject'), ['Subject: =?utf-8?B?R3LDvMOfZQ==?=']);
    assert.deepEqual(shown('@date'), ['Date: Tue, 3 Mar 2026 14:00:00 +0000']);
    assert.deepEqual(shown('# A'), []);
    assert.deepEqual(source('=?utf-8'), ['Subject: Grüße']);
    assert.deepEqual(source('Message-ID'), []);
  });

  it('leads from a line of text to what it is encoded as', async () => {
    const { shown, source, selected } = await traced(
      `${head}\nEins\nZwölf ${'Boxkämpfer '.repeat(8)}\n<#-- not sent -->\n<#!part\nZehn\n`,
    );
    assert.deepEqual(shown('Eins'), ['Eins']);
    assert.match(shown('Zwölf')[0]!, /^Zw=C3=B6lf Boxk=C3=A4mpfer [\s\S]*=\n[\s\S]*=20$/);
    assert.deepEqual(shown('not sent'), []);
    assert.deepEqual(shown('<#!part'), ['<#part']);
    assert.deepEqual(source('<#part'), ['<#!part']);
    assert.deepEqual(source('=20'), [`Zwölf ${'Boxkämpfer '.repeat(8)}`]);
    const { text, message, trace } = await traced(`${head}\nHi\n`);
    const [last] = trace.toShown({ start: text.length, end: text.length });
    assert.deepEqual(last, { start: message.text.length, end: message.text.length });
    assert.deepEqual(selected('<#!part', 'Zehn'), ['<#part\nZehn']);
    const base64 = await traced(`${head}\n一二三四\n五六七八\n九十\n`);
    const encoded = Buffer.from('一二三四\r\n五六七八\r\n九十\r\n').toString('base64');
    // Octets 14 to 26, six bits a character.
    assert.deepEqual(base64.shown('五六'), [encoded.slice(18, 35)]);
    assert.deepEqual(base64.source(base64.shown('九')[0]!), ['九十']);
  });

  it('leads from a directive to its part', async () => {
    const { shown, source, message } = await traced(
      `${head}\nText\n<#part type=text/html>\n<p>Hi</p>\n<#/part>\n<#attach ./big.bin>\n<#multipart type=multipart/digest>\n<#attach ./a.eml>\n<#/multipart>\n`,
      { 'big.bin': Buffer.alloc(3_000_000), 'a.eml': 'Subject: Inner\n\nHello\n' },
    );
    assert.match(
      shown('<#part type')[0]!,
      /^--=_mb_.*\nContent-Type: text\/html; charset=utf-8\nContent-Transfer-Encoding: 7bit$/,
    );
    assert.deepEqual(shown('<p>'), ['<p>Hi</p>']);
    assert.match(shown('<#/part>')[0]!, /^--=_mb_.*\nContent-Type: text\/html[\s\S]*<p>Hi<\/p>\n$/);
    assert.match(
      shown('<#attach ./big')[0]!,
      /^--=_mb_.*\nContent-Type: application\/octet-stream[\s\S]*\[… [\s\S]*A$/,
    );
    assert.match(shown('<#multipart')[0]!, /^--=_mb_.*\nContent-Type: multipart\/digest;\n? boundary=".*"$/);
    assert.match(shown('<#/multipart')[0]!, /^--=_mb_.*--$/);
    assert.match(
      shown('<#attach ./a.eml')[0]!,
      /^--=_mb_.*\nContent-Type: message\/rfc822[\s\S]*\n\nSubject: Inner\n\nHello\n$/,
    );
    assert.equal(message.gaps.length, 1);
    for (const piece of ['name="big.bin"', '[… ']) assert.deepEqual(source(piece), ['<#attach ./big.bin>'], piece);
    assert.deepEqual(source('Subject: Inner'), ['<#attach ./a.eml>']);
    assert.deepEqual(source('text/html'), ['<#part type=text/html>']);
    assert.deepEqual(source('multipart/mixed'), []);
    assert.deepEqual(source('text/plain'), ['Text']);
  });

  it("leads from the header's fields of the text to that part's header", async () => {
    const { shown, source } = await traced(
      `${head}Content-Type: text/html; charset=iso-8859-1\nContent-Language: de\n\n<p>Grüße</p>\n<#attach ./a.txt>\n`,
      { 'a.txt': 'a' },
    );
    assert.deepEqual(shown('Content-Type'), ['Content-Type: text/html; charset=iso-8859-1']);
    assert.deepEqual(shown('Content-Language'), ['Content-Language: de']);
    assert.deepEqual(source('Content-Language'), ['Content-Language: de']);
    assert.deepEqual(source('=FC'), ['<p>Grüße</p>']);
  });

  it('leads to all that a line became', async () => {
    const { shown, source } = await traced(
      `@text: auto\n${head}Content-Type: text/html\n\n<p>First words</p>\n<p><img src="./logo.png" alt="Logo"> second words</p>\n`,
      { 'logo.png': Buffer.alloc(10) },
    );
    assert.deepEqual(shown('<p>First'), ['<p>First words</p>', 'First words']);
    assert.match(shown('./logo')[0]!, /^<p><img src="cid:.*second words<\/p>$/);
    assert.match(shown('./logo')[2]!, /^--=_mb_.*\nContent-Type: image\/png/);
    assert.deepEqual(source('First words'), ['<p>First words</p>']);
    assert.deepEqual(source('image/png'), ['./logo.png']);
  });

  it('leads through templates, Markdown and inlined styles', async () => {
    const template = await traced(
      `@var: name=Ann\n@data: ./d.json\n${head}\nHi {{name}},\n{{#each items}}\n- {{this}}\n{{/each}}\nGood bye\n`,
      { 'd.json': '{"items":["a","b","c"]}' },
    );
    assert.deepEqual(template.shown('Hi {{'), ['Hi Ann,']);
    assert.deepEqual(template.shown('Good'), ['Good bye']);
    assert.deepEqual(template.source('Good'), ['Good bye']);
    const markdown = await traced(`${head}\n<#part type=text/markdown>\n# Welcome\n\nSome *nice* words.\n<#/part>\n`);
    assert.deepEqual(markdown.shown('# Welcome'), ['<h1>Welcome</h1>', '# Welcome']);
    assert.deepEqual(markdown.source('<em>'), ['Some *nice* words.']);
    const styled = await traced(
      `@css: inline\n${head}Content-Type: text/html\n\n<style>p { color: red }</style>\n<p>One word</p>\n<p>Another</p>\n`,
    );
    assert.deepEqual(styled.shown('<p>One'), ['<p style="color: red;">One word</p>']);
    assert.deepEqual(styled.source('Another'), ['<p>Another</p>']);
  });

  it('leads through a finished message line by line, over what is taken out and left out', async () => {
    const base64 = Buffer.alloc(100_000).toString('base64').replace(/.{76}/g, '$&\n');
    const finished = `@server: inbox\n${head}Bcc: c@example.net\n d@example.net\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nHällo\n--b\nContent-Type: image/png\nContent-Transfer-Encoding: base64\n\n${base64}\n--b\n\nLast\n--b--`;
    const { shown, source, message, text, trace } = await traced(finished);
    assert.equal(message.gaps.length, 1);
    for (const piece of ['To: b', 'MIME-V', 'Hällo', 'image/png', 'Last', '--b--']) {
      const line = new RegExp(`^.*${piece}.*$`, 'm').exec(finished)![0];
      assert.deepEqual(shown(piece), [line]);
      assert.deepEqual(source(piece), [line]);
    }
    const [left] = trace.toSource(message.gaps[0]!);
    assert.equal(text.slice(left!.start, left!.end).split('\n').length, message.gaps[0]!.lines);
    assert.match(shown(base64.slice(-300, -200))[0]!, /^A{76}$/);
  });

  it('never leads outside, and each line of plain text leads to itself and back', async () => {
    const line = fc.oneof(
      fc.string({ maxLength: 100 }),
      fc.constantFrom('', '> quoted', 'ümlaut', '四'.repeat(30), 'a '.repeat(70), '<#!part', '<#-- note -->'),
    );
    const part = fc.constantFrom(
      '<#part type=text/html>',
      '<#attach ./a.bin>',
      '<#inline ./a.bin id=x>',
      '<#multipart>',
      '<#/part>',
      '<#/multipart>',
      '<#part',
    );
    const texts = fc.array(fc.oneof({ weight: 6, arbitrary: line }, part), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(texts, fc.constantFrom('\n', '\r\n'), fc.nat(), fc.nat(), async (lines, eol, one, other) => {
        const document = [...head.trim().split('\n'), 'Content-Language: en', '', ...lines].join(eol);
        const { text, message, trace } = await traced(document, { 'a.bin': Buffer.alloc(200_000) });
        const places = (length: number) => {
          const [a, b] = [one % (length + 1), other % (length + 1)];
          return [
            { start: a, end: a },
            { start: Math.min(a, b), end: Math.max(a, b) },
            { start: 0, end: length },
          ];
        };
        const inside = (ranges: readonly Range[], { length }: string) => {
          for (const { start, end } of ranges) assert.ok(0 <= start && start <= end && end <= length);
        };
        for (const place of places(text.length)) inside(trace.toShown(place), message.text);
        for (const place of places(message.text.length)) inside(trace.toSource(place), text);
        for (const start of new Analysis(text).regions.flatMap(({ pieces }) =>
          pieces.map(({ range }) => range.start),
        )) {
          const [range] = trace.toShown({ start, end: start });
          if (!range) continue;
          const back = trace.toSource({ start: range.start, end: range.start });
          assert.ok(
            back.some((found) => found.start === start),
            JSON.stringify([document, start, back]),
          );
        }
      }),
      { numRuns: 150 },
    );
  });
});
