import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Analysis } from '../../../src/language/analysis.ts';
import { cidAt, renameCid } from '../../../src/language/cids.ts';
import { fieldActions, formatHeader } from '../../../src/language/format.ts';
import { fileInsertions } from '../../../src/language/insert-files.ts';
import { applied, cursor } from './cursor.ts';

const pictures = (reference: string, definition: string): string =>
  `To: a@b\n\n<#part type=text/html>\n<img src="cid:${reference}"><a style="background: url('cid:${reference}')">\n<#/part>\n<#inline ./l.png id=${definition}>\n`;

function renamed(marked: string, name: string): string | undefined {
  const { analysis, offset, text } = cursor(marked);
  const renaming = renameCid(analysis, offset, name);
  if (!renaming) return undefined;
  return 'edits' in renaming ? applied(text, renaming.edits) : renaming.refused;
}

describe('the id of a picture', () => {
  describe('in a finished message', () => {
    const html = (encoding: string, body: string): string =>
      `--b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: ${encoding}\n\n${body}\n`;
    const message = (html: string, id: string, more = '', start = id.replace('|', '')): string =>
      `${more}MIME-Version: 1.0\nContent-Type: multipart/related; boundary=b;\n start="<${start}>"\n\n${html}--b\nContent-Type: image/png\nContent-ID:\n <${id}>\nContent-Transfer-Encoding: base64\n\niVBORw0K\n--b--\n`;
    const plain = (id: string): string => html('7bit', `<img src="cid:${id}"><p style="background: url(cid:${id})">`);

    it('is found in fields, in HTML and as the start', () => {
      const { analysis, offset, text } = cursor(message(plain('logo%40x'), 'lo|go@x'));
      const found = cidAt(analysis, offset)!;
      const shown = (ranges: readonly { start: number; end: number }[]) =>
        ranges.map(({ start, end }) => text.slice(start - 1, end + 1));
      assert.deepEqual(shown(found.definitions), ['<logo@x>']);
      assert.deepEqual(shown(found.references), ['<logo@x>', ':logo%40x"', ':logo%40x)']);
      const other = cursor(message(plain('logo%40x').replace('cid:', 'ci|d:'), 'logo@x'));
      assert.equal(cidAt(other.analysis, other.offset)?.id, 'logo@x');
    });

    it('is renamed wherever it stands', () => {
      assert.equal(renamed(message(plain('logo%40x'), 'lo|go@x'), 'a%b@x'), message(plain('a%25b@x'), 'a%b@x'));
    });

    it('is renamed in quoted-printable, which stays so', () => {
      const long = `<p class=3D"${'x'.repeat(40)}"><img src=3D"cid:lo=\ngo@x" alt=3D"=C3=A9=\n">`;
      assert.equal(
        renamed(message(html('quoted-printable', long), 'lo|go@x'), 'a=b'),
        message(html('quoted-printable', long.replace('lo=\ngo@x', '=\na=3Db')), 'a=b'),
      );
      assert.equal(renamed(message(html('quoted-printable', long), 'lo|go@x'), 'y'.repeat(80)), 'long');
    });

    it('is left alone where a part of it would be missed, and says why', () => {
      assert.equal(renamed(message(html('base64', 'PGltZyBzcmM9ImNpZDpsb2dvQHgiPg=='), 'lo|go@x'), 'new'), 'base64');
      const japanese = plain('logo@x').replace('utf-8', 'iso-2022-jp');
      assert.equal(renamed(message(japanese, 'lo|go@x'), 'new'), 'charset');
      const signature = 'DKIM-Signature: v=1; a=rsa-sha256; b=x\n';
      assert.equal(renamed(message(plain('logo@x'), 'lo|go@x', signature), 'new'), 'signed');
      const taken = `${plain('logo@x')}--b\nContent-ID: <other>\n\n`;
      assert.equal(renamed(message(taken, 'lo|go@x'), 'other'), 'taken');
    });

    it('is another one in an attached message', () => {
      const inner = message(plain('logo@x'), 'logo@x').replaceAll('--b', '--i').replaceAll('=b;', '=i;');
      const outer = (id: string, at = ''): string =>
        message(`${plain(id)}--b\nContent-Type: message/rfc822\n\n${inner}`, `${id}${at}`);
      assert.equal(renamed(outer('logo@x', '|'), 'new'), outer('new'));
    });
  });

  it('is found where it is given and where it is named', () => {
    const { analysis, offset, text } = cursor(pictures('logo', 'lo|go'));
    const found = cidAt(analysis, offset);
    const shown = (ranges: readonly { start: number; end: number }[]) =>
      ranges.map(({ start, end }) => text.slice(start - 4, end));
    assert.deepEqual(found && shown(found.definitions), [' id=logo']);
    assert.deepEqual(found && shown(found.references), ['cid:logo', 'cid:logo']);
    const other = cursor(pictures('logo', 'logo').replace('cid:logo', 'c|id:logo'));
    assert.equal(cidAt(other.analysis, other.offset)?.id, 'logo');
    const nowhere = cursor('To: a@b\n\nlo|go');
    assert.equal(cidAt(nowhere.analysis, nowhere.offset), undefined);
  });

  for (const [name, reference, definition] of [
    ['chart', 'chart', 'chart'],
    ['<chart>', 'chart', 'chart'],
    ['a%b', 'a%25b', 'a%b'],
    ['x"y', 'x%22y', '"x\\"y"'],
  ] as const) {
    it(`becomes ${name}`, () => {
      assert.equal(renamed(pictures('logo', 'lo|go'), name), pictures(reference, definition));
      assert.equal(renamed(pictures('logo', '"<lo|go>"'), name), pictures(reference, definition));
    });
  }

  it('is refused with spaces, and where another part has it', () => {
    assert.equal(renamed(pictures('logo', 'lo|go'), 'a b'), 'invalid');
    assert.equal(renamed(`${pictures('logo', 'lo|go')}<#inline ./m.png id=other>\n`, 'other'), 'taken');
    assert.equal(renamed('To: a@b\n\nte|xt', 'x'), undefined);
  });
});

