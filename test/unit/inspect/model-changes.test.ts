import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { modelAfter } from '../../../media/preview/news.js';
import { changesOf } from '../../../src/inspect/model-changes.ts';
import { previewModel } from '../../../src/inspect/preview-model.ts';
import { readMessage } from '../../../src/inspect/read.ts';
import { PageModel } from '../../../src/vscode/preview/page-model.ts';

const options = { scheme: 'light', images: true, remote: false, path: [] } as const;
const modelOf = async (eml: string) => previewModel(await readMessage(new TextEncoder().encode(eml)), options);

/** As it is after its way to the page. */
const posted = <T>(message: T): T => JSON.parse(JSON.stringify(message));

const picture = `--b\nContent-Type: image/png; name=a.png\nContent-ID: <a@x>\nContent-Transfer-Encoding: base64\n\n${'AQID'.repeat(5000)}\n`;
const related = (html: string, more = '', subject = 'One') =>
  `From: Ann <a@a.example>\nTo: b@b.example\nSubject: ${subject}\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n${html}\n${picture}${more}--b--\n`;

describe('what of a preview differs from the one before', () => {
  it('is little after a keystroke, whatever pictures the mail has', async () => {
    const before = await modelOf(related('<p>Hello wor</p><img src="cid:a@x">'));
    const now = await modelOf(related('<p>Hello word</p><img src="cid:a@x">'));
    const changes = changesOf(before, now);
    assert.deepEqual(changes.html?.document?.text, 'd');
    assert.deepEqual(Object.keys(changes.fields).sort(), ['inbox', 'size']);
    assert.deepEqual(changes.html?.fields, { size: before.html!.size + 1 });
    assert.ok(JSON.stringify(changes).length < 2500, JSON.stringify(changes));
  });

  it('makes of any message any other, at the page', async () => {
    const header = fc.constantFrom('Subject: x', 'From: a@a.example', 'Date: Sat, 1 Aug 2026 10:00:00 +0000', 'X-A: b');
    const body = fc.constantFrom('text', '<p>html</p>', '<p>htl &amp; <a href="https://x.example">l</a></p>', '');
    const type = fc.constantFrom('text/plain', 'text/html', 'message/rfc822', 'application/pdf');
    const mail = fc
      .tuple(fc.array(header), type, body)
      .map(([headers, kind, text]) => `${[...headers, `Content-Type: ${kind}`].join('\n')}\n\n${text}\n`);
    const pictured = fc.tuple(body, fc.constantFrom('', picture)).map(([html, more]) => related(html, more));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.oneof(mail, pictured), { minLength: 2, maxLength: 6 }), async (mails) => {
        const told = new PageModel();
        let shown: { version: number; model: unknown } = { version: 0, model: undefined };
        for (const eml of mails) {
          const model = await modelOf(eml);
          const next = modelAfter(posted(told.tell(model)), shown);
          assert.ok(next);
          assert.deepEqual(next.model, posted(model));
          shown = next;
        }
      }),
    );
  });

  it('names what is shown in another place', async () => {
    const tell = new PageModel();
    const first = tell.tell(await modelOf('Subject: one\n\ntext\n'));
    const second = modelAfter(
      posted(tell.tell(await modelOf('Subject: two\nTo: x@x.example\n\ntext\n'))),
      posted(modelAfter(first, { version: 0, model: undefined })!),
    );
    const names = ['inbox', 'headers', 'to', 'text', 'from', 'attachments', 'html', 'options'];
    assert.deepEqual(
      names.filter((name) => second!.differs(name)),
      ['inbox', 'headers', 'to'],
    );
    const third = modelAfter(
      posted(tell.tell(await modelOf('Subject: two\nTo: x@x.example\nContent-Type: text/html\n\n<p>text</p>\n'))),
      second!,
    );
    assert.ok(third!.differs('text') && third!.differs('html') && !third!.differs('to'));
  });

  it('is of no use to a page that shows something else', async () => {
    const told = new PageModel();
    const model = await modelOf('Subject: one\n\ntext\n');
    const first = told.tell(model);
    const second = told.tell(model);
    const third = told.tell(model);
    assert.equal(modelAfter(second, { version: 0, model: undefined }), undefined);
    const page = modelAfter(first, { version: 0, model: undefined })!;
    assert.equal(modelAfter(third, page), undefined);
    assert.ok(modelAfter(third, modelAfter(second, page)!));
    told.forget();
    assert.ok(modelAfter(told.tell(model), { version: 0, model: undefined }));
  });
});
