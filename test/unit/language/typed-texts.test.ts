import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'mocha';
import { inspectMessage } from '../../../src/inspect/inspect-message.ts';
import { Analysis } from '../../../src/language/analysis.ts';
import { htmlFixes } from '../../../src/language/html-fixes.ts';
import { longestHtml, ofTyped, typedTexts } from '../../../src/language/typed-texts.ts';
import { encodeBase64 } from '../../../src/mime/base64.ts';
import { applied } from './cursor.ts';

/** What is found in a document while it is written: severity, code, text at its place, and the fixes by title with what comes of them. */
async function found(text: string) {
  const analysis = new Analysis(text);
  const typed = typedTexts(analysis);
  assert.ok(typed && 'input' in typed, 'no HTML');
  const checks = Object.fromEntries([...typed.without, 'support', 'spam'].map((name) => [name, false]));
  const { problems } = await inspectMessage(typed.input, { checks });
  return ofTyped(analysis, problems).map((problem) => {
    const range = typed.place(problem.where, problem.range)!;
    const fixes = Object.fromEntries(
      htmlFixes(analysis, typed, problem).map(({ title, edits }) => [title, applied(text, edits)]),
    );
    return { ...problem, at: text.slice(range.start, range.end), fixes };
  });
}

const head = 'From: a@b.example\nTo: c@d.example\nSubject: Spring & more\n';
const page = (body: string, start = '<html lang="en"><head><title>t</title></head>') =>
  `${head}\nPlain words\n<#part type=text/html>\n${start}\n${body}\n</html>\n<#/part>\n`;