describe('formatting of the header', () => {
  const long = 'ann.with.a.long.name@department.of.a.company.example';
  for (const [before, after] of [
    ['to:a@b \nSUBJECT :x', 'To: a@b\nSUBJECT :x'],
    ['subject:   Hello   world  \n\nbody  ', 'Subject: Hello   world\n\nbody  '],
    ['@DATA:x\n# note  \nTo: a@b', '@data: x\n# note\nTo: a@b'],
    ['To: a@b,\n\t  c@d', 'To: a@b,\n c@d'],
    ['To: a@b,\r\n\t  c@d\r\n', 'To: a@b,\r\n c@d\r\n'],
    [`To: ${long}, "Doe, Jo" <${long}>, c@d`, `To: ${long},\n "Doe, Jo" <${long}>, c@d`],
    [`Subject: ${'word '.repeat(20)}end`, `Subject: ${'word '.repeat(13)}word\n ${'word '.repeat(6)}end`],
    [`X-Long: ${'x'.repeat(200)}`, `X-Long: ${'x'.repeat(200)}`],
    ['MIME-Version:1.0\nto:a@b', 'MIME-Version:1.0\nto:a@b'],
    ['Bcc:', 'Bcc:'],
  ] as const) {
    it(`makes ${JSON.stringify(before.slice(0, 60))} tidy, and leaves it so`, () => {
      assert.equal(applied(before, formatHeader(new Analysis(before))), after);
      assert.deepEqual(formatHeader(new Analysis(after)), []);
    });
  }

  it('keeps to the lines that were selected', () => {
    const text = 'to:a@b\ncc:c@d\n';
    assert.equal(applied(text, formatHeader(new Analysis(text), { start: 7, end: 9 })), 'to:a@b\nCc: c@d\n');
  });

  const done = (marked: string, title: string): string | undefined => {
    const { analysis, offset, text } = cursor(marked);
    const action = fieldActions(analysis, offset).find((each) => each.title.startsWith(title));
    return action && applied(text, action.edits);
  };

  it('folds, unfolds, decodes and encodes one field', () => {
    assert.equal(done(`To: |${long}, ${long}`, 'Fold'), `To: ${long},\n ${long}`);
    assert.equal(done('To: a@b,|\n  c@d\nCc: x@y', 'Unfold'), 'To: a@b,  c@d\nCc: x@y');
    assert.equal(done('To: a@b|', 'Fold'), undefined);
    assert.equal(done('To: a@b|', 'Unfold'), undefined);
    assert.equal(done('Subject: |=?utf-8?B?w6Q=?= x', 'Decode'), 'Subject: ä x');
    assert.equal(done('To: =?utf-8?Q?Doe,_Jo?= <a@b|>', 'Decode'), 'To: "Doe, Jo" <a@b>');
    assert.equal(done('MIME-Version: 1.0\nSubject: ä|', 'Encode'), 'MIME-Version: 1.0\nSubject: =?utf-8?B?w6Q=?=');
    assert.equal(
      done('MIME-Version: 1.0\nTo: Zoë| <a@b>', 'Encode'),
      'MIME-Version: 1.0\nTo: =?utf-8?Q?Zo=C3=AB?= <a@b>',
    );
    assert.equal(done('Subject: ä|', 'Encode'), undefined);
    assert.equal(done('Subject: =?utf-8?Q?a=0Ab?=|', 'Decode'), undefined);
  });
});

