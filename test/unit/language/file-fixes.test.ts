import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Analysis } from '../../../src/language/analysis.ts';
import { fileFixes, pathEdit } from '../../../src/language/file-fixes.ts';
import { composed } from '../../support/composed.ts';
import { applied } from '../document/shown.ts';

const head = 'From: a@b.example\nTo: c@d.example\n';
const tree: Readonly<Record<string, readonly string[]>> = {
  '': ['q3 v2.csv', 'report.csv', 'welcome.json'],
  'images/': ['logo.png', 'a (1), ü&b.png'],
};
const around = {
  folder: (path: string) => [
    ...(tree[path] ?? []).map((name) => ({ name, folder: false })),
    { name: 'reprot', folder: true },
  ],
  named: (name: string) =>
    Object.entries(tree)
      .concat([['../old/', ['logo.png']]])
      .filter(([, names]) => names.includes(name))
      .map(([folder]) => `${folder.startsWith('../') ? '' : './'}${folder}${name}`),
};

/** What every fix of the missing file makes of the document, by its title. */
async function fixed(text: string): Promise<Readonly<Record<string, string>>> {
  const problem = (await composed(text)).problems.find(({ code }) => code === 'file-missing');
  assert.ok(problem?.code === 'file-missing');
  const fixes = fileFixes(new Analysis(text), problem, around);
  assert.ok(fixes.every(({ preferred }) => preferred === (fixes.length === 1 || undefined)));
  return Object.fromEntries(fixes.map(({ title, edits }) => [title, applied(text, edits)]));
}

describe('language/file-fixes', () => {
  const cases: readonly (readonly [name: string, written: string, ...fixes: readonly (readonly [string, string])[]])[] =
    [
      ['a slip of the finger', '<#attach ./reprot.csv>', ['./report.csv', '<#attach ./report.csv>']],
      ['another ending', '<#attach ./report.xlsx>', ['./report.csv', '<#attach ./report.csv>']],
      ['a name that needs quotes', '<#attach ./q3-v2.csv>', ['./q3 v2.csv', '<#attach "./q3 v2.csv">']],
      ['the source of a part', '<#part src="./reprot.csv">', ['./report.csv', '<#part src=./report.csv>']],
      [
        'another folder, of which there are several',
        '<#attach ./img/logo.png>',
        ['../old/logo.png', '<#attach ../old/logo.png>'],
        ['./images/logo.png', '<#attach ./images/logo.png>'],
      ],
      [
        'a picture in HTML',
        '<#part type=text/html>\n<img src="images/lgoo.png?x">',
        ['./images/logo.png', '<#part type=text/html>\n<img src="images/logo.png">'],
      ],
      [
        'a picture whose name no URL may hold',
        '<#part type=text/html>\n<p style="background: url(./images/a%20%281%29,%20u&amp;b.png)">',
        [
          './images/a (1), ü&b.png',
          '<#part type=text/html>\n<p style="background: url(./images/a%20%281%29%2C%20ü%26b.png)">',
        ],
      ],
      ['nothing that is near', '<#attach ./invoice.pdf>'],
      ['a path that comes from Markdown', '<#part type=text/markdown>\n![x](./images/lgoo.png)'],
    ];
  for (const [name, written, ...fixes] of cases) {
    it(name, async () => {
      assert.deepEqual(
        await fixed(`${head}\n${written}\n`),
        Object.fromEntries(fixes.map(([path, result]) => [`Change to ${path}`, `${head}\n${result}\n`])),
      );
    });
  }

  it('the data', async () => {
    assert.deepEqual(await fixed(`@data: ./welcom.json\n${head}\nHi\n`), {
      'Change to ./welcome.json': `@data: ./welcome.json\n${head}\nHi\n`,
    });
  });

  it('writes a path where none stands yet', () => {
    const chosen = (directive: string) => {
      const text = `${head}\n${directive}\n`;
      const end = text.indexOf('<#') + directive.search(/[ >]/);
      const edit = pathEdit(new Analysis(text), { path: '', range: { start: end, end } }, './q3 v2.csv');
      return edit && applied(text, [edit]).slice(head.length + 1, -1);
    };
    assert.equal(chosen('<#attach>'), '<#attach "./q3 v2.csv">');
    assert.equal(chosen('<#inline id=x>'), '<#inline "./q3 v2.csv" id=x>');
    assert.equal(chosen('<#attach ./report.csv>'), undefined);
  });

  it('leaves a path that is made from data alone', async () => {
    const text = `@var: n=reprot\n${head}\n<#attach "./{{n}}.csv">\n`;
    assert.deepEqual(await fixed(text), {});
    const range = { start: text.indexOf('"'), end: text.lastIndexOf('"') + 1 };
    assert.equal(pathEdit(new Analysis(text), { path: './reprot.csv', range }, './x'), undefined);
  });
});
