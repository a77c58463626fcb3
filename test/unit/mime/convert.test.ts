import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, it } from 'mocha';
import { buildMessage } from '../../../src/mime/build.ts';
import { conversions } from '../../../src/mime/convert.ts';
import { fixedClock } from '../../support/fixed-clock.ts';
import { memoryFiles } from '../../support/memory-files.ts';
import { attach, draft, type MadeDraft, part } from './drafts.ts';
import { treeText } from './tree.ts';

const files = memoryFiles({
  '/docs/logo.png': 'png',
  '/docs/page.md': '![](img/a.png)\n',
  '/docs/img/a.png': 'x',
  '/docs/page.mjml':
    '<mjml><mj-body><mj-section><mj-column><mj-image src="logo.png"/></mj-column></mj-section></mj-body></mjml>\n',
});

async function build(made: MadeDraft) {
  const { message, problems } = await buildMessage(made, {
    seed: 'seed',
    clock: fixedClock,
    files,
    documentPath: '/docs/m.eml',
  });
  const whole = Buffer.from(message!.whole!);
  const bodies: string[] = [];
  const visit = (built: NonNullable<typeof message>['root']): void => {
    if (built.children.length > 0) built.children.forEach(visit);
    else {
      const body = whole.toString('latin1', built.bodyStart, built.bodyEnd);
      const undone =
        built.encoding === 'quoted-printable'
          ? Buffer.from(
              body
                .replace(/=\r\n/g, '')
                .replace(/=([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
              'latin1',
            ).toString()
          : body;
      bodies.push(undone.replaceAll('\r\n', '\n'));
    }
  };
  visit(message!.root);
  return { tree: treeText(message!.root.part), bodies, problems };
}

const shown = (tree: string): string => tree.replace(/#[A-Za-z0-9]{16}@mailbench/g, '#x');

describe('conversions', () => {
  it('Markdown: the HTML, its pictures beside it, and the source as plain text', async () => {
    const { tree, bodies, problems } = await build(
      draft([['From', 'a@b.example']], part({ type: 'text/markdown' }, '# Hi **you**\n\n![Logo](./logo.png)\n')),
    );
    assert.deepEqual(problems, []);
    assert.equal(shown(tree), 'multipart/alternative(~text/plain multipart/related(text/html image/png:logo.png#x))');
    assert.equal(bodies[0], '# Hi **you**\n\n![Logo](./logo.png)\n');
    assert.match(
      bodies[1]!,
      /<h1>Hi <strong>you<\/strong><\/h1>\n<p><img src="cid:[A-Za-z0-9]{16}@mailbench" alt="Logo"><\/p>/,
    );
  });

  it('Markdown of the header and of a file', async () => {
    const leading = await build(
      draft(
        [
          ['From', 'a@b.example'],
          ['Content-Type', 'text/markdown'],
        ],
        '*Hi*\n',
        attach('./logo.png'),
      ),
    );
    assert.equal(
      shown(leading.tree),
      'multipart/mixed(multipart/alternative(~text/plain text/html) image/png:logo.png)',
    );
    assert.match(leading.bodies[1]!, /<p><em>Hi<\/em><\/p>/);
    const file = await build(draft([['From', 'a@b.example']], 'Hi\n', part({ src: './page.md' })));
    assert.equal(shown(file.tree), 'multipart/alternative(text/plain multipart/related(text/html image/png:a.png#x))');
  });

  it('MJML, with pictures, and its mistakes told', async () => {
    const { tree, bodies, problems } = await build(
      draft(
        [['From', 'a@b.example']],
        part(
          { type: 'text/mjml' },
          '<mjml><mj-body><mj-section><mj-column><mj-text>Hi é</mj-text><mj-nothing/><mj-image src="./logo.png"/></mj-column></mj-section></mj-body></mjml>\n',
        ),
      ),
    );
    assert.equal(shown(tree), 'multipart/related(text/html image/png:logo.png#x)');
    assert.match(bodies[0]!, /^<!doctype html>/i);
    assert.match(bodies[0]!, /src="cid:[A-Za-z0-9]{16}@mailbench"/);
    assert.deepEqual(
      problems.map(({ code, severity }) => [code, severity]),
      [['mjml', 'warning']],
    );
    const file = await build(draft([['From', 'a@b.example']], part({ src: './page.mjml', type: 'text/mjml' })));
    assert.equal(shown(file.tree), 'multipart/related(text/html image/png:logo.png#x)');
  });

  it('MJML with everything in it, the same each time: a carousel and a menu too', async () => {
    const file = (name: string) => readFile(new URL(`../../fixtures/everything.${name}`, import.meta.url), 'utf8');
    const mjml = await file('mjml');
    for (let time = 0; time < 2; time++) {
      const { bodies, problems } = await build(draft([['From', 'a@b.example']], part({ type: 'text/mjml' }, mjml)));
      assert.deepEqual(problems, []);
      assert.equal(bodies[0]!.trimEnd(), (await file('html')).trimEnd());
    }
  });

  it('what a charset lacks in made HTML is a character reference', async () => {
    const { bodies, problems } = await build(
      draft(
        [['From', 'a@b.example']],
        'x\n',
        part(
          { type: 'text/mjml', charset: 'us-ascii' },
          '<mjml><mj-body><mj-section><mj-column><mj-text>&copy; x</mj-text></mj-column></mj-section></mj-body></mjml>\n',
        ),
      ),
    );
    assert.deepEqual(problems, []);
    assert.doesNotMatch(bodies[1]!, /[^\x00-\x7f]/);
  });

  it('@css: inline', async () => {
    const { bodies } = await build(
      draft(
        [
          ['From', 'a@b.example'],
          ['@css', 'inline'],
        ],
        part({ type: 'text/html' }, '<style>p { color: red }</style><p>é</p>\n'),
      ),
    );
    assert.match(bodies[0]!, /<p style="color: red;?">é<\/p>/);
  });

  it('@text: auto, of what is sent', async () => {
    const { bodies, problems } = await build(
      draft(
        [
          ['From', 'a@b.example'],
          ['@text', 'auto'],
        ],
        part(
          { type: 'text/html' },
          '<h1>Title</h1><p>Hi <b>you</b>, see <a href="https://x.example/">this</a>.</p><img src="cid:x" alt="A picture">\n',
        ),
      ),
    );
    assert.deepEqual(
      problems.map(({ code }) => code),
      ['dangling-cid'],
    );
    assert.equal(bodies[0], 'Title\n\nHi you, see this <https://x.example/>.\n\nA picture\n');
  });

  it('makes text of a table, and of nothing', async () => {
    const text = async (html: string) => (await conversions.plain(html)).text;
    assert.equal(await text('<table><tr><td>a</td><td>b</td></tr></table>'), 'a   b\n');
    assert.equal(await text(''), '');
  });
});