describe('files that are dropped', () => {
  /** Each way with the document after it. */
  const ways = (marked: string, ...paths: readonly string[]): Readonly<Record<string, string>> => {
    const { analysis, offset, text } = cursor(marked);
    const found = fileInsertions(analysis, offset, paths).map(({ how, text: insert, edits }) => [
      how,
      applied(text, [...edits, { range: { start: offset, end: offset }, text: insert }]),
    ]);
    return Object.fromEntries(found);
  };

  it('are attached at the end', () => {
    assert.deepEqual(ways('To: a@b\n\nHi| there', './a b.pdf', './c.txt'), {
      attach: 'To: a@b\n\nHi there\n<#attach "./a b.pdf">\n<#attach ./c.txt>\n',
    });
    assert.deepEqual(ways('To: a@b|\n', './c.txt'), { attach: 'To: a@b\n\n<#attach ./c.txt>\n' });
    assert.deepEqual(ways('To: a@b|', './c.txt'), { attach: 'To: a@b\n\n<#attach ./c.txt>\n' });
    assert.deepEqual(ways('To: a@b\n\n|', './c.txt'), { attach: 'To: a@b\n\n<#attach ./c.txt>\n' });
    assert.deepEqual(ways('To: a@b\r\n\r\nHi|', './c.txt'), { attach: 'To: a@b\r\n\r\nHi\r\n<#attach ./c.txt>\r\n' });
  });

  it('are shown in the HTML, where they are pictures dropped there', () => {
    const html = 'To: a@b\nContent-Type: text/html\n\n<p>|</p>\n';
    assert.deepEqual(ways(html, './my-logo 2.png'), {
      picture: 'To: a@b\nContent-Type: text/html\n\n<p><img src="./my-logo%202.png" alt="my logo 2"></p>\n',
      inline:
        'To: a@b\nContent-Type: text/html\n\n<p><img src="cid:my-logo-2" alt="my logo 2"></p>\n<#inline "./my-logo 2.png" id=my-logo-2>\n',
      attach: 'To: a@b\nContent-Type: text/html\n\n<p></p>\n<#attach "./my-logo 2.png">\n',
    });
    assert.deepEqual(Object.keys(ways(`@inline-images: off\n${html}`, './x.png')), ['inline', 'attach']);
    assert.deepEqual(Object.keys(ways(html, './x.png', './y.pdf')), ['attach']);
    assert.deepEqual(Object.keys(ways('To: a@b\n\nHi|', './x.png')), ['attach', 'inline']);
  });

  it('get ids that are free', () => {
    const text = 'Content-Type: text/html\n\n|\n<#inline ./x.png id=x>\n';
    assert.match(ways(text, './x.png').inline ?? '', /<img src="cid:x-2" alt="x">[\s\S]*<#inline \.\/x\.png id=x-2>/);
  });

  it('have no place in a finished message', () => assert.deepEqual(ways('MIME-Version: 1.0\n\n|', './x.png'), {}));
});