describe('language/typed-texts', () => {
  it('finds places across notes and escaped lines', async () => {
    const text = page(
      '<#-- not <img> this -->\n<#!p><img src="https://a.example/x.png" width="1">\n<p>{{user}} %%x%%</p>',
    );
    assert.deepEqual(
      (await found(text)).map(({ code, at }) => `${code} ${at}`),
      ['image-without-alt <img src="https://a.example/x.png" width="1">', 'placeholder %%x%%'],
    );
  });

  it('reads the subject of a finished message, encoded or not', () => {
    for (const subject of ['Grüße', '=?utf-8?B?R3LDvMOfZQ==?=']) {
      const typed = typedTexts(
        new Analysis(`Subject: ${subject}\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n<p>Hi</p>\n`),
      );
      assert.ok(typed && 'input' in typed);
      assert.equal(typed.input.subject, 'Grüße');
    }
  });

  it('looks into every HTML part of a finished message', async () => {
    const part = (html: string, more = '') => `--b\nContent-Type: text/html\n${more}\n${html}\n`;
    const message = (last: string) =>
      `MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n${part('<html lang="en"><title>t</title><p>%%one%%</p>')}--b\nContent-Type: image/gif\n\nGIF89a\n${last}--b--\n`;
    const plain = message(part('<p>%%two%%</p>\n<a href="http://a.example/">go</a>'));
    const problems = await found(plain);
    assert.deepEqual(
      problems.map(({ code, at }) => `${code} ${at}`),
      ['placeholder %%one%%', 'placeholder %%two%%', 'link-insecure href="http://a.example/"'],
    );
    assert.equal(problems[2]!.fixes['Use https'], plain.replace('http:', 'https:'));
    const quoted = await found(message(part('<p>%%t=77o%%</p>', 'Content-Transfer-Encoding: quoted-printable\n')));
    assert.deepEqual(
      quoted.map(({ code, at }) => `${code} ${at}`),
      ['placeholder %%one%%', 'placeholder %%t=77o%%'],
    );
  });

  it('leaves alone what the document has a problem for itself, and parts that are files', async () => {
    assert.deepEqual(
      await found(page('<img src="cid:none" alt="x" width="1"><img src="./x.png" alt="x" width="1">')),
      [],
    );
    const attached = `${head}\n<#part type=text/html name=x.html>\n<img>\n<#/part>\n`;
    assert.equal(typedTexts(new Analysis(attached)), undefined);
    assert.equal(typedTexts(new Analysis(`${head}\nPlain`)), undefined);
  });

  const finished = (encoding: string, html: string): string =>
    `MIME-Version: 1.0\r\nSubject: x\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${html}\r\n`;
  const link = '<html lang="en"><head><title>t</title></head><a href="http://a.example/">é</a></html>';

  it('looks into finished messages, encoded ones without fixes', async () => {
    const [plain] = await found(finished('8bit', link));
    assert.deepEqual(
      [plain?.code, plain?.at, plain?.fixes],
      ['link-insecure', 'href="http://a.example/"', { 'Use https': finished('8bit', link.replace('http:', 'https:')) }],
    );
    const encoded = link.replaceAll('=', '=3D').replace('é', '=C3=A9').replace('a.example', 'a.=\r\nexample');
    const [quoted] = await found(finished('quoted-printable', encoded));
    assert.deepEqual(
      [quoted?.code, quoted?.at, quoted?.fixes],
      ['link-insecure', 'href=3D"http://a.=\r\nexample/"', {}],
    );
    const base64 = encodeBase64(Buffer.from(link)).toString('latin1');
    const [packed] = await found(finished('base64', base64));
    assert.deepEqual([packed?.code, packed?.fixes], ['link-insecure', {}]);
    const before = base64.slice(0, base64.indexOf(packed!.at)).replace(/\s/g, '').length % 4;
    assert.match(
      Buffer.from('A'.repeat(before) + packed!.at.replace(/\s/g, ''), 'base64').toString('latin1'),
      /^.{0,2}href="http:\/\/a\.example\/".?$/s,
    );
  });

  it('reads a finished message in its charset', async () => {
    const shifted = finished(
      '7bit',
      '<html lang="ja"><title>t</title><p>\u001b$B%F%9%H\u001b(B %%name%%</p></html>',
    ).replace('utf-8', 'iso-2022-jp');
    const typed = typedTexts(new Analysis(shifted));
    assert.ok(typed && 'input' in typed);
    assert.match(typed.input.html!, /<p>テスト %%name%%/);
    assert.deepEqual(
      (await found(shifted)).map(({ code, at }) => `${code} ${at}`),
      ['placeholder %%name%%'],
    );
  });

  it('says where it does not look', () => {
    const long = (size: number) => `<p>${'x'.repeat(size)}</p>`;
    const composed = typedTexts(new Analysis(page(long(longestHtml.composed))));
    assert.ok(composed && 'tooLong' in composed);
    assert.ok(page('').slice(composed.head.start).startsWith('<#part type=text/html>'));
    for (const text of [
      finished('quoted-printable', long(longestHtml.encoded)),
      finished('base64', long(longestHtml.encoded)),
      finished('8bit', long(longestHtml.message)),
    ]) {
      const typed = typedTexts(new Analysis(text));
      assert.ok(typed && 'tooLong' in typed);
    }
  });

  it('finds no more than a few things in each sample', async () => {
    const samples = new URL('../../../media/samples/', import.meta.url);
    const files = readdirSync(samples, { recursive: true }).filter((name) => String(name).endsWith('.eml'));
    assert.ok(files.length > 10);
    let looked = 0;
    for (const name of files.map(String)) {
      const text = readFileSync(new URL(name, samples), 'utf8');
      const typed = typedTexts(new Analysis(text));
      if (!typed || !('input' in typed)) continue;
      looked++;
      const { problems } = await inspectMessage(typed.input, {
        checks: Object.fromEntries(typed.without.map((check) => [check, false])),
      });
      const shown = ofTyped(new Analysis(text), problems).filter(({ severity }) => severity !== 'hint');
      assert.ok(shown.length <= 3, `${name}: ${shown.map(({ code }) => code).join(' ')}`);
    }
    assert.ok(looked >= 5);
  });
});

