import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { atOnce } from '../../../src/base/steps.ts';
import { assembleSteps } from '../../../src/mime/assemble.ts';
import { attach, draft, inline, type MadeDraft, multipart, part } from './drafts.ts';
import { assembled, located } from './tree.ts';

const html = { type: 'text/html' };

describe('assemble', () => {
  const cases: readonly (readonly [what: string, draft: MadeDraft, tree: string, ...problems: string[]])[] = [
    ['nothing is an empty text', draft([]), 'text/plain'],
    ['blank lines alone are none', draft([], '\n \n', attach('./a.pdf')), 'multipart/mixed(application/pdf:a.pdf)'],
    ['text alone', draft([], 'Hi\n'), 'text/plain'],
    [
      'the header describes the leading text',
      draft([['Content-Type', 'text/html; charset=gb2312']], '<p>\n'),
      'text/html',
    ],
    [
      'an attachment makes a mixed',
      draft([], 'Hi\n', attach('./a.pdf')),
      'multipart/mixed(text/plain application/pdf:a.pdf)',
    ],
    [
      'two texts in a run are alternatives',
      draft([], 'Hi\n', part(html, '<p>Hi\n')),
      'multipart/alternative(text/plain text/html)',
    ],
    [
      'alternatives and an attachment',
      draft([], 'Hi\n', part(html, '<p>Hi\n'), attach('./a.pdf')),
      'multipart/mixed(multipart/alternative(text/plain text/html) application/pdf:a.pdf)',
    ],
    [
      'a calendar and AMP are alternatives too',
      draft(
        [],
        'Hi\n',
        part({ type: 'text/x-amp-html' }, 'x\n'),
        part(html, 'x\n'),
        part({ type: 'text/calendar', method: 'REQUEST', src: './i.ics' }),
      ),
      'multipart/alternative(text/plain text/x-amp-html text/html text/calendar)',
    ],
    [
      'a name or a disposition makes a part stand by itself',
      draft([], 'Hi\n', part({ ...html, name: 'a.html' }, 'x\n'), part({ ...html, disposition: 'inline' }, 'y\n')),
      'multipart/mixed(text/plain text/html:a.html text/html)',
    ],
    [
      'a part of another type stands by itself and breaks the run',
      draft([], 'Hi\n', part({ type: 'application/json' }, '{}\n'), part(html, 'x\n')),
      'multipart/mixed(text/plain application/json text/html)',
    ],
    [
      'text after an attachment is inline text',
      draft([], 'Hi\n', attach('./a.pdf'), 'Bye\n'),
      'multipart/mixed(text/plain application/pdf:a.pdf text/plain)',
      'text-after-attachment "Bye\\n"',
    ],
    [
      'and so is text after a closed multipart',
      draft([], multipart({ type: 'multipart/mixed' }, 'Hi\n', attach('./a.pdf')), 'Bye\n'),
      'multipart/mixed(multipart/mixed(text/plain application/pdf:a.pdf) text/plain)',
      'text-after-attachment "Bye\\n"',
    ],
    [
      'text goes on after an inline',
      draft([], 'One\n', inline('./a.png'), 'two\n'),
      'multipart/mixed(text/plain image/png:a.png)',
    ],
    [
      'an inline that the HTML shows goes beside it',
      draft([], 'Hi\n', part(html, '<img src="cid:logo">\n'), inline('./logo.png', { id: 'logo' })),
      'multipart/alternative(text/plain multipart/related(text/html image/png:logo.png#logo))',
    ],
    [
      'an inline in the part that shows it',
      draft([], part(html, '<img src=cid:logo>\n', inline('./logo.png', { id: '<logo>' }))),
      'multipart/related(text/html image/png:logo.png#logo)',
    ],
    [
      'relative pictures go along, each once',
      draft(
        [],
        part(
          html,
          '<img src="./a.png"><td background=b.gif><img srcset="a.png 1x, c.jpg 2x"><p style="background:url(./img/d.svg)">\n',
        ),
      ),
      'multipart/related(text/html image/png:a.png#x image/gif:b.gif#x image/jpeg:c.jpg#x image/svg+xml:d.svg#x)',
    ],
    [
      'a relative picture that an inline has already is that inline',
      draft([], part(html, '<img src="./a.png">\n', inline('a.png', { id: 'mine' }))),
      'multipart/related(text/html image/png:a.png#mine)',
    ],
    ['@inline-images: off', draft([['@inline-images', 'off']], part(html, '<img src="./a.png">\n')), 'text/html'],
    [
      'absolute URLs, fragments and unrendered ones are left alone',
      draft(
        [],
        part(
          html,
          '<img src="https://x.example/a.png"><img src="/a.png"><img src="//x/a.png"><img src="data:,x"><img src="{{logo}}"><a href="./a.pdf">\n',
        ),
      ),
      'text/html',
    ],
    [
      'an unused cid and a dangling one',
      draft([], part(html, '<img src="cid:lgo">\n', inline('./logo.png', { id: 'logo' }))),
      'multipart/related(text/html image/png:logo.png#logo)',
      'dangling-cid "cid:lgo"',
      'unused-cid "\\"logo\\""',
    ],
    [
      'an inline that no HTML shows',
      draft([], 'Hi\n', part(html, '<p>\n'), inline('./logo.png')),
      'multipart/mixed(multipart/alternative(text/plain text/html) image/png:logo.png)',
      'unused-inline "\\"./logo.png\\""',
    ],
    [
      'one id twice',
      draft([], part(html, '<img src=cid:a>\n', inline('./a.png', { id: 'a' }), inline('./b.png', { id: 'a' }))),
      'multipart/related(text/html image/png:a.png#a image/png:b.png#a)',
      'duplicate-cid "\\"a\\""',
      'unused-cid "\\"a\\""',
    ],
    [
      'an attachment with an id stays one',
      draft([], part(html, '<img src=cid:a>\n'), attach('./a.png', { id: 'a' })),
      'multipart/mixed(text/html image/png:a.png#a)',
    ],
    [
      'an explicit multipart overrides',
      draft(
        [],
        multipart(
          { type: 'multipart/alternative' },
          part(html, '<p>\n'),
          part({ type: 'text/calendar' }, 'BEGIN:VCALENDAR\n'),
        ),
      ),
      'multipart/alternative(text/html text/calendar)',
    ],
    [
      'an explicit mixed groups like the message',
      draft([], 'Hi\n', multipart({ type: 'multipart/mixed' }, 'a\n', part(html, 'b\n'), attach('./x.zip'))),
      'multipart/mixed(text/plain multipart/mixed(multipart/alternative(text/plain text/html) application/zip:x.zip))',
    ],
    [
      'an explicit related keeps its order',
      draft(
        [],
        multipart(
          { type: 'multipart/related' },
          part(html, '<img src=cid:a><img src=./b.png>\n'),
          inline('./a.png', { id: 'a' }),
        ),
      ),
      'multipart/related(text/html image/png:a.png#a image/png:b.png#x)',
    ],
    [
      'any other multipart is as written',
      draft([], multipart({ type: 'multipart/report' }, 'a\n', part({ type: 'message/delivery-status' }, 'b\n'))),
      'multipart/report(text/plain message/delivery-status)',
    ],
    ['an empty multipart', draft([], 'Hi\n', multipart({}, '\n')), 'text/plain', 'multipart-empty "<#multipart>\\n"'],
    [
      '.eml is a message, unknown is octets, a type may be given',
      draft([], attach('./a.eml'), attach('./b.qqq'), attach('./c', { type: 'text/csv' })),
      'multipart/mixed(message/rfc822:a.eml application/octet-stream:b.qqq text/csv:c)',
      'unknown-file-type "\\"./b.qqq\\""',
    ],
    [
      '@text: auto',
      draft([['@text', 'auto']], part(html, '<p>Hi\n'), attach('./a.pdf')),
      'multipart/mixed(multipart/alternative(~text/plain text/html) application/pdf:a.pdf)',
    ],
    [
      '@text: auto where there is text',
      draft([['@text', 'auto']], 'Hi\n', part(html, '<p>Hi\n')),
      'multipart/alternative(text/plain text/html)',
    ],
    [
      '@text: auto without HTML',
      draft([['@text', 'auto']], 'Hi\n'),
      'text/plain',
      'text-auto-without-html "@text: auto"',
    ],
    [
      'Markdown brings its source as text',
      draft([], part({ type: 'text/markdown' }, '# Hi\n')),
      'multipart/alternative(~text/plain text/html)',
    ],
    [
      'Markdown with a disposition stays Markdown',
      draft([], 'x\n', part({ type: 'text/markdown', disposition: 'attachment' }, '# Hi\n')),
      'multipart/mixed(text/plain text/markdown)',
    ],
    [
      'MJML becomes HTML',
      draft([], 'Hi\n', part({ type: 'text/mjml' }, '<mjml></mjml>\n')),
      'multipart/alternative(text/plain text/html)',
    ],
    [
      'Content-* fields without a text',
      draft(
        [
          ['Content-Type', 'text/html'],
          ['Content-Language', 'de'],
        ],
        part(html, '<p>\n'),
      ),
      'text/html',
      'content-fields-unused "Content-Type"',
    ],
    [
      'types that are none',
      draft(
        [],
        part({ type: 'html' }, 'x\n'),
        attach('./a.pdf', { type: 'multipart/mixed' }),
        multipart({ type: 'text/plain' }, 'x\n'),
      ),
      'multipart/mixed(text/plain application/pdf:a.pdf multipart/mixed(text/plain))',
      'attribute-value-invalid "\\"html\\""',
      'multipart-type-here "\\"multipart/mixed\\""',
      'attribute-value-invalid "\\"text/plain\\""',
    ],
    [
      'attributes that can not be',
      draft(
        [],
        part(
          { charset: 'utf8x', id: 'a b', language: '?', encoding: 'base-64', method: 'a b', disposition: 'a b' },
          'x\n',
        ),
      ),
      'text/plain',
      'unknown-charset "\\"utf8x\\""',
      'attribute-value-invalid "\\"a b\\""',
      'attribute-value-invalid "\\"?\\""',
      'attribute-value-invalid "\\"base-64\\""',
      'attribute-value-invalid "\\"a b\\""',
      'attribute-value-invalid "\\"a b\\""',
    ],
    [
      'reserved header and parameter names',
      draft(
        [],
        part(
          {
            'header.Content-Type': 'x',
            'header.Bcc': 'x',
            'param.boundary': 'x',
            'header.X-Fine': 'y',
            'param.x': 'y',
          },
          'x\n',
        ),
      ),
      'text/plain',
      'reserved-attribute "header.Content-Type"',
      'reserved-attribute "header.Bcc"',
      'reserved-attribute "param.boundary"',
    ],
    [
      'encodings that the settings do not allow',
      draft(
        [],
        attach('./a.eml', { encoding: 'base64' }),
        attach('./a.png', { encoding: 'binary' }),
        part({ encoding: '8bit' }, 'x\n'),
      ),
      'multipart/mixed(message/rfc822:a.eml image/png:a.png text/plain)',
      'encoding-not-for-message "\\"base64\\""',
      'encoding-needs-setting "\\"binary\\""',
      'encoding-needs-setting "\\"8bit\\""',
    ],
    [
      'a picture typed as text',
      draft([], part({ type: 'image/png' }, 'x\n')),
      'image/png',
      'text-for-binary-type "<#part type=\\"image/png\\">\\n"',
    ],
    [
      'CR, LF and NUL in attributes',
      draft(
        [],
        attach('./a.pdf', { name: 'a\r\nBcc: x', description: 'a\0b', 'param.x': 'a\nb', 'header.X-Y': 'a\rb' }),
      ),
      'multipart/mixed(application/pdf:a.pdf)',
      'unsafe-value "\\"a\\r\\nBcc: x\\""',
      'unsafe-value "\\"a\\u0000b\\""',
      'unsafe-value "\\"a\\nb\\""',
      'unsafe-value "\\"a\\rb\\""',
    ],
  ];
  for (const [what, made, tree, ...problems] of cases)
    it(what, () => {
      const found = assembled(made);
      // Content-IDs that follow from the seed have a test of their own.
      const shown = found.tree.replace(/#[A-Za-z0-9]{16}@mailbench/g, '#x');
      assert.equal(shown, tree);
      assert.deepEqual(found.problems, problems);
    });

  it('puts the plainest alternative first, as a fix', () => {
    const made = draft([], part(html, '<p>\n'), part({ type: 'text/plain' }, 'x\n'), attach('./a.pdf'));
    const { problems } = atOnce(assembleSteps(made, { documentText: made.documentText }));
    assert.deepEqual(
      problems.map((problem) => located(problem, made.documentText)),
      ['alternatives-order "<#part type=\\"text/plain\\">\\n"'],
    );
    let text = made.documentText;
    for (const { range, text: replacement } of [...problems[0]!.fixes![0]!.edits].reverse())
      text = text.slice(0, range.start) + replacement + text.slice(range.end);
    assert.equal(
      text,
      '\n<#part type="text/plain">\nx\n<#/part>\n<#part type="text/html">\n<p>\n<#/part>\n<#attach "./a.pdf">\n',
    );
  });

  it('tells of two alternatives of one type', () => {
    const made = draft([], 'a\n', part({ type: 'text/plain' }, 'b\n'));
    assert.deepEqual(assembled(made).problems, ['alternative-twice "<#part type=\\"text/plain\\">\\n"']);
  });

  it('knows pictures of a file relative to that file', () => {
    const made = draft([], part({ type: 'text/html', src: './mail/page.html' }));
    const start = made.body[0]!.range.start;
    const loaded = new Map([[start, { html: '<img src="img/a.png"><img src="../b.png">', file: 'mail/page.html' }]]);
    const { tree } = atOnce(assembleSteps(made, { html: loaded }));
    const root = tree.root;
    assert.equal(root.kind, 'multipart');
    const paths =
      root.kind === 'multipart'
        ? root.children
            .slice(1)
            .map((child) => child.kind === 'leaf' && child.content.from === 'file' && child.content.path)
        : [];
    assert.deepEqual(paths, ['mail/img/a.png', 'b.png']);
  });

  it('says nothing of unused cids while some HTML is not known', () => {
    const made = draft([], part({ type: 'text/html', src: './page.html' }), inline('./a.png', { id: 'a' }));
    assert.deepEqual(assembled(made).problems, []);
  });
});