describe('language/html-fixes', () => {
  const cases: [title: string, before: string, after: string, start?: [string, string]][] = [
    [
      'Add alt="spring sale"',
      '<img src="./i/spring-sale.png" width="1">',
      '<img alt="spring sale" src="./i/spring-sale.png" width="1">',
    ],
    ['Add alt="", for a decoration', '<img width="1" src="cid:x"/>', '<img alt="" width="1" src="cid:x"/>'],
    [
      'Add alt="logo"',
      '<a href="https://a.example/"><img src="logo.gif" alt="" width="1"></a>',
      '<a href="https://a.example/"><img src="logo.gif" alt="logo" width="1"></a>',
    ],
    ['Use https', "<a href='HTTP://a.example/?u=http://b'>x</a>", "<a href='https://a.example/?u=http://b'>x</a>"],
    ['Write https:// before it', '<a href=" www.a.example/x">x</a>', '<a href=" https://www.a.example/x">x</a>'],
    [
      'Escape the spaces in the address',
      '<a href="https://a.example/a b">x</a>',
      '<a href="https://a.example/a%20b">x</a>',
    ],
    ['Change to #price', '<p id=price>1</p><a href="#prize">x</a>', '<p id=price>1</p><a href="#price">x</a>'],
    [
      'Change to mailto:a@b.example,c@d.example?subject=x;y',
      '<a href="mailto://a@b.example; c@d.example?subject=x;y">x</a>',
      '<a href="mailto:a@b.example,c@d.example?subject=x;y">x</a>',
    ],
    [
      'Add role="presentation"',
      '<table width="1"><tr><td>x</table>',
      '<table role="presentation" width="1"><tr><td>x</table>',
    ],
    [
      'Write lang="pt-BR"',
      '',
      '',
      ['<html lang="pt_BR"><head><title>t</title></head>', '<html lang="pt-BR"><head><title>t</title></head>'],
    ],
    [
      'Add lang="en"',
      '',
      '',
      ['<html dir="ltr"><head><title>t</title></head>', '<html lang="en" dir="ltr"><head><title>t</title></head>'],
    ],
    [
      'Add lang="zh"',
      '你好',
      '你好',
      ['<html><head><title>t</title></head>', '<html lang="zh"><head><title>t</title></head>'],
    ],
    [
      'Add a <title> with the subject',
      '',
      '',
      ['<html lang="en"><head>', '<html lang="en"><head><title>Spring &#38; more</title>'],
    ],
    [
      'Take the subject as the title',
      '',
      '',
      ['<html lang="en"><title></title>', '<html lang="en"><title>Spring &#38; more</title>'],
    ],
  ];
  for (const [title, before, after, [from, to] = [undefined, undefined]] of cases) {
    it(`${title}: ${before || from}`, async () => {
      const problems = await found(page(before, from));
      const problem = problems.find(({ fixes }) => Object.hasOwn(fixes, title));
      assert.ok(problem, problems.map(({ code, fixes }) => `${code}: ${Object.keys(fixes)}`).join('; '));
      assert.equal(problem.fixes[title], page(after, to));
      // The problem is gone with it.
      const left = await found(page(after, to));
      assert.ok(!left.some(({ code }) => code === problem.code), left.map(({ code }) => code).join(' '));
    });
  }

  it('leaves one of a run of marks in the subject', async () => {
    const text = page('<p>Hi</p>').replace('Spring', 'Sale!!!! Now');
    const analysis = new Analysis(text);
    const typed = typedTexts(analysis);
    assert.ok(typed && 'input' in typed);
    const { problems } = await inspectMessage(typed.input);
    const problem = problems.find(({ code }) => code === 'spam-marks');
    assert.ok(problem);
    assert.deepEqual(
      htmlFixes(analysis, typed, problem).map(({ title, edits }) => [title, applied(text, edits)]),
      [['Leave one !', text.replace('!!!!', '!')]],
    );
  });

  it('puts a piece of HTML into a page', async () => {
    const text = `${head}\nPlain words\n<#part type=text/html>\n<p>Hi</p>\n<#/part>\n`;
    const [problem] = await found(text);
    assert.deepEqual([problem?.code, problem?.severity], ['language-missing', 'hint']);
    const after = problem!.fixes['Put the HTML into <html lang="en">']!;
    assert.equal(
      after,
      `${head}\nPlain words\n<#part type=text/html>\n<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Spring &#38; more</title></head>\n<body>\n<p>Hi</p>\n</body>\n</html>\n<#/part>\n`,
    );
    assert.deepEqual(await found(after), []);
  });
});
